/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/cmd only: messages name what their reader has written. */
#ifndef IAMLEASE_CMD_INPUT_NAMES_H
#define IAMLEASE_CMD_INPUT_NAMES_H

#include "base/err.h"
#include "cmd/invocation.h"

/*
 * In a job nobody types options: a value came from an input of the action, as a variable. Writes "the input
 * NAME" where the message has "--NAME", for each option that did not stand on the command line. A message
 * that speaks of inputs by itself stays as it is.
 */
struct err err_for_a_job(const struct options *options, const struct err *err);

#endif
