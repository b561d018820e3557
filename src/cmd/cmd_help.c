/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/options.h"
#include "cmd/output.h"

int cmd_help(struct invocation *invocation)
{
    const struct strings *arguments = &invocation->options.arguments;
    const struct command *command = NULL;
    bool asked_for_help = invocation->command && str_eq(invocation->command->name, "help");
    if (asked_for_help && arguments->count > 1) {
        command = command_find(arguments->items[1]);
        struct err err;
        if (!command) {
            command_unknown(arguments->items[1], &err);
            return output_error(invocation, &err);
        }
    } else if (!asked_for_help) {
        command = invocation->command; /* iamlease plan --help */
    }
    struct buf text;
    buf_init(&text, 64 * 1024);
    options_help(&text, command);
    int code = output_result(invocation, &text, EXIT_DONE);
    buf_free(&text);
    return code;
}
