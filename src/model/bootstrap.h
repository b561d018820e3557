/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be there before the first apply: the OIDC provider and the roles that jobs begin with, in the hub
 * account, and in each account the roles that they assume. One description, from which come the calls, the
 * templates for CloudFormation and the commands for the AWS CLI.
 */
#ifndef IAMLEASE_MODEL_BOOTSTRAP_H
#define IAMLEASE_MODEL_BOOTSTRAP_H

#include "model/oidc_provider.h"

/* The key of the tag that all of it carries; its value is the owner. */
#define BOOTSTRAP_TAG "iamlease-bootstrap"

/* The name of the inline policy of each of these roles. */
#define BOOTSTRAP_POLICY "iamlease"

enum { BOOTSTRAP_SESSION_S = 3600 };

struct bootstrap_role {
    const char *name; /* at path "/" */
    const char *description;
    const char *trust, *policy; /* minified JSON */
    const char *trusts; /* name of the role of the hub account that it trusts; NULL: the OIDC provider */
};

struct bootstrap_account {
    const char *account_id;
    const struct oidc_provider *provider; /* of the hub account; otherwise NULL */
    struct {
        VEC_FIELDS(struct bootstrap_role);
    } roles;
};

struct bootstrap {
    VEC_FIELDS(struct bootstrap_account); /* that of the hub first */
    const char *partition;
    struct tags tags;
};

#endif
