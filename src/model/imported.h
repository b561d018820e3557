/* SPDX-License-Identifier: Apache-2.0 */
/* What `import` makes of accounts: files of one team, and a list of all that files cannot say. */
#ifndef IAMLEASE_MODEL_IMPORTED_H
#define IAMLEASE_MODEL_IMPORTED_H

#include "model/access.h"

/* What is left where it is. */
enum left_kind {
    LEFT_ATTACHMENT,       /* a managed policy on a principal */
    LEFT_INLINE_POLICY,    /* of a principal */
    LEFT_BOUNDARY,         /* of a principal */
    LEFT_MEMBERSHIP,       /* of a user in a group */
    LEFT_INSTANCE_PROFILE, /* of a role */
    LEFT_POLICY,           /* a customer managed policy itself */
    LEFT_ROLE,     /* a role itself, with its trust policy; or how many service-linked ones there are */
    LEFT_PROVIDER, /* an OIDC provider */
    LEFT_KIND_COUNT
};

/* "attachment", "inline-policy", "boundary", "membership", "instance-profile", "policy", "role", "oidc-provider" */
const char *left_kind_name(enum left_kind kind);

struct left_behind {
    enum left_kind kind;
    const char *account_id, *environment;
    enum principal_kind principal_kind;
    const char *principal; /* NULL: it is about none */
    const char *what; /* ARN of a managed policy or OIDC provider; name of an inline policy, group, role … */
    const char *reason; /* stable: "inline-policy", "user-name" … */
    const char *detail; /* why, as a sentence without full stop; may hold text from outside */
    bool goes;          /* the next apply takes it away: it carries our mark, and nobody declares it */
    bool is_own;        /* then: it was made for the team that is imported */
};

struct left_list {
    VEC_FIELDS(struct left_behind);
};

struct imported_file {
    const char *path, *text;
    size_t size; /* of the text, in bytes */
};

struct imported {
    const char *team;
    int64_t now_s;
    bool dry_run, adopts;
    bool is_written; /* the files are where they belong */
    bool is_refused; /* they are not, because of what is left behind */
    size_t accounts;
    size_t attachments, leases; /* of AWS's objects: those that are in the files */
    size_t policies;            /* entries of aws-policies */
    size_t filtered; /* roles, attachments and inline policies of those whom --users … leave out, policies
             that none of the others has, and OIDC providers then */
    struct {
        VEC_FIELDS(struct imported_file);
    } files;
    struct left_list left; /* by account, kind, principal, what */
};

/*
 * Whether nothing is left behind that --strict asks for: roles and OIDC providers of others import never
 * writes, and these count only where iamlease made them and nobody declares them.
 */
bool imported_is_whole(const struct imported *imported);

/* How many of these the next apply takes away; `own_only`: of this team's. */
size_t imported_goes(const struct imported *imported, bool own_only);

/* Sorts by account, kind, principal and what it is. */
void left_sort(struct left_list *left);

#endif
