/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"

#include "base/str.h"
#include "cmd/option_table.h"

#include <getopt.h>
#include <string.h>

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
    const char *names[OPTION_COUNT], *name = word + strspn(word, "-");
    char bare[OPTION_NAME_MAX] = "";
    snprintf(bare, sizeof bare, "%.*s", (int)(strcspn(name, "=") % sizeof bare), name);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        names[i] = option_rows[i].name;
    const char *nearest = str_nearest(bare, names, OPTION_COUNT);
    if (nearest)
        return err_set(err, ERR_USAGE, "unknown option '%s'; did you mean '--%s'?", word, nearest);
    return err_set(err, ERR_USAGE, "unknown option '%s'; 'iamlease help' lists them", word);
}

/* IAMLEASE_CONFIG_ROOT for "config-root"; flags are on with "true", "1" or "yes". */
static void read_variables(struct arena *arena, read_environment *environment, struct options *options)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char name[OPTION_NAME_MAX];
        int length = snprintf(name, sizeof name, "IAMLEASE_%s", option_rows[i].name);
        for (int j = 0; j < length; j++)
            name[j] = name[j] == '-'                     ? '_'
                      : name[j] >= 'a' && name[j] <= 'z' ? (char)(name[j] - 'a' + 'A')
                                                         : name[j];
        const char *value = environment(name);
        if (!value || !*value || is_set(options, &option_rows[i]))
            continue;
        if (option_rows[i].kind == OPTION_FLAG && !str_eq(value, "true") && !str_eq(value, "1") &&
            !str_eq(value, "yes"))
            continue;
        if (option_rows[i].kind != OPTION_TEXTS) {
            store(arena, options, &option_rows[i], value);
            continue;
        }
        for (value += strspn(value, ", \n"); *value; value += strspn(value, ", \n")) { /* a list */
            size_t size = strcspn(value, ", \n");
            store(arena, options, &option_rows[i], arena_strndup(arena, value, size));
            value += size;
        }
    }
}

int options_parse(struct arena *arena, int argc, char *argv[], read_environment *environment,
                  struct options *ret, struct err *err)
{
    enum { LONG_BASE = 256 };
    struct option long_options[OPTION_COUNT + 1] = {0};
    char letters[2 * OPTION_COUNT + 2] = ":"; /* a missing value is ':' then, not '?' */
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        int argument = option_rows[i].kind == OPTION_FLAG ? no_argument : required_argument;
        long_options[i] = (struct option){option_rows[i].name, argument, NULL, (int)(LONG_BASE + i)};
        if (option_rows[i].letter)
            letters[strlen(letters)] = option_rows[i].letter;
    }
    *ret = (struct options){0};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, letters, long_options, NULL)) != -1;) {
        if (c == ':')
            return err_set(err, ERR_USAGE, "option '%s' needs a value", argv[optind - 1]);
        const struct option_row *row = c >= LONG_BASE ? &option_rows[c - LONG_BASE] : NULL;
        for (size_t i = 0; i < OPTION_COUNT && !row; i++)
            row = c == option_rows[i].letter && c ? &option_rows[i] : NULL;
        if (!row && optopt >= LONG_BASE)
            return err_set(err, ERR_USAGE, "option '--%s' takes no value",
                           option_rows[optopt - LONG_BASE].name);
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
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (!is_set(options, &option_rows[i]) || option_belongs_to(&option_rows[i], command))
            continue;
        for (int j = 1; j < argc; j++) /* the environment may say more than this command understands */
            if (str_prefix(argv[j], "--") && str_prefix(argv[j] + 2, option_rows[i].name))
                return err_set(err, ERR_USAGE,
                               "'iamlease %s' has no option '--%s'; 'iamlease help %s' lists its options",
                               command->name, option_rows[i].name, command->name);
    }
    return 0;
}
