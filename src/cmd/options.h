/* SPDX-License-Identifier: Apache-2.0 */
/* The option table: what the command line and the environment may say, and the help that comes from it. */
#ifndef IAMLEASE_CMD_OPTIONS_H
#define IAMLEASE_CMD_OPTIONS_H

#include "base/buf.h"
#include "base/err.h"
#include "cmd/invocation.h"

/* Reads a variable of the environment; main.c gives getenv. */
typedef char *read_environment(const char *name);

/*
 * Fills `ret` from the command line, and what is missing there from IAMLEASE_… (an empty variable counts as
 * unset; --help and --version have none). ERR_USAGE: an unknown option (with the nearest one), an abbreviated
 * one, a missing value, a variable of a flag that says neither yes nor no.
 */
int options_parse(struct arena *arena, int argc, char *argv[], read_environment *environment,
                  struct options *ret, struct err *err);

/*
 * Fills in what the command line left open: IAMLEASE_CONFIG_ROOT for "config-root"; flags are on with "true",
 * "1" or "yes", off with "false", "0" or "no", in whatever case. ERR_USAGE for another value: whoever sets
 * IAMLEASE_DRY_RUN=on must not find that everything was written.
 */
int options_read_variables(struct arena *arena, read_environment *environment, struct options *options,
                           struct err *err);

/* ERR_USAGE when an option was given on the command line that `command` does not have. */
int options_check(const struct options *options, const struct command *command, struct err *err);

/* The help for one command, or with NULL the overview. */
void options_help(struct buf *out, const struct command *command);

#endif
