/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"

#include "base/str.h"
#include "cmd/option_table.h"

#include <assert.h>
#include <getopt.h>
#include <stdint.h>
#include <string.h>

static_assert(OPTION_COUNT <= 64, "struct options has a bit for each row");

enum { LONG_BASE = 256 }; /* what getopt_long gives for a long option: LONG_BASE and the number of its row */

/* The option that a word was meant to be: one that it abbreviates, or the nearest; NULL when there is none. */
static const char *nearest_option(const char *bare)
{
    const char *names[OPTION_COUNT];
    for (size_t i = 0; i < OPTION_COUNT; i++)
        names[i] = option_rows[i].name;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strlen(bare) > 1 && str_prefix(names[i], bare))
            return names[i];
    return str_nearest(bare, names, OPTION_COUNT);
}

static int unknown_option(const char *word, struct err *err)
{
    const char *name = word + strspn(word, "-");
    char bare[OPTION_NAME_MAX] = "";
    snprintf(bare, sizeof bare, "%.*s", (int)(strcspn(name, "=") % sizeof bare), name);
    const char *nearest = nearest_option(bare);
    if (nearest)
        return err_set(err, ERR_USAGE, "unknown option '%s'; did you mean '--%s'?", word, nearest);
    return err_set(err, ERR_USAGE, "unknown option '%s'; 'iamlease help' lists them", word);
}

/* getopt_long takes "--te" for "--team": a later version with "--tenant" would understand something else. */
static bool is_spelled_out(const char *word, const struct option_row *row)
{
    size_t size = strlen(row->name);
    return str_prefix(word, "--") && str_prefix(word + 2, row->name) &&
           (word[2 + size] == 0 || word[2 + size] == '=');
}

/* The word in which getopt_long() found something. */
static const char *word_of(char *argv[], int found)
{
    /* A value that is a word of its own stands behind the option. */
    bool is_value = found != '?' && found != ':' && optarg && optarg == argv[optind - 1];
    return argv[optind - (is_value ? 2 : 1)];
}

/* Adds one option to `ret`. */
static int take(struct arena *arena, int found, const char *word, struct options *ret, struct err *err)
{
    int code = found == '?' || found == ':' ? optopt : found;
    size_t index = code >= LONG_BASE ? (size_t)(code - LONG_BASE) : 0;
    if (code < LONG_BASE)
        while (index < OPTION_COUNT && (!code || code != option_rows[index].letter))
            index++;
    char letter[] = {'-', (char)code, 0};
    if (index == OPTION_COUNT)
        return unknown_option(code ? letter : word, err);
    const struct option_row *row = &option_rows[index];
    if (code >= LONG_BASE && !is_spelled_out(word, row))
        return unknown_option(word, err);
    if (found == ':')
        return err_set(err, ERR_USAGE, "option '%s' needs a value", word);
    if (found == '?')
        return err_set(err, ERR_USAGE, "option '--%s' takes no value", row->name);
    if (option_takes_value(row) && !*optarg)
        return err_set(err, ERR_USAGE, "option '--%s' has an empty value", row->name);
    ret->given |= UINT64_C(1) << index;
    option_store(arena, ret, row, optarg);
    return 0;
}

int options_parse(struct arena *arena, int argc, char *argv[], read_environment *environment,
                  struct options *ret, struct err *err)
{
    struct option long_options[OPTION_COUNT + 1] = {0};
    char letters[2 * OPTION_COUNT + 2] = ":"; /* a missing value is ':' then, not '?' */
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        int argument = option_takes_value(&option_rows[i]) ? required_argument : no_argument;
        long_options[i] = (struct option){option_rows[i].name, argument, NULL, (int)(LONG_BASE + i)};
        if (option_rows[i].letter)
            letters[strlen(letters)] = option_rows[i].letter;
    }
    *ret = (struct options){0};
    opterr = 0;
    for (int found; (found = getopt_long(argc, argv, letters, long_options, NULL)) != -1;)
        if (take(arena, found, word_of(argv, found), ret, err) < 0)
            return -1;
    for (int i = optind; i < argc; i++)
        strings_add(arena, &ret->arguments, argv[i]);
    return options_read_variables(arena, environment, ret, err);
}

/* The environment may say more than this command understands. */
int options_check(const struct options *options, const struct command *command, struct err *err)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (options->given & UINT64_C(1) << i && !option_belongs_to(&option_rows[i], command))
            return err_set(err, ERR_USAGE,
                           "'iamlease %s' has no option '--%s'; 'iamlease help %s' lists its options",
                           command->name, option_rows[i].name, command->name);
    return 0;
}
