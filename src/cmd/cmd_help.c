/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "config/schema.h"

/* --schema KIND, --reference: what is generated from the tables of the configuration. */
static int print_schema(struct invocation *invocation)
{
    enum file_kind kind = FILE_KIND_COUNT;
    struct err err;
    if (invocation->options.schema && !schema_find_kind(invocation->options.schema, &kind)) {
        err_set(&err, ERR_USAGE,
                "there is no kind of file '%s': accounts, policies, permanent, temporary or settings",
                invocation->options.schema);
        return output_error(invocation, &err);
    }
    struct buf text;
    buf_init(&text, 1024 * 1024);
    if (invocation->options.schema)
        schema_write_json(&text, kind);
    else
        schema_write_reference(&text);
    int code = output_result(invocation, &text, EXIT_DONE);
    buf_free(&text);
    return code;
}

int cmd_help(struct invocation *invocation)
{
    const struct strings *arguments = &invocation->options.arguments;
    const struct command *command = NULL;
    bool asked_for_help = invocation->command && str_eq(invocation->command->name, "help");
    if (asked_for_help && (invocation->options.schema || invocation->options.reference))
        return print_schema(invocation);
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
