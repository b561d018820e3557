/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal: JSON lines, one for the intent before each call and one for its result. It is the audit record
 * and is never read back.
 */
#ifndef IAMLEASE_APPLY_JOURNAL_H
#define IAMLEASE_APPLY_JOURNAL_H

#include "apply/execute.h"

struct journal;

/* Appends to `path` (made with mode 0600). `run` names the run in each line: the commit that is applied, or "cleanup". */
int journal_open(struct journal **ret, const char *path, const char *run, struct err *err);

/* Tells it what execute_operations does; a line that cannot be written stops nothing but makes journal_close fail. */
struct execution_listener journal_listener(struct journal *journal);

/* Closes and frees; ERR_IO when a line was lost. NULL is allowed. */
int journal_close(struct journal *journal, struct err *err);

#endif
