/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of an action in Port is told: lines of its log, and how it ended. */
#ifndef IAMLEASE_PORT_PORT_PROGRESS_H
#define IAMLEASE_PORT_PORT_PROGRESS_H

#include "port/port_client.h"

enum port_end { PORT_GOES_ON, PORT_SUCCEEDED, PORT_FAILED };

/*
 * Adds a line to the log of a run, and ends the run with it unless it goes on: without an end where Port
 * follows the workflow's own status and refuses one (422 run_synchronized_error).
 */
int port_run_log(struct arena *arena, struct port *port, const char *run_id, const char *message,
                 enum port_end end, struct err *err);

/*
 * Sets how a run ended, or with PORT_GOES_ON only the `label` beside its status, and why (`summary`), and
 * where to read on (`link`, or NULL). Where Port follows the workflow's own status it refuses that, too: then
 * the summary becomes a line of the log, and that is success.
 */
int port_run_end(struct arena *arena, struct port *port, const char *run_id, enum port_end end,
                 const char *label, const char *summary, const char *link, struct err *err);

#endif
