/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the operations of a plan, with progress on standard error and, where asked for, a journal. */
#ifndef IAMLEASE_FLOW_EXECUTION_H
#define IAMLEASE_FLOW_EXECUTION_H

#include "flow/applying.h"

/*
 * Fills report->results. `name` stands for the run in the journal. A signal sets report->stopped; a journal
 * that lost a line is a problem of the report. Returns -1 when the journal cannot be opened: nothing was
 * called then.
 */
int execution_run(const struct run *run, const struct apply_request *request, struct aws *aws,
                  const char *name, struct report *report, struct err *err);

#endif
