/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/options.h"
#include "unit.h"

#include <getopt.h>
#include <string.h>

enum { WORDS_MAX = 8 };

/* "NAME=value" each, up to a NULL: what read_variable() sees. */
static const char *const *variables;

static char *read_variable(const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; variables && i < WORDS_MAX && variables[i]; i++)
        if (strncmp(variables[i], name, size) == 0 && variables[i][size] == '=')
            return (char *)(uintptr_t)variables[i] + size + 1;
    return NULL;
}

/* Parses words behind the program's name; with `command` it checks too that the command has these options. */
static int parse(struct arena *arena, const char *const words[static WORDS_MAX], const char *command,
                 struct options *ret, struct err *err)
{
    char *argv[WORDS_MAX + 2] = {arena_strdup(arena, "iamlease")};
    int argc = 1;
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
        argv[argc++] = arena_strdup(arena, words[i]);
    optind = 0; /* getopt begins anew */
    *err = (struct err){0};
    if (options_parse(arena, argc, argv, read_variable, ret, err) < 0)
        return -1;
    return command ? options_check(ret, command_find(command), err) : 0;
}

/* What came out, as "repo=x team=a,b json | arguments". */
static const char *show(struct arena *arena, const struct options *options)
{
    const struct {
        const char *name, *value;
    } texts[] = {
        {"repo", options->repo},
        {"config-root", options->config_root},
        {"now", options->now},
        {"base", options->base},
        {"head", options->head},
        {"out", options->out},
        {"user", options->user},
        {"journal", options->journal},
        {"accept-removals", options->accept_removals},
    };
    const struct {
        const char *name;
        bool value;
    } flags[] = {
        {"json", options->json},
        {"markdown", options->markdown},
        {"verbose", options->verbose},
        {"quiet", options->quiet},
        {"no-color", options->no_color},
        {"help", options->help},
        {"version", options->version},
        {"dry-run", options->dry_run},
        {"first-apply", options->first_apply},
        {"detailed-exitcode", options->detailed_exitcode},
    };
    const char *text = "";
    for (size_t i = 0; i < COUNT(texts); i++)
        if (texts[i].value)
            text = arena_printf(arena, "%s%s=%s ", text, texts[i].name, texts[i].value);
    for (size_t i = 0; i < options->teams.count; i++)
        text = arena_printf(arena, "%steam=%s ", text, options->teams.items[i]);
    for (size_t i = 0; i < options->account.count; i++)
        text = arena_printf(arena, "%saccount=%s ", text, options->account.items[i]);
    for (size_t i = 0; i < COUNT(flags); i++)
        if (flags[i].value)
            text = arena_printf(arena, "%s%s ", text, flags[i].name);
    text = arena_printf(arena, "%s|", text);
    for (size_t i = 0; i < options->arguments.count; i++)
        text = arena_printf(arena, "%s %s", text, options->arguments.items[i]);
    return text;
}

struct case_of_words {
    const char *words[WORDS_MAX], *variables[WORDS_MAX];
    const char *expected; /* what came out, or the message */
};

static void check(const struct case_of_words *cases, size_t count, const char *command, bool fails)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_new();
        struct options options;
        struct err err;
        variables = cases[i].variables;
        int rc = parse(arena, cases[i].words, command, &options, &err);
        CHECK((rc < 0) == fails, "%zu: %s", i, rc < 0 ? err.message : show(arena, &options));
        CHECK(!fails || err.code == ERR_USAGE, "%zu", i);
        const char *got = fails ? err.message : show(arena, &options);
        CHECK(str_eq(got, cases[i].expected), "%zu: %s", i, got);
        arena_free(arena);
    }
    variables = NULL;
}

static void test_words(void **state)
{
    (void)state;
    static const struct case_of_words cases[] = {
        {{NULL}, {NULL}, "|"},
        {{"plan"}, {NULL}, "| plan"},
        /* Before or behind the command, with a space or '='. */
        {{"--json", "plan", "--head", "x", "--base=y"}, {NULL}, "base=y head=x json | plan"},
        {{"-v", "help", "plan"}, {NULL}, "verbose | help plan"},
        {{"-qh"}, {NULL}, "quiet help |"},
        {{"plan", "--out", "-"}, {NULL}, "out=- | plan"},
        {{"plan", "--repo", "--json"}, {NULL}, "repo=--json | plan"},
        {{"who", "--", "--json"}, {NULL}, "| who --json"},
        {{"plan", "--team", "a", "--team=b"}, {NULL}, "team=a team=b | plan"},
        {{"plan", "--head=a", "--head=b"}, {NULL}, "head=b | plan"}, /* the last one counts */
        {{"apply", "--dry-run", "--first-apply", "--accept-removals", "c", "--journal=j"},
         {NULL},
         "journal=j accept-removals=c dry-run first-apply | apply"},
    };
    check(cases, COUNT(cases), NULL, false);
}

