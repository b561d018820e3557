/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of all teams, as it was declared, with the place of every value. config/ makes it, plan/ reads it. */
#ifndef IAMLEASE_MODEL_CONFIGURATION_H
#define IAMLEASE_MODEL_CONFIGURATION_H

#include "base/diag.h"
#include "base/err.h"
#include "model/policy_document.h"

#include <stdbool.h>
#include <stdint.h>

/* The order is the order in which files are decoded; it says nothing else. */
enum file_kind {
    FILE_SETTINGS,
    FILE_ACCOUNTS,
    FILE_POLICIES,
    FILE_ROLES,
    FILE_PERMANENT,
    FILE_TEMPORARY,
    FILE_KIND_COUNT
};

/* One file, named by its kind and team, with its bytes. */
struct config_input {
    enum file_kind kind;
    const char *team; /* NULL for the settings */
    const struct source_file *file;
    const char *blob_id; /* where its bytes are read from, for flow/; config/ does not look at it */
    bool unreadable;     /* it is there, but what it declares is not known; its diagnostic is there already */
};

struct config_inputs {
    VEC_FIELDS(struct config_input);
    const struct config *beside; /* the other side of a change, or NULL: what has the same text there (the
                                    same bytes in memory) is taken from there; its arena lives as long */
};

/* A text and where it stands. */
struct located {
    const char *text;
    struct span span;
};

struct located_list {
    VEC_FIELDS(struct located);
};

struct account_decl {
    struct located environment;
    struct located account_id; /* 12 digits */
};

struct policy_decl {
    struct located name;
    const struct role_decl *role;         /* the managed policies are those of this role; otherwise NULL */
    const struct provider_decl *provider; /* it is this OIDC provider, and no policy at all; otherwise NULL */
    const char *description;              /* "" when not given */
    struct located_list managed_policies; /* ARNs */
    struct document custom;               /* the custom statements; may be empty */
    struct span span;
};

struct tag_decl {
    struct located key, value;
};

struct tag_decls {
    VEC_FIELDS(struct tag_decl);
};

/* One item of a role's `trust`: exactly one of account, principals, services, saml and oidc is given. */
struct trust_decl {
    struct located account; /* 12 digits; text NULL: not given, as in the next ones */
    struct located_list principals, services;
    struct located saml_provider, saml_audience;
    struct located oidc_provider; /* as it is written: an address, or a name of oidc-providers */
    struct located_list oidc_audiences, oidc_subjects;
    const char *oidc_issuer; /* the address without "https://"; NULL: no such provider */
    const char *external_id; /* of account and principals; NULL: none */
    struct span span;
};

/* A role of aws-roles: what it is besides the policies that are attached to it. */
struct role_decl {
    const char *name;
    const char *description; /* "" when not given */
    struct {
        VEC_FIELDS(struct trust_decl);
    } trust;
    int64_t max_session_hours;
    const char *permissions_boundary; /* as below, or NULL: that of the settings */
    const char *path;                 /* or NULL: that of the settings */
    struct tag_decls tags;
    struct span span, path_span, boundary_span;
};

/* An entry of oidc-providers. */
struct provider_decl {
    struct located name;
    struct located url;
    const char *issuer; /* the address without "https://": what IAM calls the provider by */
    struct located_list client_ids, thumbprints;
    struct tag_decls tags;
    bool existing; /* somebody else's: it is used as it is, and never changed */
    struct span span;
};

/* How a temporary grant becomes an object in AWS; ENTRY_AUTO: the first that fits (DESIGN §3). */
enum entry_mode { ENTRY_AUTO, ENTRY_INLINE, ENTRY_POLICY, ENTRY_ROLE };

/*
 * An entry of permanent-access or temporary-access. The singular keys of a temporary one (user, environment,
 * grant …) are lists of one. A role of aws-roles is one too, with its own name as the role that gets its
 * grants; `ad_hoc` are the managed policies that it names. So is an OIDC provider, whose name is its issuer.
 */
struct access_entry {
    enum file_kind file;
    bool temporary;
    const char *description; /* "" when not given, as the next three */
    const char *reason, *ticket, *port_run;
    struct located_list users, roles, groups, environments, grants;
    struct policy_decl *ad_hoc; /* temporary: permissions and resources instead of grants, or NULL; its name
                                   is a hash of what it allows. Of a role or provider: see above */
    enum entry_mode mode;
    int64_t starts_at_s; /* temporary: the first second of the lease; 0: at once */
    struct span starts_at_span;
    int64_t ends_at_s;  /* temporary: the first second after the lease; otherwise 0 */
    bool ends_with_day; /* given as a date: limits count days, not hours */
    struct span ends_at_span;
    bool incomplete; /* something in it was refused, or refers to nothing: what it asks for is known in part */
    struct span span;
};

struct team_config {
    const char *name;
    const struct source_file *sound[FILE_KIND_COUNT]; /* the files that were decoded without a diagnostic */
    struct {
        VEC_FIELDS(struct account_decl);
    } accounts;
    struct {
        VEC_FIELDS(struct policy_decl);
    } policies;
    struct {
        VEC_FIELDS(struct access_entry);
    } entries;
};

/* Of a limit in days: not set. */
enum { DAYS_UNSET = -1 };

/* environments.<name>: what holds in every account that the name stands for, in any team. */
struct environment_rules {
    struct located name;
    int64_t max_days; /* or DAYS_UNSET */
    bool require_reason, require_mfa;
    int64_t approvals;
};

/* grants.<name>: in every team that declares a grant of that name. */
struct grant_rules {
    struct located name;
    int64_t max_days; /* or DAYS_UNSET */
};

