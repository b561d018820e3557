/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside src/plan only: what one account needs, on its way from facts to operations.
 * wanted.c and its kin fill in what must be there, unwanted.c what must go, quota.c says what fits,
 * operations.c puts it in order.
 */
#ifndef IAMLEASE_PLAN_ACCOUNT_WORK_H
#define IAMLEASE_PLAN_ACCOUNT_WORK_H

#include "base/map.h"
#include "plan/lease_role.h"
#include "plan/lease_text.h"
#include "plan/operations.h"
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
    struct plan *plan;
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

const char *work_key_attachment(struct account_work *work, enum principal_kind kind, const char *name,
                                const char *arn);
const char *work_key_inline(struct account_work *work, enum principal_kind kind, const char *name,
                            const char *policy);
const char *work_key_policy(struct account_work *work, const char *policy_name);

const char *work_key_role(struct account_work *work, const char *name);

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

/* What cloud-iam-self-serve left of those leases beside what they are now: goes, or is listed. */
void work_adopt_inline(struct account_work *work, const struct facts *facts);

/* Cleanup: of these leases, what cloud-iam-self-serve made and has ended goes. */
void work_adopt_ended(struct account_work *work, const struct facts *facts);

/* Lists what a temporary grant got attached without an end; `listed`: keys of what was, to be listed once. */
void work_list_endless(struct account_work *work, const struct fact *fact,
                       const struct observed_principal *principal, struct map *listed);

/* Lists policies of cloud-iam-self-serve that are none of ours and that no fact needs. */
void work_list_self_serve(struct account_work *work);

/* Who has an adopted policy attached and is declared by nobody: "user carol" each; known when all that goes is. */
struct strings work_find_holders(struct account_work *work, const struct observed_policy *policy);

/* A notice for each of them. */
void work_list_holders(struct account_work *work, const struct observed_policy *policy,
                       const struct mark *mark);

/*
 * Refuses the version of a policy that allows more while it is attached to whose access is held, or, adopted,
 * has such holders: they would get that, too. What it has attached already stays as it is, and nothing of its
 * grant is attached to anybody else. When all is known that is wanted and that goes.
 */
void work_hold_versions(struct account_work *work);

/*
 * Adds a problem when the policy of a fact that nobody declares any more may have been adopted, and nobody
 * can say whether: then it cannot be taken away.
 */
void work_report_unread(struct account_work *work, const struct observed_principal *principal,
                        const struct fact *fact);

/* Refuses a fact whose policy has the name of one of cloud-iam-self-serve; false: that policy is none. */
bool work_refuse_self_serve(struct account_work *work, const struct fact *fact,
                            const struct observed_policy *policy);

/*
 * Takes away a live lease of ours that is an inline policy. `reason`: "what is declared now cannot be granted".
 */
void work_revoke_lease(struct account_work *work, struct principal_work *principal, const struct fact *fact,
                       const struct inline_policy *live, const char *reason);

/* Adds a problem of a fact of this account. */
struct problem *work_refuse(struct account_work *work, const struct fact *fact, const char *id,
                            const char *message, const char *hint);

/* A lease that is an inline policy. */
void work_want_lease(struct account_work *work, struct principal_work *principal, const struct fact *fact);

/* A lease that is managed policies (plan/copies.h); an inline policy that it was before goes. */
void work_want_copies(struct account_work *work, struct principal_work *principal, const struct fact *fact);

/*
 * Of a lease of several policies that cannot be changed one after the other without allowing more for a moment
 * than before and after: what hangs on the principal goes first, and comes again, what denies before the rest.
 */
void work_change_detached(struct account_work *work, struct principal_work *principal,
                          const struct fact *fact);

/*
 * A lease of which not all policies can be attached: none is, and what stands in AWS of it stays as it is
 * where it ends no later than is declared now. True when an inline policy stays after all, which takes room.
 */
bool work_drop_copies(struct account_work *work, struct principal_work *principal, const struct fact *fact);

/*
 * Whether whoever a fact names is not the one that it was granted to: it was made later than the applied
 * commit, and lacks some of what that commit, by the same entry, says it has, or has it by what was declared
 * since; or a role of ours trusts an id in place of its name, which is what AWS makes of one that was deleted.
 */
bool work_is_recreated(struct account_work *work, const struct observed_principal *principal,
                       const struct fact *fact);

/* Whether a role of aws-roles that is declared as the applied commit had it trusts such an id. */
bool work_is_trust_recreated(struct account_work *work, const struct observed_principal *role,
                             const struct fact *fact);

/* An inline policy of ours that the lease was before goes. */
void work_revoke_inline(struct account_work *work, struct principal_work *principal, const struct fact *fact,
                        const char *reason);

/* A lease that is a role (plan/lease_role.h); an inline policy that it was before goes. */
void work_want_role(struct account_work *work, struct principal_work *principal, const struct fact *fact);

/* Wants the roles of aws-roles, before anything is wanted for them. */
void work_collect_kept(struct account_work *work);

/* Whether the fact is about a role of aws-roles whose name somebody else's role has. */
bool work_is_refused_role(struct account_work *work, const struct fact *fact);

/* Takes away those that nobody wants. */
void work_drop_kept(struct account_work *work);

/* The same of OIDC providers; the first before roles are wanted, the last when those are gone. */
void work_collect_providers(struct account_work *work);
bool work_is_refused_provider(struct account_work *work, const char *issuer);
void work_drop_providers(struct account_work *work);
const char *work_key_provider(struct account_work *work, const char *issuer);

/* Lets an operation wait for the making of the OIDC providers that a role trusts. */
void work_after_provider(struct account_work *work, size_t operation, const struct role_decl *role);

/* Takes from the roles that are wanted what is not part of their leases. */
void work_clean_roles(struct account_work *work);

/* Takes away the roles of ours that nobody wants; those that were granted directly when they have ended. */
void work_drop_roles(struct account_work *work);

/*
 * Takes away a role that is a lease of ours if it has ended. One that does not end is a problem, and so is
 * one that was granted directly and edited since.
 */
void work_end_role(struct account_work *work, const struct observed_principal *role);

/*
 * Whether what a lease lends has ended before the lease itself, by its own conditions on the time: then it is
 * none any more, and a notice says so. `ends_at_s`: of lease_ends_at().
 */
bool work_is_spent(struct account_work *work, const struct fact *fact, int64_t ends_at_s);

void work_collect_wanted(struct account_work *work);
void work_collect_unwanted(struct account_work *work);

/*
 * Refuse, with a problem each, what does not fit beside what is there when all is done; when it fits only
 * once others have gone, those go first. Every inline policy counts, foreign ones too; those that shrink
 * stand first afterwards, and a live lease of ours that is refused is taken away. The first gives true when
 * inline policies stay that were to go: then those must be fitted again.
 */
bool quota_fit_attachments(struct account_work *work, struct principal_work *principal);
void quota_fit_inline(struct account_work *work, struct principal_work *principal);

/* Adds a problem when the account as a whole cannot hold what is planned, those operations from `first` on. */
void quota_judge_account(struct account_work *work, size_t first);

/* How much more room an inline policy takes than what it overwrites; negative when it takes less. */
int64_t quota_growth(const struct wanted_object *object);

#endif
