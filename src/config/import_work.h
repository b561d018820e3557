/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: an import on its way from accounts to entries. */
#ifndef IAMLEASE_CONFIG_IMPORT_WORK_H
#define IAMLEASE_CONFIG_IMPORT_WORK_H

#include "base/map.h"
#include "config/import_team.h"
#include "model/rules.h"
#include "policy/lease.h"
#include "policy/mark.h"

/* An entry of aws-policies that something in AWS asks for. */
struct import_grant {
    const char *arn; /* of the managed policy that it names; NULL: it is what iamlease made, with statements
                        of its own or what leases copied: */
    struct strings managed;  /* ARNs of managed policies beside the statements */
    const char *environment; /* of a customer managed policy: of its account; otherwise NULL */
    const char *base, *name; /* what it would be called, and what it is called */
    const char *description;
    struct document custom;
    const char *account_id; /* where the statements were met first */
    const char *refused;    /* why the rules do not allow it, or NULL */
    bool used;
};

/* What stands in AWS of an attachment or a lease: where it is not in the files, it is left behind. */
struct import_object {
    enum left_kind kind;
    const struct observed_principal *principal;
    const char *what; /* ARN, or name of the inline policy or role */
};

/* One attachment, or one lease: who has which grant where. */
struct import_atom {
    const struct account_decl *account;
    const struct observed_principal *principal;
    const char *written; /* how the file names the principal */
    struct import_grant *grant;
    struct {
        VEC_FIELDS(struct import_object);
    } objects;
    enum entry_mode mode;
    int64_t starts_at_s, ends_at_s; /* of a lease, else 0 */
    const char *refused;            /* why the rules, or the plan of the files, do not allow it; or NULL */
    const char *reason;             /* of that */
};

/* A role or an OIDC provider that iamlease made for aws-roles of this team, in one account. */
struct import_kept {
    const struct account_decl *account;
    const struct observed_principal *role;
    const struct oidc_provider *provider; /* one of both */
    struct policy_decl *policy;           /* shared by those that are one entry; its role or provider is */
    struct role_decl *made_role;          /* this */
    struct provider_decl *made_provider;  /* or this */
    const char *refused, *reason;         /* as of atoms; NULL */
};

struct import_work {
    struct arena *arena;
    const struct import_request *request;
    const struct settings *settings;
    const char *sid_prefix;
    struct all_account_rules rules; /* of these accounts */
    struct map sources;             /* see import_copies.c */
    struct imported *imported;
    struct map spelled;          /* kind and name in small letters → how files write it */
    struct map spelled_in_marks; /* the same of what marks of leases say */
    struct map grants;           /* see import_policies.c */
    struct map declared;         /* see import_declared.c */
    struct {
        VEC_FIELDS(struct import_grant *);
    } all_grants;
    struct {
        VEC_FIELDS(struct import_atom);
    } atoms;
    struct {
        VEC_FIELDS(struct import_kept);
    } kept;
    struct map kept_of; /* role, or provider, by address → struct import_kept, once all are known */

    /* The account that is looked at. */
    const struct account_decl *decl;
    const struct observed_account *account;
    struct map policies; /* ARN → struct observed_policy */
    struct map seen;     /* ARN → what is known of the policy itself, see import_team.c */
};

/* Adds something to the list of what is left behind. */
void import_leave(struct import_work *work, enum left_kind kind, const struct observed_principal *principal,
                  const char *what, const char *reason, const char *detail);

/* Whether --users, --roles or --groups was given. */
bool import_has_patterns(const struct import_request *request);

/* Whether they, where any is given, name it. */
bool import_is_asked_for(const struct import_request *request, const struct observed_principal *principal);

/* The grant of an attached policy, made when it is met first; NULL, with *reason and *detail: it cannot be. */
struct import_grant *import_grant_of(struct import_work *work, const char *arn, const char **reason,
                                     const char **detail);

/*
 * The grant of that name with those statements and managed policies (ARNs), made when it is met first; NULL,
 * with *detail, when it has others already or they cannot stand in a file. The name with dashes for dots is
 * what AWS knows.
 */
struct import_grant *import_custom_grant(struct import_work *work, const char *name, const char *description,
                                         const struct document *document, const struct strings *managed,
                                         const char **detail);

/* The same with the statements that a policy has. */
struct import_grant *import_as_statements(struct import_work *work, const struct observed_policy *policy,
                                          const char *name, const struct strings *managed,
                                          const char **detail);

/* A grant of that key, which none has yet. */
struct import_grant *import_add_grant(struct import_work *work, const char *key, struct import_grant grant);

/* That grant, or NULL. */
struct import_grant *import_find_custom(const struct import_work *work, const char *name);

/* As an entry of aws-policies, at that place. */
struct policy_decl import_policy_decl(struct arena *arena, const struct import_grant *grant, struct span span);

/* The description in front of what iamlease or cloud-iam-self-serve has put behind it. */
const char *import_own_description(struct arena *arena, const char *description);

/* How each user is written so far: two ways to write one would be an error. Then: the text by which a file
 * names that principal; NULL: none can. */
void import_collect_spelling(struct import_work *work);
const char *import_write_principal(struct import_work *work, const struct observed_principal *principal);

