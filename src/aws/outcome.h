/* SPDX-License-Identifier: Apache-2.0 */
/* How one signed request ended, and the sentence that tells a person about it. */
#ifndef IAMLEASE_AWS_OUTCOME_H
#define IAMLEASE_AWS_OUTCOME_H

#include "aws/classify.h"
#include "aws/session.h"

enum { EXPLANATION_SIZE = 2560 };

struct outcome {
    bool ok;
    bool stopped;    /* never sent: a signal came before */
    bool late;       /* not sent, or not again: the deadline of the run passed before */
    bool maybe_sent; /* no whole answer came, but AWS may have done it */
    bool answered;   /* AWS, or something before it, answered */
    enum error_class class;
    struct aws_error error;
    const char *body; /* of a success without a sink; terminated, valid during the callback */
    size_t body_size;
    const char *request_id; /* or NULL; valid during the callback */
    unsigned attempts;
    char explanation[EXPLANATION_SIZE]; /* not ok: what happened, where, and what to do */
};

/* What is called when a request is over. */
typedef void outcome_done(void *context, const struct outcome *outcome);

/* How the transport judges answers: for requests that may be repeated, and for those that may not. */
net_classify outcome_verdict, outcome_verdict_once;

/* `action` such as "sts:AssumeRole"; the secrets of `credentials` are taken out of AWS's message. */
void outcome_read(const struct net_response *response, const struct credentials *credentials,
                  const char *action, const struct account_session *account, struct outcome *ret);

/* A 2xx answer that nobody can read. */
void outcome_unreadable(const char *action, const struct account_session *account, struct outcome *ret);

#endif
