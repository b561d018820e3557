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
    FILE_PERMANENT,
    FILE_TEMPORARY,
    FILE_KIND_COUNT
};

/* One file, named by its kind and team, with its bytes. */
struct config_input {
    enum file_kind kind;
    const char *team; /* NULL for the settings */
    const struct source_file *file;
    bool unreadable; /* it is there, but what it declares is not known; its diagnostic is there already */
};

struct config_inputs {
    VEC_FIELDS(struct config_input);
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
    const char *description;              /* "" when not given */
    struct located_list managed_policies; /* ARNs */
    struct document custom;               /* the custom statements; may be empty */
    struct span span;
};

/* An entry of permanent-access or temporary-access. A temporary one has one user, one environment and one grant. */
struct access_entry {
    bool temporary;
    const char *description; /* "" when not given */
    struct located_list users, roles, environments, grants;
    int64_t ends_at_s; /* temporary: the first second after the lease; otherwise 0 */
    struct span ends_at_span;
    struct span span;
};

struct team_config {
    const char *name;
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

/* iamlease.yaml. Whoever has no such file has these defaults: settings_defaults(). */
struct settings {
    int64_t max_days;             /* limits.max_days: how many days after today a lease may reach */
    int64_t max_removals_percent; /* limits.max_removals: share of the base's facts that one change may revoke */
    const char *owner;            /* goes into every mark */
    const char *deployer_role;    /* name of the role assumed in each account */
    const char *policy_path;      /* IAM path of our managed policies, with slashes at both ends */
    const char *partition;        /* "aws" */
};

struct config {
    struct settings settings;
    VEC_FIELDS(struct team_config); /* sorted by name */
};

struct settings settings_defaults(void);

/* The latest instant at which a lease that is judged at `now_s` may end: the end of the day max_days days
 * after today, UTC. */
int64_t settings_latest_end(const struct settings *settings, int64_t now_s);

/* ERR_USAGE when one of `asked` is not in `known`; names the nearest. `asked` may be NULL. */
int team_check_names(const struct strings *asked, const struct strings *known, struct err *err);

/* The declaration of a name, or NULL. Environments and policies are looked up in their own team only. */
const struct account_decl *team_find_account(const struct team_config *team, const char *environment);
const struct policy_decl *team_find_policy(const struct team_config *team, const char *name);

/* The IAM user behind an e-mail address: its local part. A text without '@' is the user's name itself. */
const char *principal_user_name(struct arena *arena, const char *user);

#endif