static void test_wrong_words(void **state)
{
    (void)state;
    static const struct case_of_words cases[] = {
        {{"plan", "--jsno"}, {NULL}, "unknown option '--jsno'; did you mean '--json'?"},
        {{"plan", "--hed=x"}, {NULL}, "unknown option '--hed=x'; did you mean '--head'?"},
        {{"plan", "--dryrun"}, {NULL}, "unknown option '--dryrun'; did you mean '--dry-run'?"},
        {{"plan", "--uesr", "x"}, {NULL}, "unknown option '--uesr'; did you mean '--user'?"},
        {{"plan", "--frobnicate"}, {NULL}, "unknown option '--frobnicate'; 'iamlease help' lists them"},
        {{"-x"}, {NULL}, "unknown option '-x'; 'iamlease help' lists them"},
        {{"-vx"}, {NULL}, "unknown option '-x'; 'iamlease help' lists them"},
        {{"plan", "--head"}, {NULL}, "option '--head' needs a value"},
        {{"plan", "--head="}, {NULL}, "option '--head' has an empty value"},
        {{"plan", "--head", ""}, {NULL}, "option '--head' has an empty value"},
        {{"plan", "--json=yes"}, {NULL}, "option '--json' takes no value"},
        {{"plan", "--head", "x", "--json=yes"}, {NULL}, "option '--json' takes no value"},
        /* No abbreviations: a later version may have a second option that begins so. */
        {{"cleanup", "--te=payments"}, {NULL}, "unknown option '--te=payments'; did you mean '--team'?"},
        {{"plan", "--te", "payments"}, {NULL}, "unknown option '--te'; did you mean '--team'?"},
        {{"--js", "plan"}, {NULL}, "unknown option '--js'; did you mean '--json'?"},
        {{"plan", "--js=yes"}, {NULL}, "unknown option '--js=yes'; did you mean '--json'?"},
        {{"plan", "--tea"}, {NULL}, "unknown option '--tea'; did you mean '--team'?"},
        {{"plan", "--he"}, {NULL}, "unknown option '--he'; did you mean '--head'?"}, /* ambiguous */
        {{"plan", "--team", "--te", "--accept-r=x"},
         {NULL},
         "unknown option '--accept-r=x'; did you mean '--accept-removals'?"},
    };
    check(cases, COUNT(cases), NULL, true);
}

