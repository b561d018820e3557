/* SPDX-License-Identifier: Apache-2.0 */
/* Runs operations: what waits for what, many accounts side by side. */
#ifndef IAMLEASE_APPLY_EXECUTE_H
#define IAMLEASE_APPLY_EXECUTE_H

#include "aws/aws.h"
#include "model/report.h"

/* Told before each call (unless `starting` is NULL) and after each result; the journal and the progress lines hang here. */
struct execution_listener {
    void (*starting)(void *context, size_t index, const struct operation *operation);
    void (*finished)(void *context, size_t index, const struct operation *operation,
                     const struct result *result);
    void *context;
};

/*
 * Runs all operations; `results` has one element for each and is filled in. The failure of one stops only
 * what depends on it. Returns -1 (ERR_STOPPED) when a signal came: calls in flight were finished, the others
 * stay RESULT_PENDING. After the deadline of the net nothing is begun either: the others stay RESULT_PENDING,
 * with a message that says so.
 */
int execute_operations(struct arena *arena, struct aws *aws, struct net *net,
                       const struct operations *operations, struct result *results,
                       const struct execution_listener *listeners, size_t listener_count, struct err *err);

#endif
