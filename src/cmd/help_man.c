/* SPDX-License-Identifier: Apache-2.0 */
/* The manual page. What users read at length is in README.md and docs/; this is what they look up. */
#include "cmd/help_document.h"

#include <string.h>

/* ASCII only, so that every troff reads it. */
static const char description[] =
    ".SH DESCRIPTION\n"
    "Teams describe access to AWS in YAML files in a git repository.\n"
    "iamlease shows what a change of these files would grant, change or revoke, makes AWS what the merged files say,\n"
    "and lets AWS itself end every temporary grant on time.\n"
    ".PP\n"
    "The result goes to standard output, everything else to standard error.\n"
    "A date means through the end of that day, UTC.\n";

static const char environment[] =
    ".SH ENVIRONMENT\n"
    ".TP\n"
    ".BI IAMLEASE_ OPTION\n"
    "The option of that name, in capitals and with underscores: IAMLEASE_CONFIG_ROOT for \\-\\-config\\-root.\n"
    "The command line counts more; an empty variable is none; a flag is on with true, 1 or yes.\n"
    ".TP\n"
    ".B IAMLEASE_COMMAND\n"
    "The command, where the command line has none.\n"
    ".TP\n"
    ".BR AWS_ACCESS_KEY_ID \", \" AWS_SECRET_ACCESS_KEY \", \" AWS_SESSION_TOKEN\n"
    "The credentials with which the deployer role of each account is assumed. There are no others.\n"
    ".TP\n"
    ".BR AWS_REGION \", \" AWS_DEFAULT_REGION\n"
    "The region for calls to AWS.\n"
    ".TP\n"
    ".BR AWS_ENDPOINT_URL \", \" AWS_ENDPOINT_URL_IAM \", \" AWS_ENDPOINT_URL_STS\n"
    "Other addresses than those of AWS, for tests.\n"
    ".TP\n"
    ".BR GITHUB_ACTIONS \", \" GITHUB_EVENT_NAME \", \" GITHUB_STEP_SUMMARY\n"
    "Set by GitHub Actions: annotations, the job summary, and the command that an event means.\n"
    ".TP\n"
    ".B NO_COLOR\n"
    "No colours, whatever its value.\n";

static const char ending[] = ".SH FILES\n"
                             "At the top of the repository, or in \\fIaws/\\fR:\n"
                             ".TP\n"
                             ".I aws\\-accounts/TEAM.yaml\n"
                             "The accounts of a team, by environment.\n"
                             ".TP\n"
                             ".I aws\\-policies/TEAM.yaml\n"
                             "The policies that it grants.\n"
                             ".TP\n"
                             ".I permanent\\-access/TEAM.yaml\n"
                             "Who has them until the entry is removed.\n"
                             ".TP\n"
                             ".I temporary\\-access/TEAM.yaml\n"
                             "Who has one of them until a date.\n"
                             ".TP\n"
                             ".I iamlease.yaml\n"
                             "Settings.\n"
                             ".SH EXAMPLES\n"
                             "What would the files on disk change?\n"
                             ".PP\n"
                             ".RS 4\n"
                             "$ iamlease plan\n"
                             ".RE\n"
                             ".PP\n"
                             "Who has what in one account?\n"
                             ".PP\n"
                             ".RS 4\n"
                             "$ iamlease who \\-\\-account 123456789012\n"
                             ".RE\n";

static const struct {
    const char *code, *meaning;
} exit_codes[] = {
    {"0", "Done."},
    {"1", "Something failed, was refused or is held back; the message says what to do."},
    {"2", "With --detailed-exitcode: the plan changes something."},
    {"64", "The command line or the environment is wrong."},
    {"130, 143", "Stopped by SIGINT or SIGTERM, after the calls that were on their way."},
};

/* Text that troff takes for nothing but text. */
static void add_text(struct buf *out, const char *text)
{
    bool line_starts = true;
    for (; *text; text++) {
        if (line_starts && strchr(".'", *text))
            buf_add_text(out, "\\&");
        line_starts = *text == '\n';
        switch (*text) {
        case '\\': buf_add_text(out, "\\e"); break;
        case '-': buf_add_text(out, "\\-"); break;
        case '\'': buf_add_text(out, "\\(aq"); break;
        case '`': buf_add_text(out, "\\(ga"); break;
        case '^': buf_add_text(out, "\\(ha"); break;
        case '~': buf_add_text(out, "\\(ti"); break;
        default: buf_add_char(out, *text);
        }
    }
}

static void write_option(struct buf *out, const struct option_row *row)
{
    buf_add_text(out, ".TP\n\\fB");
    if (row->letter)
        buf_addf(out, "\\-%c\\fR, \\fB", row->letter);
    buf_add_text(out, "\\-\\-");
    add_text(out, row->name);
    buf_addf(out, "\\fR%s%s%s\n", row->value ? " \\fI" : "", row->value ? row->value : "",
             row->value ? "\\fR" : "");
    add_text(out, row->help);
    buf_add_char(out, '\n');
}

/* What only some commands have stands with each of them. */
static void write_command(struct buf *out, const struct command *command)
{
    buf_addf(out, ".SS iamlease %s\n", command->name);
    add_text(out, command->details);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (*option_rows[i].commands != '*' && option_belongs_to(&option_rows[i], command))
            write_option(out, &option_rows[i]);
}

void help_man(struct buf *out)
{
    buf_add_text(out, ".TH IAMLEASE 1 \"\" \"iamlease " IAMLEASE_VERSION "\" \"User Commands\"\n"
                      ".SH NAME\niamlease \\- AWS access as a lease\n"
                      ".SH SYNOPSIS\n.B iamlease\n.I COMMAND\n.RI [ options ]\n");
    buf_add_text(out, description);
    buf_add_text(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++)
        write_command(out, &commands[i]);
    buf_add_text(out, ".SH OPTIONS OF ALL COMMANDS\n");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (*option_rows[i].commands == '*')
            write_option(out, &option_rows[i]);
    buf_add_text(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof exit_codes / sizeof exit_codes[0]; i++) {
        buf_addf(out, ".TP\n.B %s\n", exit_codes[i].code);
        add_text(out, exit_codes[i].meaning);
        buf_add_char(out, '\n');
    }
    buf_add_text(out, environment);
    buf_add_text(out, ending);
}
