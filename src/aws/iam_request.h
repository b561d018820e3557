/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every action of IAM that the program calls, reads and writes. Of each kind of operation: the action, its
 * parameters, whether it may be repeated. Of each action: what it works on, from which the least policies of
 * the roles are made (role_policy.h).
 */
#ifndef IAMLEASE_AWS_IAM_REQUEST_H
#define IAMLEASE_AWS_IAM_REQUEST_H

#include "base/buf.h"
#include "model/operation.h"

/* Room for the name of an action, of IAM or STS. */
enum { ACTION_NAME_SIZE = 64 };

/* "AttachUserPolicy" */
const char *operation_action(const struct operation *operation);

/*
 * Whether a second time gives what the first gave, or an error from which one can tell. Not so
 * CreatePolicyVersion: a repeat would use up one of five versions.
 */
bool operation_is_repeatable(const struct operation *operation);

/* The request's form; what the operation leaves NULL or empty is left out. */
void operation_write_form(const struct operation *operation, struct buf *form);

/* "UserName", "RoleName" or "GroupName" */
const char *principal_parameter(enum principal_kind kind);

enum read_kind {
    READ_ACCOUNT, /* users, roles, groups and policies, in pages */
    READ_SUMMARY, /* the quotas */
    READ_POLICY,  /* which version of a managed policy is the default */
    READ_POLICY_VERSION,
    READ_INLINE_POLICY,
    READ_ROLE,        /* one of ours */
    READ_POLICY_TAGS, /* of a policy that may be adopted */
    READ_PROVIDERS,   /* which OIDC providers there are */
    READ_PROVIDER,
    READ_KIND_COUNT
};

/* "GetUserPolicy" */
const char *read_action(enum read_kind kind, enum principal_kind principal_kind);

/* What an action works on (Service Authorization Reference, "Actions defined by AWS Identity and Access
 * Management"). */
enum action_target {
    TARGET_ACCOUNT,      /* the account: IAM knows no narrower resource */
    TARGET_ANY_POLICY,   /* a managed policy, AWS's too */
    TARGET_OUR_POLICY,   /* a managed policy at policy_path, or an adopted one */
    TARGET_NEW_POLICY,   /* one at policy_path that comes to be */
    TARGET_TAGS,         /* of a policy that was or may be adopted: what they are */
    TARGET_POLICY_TAG,   /* and the mark of one that is being adopted */
    TARGET_READ_ROLE,    /* a role at policy_path: what it is */
    TARGET_OUR_ROLE,     /* and one that is not another owner's */
    TARGET_NEW_ROLE,     /* such a role that comes to be */
    TARGET_ROLE_TAG,     /* and its mark */
    TARGET_BOUND_ROLE,   /* and its boundary: set */
    TARGET_FREE_ROLE,    /* cleared */
    TARGET_PRINCIPAL,    /* a user, role or group */
    TARGET_ANY_PROVIDER, /* an OIDC provider */
    TARGET_NEW_PROVIDER, /* one that comes to be, and its mark */
    TARGET_OUR_PROVIDER, /* one that has our mark */
};

struct action_info {
    const char *name; /* "AttachUserPolicy" */
    enum action_target target;
    enum principal_kind principal_kind; /* where the target is a principal */
    bool writes;
    bool for_plan; /* a plan that reads AWS calls it, too */
};

/* Is shown an action; false ends the visit. */
typedef bool action_visitor(void *context, const struct action_info *action);

/* Shows each action once, reads first; false when the visitor ended it. */
bool iam_actions_visit(action_visitor *visit, void *context);

/* Whether an action is in the table: what is not would be missing in the roles' policies. */
bool iam_action_is_known(const char *name);

#endif
