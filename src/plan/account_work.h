/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/plan only: what one account needs, on its way from facts to operations.
 * wanted.c fills in what must be there, unwanted.c what must go, quota.c says what fits, operations.c puts it
 * in order.
 */
#ifndef IAMLEASE_PLAN_ACCOUNT_WORK_H
#define IAMLEASE_PLAN_ACCOUNT_WORK_H

#include "base/map.h"
#include "plan/operations.h"
#include "policy/mark.h"

/* A customer managed policy of ours that facts of this account use. */
struct wanted_policy {
    const char *team, *grant;
    const char *name, *arn;
    const char *description, *document;
    const struct observed_policy *observed; /* NULL: to be created */
    bool changes;                           /* the document must be replaced */
    size_t operation;                       /* index + 1 of what makes it, or 0 */
};

/* An attachment or an inline policy that must come to be. */
struct wanted_object {
    const struct fact *fact;
    const char *arn;              /* attachment */
    struct wanted_policy *policy; /* attachment of ours; otherwise NULL */
    const char *name, *document;  /* inline policy */
    size_t replaces;              /* measured size of the inline policy that it overwrites */
};

/* An attachment or an inline policy that must go. */
struct unwanted_object {
    const char *arn;
    const char *name, *document;
    const char *reason, *lease_id;
    int64_t ends_at_s;
};

struct principal_work {
    enum principal_kind kind;
    const char *name;
    const struct observed_principal *observed;
    struct {
        VEC_FIELDS(struct wanted_object);
    } attach, put;
    struct {
        VEC_FIELDS(struct unwanted_object);
    } detach, remove;
    bool remove_first; /* what goes makes room for what comes */
    struct {
        VEC_FIELDS(size_t);
    } removed; /* operations that took something from this principal */
};

struct account_work {
    struct arena *arena;
    const struct operations_input *input;
    struct plan *plan;
    const struct observed_account *account;
    const char *sid_prefix;
    struct {
        VEC_FIELDS(struct principal_work *);
    } principals;
    struct {
        VEC_FIELDS(struct wanted_policy *);
    } policies;
    struct map keys;     /* attachments, inline policies and policies that must stay: see work_key_* */
    struct map by_name;  /* principal → struct principal_work */
    struct map unwanted; /* keys that are on their way out already */
};

/* Begins the work on one account. */
struct account_work work_new(struct arena *arena, const struct operations_input *input, struct plan *plan,
                             const struct observed_account *account);

/* Adds an operation of this account to the plan and gives its index. */
size_t work_add_operation(struct account_work *work, struct operation operation);

const char *work_key_attachment(struct account_work *work, enum principal_kind kind, const char *name,
                                const char *arn);
const char *work_key_inline(struct account_work *work, enum principal_kind kind, const char *name,
                            const char *policy);
const char *work_key_policy(struct account_work *work, const char *policy_name);

/* Marks a key as one that must stay. */
void work_keep(struct account_work *work, const char *key);

struct principal_work *work_principal(struct account_work *work, enum principal_kind kind, const char *name);

bool work_in_scope(const struct account_work *work, const char *team);

/* ARN of our customer managed policy of that name. */
const char *work_policy_arn(struct account_work *work, const char *name);

/* Our policy of that team and grant as it stands in AWS, or NULL. */
const struct observed_policy *work_find_ours(const struct account_work *work, const char *team,
                                             const char *grant);

/* Reads an inline policy and says whether it carries our mark. */
bool work_is_ours(const struct account_work *work, const struct inline_policy *policy, struct document *ret);

/*
 * Adds a problem when an inline policy holds the text of our mark but is not a document that we could have
 * written: it was edited by hand, and nobody can say when it ends.
 */
void work_report_damage(struct account_work *work, const struct observed_principal *principal,
                        const struct inline_policy *policy);

void work_collect_wanted(struct account_work *work);
void work_collect_unwanted(struct account_work *work);

/*
 * Refuse, with a problem each, what does not fit beside what stays; when it fits only once others have gone,
 * those go first. Every inline policy counts, foreign ones too.
 */
void quota_fit_attachments(struct account_work *work, struct principal_work *principal);
void quota_fit_inline(struct account_work *work, struct principal_work *principal);

#endif
