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
 * unset). ERR_USAGE: an unknown option (with the nearest one), a missing value.
 */
int options_parse(struct arena *arena, int argc, char *argv[], read_environment *environment,
                  struct options *ret, struct err *err);

/* ERR_USAGE when an option was given on the command line that `command` does not have. */
int options_check(const struct options *options, const struct command *command, int argc, char *argv[],
                  struct err *err);

/* The help for one command, or with NULL the overview. */
void options_help(struct buf *out, const struct command *command);

#endif
