/* SPDX-License-Identifier: Apache-2.0 */
/* Plain bash: the package bash-completion need not be there. */
#include "cmd/help_document.h"

static const char helpers[] =
    "# Completion of iamlease for bash, printed by `iamlease help --completion bash`.\n"
    "\n"
    "_iamlease_revisions()\n"
    "{\n"
    "    " COMPLETION_REVISIONS "\n"
    "}\n"
    "\n"
    "_iamlease_teams()\n"
    "{\n"
    "    " COMPLETION_TEAMS "\n"
    "}\n"
    "\n"
    "# Lines that begin with $1, quoted; `compgen -W` would run a branch called $(reboot).\n"
    "_iamlease_offer()\n"
    "{\n"
    "    local line\n"
    "    while IFS= read -r line; do\n"
    "        if [[ $line == \"$1\"* ]]; then\n"
    "            printf -v line %q \"$line\"\n"
    "            COMPREPLY+=(\"$line\")\n"
    "        fi\n"
    "    done\n"
    "}\n";

static const char beginning[] =
    "\n"
    "_iamlease()\n"
    "{\n"
    "    local word command='' option='' cur=${COMP_WORDS[COMP_CWORD]} i\n"
    "    COMPREPLY=()\n"
    "    # What stands before the cursor: the command, and the option that waits for its value.\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ $word == = ]]; then\n"
    "            continue # bash cuts --head=x into three words\n"
    "        elif [[ $option ]]; then\n"
    "            option=''\n"
    "        elif _iamlease_takes_value \"$word\"; then\n"
    "            option=$word\n"
    "        elif [[ $word != -* && ! $command ]]; then\n"
    "            command=$word\n"
    "        fi\n"
    "    done\n"
    "    if [[ $cur == = ]]; then cur=''; fi\n"
    "    case $option in\n";

static const char end[] = "    '')\n"
                          "        if [[ $cur == -* ]]; then\n"
                          "            _iamlease_offer \"$cur\" < <(_iamlease_options \"$command\")\n"
                          "        elif [[ ! $command || $command == help ]]; then\n"
                          "            _iamlease_offer \"$cur\" < <(_iamlease_commands)\n"
                          "        fi\n"
                          "        ;;\n"
                          "    esac\n"
                          "}\n"
                          "\n"
                          "complete -F _iamlease iamlease\n";

static void write_commands(struct buf *out)
{
    buf_add_text(out, "\n_iamlease_commands()\n{\n    printf '%s\\n'");
    for (size_t i = 0; i < command_count; i++)
        buf_addf(out, " %s", commands[i].name);
    buf_add_text(out, "\n}\n");
}

/* The options of one command, or with NULL those of all. */
static void write_options(struct buf *out, const struct command *command)
{
    buf_add_text(out, "printf '%s\\n'");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (command ? option_belongs_to(&option_rows[i], command) : *option_rows[i].commands == '*')
            buf_addf(out, " --%s", option_rows[i].name);
    buf_add_text(out, " ;;\n");
}

static void write_all_options(struct buf *out)
{
    buf_add_text(out, "\n_iamlease_options()\n{\n    case $1 in\n");
    for (size_t i = 0; i < command_count; i++) {
        buf_addf(out, "    %s) ", commands[i].name);
        write_options(out, &commands[i]);
    }
    buf_add_text(out, "    *) ");
    write_options(out, NULL);
    buf_add_text(out, "    esac\n}\n");
}

/* "--base | --head": the options whose values are completed so, or with `any` all that take a value. */
static void write_names(struct buf *out, enum completion completion, bool any)
{
    const char *separator = "";
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_takes_value(&option_rows[i]) && (any || completion_of(&option_rows[i]) == completion)) {
            buf_addf(out, "%s--%s", separator, option_rows[i].name);
            separator = " | ";
        }
}

static void write_values(struct buf *out)
{
    static const struct {
        enum completion completion;
        const char *how;
    } values[] = {
        {COMPLETE_FILE, "compopt -o default"},
        {COMPLETE_FOLDER, "compopt -o dirnames"},
        {COMPLETE_REVISION, "_iamlease_offer \"$cur\" < <(_iamlease_revisions)"},
        {COMPLETE_TEAM, "_iamlease_offer \"$cur\" < <(_iamlease_teams)"},
        {COMPLETE_SHELL, "_iamlease_offer \"$cur\" < <(printf '%s\\n' " COMPLETION_SHELLS ")"},
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        buf_add_text(out, "    ");
        write_names(out, values[i].completion, false);
        buf_addf(out, ") %s ;;\n", values[i].how);
    }
}

void completion_bash(struct buf *out)
{
    buf_add_text(out, helpers);
    write_commands(out);
    write_all_options(out);
    buf_add_text(out, "\n_iamlease_takes_value()\n{\n    case $1 in\n    ");
    write_names(out, COMPLETE_NOTHING, true);
    buf_add_text(out, ") return 0 ;;\n    *) return 1 ;;\n    esac\n}\n");
    buf_add_text(out, beginning);
    write_values(out);
    buf_add_text(out, end);
}
