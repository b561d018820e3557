/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in AWS → who has what, where, until when. */
#ifndef IAMLEASE_PLAN_HOLDINGS_H
#define IAMLEASE_PLAN_HOLDINGS_H

#include "model/observed.h"
#include "model/report.h"

/*
 * Rows for what iamlease looks after: attachments that facts declare, and all that carries our mark. Ordered
 * by account, principal and object. What carries a mark that was damaged by hand is a problem, as is an
 * account that could not be read.
 */
void holdings_compute(struct arena *arena, const struct settings *settings, const struct facts *facts,
                      const struct observed *observed, int64_t now_s, struct holdings *ret);

#endif
