/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in AWS, as far as somebody needs it. aws/observe makes it; plan/ reads it and never asks for more. */
#ifndef IAMLEASE_MODEL_OBSERVED_H
#define IAMLEASE_MODEL_OBSERVED_H

#include "base/map.h"
#include "model/access.h"
#include "model/oidc_provider.h"

/*
 * What one account is asked for. What carries our mark is always kept, whatever its name: managed policies by
 * their description, inline policies by their first Sid (policy/mark.h).
 */
struct account_needs {
    const char *account_id;
    struct strings principals[PRINCIPAL_KIND_COUNT]; /* names of those of which everything is wanted */
    struct strings policies; /* names of customer managed policies that we may want to make */
    struct strings sources;  /* ARNs of managed policies that leases copy */
    struct strings roles;    /* names of roles of which the details are wanted, too */
    const char *roles_path; /* of these: of those below it that have our mark, others being closed; NULL: of all */
    bool providers;         /* whether the OIDC providers are */
    bool everything;        /* all principals and policies, whatever their names: for import */
};

struct needs {
    VEC_FIELDS(struct account_needs);
    struct map places; /* account id → place in the list, until needs_finish() sorts it */
};

struct inline_policy {
    const char *name;
    const char *document; /* JSON, percent-decoded */
};

/* What only GetRole, and the tags, say about a role. */
struct role_details {
    const char *description; /* never NULL */
    int64_t session_s;       /* its longest session */
    struct tags tags;
};

struct observed_principal {
    enum principal_kind kind;
    const char *name;
    struct strings attached; /* ARNs of managed policies */
    size_t attached_sorted;  /* so many of them, from the first on, are sorted: see observed_index() */
    struct {
        VEC_FIELDS(struct inline_policy);
    } inline_policies;    /* all of them: the quota is a sum */
    const char *arn;      /* NULL where nobody asked AWS */
    int64_t created_at_s; /* 0: not known */
    const char *mark;     /* of a role that is a lease of ours: value of its tag "iamlease"; or NULL */
    const char *direct;   /* where there is a mark: value of its tag "iamlease-direct"; or NULL */
    const char *trust;    /* where there is a mark, or details: its trust policy; JSON, percent-decoded */
    const char *boundary; /* likewise: ARN of its permissions boundary, or NULL; with account_needs.everything
                             of every principal */
    const struct role_details *details; /* of a role that `needs.roles` names; or NULL */
    struct strings instance_profiles;   /* likewise: those that a role is in */
    struct strings groups;              /* with account_needs.everything: those of a user */
};

struct policy_version {
    const char *id; /* "v3" */
    bool is_default;
    int64_t created_at_s;
};

struct observed_policy {
    const char *arn, *name, *path, *description;
    const char *document; /* of the default version; JSON, percent-decoded */
    const char *tag;      /* value of its tag "iamlease", of policies of cloud-iam-self-serve only; or NULL */
    const char *tag_error; /* NULL, or why its tags could not be read */
    struct {
        VEC_FIELDS(struct policy_version);
    } versions;
};

/* A managed policy that a lease copies: AWS's own, or the account's. */
struct observed_source {
    const char *arn;
    const char *version_id; /* of the default version */
    const char *document;   /* of that version; JSON, percent-decoded */
    const char *error;      /* NULL, or why it could not be read: nothing else is set then */
};

/* A version of a source that a lease copied, and that is not its default version any more. */
struct observed_copied {
    const char *arn;
    const char *version_id;
    const char *document; /* JSON, percent-decoded; NULL: it cannot be read any more */
};

/* Quotas of the account (GetAccountSummary), or AWS's defaults where the answer lacks one. */
struct quotas {
    int64_t managed_policy_size, versions_per_policy;
    int64_t inline_size[PRINCIPAL_KIND_COUNT]; /* all inline policies of a principal together, in characters */
    int64_t attached[PRINCIPAL_KIND_COUNT];    /* managed policies of a principal */
    /* Customer managed policies and roles of the account: how many there are, and can be; 0: not known. */
    int64_t policies, policies_max, roles, roles_max;
};

/* Finds by name what stands in the lists; what was added behind that is looked through one by one. */
struct observed_index {
    struct map principals, policies;      /* kind and name, or name, in lower case → place in the list */
    size_t principal_count, policy_count; /* so many are in the maps */
};

/* A role that trusts an OIDC provider, whoever made either. */
struct federation {
    const char *role;
    const char *issuer; /* without "https://"; "": it cannot be told, so it may be any */
};

struct observed_account {
    const char *account_id;
    const char *error; /* NULL, or why the account could not be read: nothing else is set then */
    struct {
        VEC_FIELDS(struct observed_principal);
    } principals;
    struct {
        VEC_FIELDS(struct observed_policy);
    } policies;
    struct {
        VEC_FIELDS(struct observed_source);
    } sources;
    struct {
        VEC_FIELDS(struct observed_copied);
    } copied;
    struct {
        VEC_FIELDS(struct oidc_provider);
    } providers; /* all of them, by ARN, where they are wanted */
    struct {
        VEC_FIELDS(struct federation);
    } federations;        /* where the providers are wanted */
    bool sources_unknown; /* nobody asked AWS: what is copied is not known */
    struct quotas quotas;
    struct observed_index index; /* {0} is a right one, only slow */
};

struct observed {
    VEC_FIELDS(struct observed_account); /* in the order of the needs */
};

struct quotas quotas_defaults(void);

/*
 * Makes finding quick: sorts the attachments of each principal and indexes the account. Call it when the
 * lists are whole. They may grow afterwards; whoever moves or removes elements calls it again.
 */
void observed_index(struct arena *arena, struct observed_account *account);

/* The principal or policy of that name; added, indexed and otherwise empty, when it is not there. */
struct observed_principal *observed_add_principal(struct arena *arena, struct observed_account *account,
                                                  enum principal_kind kind, const char *name);
struct observed_policy *observed_add_policy(struct arena *arena, struct observed_account *account,
                                            const char *name);

const struct observed_account *observed_find_account(const struct observed *observed, const char *account_id);
const struct observed_principal *observed_find_principal(const struct observed_account *account,
                                                         enum principal_kind kind, const char *name);

/* By name, without regard to case and path, as IAM tells policies apart. */
const struct observed_policy *observed_find_policy(const struct observed_account *account, const char *name);

/* The customer managed policy of that ARN, or NULL. */
const struct observed_policy *observed_find_policy_by_arn(const struct observed_account *account,
                                                          const char *arn);

/* The source of that ARN, or NULL when nobody read it. */
const struct observed_source *observed_find_source(const struct observed_account *account, const char *arn);

/* That version of a source, or NULL when nobody asked for it. */
const struct observed_copied *observed_find_copied(const struct observed_account *account, const char *arn,
                                                   const char *version_id);

/* The OIDC provider of that URL, which has no "https://"; or NULL. */
const struct oidc_provider *observed_find_provider(const struct observed_account *account, const char *url);

/* Whether the principal has the managed policy of that ARN attached. */
bool observed_is_attached(const struct observed_principal *principal, const char *arn);

/* Whether a role stands at that path or below it; also where nobody asked AWS. */
bool observed_is_below(const struct observed_principal *role, const char *path);

#endif
