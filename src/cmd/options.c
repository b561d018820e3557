/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"

#include "base/str.h"

#include <getopt.h>
#include <string.h>

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_TEXTS };

struct option_row {
    const char *name;
    char letter;
    enum option_kind kind;
    size_t offset;
    const char *commands; /* names between spaces, or "*": all */
    const char *value;    /* what stands for the value in the help */
    const char *help;
};

#define AT(member) offsetof(struct options, member)

static const struct option_row rows[] = {
    {"base", 0, OPTION_TEXT, AT(base), " validate plan ", "REV",
     "compare with this commit (default: where the default branch and the head parted)"},
    {"head", 0, OPTION_TEXT, AT(head), " validate plan apply cleanup who ", "REV",
     "judge this commit; WORKTREE means the files on disk"},
    {"markdown", 0, OPTION_FLAG, AT(markdown), " plan apply cleanup ", NULL,
     "print Markdown, as in the pull request's comment"},
    {"out", 0, OPTION_TEXT, AT(out), " plan ", "FILE", "also write the plan as JSON to FILE"},
    {"detailed-exitcode", 0, OPTION_FLAG, AT(detailed_exitcode), " plan ", NULL,
     "exit 2 when the plan changes something"},
    {"dry-run", 0, OPTION_FLAG, AT(dry_run), " apply cleanup ", NULL,
     "read AWS and print what would be done, write nothing"},
    {"first-apply", 0, OPTION_FLAG, AT(first_apply), " apply ", NULL,
     "go on although the applied ref is missing and AWS holds objects of iamlease"},
    {"accept-removals", 0, OPTION_TEXT, AT(accept_removals), " apply ", "REV",
     "carry out the removals of a commit that limits.max_removals holds back"},
    {"journal", 0, OPTION_TEXT, AT(journal), " apply cleanup ", "FILE",
     "append a JSON line to FILE before and after each call to AWS"},
    {"user", 0, OPTION_TEXT, AT(user), " who ", "NAME", "only this user or role; an e-mail address works too"},
    {"account", 0, OPTION_TEXT, AT(account), " who ", "ID",
     "only this account: its id or the name of an environment"},
    {"team", 0, OPTION_TEXTS, AT(teams), " plan apply ", "NAME", "only this team; may stand several times"},
    {"repo", 0, OPTION_TEXT, AT(repo), "*", "DIR",
     "the git repository (default: the one around the current folder)"},
    {"config-root", 0, OPTION_TEXT, AT(config_root), "*", "DIR",
     "the folder in it that holds the configuration (default: the top, or aws/)"},
    {"now", 0, OPTION_TEXT, AT(now), "*", "TIME", "take this as the time, such as 2026-11-30T14:00:00Z"},
    {"json", 0, OPTION_FLAG, AT(json), "*", NULL, "print JSON"},
    {"no-color", 0, OPTION_FLAG, AT(no_color), "*", NULL, "no colours, even on a terminal"},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), "*", NULL, "say more on standard error"},
    {"quiet", 'q', OPTION_FLAG, AT(quiet), "*", NULL, "say nothing but errors on standard error"},
    {"help", 'h', OPTION_FLAG, AT(help), "*", NULL, "print this help"},
    {"version", 0, OPTION_FLAG, AT(version), "*", NULL, "print the version"},
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0], NAME_MAX_SIZE = 64 };

static bool belongs_to(const struct option_row *row, const struct command *command)
{
    char name[NAME_MAX_SIZE];
    int length = snprintf(name, sizeof name, " %s ", command->name);
    return *row->commands == '*' || (length > 0 && strstr(row->commands, name));
}

static void store(struct arena *arena, struct options *options, const struct option_row *row,
                  const char *value)
{
    char *member = (char *)options + row->offset;
    if (row->kind == OPTION_FLAG)
        *(bool *)(void *)member = true;
    else if (row->kind == OPTION_TEXT)
        *(const char **)(void *)member = value;
    else
        strings_add(arena, (struct strings *)(void *)member, value);
}

static bool is_set(const struct options *options, const struct option_row *row)
{
    const char *member = (const char *)options + row->offset;
    if (row->kind == OPTION_FLAG)
        return *(const bool *)(const void *)member;
    if (row->kind == OPTION_TEXT)
        return *(const char *const *)(const void *)member != NULL;
    return ((const struct strings *)(const void *)member)->count != 0;
}

static int unknown_option(const char *word, struct err *err)
{
    const char *names[ROW_COUNT], *name = word + strspn(word, "-");
    char bare[NAME_MAX_SIZE] = "";
    snprintf(bare, sizeof bare, "%.*s", (int)(strcspn(name, "=") % sizeof bare), name);
    for (size_t i = 0; i < ROW_COUNT; i++)
        names[i] = rows[i].name;
    const char *nearest = str_nearest(bare, names, ROW_COUNT);
    if (nearest)
        return err_set(err, ERR_USAGE, "unknown option '%s'; did you mean '--%s'?", word, nearest);
    return err_set(err, ERR_USAGE, "unknown option '%s'; 'iamlease help' lists them", word);
}

