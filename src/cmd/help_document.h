/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/cmd only: what `help` prints for other programs, all of it from the command table and the option
 * table. Nothing in it comes from outside.
 */
#ifndef IAMLEASE_CMD_HELP_DOCUMENT_H
#define IAMLEASE_CMD_HELP_DOCUMENT_H

#include "base/buf.h"
#include "base/err.h"
#include "cmd/option_table.h"

/* The manual page, in the macros of man(7). */
void help_man(struct buf *out);

/* The completion for a shell: "bash", "zsh" or "fish". ERR_USAGE: it is another one. */
int help_completion(struct buf *out, const char *shell, struct err *err);

void completion_bash(struct buf *out);
void completion_zsh(struct buf *out);
void completion_fish(struct buf *out);

/* What can stand as the value of an option, by the word that the help has for it. */
enum completion {
    COMPLETE_NOTHING,
    COMPLETE_FILE,
    COMPLETE_FOLDER,
    COMPLETE_REVISION,
    COMPLETE_TEAM,
    COMPLETE_SHELL
};
enum completion completion_of(const struct option_row *row);

/* The shells, between spaces. */
#define COMPLETION_SHELLS "bash zsh fish"

/*
 * Commands that print names from the repository, a line each, for the shell functions that complete them.
 * Branches have names that others chose, such as `$(reboot)`: no shell may expand them again.
 */
#define COMPLETION_REVISIONS \
    "git for-each-ref '--format=%(refname:short)' refs/heads refs/remotes refs/tags 2>/dev/null"
#define COMPLETION_TEAMS                                                                       \
    "git ls-files -co --exclude-standard -- ':/*aws-accounts/*.yaml' ':/*aws-policies/*.yaml'" \
    " ':/*-access/*.yaml' 2>/dev/null |\n        sed -n 's|^.*/\\([a-z0-9][a-z0-9_-]*\\)\\.yaml$|\\1|p' | sort -u"

#endif
