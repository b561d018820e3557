/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in AWS → who has what, where, until when. */
#ifndef IAMLEASE_PLAN_HOLDINGS_H
#define IAMLEASE_PLAN_HOLDINGS_H

#include "model/observed.h"
#include "model/report.h"

struct holdings_input {
    const struct settings *settings;
    const struct config *config;    /* of HEAD: how it calls the accounts */
    const struct facts *declared;   /* all that HEAD's entries say, ended or not; sorted */
    const struct facts *candidates; /* what a commit since the applied one declared, and may still stand; in
                                       any order */
    const struct observed *observed;
    int64_t now_s;
};

/*
 * Rows for what iamlease looks after: attachments that facts or candidates declare, and all that carries our
 * mark. Ordered by account, principal and object. What carries a mark that was damaged by hand is a problem,
 * as is an account that could not be read.
 */
void holdings_compute(struct arena *arena, const struct holdings_input *input, struct holdings *ret);

#endif
