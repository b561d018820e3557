/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: an import on its way from accounts to entries. */
#ifndef IAMLEASE_CONFIG_IMPORT_WORK_H
#define IAMLEASE_CONFIG_IMPORT_WORK_H

#include "base/map.h"
#include "config/import_team.h"

/* An entry of aws-policies that something in AWS asks for. */
struct import_grant {
    const char *arn;         /* of the managed policy that it names; NULL: it has statements of its own */
    const char *environment; /* of a customer managed policy: of its account; otherwise NULL */
    const char *base, *name; /* what it would be called, and what it is called */
    const char *description;
    struct document custom;
    const char *account_id; /* where the statements were met first */
    const char *refused;    /* why the rules do not allow it, or NULL */
    bool used;
};

/* One attachment, or one lease: who has which grant where. */
struct import_atom {
    const struct account_decl *account;
    const struct observed_principal *principal;
    const char *written; /* how the file names the principal */
    struct import_grant *grant;
    const char *what;    /* ARN or name of the inline policy */
    int64_t ends_at_s;   /* of a lease, else 0 */
    const char *refused; /* why the rules do not allow it, or NULL */
};

struct import_work {
    struct arena *arena;
    const struct import_request *request;
    const struct settings *settings;
    const char *sid_prefix;
    struct imported *imported;
    struct map spelled;  /* IAM user in small letters → how files write it */
    struct map grants;   /* see import_policies.c */
    struct map declared; /* see import_declared.c */
    struct {
        VEC_FIELDS(struct import_grant *);
    } all_grants;
    struct {
        VEC_FIELDS(struct import_atom);
    } atoms;

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
 * The grant of that name with those statements, made when it is met first; NULL, with *detail, when it has
 * others already or they cannot stand in a file. The name with dashes for dots is what AWS knows.
 */
struct import_grant *import_custom_grant(struct import_work *work, const char *name, const char *description,
                                         const struct document *document, const char **detail);

/* That grant, or NULL. */
struct import_grant *import_find_custom(const struct import_work *work, const char *name);

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

/* Gives every grant a name that nothing else has. */
void import_name_grants(struct import_work *work);

/* An inline policy: a lease among the atoms, or left behind. */
void import_inline(struct import_work *work, const struct observed_principal *principal, const char *written,
                   const struct inline_policy *policy);

/* Marks atoms and grants that the checks of `validate` refuse. */
void import_judge(struct import_work *work);

/* The atoms that are not refused, as entries: few of them, each with all that have the same. */
void import_entries(struct import_work *work, struct team_config *ret);

/* One line without invisible characters, white space folded, as a description is read. */
const char *import_plain(struct arena *arena, const char *text);

#endif
