/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations: one operation is one API call. plan/ makes and orders them, render/ shows them, apply/ runs them.
 * What a reader sees of each kind stands in operation.c; what the machine does stands in aws/iam_request.c.
 */
#ifndef IAMLEASE_MODEL_OPERATION_H
#define IAMLEASE_MODEL_OPERATION_H

#include "model/access.h"
#include "model/oidc_provider.h"

enum operation_kind {
    OP_CREATE_POLICY,         /* policy_name, path, description, document */
    OP_DELETE_POLICY_VERSION, /* policy_arn, version_id */
    OP_CREATE_POLICY_VERSION, /* policy_arn, document; becomes the default */
    OP_ATTACH_POLICY,         /* principal, policy_arn */
    OP_PUT_INLINE_POLICY,     /* principal, policy_name, document */
    OP_DETACH_POLICY,         /* principal, policy_arn, document: what it must still be, or NULL */
    OP_DELETE_INLINE_POLICY,  /* principal, policy_name, document: what it must still be, or NULL */
    OP_DELETE_POLICY,         /* policy_arn, document: what it must still be, or NULL */
    OP_TAG_POLICY,            /* policy_arn, mark: from now on the policy is ours */
    OP_CREATE_ROLE,        /* principal, path, description, document: whom it trusts, session_s, mark, tags,
                              boundary */
    OP_UPDATE_TRUST,       /* principal, document */
    OP_UPDATE_ROLE,        /* principal, description, session_s: both, the role keeps neither */
    OP_TAG_ROLE,           /* principal, mark: the deployer may tag with it only; tags */
    OP_UNTAG_ROLE,         /* principal, tags: their keys */
    OP_DELETE_ROLE,        /* principal */
    OP_PUT_BOUNDARY,       /* principal, boundary */
    OP_DELETE_BOUNDARY,    /* principal */
    OP_CREATE_PROVIDER,    /* provider: url, client_ids, thumbprints; mark, tags */
    OP_ADD_CLIENT_ID,      /* provider: arn, one of client_ids */
    OP_REMOVE_CLIENT_ID,   /* provider: arn, one of client_ids */
    OP_UPDATE_THUMBPRINTS, /* provider: arn, thumbprints */
    OP_TAG_PROVIDER,       /* provider: arn; mark, tags */
    OP_UNTAG_PROVIDER,     /* provider: arn; tags: their keys */
    OP_DELETE_PROVIDER,    /* provider: arn; mark: what it must still be, or NULL */
    OP_KIND_COUNT
};

struct operation_info {
    const char *title;  /* "attach policy" */
    const char *symbol; /* "+", "~" or "-": adds, changes or takes away */
    bool removes;
};

const struct operation_info *operation_info(enum operation_kind kind);

struct operation {
    enum operation_kind kind;
    const char *account_id;
    enum principal_kind principal_kind; /* where `principal` is set */
    const char *principal;
    const char *policy_name;
    const char *policy_arn;
    const char *path;
    const char *description;
    const char *document; /* minified JSON */
    const char *version_id;
    const char *mark;        /* value of the tag "iamlease" of a role, provider or policy; of what
                                is taken from a role, or the role: what it must still be, or NULL */
    const struct tags *tags; /* of a role or provider, besides the mark; NULL: none */
    const struct oidc_provider *provider; /* where the operation is about one */
    int64_t session_s;     /* longest session of a role; 0: an hour, the shortest that IAM takes */
    bool awaits_principal; /* `document` names a role that exists, which IAM may not know everywhere yet */
    const char *boundary;  /* ARN of the permissions boundary of a role; NULL: none */
    const char *trust;     /* of what is taken from a role, or the role: what its trust policy must still be,
                              or NULL */
    int64_t ends_at_s;     /* of the lease that the policy is; otherwise 0 */
    const char *reason;    /* for people: "granted: payments, dev.read-only"; never NULL */
    const char *lease_id;  /* NULL where no single fact asked */

    struct {
        VEC_FIELDS(size_t);
    } after; /* indices of operations that must have succeeded before */
};

/*
 * The same operation, with texts and indices of its own in `arena`. `texts`: what was copied there already →
 * its copy; many operations share a document, and all of an account its id.
 */
struct operation operation_copy(struct arena *arena, const struct operation *operation, struct map *texts);

struct operations {
    VEC_FIELDS(struct operation); /* an operation stands behind all that it needs */
};

#endif
