/* SPDX-License-Identifier: Apache-2.0 */
/* One IAM request in one account: gets the credentials, signs, sends, and once more with new ones when they had expired. */
#ifndef IAMLEASE_AWS_REQUEST_H
#define IAMLEASE_AWS_REQUEST_H

#include "aws/outcome.h"
#include "base/buf.h"

/* The version of IAM's query API. */
#define IAM_VERSION "2010-05-08"

struct iam_request {
    const char *account_id;
    const char *action; /* "AttachUserPolicy"; static text */
    const struct buf *form;
    bool repeatable;             /* a second time does no harm */
    unsigned delay_ms;           /* before it is sent */
    const struct net_sink *sink; /* for the body of a success, or NULL; lives until `done` */
    outcome_done *done;
    void *context;
};

/* Copies the form. */
void iam_send(struct aws *aws, const struct iam_request *request);

#endif