static void test_environment(void **state)
{
    (void)state;
    static const struct case_of_words cases[] = {
        {{"plan"}, {"IAMLEASE_HEAD=x", "IAMLEASE_CONFIG_ROOT=aws"}, "config-root=aws head=x | plan"},
        /* The command line counts more; empty is unset. */
        {{"plan", "--head=y"}, {"IAMLEASE_HEAD=x"}, "head=y | plan"},
        {{"plan"}, {"IAMLEASE_HEAD=", "IAMLEASE_JSON=", "IAMLEASE_TEAM="}, "| plan"},
        {{"plan"}, {"HEAD=x", "IAMLEASE_HEADS=x", "iamlease_head=x"}, "| plan"},
        /* Flags. */
        {{"plan"},
         {"IAMLEASE_JSON=true", "IAMLEASE_DRY_RUN=1", "IAMLEASE_NO_COLOR=yes"},
         "json no-color dry-run | plan"},
        {{"plan"}, {"IAMLEASE_JSON=false", "IAMLEASE_DRY_RUN=0", "IAMLEASE_NO_COLOR=no"}, "| plan"},
        {{"plan"},
         {"IAMLEASE_JSON=True", "IAMLEASE_DRY_RUN=YES", "IAMLEASE_NO_COLOR=No"},
         "json dry-run | plan"},
        {{"plan", "--json"}, {"IAMLEASE_JSON=false"}, "json | plan"},
        {{"plan", "--json"}, {"IAMLEASE_JSON=on"}, "json | plan"},
        /* Lists: with commas, spaces, lines; all of them or none. */
        {{"plan"}, {"IAMLEASE_TEAM=a, b\nc,,d\n"}, "team=a team=b team=c team=d | plan"},
        {{"plan"}, {"IAMLEASE_TEAM= ,\n"}, "| plan"},
        {{"plan", "--team", "x"}, {"IAMLEASE_TEAM=a b"}, "team=x | plan"},
        {{"plan", "--team", "a,b"}, {NULL}, "team=a,b | plan"},
        /* What asks for something else than the command is asked for on the command line. */
        {{"plan"}, {"IAMLEASE_HELP=true", "IAMLEASE_VERSION=true"}, "| plan"},
        /* A text is no list. */
        {{"plan"}, {"IAMLEASE_HEAD=a, b"}, "head=a, b | plan"},
    };
    static const struct case_of_words wrong[] = {
        {{"apply"},
         {"IAMLEASE_DRY_RUN=on"},
         "--dry-run (IAMLEASE_DRY_RUN) is 'on'; it must be 'true' or 'false'"},
        {{"apply"},
         {"IAMLEASE_DRY_RUN= true"},
         "--dry-run (IAMLEASE_DRY_RUN) is ' true'; it must be 'true' or 'false'"},
        {{"apply"}, {"IAMLEASE_QUIET=2"}, "--quiet (IAMLEASE_QUIET) is '2'; it must be 'true' or 'false'"},
    };
    check(cases, COUNT(cases), NULL, false);
    check(wrong, COUNT(wrong), NULL, true);
}

/* What was written for a command that does not have it is refused; the environment may say more. */
static void test_check(void **state)
{
    (void)state;
    static const struct case_of_words right[] = {
        {{"who", "--user", "bert", "--json"}, {NULL}, "user=bert json | who"},
        {{"who"}, {"IAMLEASE_DRY_RUN=true", "IAMLEASE_TEAM=a"}, "team=a dry-run | who"},
        {{"who", "--user", "--team"},
         {"IAMLEASE_TEAM=a"},
         "user=--team team=a | who"}, /* a value is no option */
        {{"who", "--", "--team"}, {"IAMLEASE_TEAM=a"}, "team=a | who --team"},
    };
    static const struct case_of_words wrong[] = {
        {{"who", "--dry-run"},
         {NULL},
         "'iamlease who' has no option '--dry-run'; 'iamlease help who' lists its options"},
        {{"--team", "a", "who", "--json"},
         {"IAMLEASE_TEAM=b"},
         "'iamlease who' has no option '--team'; 'iamlease help who' lists its options"},
        {{"who", "--team=a"},
         {NULL},
         "'iamlease who' has no option '--team'; 'iamlease help who' lists its options"},
    };
    check(right, COUNT(right), "who", false);
    check(wrong, COUNT(wrong), "who", true);
}

/* The help names every option of a command, and nothing that it does not have. */
static void test_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        struct buf out;
        buf_init(&out, 1024 * 1024);
        options_help(&out, &commands[i]);
        CHECK(strstr(out.bytes, commands[i].summary), "%s", commands[i].name);
        CHECK(strstr(out.bytes, "--repo DIR"), "%s", commands[i].name);
        CHECK(strstr(out.bytes, "--dry-run") || !strstr(" apply cleanup import ", commands[i].name), "%s",
              commands[i].name);
        CHECK(!strstr(out.bytes, "--dry-run") || strstr(" apply cleanup import ", commands[i].name), "%s",
              commands[i].name);
        buf_clear(&out);
        options_help(&out, NULL);
        CHECK(strstr(out.bytes, commands[i].summary), "%s", commands[i].name);
        buf_free(&out);
    }
}

static void test_commands(void **state)
{
    (void)state;
    struct err err = {0};
    assert_string_equal(command_find("plan")->name, "plan");
    assert_null(command_find("pla"));
    assert_int_equal(command_unknown("aply", &err), -1);
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.message, "unknown command 'aply'; did you mean 'apply'?");
    assert_int_equal(command_unknown("frobnicate", &err), -1);
    assert_string_equal(err.message, "unknown command 'frobnicate'; 'iamlease help' lists them");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words), cmocka_unit_test(test_wrong_words), cmocka_unit_test(test_environment),
        cmocka_unit_test(test_check), cmocka_unit_test(test_help),        cmocka_unit_test(test_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
