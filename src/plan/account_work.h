/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/plan only: what one account needs, on its way from facts to operations.
 * wanted.c and its kin fill in what must be there, unwanted.c what must go, quota.c says what fits,
 * operations.c puts it in order; they call what is here, and nothing here calls them.
 */
#ifndef IAMLEASE_PLAN_ACCOUNT_WORK_H
#define IAMLEASE_PLAN_ACCOUNT_WORK_H

#include "base/map.h"
#include "plan/lease_role.h"
#include "plan/lease_text.h"
#include "plan/operations_input.h"
#include "policy/mark.h"

/* A customer managed policy of ours that facts of this account use. */
struct wanted_policy {
    const char *team, *grant;
    const struct fact *first; /* that asked for it; NULL: of a copy, `lease` did */
    const char *name, *arn;
    const char *description, *document;
    const struct observed_policy *observed;     /* NULL: to be created */
    bool changes;                               /* the document must be replaced */
    const struct fact *lease;                   /* of which it is a copy, or NULL */
    const struct wanted_policy *previous;       /* of a lease of several: what must be in place before */
    const struct principal_work *detached_from; /* whose policies are detached before it changes, or NULL */
    const char *mark;                           /* of one that this run adopts: its tag to be; or NULL */
    size_t tagging;                             /* then: index + 1 of what tags it */
    bool widens; /* it allows what it did not, as far as one can tell: whoever is to lose it does so first */
    bool denies_less; /* than before: whoever has it attached loses first what he is to lose */
    bool used;        /* somebody has it attached, or will have it in the end */
    size_t operation; /* index + 1 of what makes it, or 0 */
};

/* An attachment or an inline policy that must come to be. */
struct wanted_object {
    const struct fact *fact;
    const char *arn;                  /* attachment */
    struct wanted_policy *policy;     /* attachment of ours; otherwise NULL */
    const char *name, *document;      /* inline policy */
    const struct inline_policy *live; /* what it overwrites, or NULL */
    bool adopts;                      /* and that is not ours yet */
    int64_t size, live_size;          /* inline policy: characters that AWS counts, of it and of `live` */
    struct {
        VEC_FIELDS(const struct fact *);
    } also; /* attachment: of other grants that bring the same policy */
};

/* An attachment or an inline policy that must go. */
struct unwanted_object {
    const char *arn;
    const char *name, *document;
    const char *reason, *lease_id;
    const struct fact *again; /* for which it is attached again in the same run, or NULL */
    int64_t ends_at_s;
    bool is_replaced; /* by what the lease of that id becomes: it goes when that is there */
};

/* A lease that is a role; or a role of aws-roles, which has no `role` here. */
struct wanted_role {
    const struct fact *fact;
    struct lease_role role;
    const struct observed_principal *live; /* NULL: to be created */
    size_t made;                           /* of aws-roles: index + 1 of what creates it, or 0 */
    bool met, settled;                     /* the same, on the way to an order: kept_order.h */
    struct {
        bool deny, boundary, trust; /* of a lease: what of it gives more, and waits for whatever takes away */
    } widens;
    struct {
        VEC_FIELDS(size_t);
    } before_attach; /* indexes of what must be done before anything is attached */
};

struct principal_work {
    enum principal_kind kind;
    const char *name; /* as AWS spells it; as declared when it is not there */
    const struct observed_principal *observed;
    struct wanted_role *role; /* what it is when it is a role of ours that is wanted, or NULL */
    struct {
        VEC_FIELDS(struct wanted_object);
    } attach, put;
    struct {
        VEC_FIELDS(struct unwanted_object);
    } detach, remove;
    /* What goes makes room for what comes: attachments for attachments, inline policies for inline policies. */
    bool detach_first, remove_first;
    bool detach_before_changes; /* before any policy is changed, too */
    struct {
        VEC_FIELDS(size_t);
    } detached, removed; /* operations that make room; among `removed` also those that make a lease smaller */
};

struct account_work {
    struct arena *arena;
    const struct operations_input *input;
    struct plan *plan; /* of this account alone: account_part.h */
    const struct observed_account *account;
    const char *sid_prefix;
    struct {
        VEC_FIELDS(struct principal_work *);
    } principals;
    struct {
        VEC_FIELDS(struct wanted_policy *);
    } policies;
    struct {
        VEC_FIELDS(struct principal_work *);
    } roles, kept; /* leases that are roles; roles of aws-roles */
    struct lease_texts *texts;
    struct map judged;    /* keys of inline policies that stand there, are ours, and are settled */
    struct map keys;      /* attachments, inline policies and policies that must stay: see work_key_* */
    struct map by_name;   /* principal → struct principal_work */
    struct map unwanted;  /* keys that are on their way out already */
    struct map marked;    /* ARNs, in lower case, of managed policies that are ours or will be */
    struct map providers; /* key of an OIDC provider that is made → index of the operation */
    struct map trusted;   /* ARN that wanted roles of aws-roles trust → struct trusted_role: kept_order.c */
    struct map applied;   /* keys of attachments of other policies that the applied commit declared */
};

/* Begins the work on one account. */
struct account_work work_new(struct arena *arena, const struct operations_input *input, struct plan *plan,
                             const struct observed_account *account);

/* Adds an operation of this account to the plan and gives its index. */
size_t work_add_operation(struct account_work *work, struct operation operation);

/* Lets an operation wait for another; both are indexes. */
void work_after(struct account_work *work, size_t operation, size_t needed);

/* Adds a problem of a fact of this account. */
struct problem *work_refuse(struct account_work *work, const struct fact *fact, const char *id,
                            const char *message, const char *hint);

/*
 * Brings the operations of the account into an order in which each stands behind all that it waits for: there
 * is one. Indexes that somebody remembers are void.
 */
void work_sort_operations(struct account_work *work);

const char *work_key_attachment(struct account_work *work, enum principal_kind kind, const char *name,
                                const char *arn);
const char *work_key_inline(struct account_work *work, enum principal_kind kind, const char *name,
                            const char *policy);
const char *work_key_policy(struct account_work *work, const char *policy_name);
const char *work_key_role(struct account_work *work, const char *name);
const char *work_key_provider(struct account_work *work, const char *issuer);

/* Of a kept key: the one that says who asked for it first. */
const char *work_key_wanted(struct account_work *work, const char *kept);

/* Marks a key as one that must stay. */
void work_keep(struct account_work *work, const char *key);

struct principal_work *work_principal(struct account_work *work, enum principal_kind kind, const char *name);

bool work_in_scope(const struct account_work *work, const char *team);

/* The facts of this account, which stand together: from that index on, so many of them. */
size_t work_facts_of_account(const struct account_work *work, const struct facts *facts, size_t *ret_count);

/* ARN of our customer managed policy of that name. */
const char *work_policy_arn(struct account_work *work, const char *name);

#endif
