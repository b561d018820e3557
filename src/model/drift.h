/* SPDX-License-Identifier: Apache-2.0 */
/* Drift: where AWS is not what was applied. plan/drift_compute.c finds it, render/ shows it. */
#ifndef IAMLEASE_MODEL_DRIFT_H
#define IAMLEASE_MODEL_DRIFT_H

#include "model/operation.h"

enum drift_kind {
    DRIFT_CHANGED,    /* a policy of ours says something else than the files, or lost its mark */
    DRIFT_UNDECLARED, /* an object or an attachment of ours that no file declares */
    DRIFT_ENDED,      /* a lease that has ended is still there */
    DRIFT_MISSING,    /* what is declared is not there */
    DRIFT_FOREIGN,    /* somebody else's object has a name of ours */
    DRIFT_PRINCIPAL,  /* the user, role or group is not there */
    DRIFT_RECREATED,  /* it was deleted and made again since this was granted */
    DRIFT_SOURCE,     /* a managed policy changed since it was copied into a lease */
    DRIFT_KIND_COUNT
};

/* "changed", "undeclared", "ended", "missing", "foreign", "principal-missing", "principal-recreated",
 * "source-updated" */
const char *drift_kind_name(enum drift_kind kind);

struct drift_row {
    enum drift_kind kind;
    const char *account_id;
    const char *environment;           /* what a fact calls the account, or NULL */
    const char *lease_id;              /* of the fact that it concerns, or NULL */
    const struct operation *operation; /* what would put it right: names the object; or NULL, and then: */
    const char *message;
};

struct drift {
    VEC_FIELDS(struct drift_row); /* in the order of the kinds; of one kind, account by account */
};

#endif
