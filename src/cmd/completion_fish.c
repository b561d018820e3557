/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/help_document.h"

#include <string.h>

static const char helpers[] =
    "# Completion of iamlease for fish, printed by `iamlease help --completion fish`.\n"
    "\n"
    "function __iamlease_revisions\n"
    "    " COMPLETION_REVISIONS "\n"
    "end\n"
    "\n"
    "function __iamlease_teams\n"
    "    " COMPLETION_TEAMS "\n"
    "end\n"
    "\n"
    "# The command that stands before the cursor; nothing when there is none yet.\n"
    "function __iamlease_command\n"
    "    set -l words (commandline -opc)\n"
    "    set -l is_value no\n"
    "    for word in $words[2..-1]\n"
    "        if test $is_value = yes\n"
    "            set is_value no\n"
    "            continue\n"
    "        end\n"
    "        switch $word\n"
    "            case";

static const char end_of_helpers[] = "\n"
                                     "                set is_value yes\n"
                                     "            case '-*'\n"
                                     "            case '*'\n"
                                     "                echo $word\n"
                                     "                return\n"
                                     "        end\n"
                                     "    end\n"
                                     "end\n"
                                     "\n"
                                     "complete -c iamlease -f\n";

/* The rest of a line: the description, in single quotes, where fish knows \\ and \' only. */
static void write_description(struct buf *out, const char *text)
{
    buf_add_text(out, " -d '");
    for (; *text; text++) {
        if (strchr("\\'", *text))
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
    buf_add_text(out, "'\n");
}

/* A command is a candidate where there is none yet, and behind `help`. */
static void write_command(struct buf *out, const struct command *command)
{
    buf_addf(out, "complete -c iamlease -n 'contains -- \"$(__iamlease_command)\" \"\" help' -a %s",
             command->name);
    write_description(out, command->summary);
}

/* When an option is a candidate: always, or behind the commands that have it. */
static void write_when(struct buf *out, const struct option_row *row)
{
    if (*row->commands == '*')
        return;
    buf_add_text(out, " -n 'contains -- \"$(__iamlease_command)\"");
    for (size_t i = 0; i < command_count; i++)
        if (option_belongs_to(row, &commands[i]))
            buf_addf(out, " %s", commands[i].name);
    buf_add_text(out, "'");
}

static void write_option(struct buf *out, const struct option_row *row)
{
    static const char *const values[] = {
        [COMPLETE_NOTHING] = " -x",
        [COMPLETE_FILE] = " -r -F",
        [COMPLETE_FOLDER] = " -x -a '(__fish_complete_directories)'",
        [COMPLETE_REVISION] = " -x -a '(__iamlease_revisions)'",
        [COMPLETE_TEAM] = " -x -a '(__iamlease_teams)'",
        [COMPLETE_SHELL] = " -x -a '" COMPLETION_SHELLS "'",
    };
    buf_add_text(out, "complete -c iamlease");
    write_when(out, row);
    if (row->letter)
        buf_addf(out, " -s %c", row->letter);
    buf_addf(out, " -l %s", row->name);
    if (option_takes_value(row))
        buf_add_text(out, values[completion_of(row)]);
    write_description(out, row->help);
}

void completion_fish(struct buf *out)
{
    buf_add_text(out, helpers);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_takes_value(&option_rows[i]))
            buf_addf(out, " --%s", option_rows[i].name);
    buf_add_text(out, end_of_helpers);
    for (size_t i = 0; i < command_count; i++)
        write_command(out, &commands[i]);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        write_option(out, &option_rows[i]);
}
