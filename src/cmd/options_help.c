/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/option_table.h"
#include "cmd/options.h"

static void help_row(struct buf *out, const struct option_row *row)
{
    char left[OPTION_NAME_MAX];
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
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (command ? option_belongs_to(&option_rows[i], command) : *option_rows[i].commands == '*')
            help_row(out, &option_rows[i]);
    buf_add_text(out, "\nEach option --some-name can also be given as the variable IAMLEASE_SOME_NAME.\n");
    if (!command)
        buf_add_text(out, "'iamlease help COMMAND' says more about one command.\n");
}
