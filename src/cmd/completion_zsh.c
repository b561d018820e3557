/* SPDX-License-Identifier: Apache-2.0 */
/* A function for zsh's completion system: the file is named _iamlease and lies in a folder of $fpath. */
#include "cmd/help_document.h"

#include <string.h>

static const char helpers[] =
    "#compdef iamlease\n"
    "# Completion of iamlease for zsh, printed by `iamlease help --completion zsh`.\n"
    "\n"
    "_iamlease_revisions()\n"
    "{\n"
    "    local -a found\n"
    "    found=(${(f)\"$(" COMPLETION_REVISIONS ")\"})\n"
    "    compadd \"$@\" -a found\n"
    "}\n"
    "\n"
    "_iamlease_teams()\n"
    "{\n"
    "    local -a found\n"
    "    found=(${(f)\"$(" COMPLETION_TEAMS ")\"})\n"
    "    compadd \"$@\" -a found\n"
    "}\n";

static const char beginning[] = "\n"
                                "_iamlease()\n"
                                "{\n"
                                "    local curcontext=$curcontext state line\n"
                                "    local -A opt_args\n"
                                "    local -a common own\n";

static const char middle[] = "    _arguments -C -s $common '1: :_iamlease_commands' '*:: :->rest' && return\n"
                             "    [[ $state == rest ]] || return\n"
                             "    case $line[1] in\n";

static const char end[] = "    esac\n"
                          "    _arguments -s $common $own\n"
                          "}\n"
                          "\n"
                          "if [[ $funcstack[1] == _iamlease ]]; then\n"
                          "    _iamlease \"$@\"\n"
                          "else\n"
                          "    compdef _iamlease iamlease\n"
                          "fi\n";

/* A text within single quotes; `special` has a meaning of its own there, for which a backslash stands in front. */
static void add_text(struct buf *out, const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'') {
            buf_add_text(out, "'\\''");
            continue;
        }
        if (strchr(special, *text))
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
}

static void write_commands(struct buf *out)
{
    buf_add_text(out, "\n_iamlease_commands()\n{\n    local -a commands\n    commands=(\n");
    for (size_t i = 0; i < command_count; i++) {
        buf_addf(out, "        '%s:", commands[i].name);
        add_text(out, commands[i].summary, "\\");
        buf_add_text(out, "'\n");
    }
    buf_add_text(out, "    )\n    _describe -t commands command commands\n}\n");
}

/* One specification of _arguments. */
static void write_option(struct buf *out, const struct option_row *row)
{
    static const char *const actions[] = {
        [COMPLETE_NOTHING] = " ",
        [COMPLETE_FILE] = "_files",
        [COMPLETE_FOLDER] = "_files -/",
        [COMPLETE_REVISION] = "_iamlease_revisions",
        [COMPLETE_TEAM] = "_iamlease_teams",
        [COMPLETE_SHELL] = "(" COMPLETION_SHELLS ")",
    };
    if (row->letter)
        buf_addf(out, "'(-%c --%s)'{-%c,--%s}'[", row->letter, row->name, row->letter, row->name);
    else
        buf_addf(out, "'%s--%s%s[", row->kind == OPTION_TEXTS ? "*" : "", row->name,
                 option_takes_value(row) ? "=" : "");
    add_text(out, row->help, "\\[]:");
    buf_add_char(out, ']');
    if (option_takes_value(row))
        buf_addf(out, ":%s:%s", row->value, actions[completion_of(row)]);
    buf_add_text(out, "'\n");
}

/* The options that all commands have, or with a command those that only some have. */
static void write_options(struct buf *out, const struct command *command, const char *indent)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        bool common = *option_rows[i].commands == '*';
        if (command ? common || !option_belongs_to(&option_rows[i], command) : !common)
            continue;
        buf_add_text(out, indent);
        write_option(out, &option_rows[i]);
    }
}

void completion_zsh(struct buf *out)
{
    buf_add_text(out, helpers);
    write_commands(out);
    buf_add_text(out, beginning);
    buf_add_text(out, "    common=(\n");
    write_options(out, NULL, "        ");
    buf_add_text(out, "    )\n");
    buf_add_text(out, middle);
    for (size_t i = 0; i < command_count; i++) {
        buf_addf(out, "    %s)\n        own=(\n", commands[i].name);
        write_options(out, &commands[i], "            ");
        if (commands[i].run == cmd_help)
            buf_add_text(out, "            '1: :_iamlease_commands'\n");
        buf_add_text(out, "        )\n        ;;\n");
    }
    buf_add_text(out, end);
}
