/* SPDX-License-Identifier: Apache-2.0 */
/* What `iamlease bootstrap` is to make, from the settings; pure. */
#ifndef IAMLEASE_PLAN_BOOTSTRAP_WANTED_H
#define IAMLEASE_PLAN_BOOTSTRAP_WANTED_H

#include "base/err.h"
#include "model/bootstrap.h"
#include "model/configuration.h"

struct bootstrap_input {
    const struct settings *settings;
    struct strings accounts;                   /* ids of those that get the deployer role */
    const char *deployer_policy, *plan_policy; /* documents; aws/role_policy.h writes them */
};

/*
 * ERR_USAGE: settings.bootstrap lacks something (says what, and where it comes from), two of the roles have
 * one name, there are more accounts than the policy of a role can name, or a document is larger than AWS takes.
 */
int bootstrap_wanted(struct arena *arena, const struct bootstrap_input *input, struct bootstrap *ret,
                     struct err *err);

#endif
