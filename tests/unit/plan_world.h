/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world to plan in: configuration from YAML that stands in a test, and a state of AWS that the test puts
 * together.
 *
 * A configuration is one text of several files. Each line that begins with a letter begins a file:
 * "aws-accounts: …", "aws-policies: …", "permanent-access: …", "temporary-access: …"; "team: NAME" says whose
 * the files behind it are
 * ("payments" until then). Any other key stands in iamlease.yaml, one at most.
 *
 * Every configuration and every plan that goes through here is held against the laws of plan_laws.h.
 */
#ifndef IAMLEASE_UNIT_PLAN_WORLD_H
#define IAMLEASE_UNIT_PLAN_WORLD_H

#include "config_run.h"
#include "model/rules.h"
#include "plan/operations.h"

#define WORLD_NOW     "2026-11-25T12:00:00Z"
#define ACCOUNT       "111111111111"
#define OTHER_ACCOUNT "222222222222"
#define ARN_OF(name)  "arn:aws:iam::" ACCOUNT ":policy/iamlease/" name
#define AWS_ARN(name) "arn:aws:iam::aws:policy/" name

/* Lines that most configurations here begin with: "prod" and "dev"; "ro", "fix" and "both" of AWS, of ours, and both. */
#define WORLD_ACCOUNTS "aws-accounts: {prod: '" ACCOUNT "', dev: '" OTHER_ACCOUNT "'}\n"
#define WORLD_POLICIES                                                                                                 \
    "aws-policies:\n"                                                                                                  \
    "  ro: {managed_policies: ['" AWS_ARN(                                                                             \
        "ReadOnlyAccess") "']}\n"                                                                                      \
                          "  fix: {description: Mend things, custom_statements: [{effect: Allow, actions: ['s3:Put*'," \
                          " 's3:Get*'], resources: ['*']}]}\n"                                                         \
                          "  both: {managed_policies: ['" AWS_ARN("ReadOnlyAccess") "', '" AWS_ARN(                    \
                              "SecurityAudit") "'],"                                                                   \
                                               " custom_statements: [{effect: Allow, actions: ['ec2:*'], resources: ['*']}]}\n"
#define WORLD_BASE WORLD_ACCOUNTS WORLD_POLICIES

/* Entries: of users (as a list of YAML), in production. */
#define PERMANENT(users, grants) "- {users: [" users "], environments: [prod], grants: [" grants "]}\n"
#define LEASE(user, grant, date) \
    "- {user: " user ", environment: prod, grant: " grant ", expiration_date: " date "}\n"

struct world {
    struct arena *arena;
    struct settings settings;
    struct all_account_rules rules; /* none until a test makes some */
    int64_t now_s;
    struct facts desired, held, held_ends, candidates, applied;
    struct observed observed;
    struct strings teams;
    bool adopts;      /* --adopt */
    struct plan plan; /* of the last world_plan() */
};

struct world *world_new(void);
void world_free(struct world *world);

/* The files that such a text stands for. */
void world_files(struct arena *arena, const char *yaml, struct text_file ret_files[static TEXT_FILES_MAX]);

const struct config *world_config(struct world *world, const char *yaml);

/* All that a configuration declares; with `now_s` 0 ended leases too. */
struct facts world_facts(struct world *world, const char *yaml, int64_t now_s);

void world_had(struct world *world, const char *yaml);       /* the applied commit */
void world_want(struct world *world, const char *yaml);      /* head */
void world_hold(struct world *world, const char *yaml);      /* held facts of head */
void world_hold_ends(struct world *world, const char *yaml); /* when they end at the latest */

/* AWS holds what these facts imply; the other functions add to that. */
void world_implies(struct world *world, const char *yaml);

/* The account, made when it is not there; so with the others. `who` is "user bert", "role Deploy" or "group developers". */
struct observed_account *world_account(struct world *world, const char *account_id);
struct observed_principal *world_principal(struct world *world, const char *account_id, const char *who);

/* The following happen in ACCOUNT. */
void world_attach(struct world *world, const char *who, const char *arn);
void world_inline(struct world *world, const char *who, const char *name, const char *document);

/* A customer managed policy at /iamlease/ with a number of versions, the last of which is the default. */
void world_policy(struct world *world, const char *name, const char *description, const char *document,
                  unsigned versions);

/*
 * Computes the operations and gives them as text, then problems ("! id: principal, grant") and notices ("i"):
 *
 *     create policy payments-fix
 *     attach policy payments-fix, user bert, after 0
 *     delete policy version payments-old v1 @222222222222      (where it is not ACCOUNT)
 *     ! principal-not-found: ernie, ro
 */
const char *world_plan(struct world *world);
const char *world_cleanup(struct world *world);

/* One step from what was applied, and what AWS holds, to what head declares. */
struct change_case {
    const char *name;
    const char *had, *want; /* behind WORLD_BASE; NULL: nothing */
    const char *expected;   /* the plan */
};

/* Plans each; in AWS are the users bert and ernie and the role Deploy. */
void world_check_changes(const struct change_case *cases, size_t count);

/* As text, without a check of any law. */
const char *world_show(struct arena *arena, const struct plan *plan);

/* What world_plan() hands to operations_compute(), with another state of AWS. */
struct operations_input world_input(const struct world *world, const struct observed *observed);

#endif