/* Looks through the files of other teams, and aws-roles of all; then: the team that declares that attachment
 * in this account, or NULL. */
void import_collect_declared(struct import_work *work);
const char *import_who_declares(const struct import_work *work, const struct observed_principal *principal,
                                const char *arn);

/* Whether a file of aws-roles declares that role, or that OIDC provider, in this account. */
bool import_is_kept_role(const struct import_work *work, const char *name);
bool import_is_kept_provider(const struct import_work *work, const char *url);

/* Whether it is a role of an AWS service, or of IAM Identity Center. */
bool import_is_service_linked(const struct observed_principal *principal);
bool import_is_reserved(const struct observed_principal *principal);

/* Roles and OIDC providers themselves: import writes no file for these. */
void import_leave_role(struct import_work *work, const struct observed_principal *role);
void import_leave_account(struct import_work *work);

/*
 * Looks for roles and OIDC providers that iamlease made for aws-roles of this team, and which no file
 * declares. Then: what is known of one of those; NULL: it is none.
 */
void import_collect_kept(struct import_work *work);
const struct import_kept *import_find_kept(const struct import_work *work, const void *object);

/* Adds the texts, each without its first `cut` bytes. */
void import_add_texts(struct arena *arena, const struct strings *texts, size_t cut, struct located_list *ret);

/* Fills in the role's `trust`; false: it has one that no entry comes to. */
bool import_read_trust(struct import_work *work, const struct observed_principal *live,
                       struct role_decl *role);

/* Counts what the entries of aws-roles say, and leaves behind what is refused. */
void import_settle_kept(struct import_work *work);

/* Whether the entry of that role names the policy itself. */
bool import_role_names(const struct import_work *work, const struct observed_principal *role, const char *arn);

/*
 * Adds the entry of aws-roles for an element of `kept`, with all accounts of which that is the first one;
 * NULL: it is not, or there is none.
 */
struct access_entry *import_add_kept(struct arena *arena, const struct import_work *work, size_t index,
                                     struct span span, struct team_config *team);

/* From now on this account is looked at. */
void import_begin_account(struct import_work *work, const struct account_decl *decl);

/* Gives every grant a name that nothing else has. */
void import_name_grants(struct import_work *work);

/* An inline policy: a lease among the atoms, or left behind. */
void import_inline(struct import_work *work, const struct observed_principal *principal, const char *written,
                   const struct inline_policy *policy);

/* Whether a policy is one of a lease that this team lent that principal. */
bool import_is_copy_of(struct import_work *work, const struct observed_principal *principal,
                       const struct observed_policy *policy, struct mark *ret);

/* The leases that are managed policies of that principal: among the atoms, or left behind. */
void import_copies(struct import_work *work, const struct observed_principal *principal, const char *written);

/* Looks at all ARNs that such a lease may have copied. */
void import_collect_sources(struct import_work *work);

/* Whether a role is a lease of this team. */
bool import_is_lease_role(struct import_work *work, const struct observed_principal *principal,
                          struct mark *ret);

/* A role that is one: among the atoms, or left behind with all that it has. */
void import_lease_role(struct import_work *work, const struct observed_principal *role);

/* What the marks of leases say, and of what kind the lease is; *ret_principal is as AWS has it. */
bool import_read_lease_mark(struct import_work *work, const struct mark *mark, const char **ret_grant,
                            const struct observed_principal **ret_principal, int64_t *ret_starts_at_s);

/* The terms on which this account lends. */
struct lease_terms import_terms(const struct import_work *work, int64_t starts_at_s, int64_t ends_at_s);

/* The statements without these terms and without ids: what the lease was made of. */
struct document import_without_terms(struct arena *arena, const struct document *lease,
                                     const struct lease_terms *terms);

/* Whether a lease of those statements on these terms is what stands there. */
bool import_is_lease_of(const struct import_work *work, const struct document *statements,
                        const struct lease_terms *terms, const struct document *live);

/* Adds a lease to the atoms, and an object to the last one. */
struct import_atom *import_add_lease(struct import_work *work, const struct observed_principal *principal,
                                     const char *written, struct import_grant *grant,
                                     const struct lease_terms *terms, enum entry_mode mode);
void import_add_object(struct import_work *work, enum left_kind kind,
                       const struct observed_principal *principal, const char *what);

/* "it ended at 2026-06-01T00:00:00Z" */
const char *import_when_it_ends(struct import_work *work, const char *text, int64_t ends_at_s);

/* Why nothing can be granted to it; false: something can. */
bool import_is_out_of_reach(struct import_work *work, const struct observed_principal *principal,
                            const char *written, const char **reason, const char **detail);

/* Marks atoms and grants that the checks of `validate`, or the request, refuse. */
void import_judge(struct import_work *work);

/* Binds the rules to the accounts. */
void import_collect_rules(struct import_work *work);

/* What stands as the reason of a lease, where the rules ask for one; otherwise "". */
const char *import_reason(const struct import_work *work, const struct import_atom *atom);

/* The atoms that are not refused, as entries: few of them, each with all that have the same. */
void import_entries(struct import_work *work, struct team_config *ret);

/* One line without invisible characters, white space folded, as a description is read. */
const char *import_plain(struct arena *arena, const char *text);

#endif
