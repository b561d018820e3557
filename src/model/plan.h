/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan: the access delta (who gains, changes or loses what) and the operations (the exact calls).
 */
#ifndef IAMLEASE_MODEL_PLAN_H
#define IAMLEASE_MODEL_PLAN_H

#include "model/drift.h"

/* The order is the order in which a reader sees rows of one risk. */
enum change_kind {
    CHANGE_HOLD,    /* in doubt: neither granted, changed nor removed; the note says why */
    CHANGE_GRANT,   /* only in head */
    CHANGE_EXTEND,  /* a lease ends later */
    CHANGE_MODIFY,  /* the policy behind it changes, or the start of a lease */
    CHANGE_SHORTEN, /* a lease ends earlier */
    CHANGE_REVOKE,  /* only in base */
    CHANGE_KIND_COUNT
};

/* "hold", "grant", "extend", "change", "shorten", "revoke" */
const char *change_kind_name(enum change_kind kind);

enum risk { RISK_HIGH, RISK_MEDIUM, RISK_LOW };

/* "high", "medium", "low" */
const char *risk_name(enum risk risk);

/* What a change does to a role or an OIDC provider of aws-roles, in words; also where it comes to be or goes. */
struct kept_change {
    struct strings trust_gained, trust_lost;       /* "the service ec2.amazonaws.com" */
    struct strings settings_gained, settings_lost; /* "sessions of 4 hours", "the tag team=payments" */
};

/* How the policy behind a row changes. Each is a difference of sets over the whole document: all may be empty. */
struct policy_change {
    struct strings actions_gained, actions_lost;       /* of Allow statements */
    struct strings resources_gained, resources_lost;   /* of Allow statements */
    struct strings conditions_gained, conditions_lost; /* "StringEquals aws:RequestedRegion: eu-west-1" */
    struct strings policies_gained, policies_lost;     /* managed policies */
};

struct delta_row {
    enum change_kind kind;
    enum risk risk;
    const struct fact *before, *after; /* one may be NULL; of one grant, and mostly of one identity */
    bool policy_changes;               /* what is allowed or denied, whatever the kind of the row */
    bool resources_change;             /* more of it changes than the actions of Allow statements */
    bool can_undo_its_end;             /* it may change IAM objects of ours or the grantee's own policies */
    const char *note;                  /* what a reader must know, or NULL: "administrator access" */

    const struct policy_change *policy; /* what of it changes, shared by rows that change alike; NULL: nothing */
    const struct kept_change *kept;     /* of a role or an OIDC provider of aws-roles; otherwise NULL */
};

/* What changes of the policy behind a row: an empty one where nothing does. */
const struct policy_change *policy_change_of(const struct delta_row *row);

/*
 * Something that changes beside access: a setting, an account that a name stands for, a new pair of team and
 * account. Every one is a risk row (DESIGN §2).
 */
struct side_change {
    const char *id; /* stable: "setting", "account-changed", "account-added", "account-removed" … */
    enum risk risk;
    const char *team;           /* or NULL */
    const char *what;           /* "limits.max_days", "prod of team payments" */
    const char *before, *after; /* as text; NULL: not there */
    const char *note;           /* what follows from it, or NULL */
};

struct delta {
    VEC_FIELDS(struct delta_row); /* sorted by risk, then kind, team, principal, account, grant */
    size_t counts[CHANGE_KIND_COUNT];
    struct {
        VEC_FIELDS(struct side_change);
    } side; /* sorted by risk, then id, team, what */
};

/*
 * Something that must not or cannot be done: a row in every output, and exit 1 in apply.
 * `id` is stable ("mode-not-available", "foreign-policy", "account-unreachable", "held-limit" …).
 */
struct problem {
    const char *id;
    const char *account_id;  /* or NULL */
    const struct fact *fact; /* or NULL */
    const char *port_run;    /* without a fact: of the entry that it is about, or NULL */
    const char *message;
    const char *hint; /* what to do, or NULL */
    bool fails_plan;  /* plan ends with exit 1 too; otherwise it only says so */
};

struct problems {
    VEC_FIELDS(struct problem);
};

/* Notes for the reader that are no problem: what is adopted, what has ended meanwhile. */
struct notices {
    VEC_FIELDS(const char *);
};

/* The version of a managed policy that a lease of head copies, or would copy. */
struct plan_source {
    const char *account_id, *arn, *version_id;
};

struct plan_sources {
    VEC_FIELDS(struct plan_source);
};

struct plan {
    const char *base_name, *head_name; /* as asked: "main", "WORKTREE" */
    const char *base_id, *head_id;     /* commit ids; NULL for WORKTREE or an empty base */
    int64_t now_s;
    const struct settings *settings; /* head's mapping, base's rules */
    struct delta delta;
    const char *digest; /* 64 hex digits: what is declared and the rules that touch it (DESIGN §4), or NULL */
    struct operations operations;
    bool operations_implied;     /* from the state that base implies, not read from AWS */
    struct plan_sources sources; /* empty where AWS was not read */
    struct drift drift;          /* where AWS is not what was applied; empty where it was not read */
    struct problems problems;
    struct notices notices;
    const struct diags *warnings; /* what is not wrong in the files and should be looked at; or NULL */
};

struct problem *problem_add(struct arena *arena, struct problems *problems, const char *id,
                            const char *account_id, const struct fact *fact, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
