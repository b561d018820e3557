/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy document as data. policy/ reads it, writes it and compares it by meaning.
 * Identity policies, and trust policies of roles, which name principals and no resources. A string where AWS
 * allows a list is a list of one. Grammar: facts of the IAM user guide, "Grammar of the IAM JSON policy language".
 */
#ifndef IAMLEASE_MODEL_POLICY_DOCUMENT_H
#define IAMLEASE_MODEL_POLICY_DOCUMENT_H

#include "base/vec.h"

enum effect { EFFECT_ALLOW, EFFECT_DENY };

/* One operator applied to one key: `values` are alternatives (OR); several conditions must all hold (AND). */
struct condition {
    const char *operator; /* "DateLessThan" */
    const char *key;      /* "aws:CurrentTime"; compared without regard to case */
    struct strings values;
};

/*
 * Exactly one of actions and not_actions is non-empty; so is, in an identity policy, exactly one of resources
 * and not_resources, and in a trust policy `principals` instead.
 */
struct statement {
    const char *sid; /* NULL: none */
    enum effect effect;
    struct strings actions, not_actions;
    struct strings resources, not_resources;
    struct strings principals; /* of a trust policy: "AWS:arn:aws:iam::123456789012:user/bert" */
    struct {
        VEC_FIELDS(struct condition);
    } conditions;
};

struct document {
    VEC_FIELDS(struct statement);
};

#endif
