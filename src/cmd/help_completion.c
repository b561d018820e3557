/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/help_document.h"

static const struct {
    const char *name;
    void (*write)(struct buf *out);
} shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};

enum completion completion_of(const struct option_row *row)
{
    static const struct {
        const char *value;
        enum completion completion;
    } values[] = {
        {"FILE", COMPLETE_FILE}, {"DIR", COMPLETE_FOLDER},  {"REV", COMPLETE_REVISION},
        {"TEAM", COMPLETE_TEAM}, {"SHELL", COMPLETE_SHELL},
    };
    for (size_t i = 0; row->value && i < sizeof values / sizeof values[0]; i++)
        if (str_eq(row->value, values[i].value))
            return values[i].completion;
    return COMPLETE_NOTHING;
}

int help_completion(struct buf *out, const char *shell, struct err *err)
{
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
        if (str_eq(shells[i].name, shell)) {
            shells[i].write(out);
            return 0;
        }
    return err_set(err, ERR_USAGE, "there is no completion for '%s', only for: " COMPLETION_SHELLS, shell);
}
