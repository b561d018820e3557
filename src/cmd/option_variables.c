/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/option_table.h"
#include "cmd/options.h"

#include <string.h>

/* Whether the value is one of the words. */
static bool is_one_of(const char *value, const char *const words[3])
{
    for (size_t i = 0; i < 3; i++)
        if (str_casecmp(value, words[i]) == 0)
            return true;
    return false;
}

int options_read_variables(struct arena *arena, read_environment *environment, struct options *options,
                           struct err *err)
{
    static const char *const yes[] = {"true", "1", "yes"}, *const no[] = {"false", "0", "no"};
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char name[OPTION_NAME_MAX];
        int length = snprintf(name, sizeof name, "IAMLEASE_%s", option_rows[i].name);
        for (int j = 0; j < length; j++)
            name[j] = name[j] == '-'                     ? '_'
                      : name[j] >= 'a' && name[j] <= 'z' ? (char)(name[j] - 'a' + 'A')
                                                         : name[j];
        const char *value = environment(name);
        if (!value || !*value || option_rows[i].kind == OPTION_REQUEST || options->given & UINT64_C(1) << i)
            continue;
        if (option_rows[i].kind == OPTION_FLAG && is_one_of(value, no))
            continue;
        if (option_rows[i].kind == OPTION_FLAG && !is_one_of(value, yes))
            return err_set(err, ERR_USAGE, "--%s (%s) is '%.64s'; it must be 'true' or 'false'",
                           option_rows[i].name, name, value);
        if (option_rows[i].kind != OPTION_TEXTS) {
            option_store(arena, options, &option_rows[i], value);
            continue;
        }
        for (value += strspn(value, ", \n"); *value; value += strspn(value, ", \n")) { /* a list */
            size_t size = strcspn(value, ", \n");
            option_store(arena, options, &option_rows[i], arena_strndup(arena, value, size));
            value += size;
        }
    }
    return 0;
}
