/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/help_document.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "config/schema.h"

/* The help of a command or of all, as `iamlease help COMMAND` and `iamlease COMMAND --help` ask for it. */
static int write_help(const struct invocation *invocation, struct buf *out, struct err *err)
{
    const struct strings *arguments = &invocation->options.arguments;
    const struct command *command = invocation->command;
    if (!command || command->run == cmd_help)
        command = arguments->count > 1 ? command_find(arguments->items[1]) : NULL;
    if (!command && arguments->count > 1)
        return command_unknown(arguments->items[1], err);
    options_help(out, command);
    return 0;
}

/* What is made from the tables of the configuration. */
static int write_schema(const char *name, struct buf *out, struct err *err)
{
    enum file_kind kind;
    if (!schema_find_kind(name, &kind))
        return err_set(err, ERR_USAGE,
                       "there is no kind of file '%s': accounts, policies, permanent, temporary or settings",
                       name);
    schema_write_json(out, kind);
    return 0;
}

/* What `iamlease help` is asked for. */
static int write_document(const struct invocation *invocation, struct buf *out, struct err *err)
{
    const struct options *options = &invocation->options;
    int documents =
        options->man + options->reference + (options->completion != NULL) + (options->schema != NULL);
    if (documents > 1)
        return err_set(err, ERR_USAGE,
                       "--man, --completion, --schema and --reference are documents of their own; ask for one");
    if (documents && options->arguments.count > 1)
        return err_set(err, ERR_USAGE,
                       "--man, --completion, --schema and --reference are not about one command such as '%s'",
                       options->arguments.items[1]);
    if (options->schema)
        return write_schema(options->schema, out, err);
    if (options->completion)
        return help_completion(out, options->completion, err);
    if (!options->man && !options->reference)
        return write_help(invocation, out, err);
    if (options->man)
        help_man(out);
    else
        schema_write_reference(out);
    return 0;
}

int cmd_help(struct invocation *invocation)
{
    struct err err;
    struct buf text;
    bool asked_for_help = invocation->command && invocation->command->run == cmd_help;
    buf_init(&text, 1024 * 1024);
    int rc = asked_for_help ? write_document(invocation, &text, &err) : write_help(invocation, &text, &err);
    int code = rc < 0 ? output_error(invocation, &err) : output_result(invocation, &text, EXIT_DONE);
    buf_free(&text);
    return code;
}
