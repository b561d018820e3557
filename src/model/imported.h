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
    LEFT_KIND_COUNT
};

/* "attachment", "inline-policy", "boundary", "membership", "instance-profile", "policy" */
const char *left_kind_name(enum left_kind kind);

struct left_behind {
    enum left_kind kind;
    const char *account_id, *environment;
    enum principal_kind principal_kind;
    const char *principal; /* NULL: of LEFT_POLICY */
    const char *what;      /* ARN of a managed policy; name of an inline policy, group or instance profile */
    const char *reason;    /* stable: "inline-policy", "user-name" … */
    const char *detail;    /* why, as a sentence without full stop; may hold text from outside */
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
    size_t accounts;
    size_t attachments, leases; /* of AWS's objects: those that are in the files */
    size_t policies;            /* entries of aws-policies */
    size_t filtered; /* attachments and inline policies of those whom --users … leave out, and policies that
             none of the others has */
    struct {
        VEC_FIELDS(struct imported_file);
    } files;
    struct left_list left; /* by account, kind, principal, what */
};

/* Sorts by account, kind, principal and what it is. */
void left_sort(struct left_list *left);

#endif
