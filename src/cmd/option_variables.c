/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/option_table.h"
#include "cmd/options.h"

#include <string.h>

void options_read_variables(struct arena *arena, read_environment *environment, struct options *options)
{
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
        if (option_rows[i].kind == OPTION_FLAG && !str_eq(value, "true") && !str_eq(value, "1") &&
            !str_eq(value, "yes"))
            continue;
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
}