/* teams.<name>: the only accounts that the team may name. */
struct team_rules {
    struct located name;
    struct located_list accounts;
};

/* How an e-mail address becomes the name of an IAM user. */
enum usernames { USERNAMES_LOCAL_PART, USERNAMES_EMAIL, USERNAMES_MAP };

struct username {
    struct located email, name;
};

enum port_request_mode { PORT_PULL_REQUEST, PORT_DIRECT };

struct port_settings {
    const char *base_url;
    struct located_list actions, allow;
    struct located_list domains; /* of mail, whose addresses name IAM users by their local part */
    enum port_request_mode request_mode;
    bool direct; /* direct grants are allowed */
};

/*
 * What a change is judged by (DESIGN §2): read from its base, so that no change judges itself.
 */
struct rules {
    int64_t max_days;             /* limits.max_days: how many days after today a lease may reach */
    int64_t max_removals_percent; /* limits.max_removals: share of the base's facts that one change may revoke */
    struct {
        VEC_FIELDS(struct environment_rules);
    } environments;
    struct {
        VEC_FIELDS(struct grant_rules);
    } grants;
    bool has_teams; /* with a section `teams` no other pair of team and account is allowed */
    struct {
        VEC_FIELDS(struct team_rules);
    } teams;
    struct located_list guardrails_deny, guardrails_warn; /* actions, with wildcards */
    struct port_settings port;
};

/* Which forms of a token's `sub` are trusted: that with the ids of owner and repository, that with names only. */
enum bootstrap_subjects { SUBJECTS_BOTH, SUBJECTS_IDS, SUBJECTS_NAMES };

/* What `iamlease bootstrap` makes; "" and empty lists: not given. */
struct bootstrap_settings {
    const char *hub_account, *repository, *repository_ids; /* "OWNER/REPOSITORY", "OWNER_ID/REPOSITORY_ID" */
    enum bootstrap_subjects subjects;
    const char *issuer;               /* of the tokens: "https://token.actions.githubusercontent.com" */
    struct located_list environments; /* of GitHub: jobs in them may apply; none, and no branch: "iamlease" */
    const char *branch;               /* whose jobs may apply without an environment */
    const char *plan_branch;          /* whose jobs may plan */
    bool adopts;                      /* the roles may do what --adopt takes */
    struct located_list accounts;     /* ids; none: all that aws-accounts/ names */
    const char *hub_role, *plan_hub_role; /* names of the roles that jobs begin with */
    const char *through_role; /* name of the role by which the other accounts are reached at first */
    const char *organization; /* "o-…", where there are more accounts than a policy can name */
};

/* iamlease.yaml. Whoever has no such file has these defaults: settings_defaults(). */
struct settings {
    struct rules rules;

    /* The rest is mapping: the base state uses the base's, the head state the head's. */
    enum usernames usernames;
    struct {
        VEC_FIELDS(struct username);
    } username_map;
    const char *owner;                /* goes into every mark */
    const char *deployer_role;        /* name of the role assumed in each account */
    const char *plan_role;            /* the same for reading in a plan; "": none */
    const char *external_id;          /* "": none */
    const char *policy_path;          /* IAM path of our managed policies, with slashes at both ends */
    const char *permissions_boundary; /* for roles that we make, ARN or "policy/…": see policy/boundary.h;
                                         "": none */
    const char *partition;            /* "aws" */
    const char *region;               /* of STS */

    struct bootstrap_settings bootstrap; /* read where somebody runs `iamlease bootstrap` */
};

struct config {
    struct settings settings;
    VEC_FIELDS(struct team_config); /* sorted by name */
};

struct settings settings_defaults(void);

/* The latest instant at which a lease that is judged at `now_s` may end: the end of the day max_days days
 * after today, UTC. */
int64_t rules_latest_end(const struct rules *rules, int64_t now_s);

/* Whether a text is twelve digits. */
bool account_id_is_valid(const char *text);

/* Whether a team, or any team, has that account, under whatever name. */
bool team_names_account(const struct team_config *team, const char *account_id);
bool config_names_account(const struct config *config, const char *account_id);

/* ERR_USAGE when one of `asked` is not in `known`; names the nearest. `asked` may be NULL. */
int team_check_names(const struct strings *asked, const struct strings *known, struct err *err);

/*
 * Whether both teams, which are one on two sides of a change, come from the same file of that kind: it was
 * decoded once, without a diagnostic. `other` may be NULL.
 */
bool team_shares_file(const struct team_config *team, const struct team_config *other, enum file_kind kind);

/* The same of their entries of that kind of file and all that these refer to. */
bool team_shares_entries(const struct team_config *team, const struct team_config *other, enum file_kind kind);

/* How many policies an entry grants to each of its principals in each of its environments. */
size_t entry_grant_count(const struct access_entry *entry);

/* Whether both name IAM users alike; and whether equal facts come to equal objects in AWS. */
bool settings_name_users_alike(const struct settings *before, const struct settings *after);
bool settings_name_objects_alike(const struct settings *before, const struct settings *after);

/* The declaration of a name, or NULL. Environments and policies are looked up in their own team only. */
const struct account_decl *team_find_account(const struct team_config *team, const char *environment);
const struct policy_decl *team_find_policy(const struct team_config *team, const char *name);

/*
 * The IAM user behind an e-mail address, by settings.usernames: its local part, the address itself, or what
 * the map says (the local part where it says nothing, which is a diagnostic). A text without '@' is the
 * user's name itself.
 */
const char *principal_user_name(struct arena *arena, const struct settings *settings, const char *user);

#endif