/* IAMLEASE_CONFIG_ROOT for "config-root"; flags are on with "true", "1" or "yes". */
static void read_variables(struct arena *arena, read_environment *environment, struct options *options)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char name[NAME_MAX_SIZE];
        int length = snprintf(name, sizeof name, "IAMLEASE_%s", rows[i].name);
        for (int j = 0; j < length; j++)
            name[j] = name[j] == '-'                     ? '_'
                      : name[j] >= 'a' && name[j] <= 'z' ? (char)(name[j] - 'a' + 'A')
                                                         : name[j];
        const char *value = environment(name);
        if (!value || !*value || is_set(options, &rows[i]))
            continue;
        if (rows[i].kind == OPTION_FLAG && !str_eq(value, "true") && !str_eq(value, "1") &&
            !str_eq(value, "yes"))
            continue;
        if (rows[i].kind != OPTION_TEXTS) {
            store(arena, options, &rows[i], value);
            continue;
        }
        for (value += strspn(value, ", \n"); *value; value += strspn(value, ", \n")) { /* a list */
            size_t size = strcspn(value, ", \n");
            store(arena, options, &rows[i], arena_strndup(arena, value, size));
            value += size;
        }
    }
}

int options_parse(struct arena *arena, int argc, char *argv[], read_environment *environment,
                  struct options *ret, struct err *err)
{
    enum { LONG_BASE = 256 };
    struct option long_options[ROW_COUNT + 1] = {0};
    char letters[2 * ROW_COUNT + 2] = ":"; /* a missing value is ':' then, not '?' */
    for (size_t i = 0; i < ROW_COUNT; i++) {
        int argument = rows[i].kind == OPTION_FLAG ? no_argument : required_argument;
        long_options[i] = (struct option){rows[i].name, argument, NULL, (int)(LONG_BASE + i)};
        if (rows[i].letter)
            letters[strlen(letters)] = rows[i].letter;
    }
    *ret = (struct options){0};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, letters, long_options, NULL)) != -1;) {
        if (c == ':')
            return err_set(err, ERR_USAGE, "option '%s' needs a value", argv[optind - 1]);
        const struct option_row *row = c >= LONG_BASE ? &rows[c - LONG_BASE] : NULL;
        for (size_t i = 0; i < ROW_COUNT && !row; i++)
            row = c == rows[i].letter && c ? &rows[i] : NULL;
        if (!row && optopt >= LONG_BASE)
            return err_set(err, ERR_USAGE, "option '--%s' takes no value", rows[optopt - LONG_BASE].name);
        if (!row && optopt && optopt < LONG_BASE) {
            char word[] = {'-', (char)optopt, 0};
            return unknown_option(word, err);
        }
        if (!row)
            return unknown_option(argv[optind - 1], err);
        if (row->kind != OPTION_FLAG && !*optarg)
            return err_set(err, ERR_USAGE, "option '--%s' has an empty value", row->name);
        store(arena, ret, row, optarg);
    }
    for (int i = optind; i < argc; i++)
        strings_add(arena, &ret->arguments, argv[i]);
    read_variables(arena, environment, ret);
    return 0;
}

int options_check(const struct options *options, const struct command *command, int argc, char *argv[],
                  struct err *err)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!is_set(options, &rows[i]) || belongs_to(&rows[i], command))
            continue;
        for (int j = 1; j < argc; j++) /* the environment may say more than this command understands */
            if (str_prefix(argv[j], "--") && str_prefix(argv[j] + 2, rows[i].name))
                return err_set(err, ERR_USAGE,
                               "'iamlease %s' has no option '--%s'; 'iamlease help %s' lists its options",
                               command->name, rows[i].name, command->name);
    }
    return 0;
}

static void help_row(struct buf *out, const struct option_row *row)
{
    char left[NAME_MAX_SIZE];
    snprintf(left, sizeof left, "%c%c%s --%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
             row->letter ? "," : " ", row->name, row->value ? " " : "", row->value ? row->value : "");
    buf_addf(out, "  %-27s %s\n", left, row->help);
}

void options_help(struct buf *out, const struct command *command)
{
    if (command) {
        buf_addf(out, "iamlease %s: %s\n\n%s\n\nOptions:\n", command->name, command->summary,
                 command->details);
    } else {
        buf_add_text(
            out,
            "iamlease: AWS access as a lease, asked for in a pull request, granted on merge, gone on time.\n\n"
            "Usage: iamlease COMMAND [options]\n\nCommands:\n");
        for (size_t i = 0; i < command_count; i++)
            buf_addf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
        buf_add_text(out, "\nOptions of all commands:\n");
    }
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (command ? belongs_to(&rows[i], command) : *rows[i].commands == '*')
            help_row(out, &rows[i]);
    buf_add_text(out, "\nEach option --some-name can also be given as the variable IAMLEASE_SOME_NAME.\n");
    if (!command)
        buf_add_text(out, "'iamlease help COMMAND' says more about one command.\n");
}
