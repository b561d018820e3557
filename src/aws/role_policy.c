/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/role_policy.h"

#include "aws/iam_request.h"
#include "base/json.h"
#include "base/str.h"
#include "model/bootstrap.h"
#include "policy/boundary.h"
#include "policy/role_mark.h"

#include <stdio.h>

enum { RESOURCE_SIZE = 1024 };

enum condition_kind {
    GETS_OUR_MARK = 1,
    HAS_OUR_MARK = 2,
    NOT_OTHERS = 4,
    NO_OTHER_TAG = 8,
    OUR_BOUNDARY = 16,
    OF_BOOTSTRAP = 32
};
enum when { ALWAYS, WITHOUT_BOUNDARY, ADOPTING }; /* as the settings have one, as is asked */

#define IS(target) (1U << (target))

/* What is written at policy_path, which may be that of the roles of bootstrap: "/". */
#define ROLES                                                                                  \
    (IS(TARGET_OUR_ROLE) | IS(TARGET_NEW_ROLE) | IS(TARGET_ROLE_TAG) | IS(TARGET_BOUND_ROLE) | \
     IS(TARGET_FREE_ROLE))
#define PROVIDERS (IS(TARGET_ANY_PROVIDER) | IS(TARGET_NEW_PROVIDER) | IS(TARGET_OUR_PROVIDER))

/* A statement: the actions of one target or several. Of principals, those of one kind. */
struct part {
    const char *sid;
    unsigned targets;
    enum principal_kind principal_kind; /* where the target is a principal */
    unsigned conditions;                /* IAM knows keys for some actions only: hence the targets */
    enum when when;
    bool denies; /* the writes, to what bootstrap made */
};

static const struct part parts[] = {
    {.sid = "ReadAccount", .targets = IS(TARGET_ACCOUNT)},
    {.sid = "ReadPolicies", .targets = IS(TARGET_ANY_POLICY)},
    {.sid = "OurPolicies", .targets = IS(TARGET_NEW_POLICY) | IS(TARGET_OUR_POLICY)},
    {.sid = "ReadRoles", .targets = IS(TARGET_READ_ROLE)},
    {.sid = "OurRoles", .targets = IS(TARGET_OUR_ROLE), .conditions = NOT_OTHERS},
    {.sid = "NewRoles", .targets = IS(TARGET_NEW_ROLE), .conditions = GETS_OUR_MARK | OUR_BOUNDARY},
    {.sid = "MarkRoles", .targets = IS(TARGET_ROLE_TAG), .conditions = GETS_OUR_MARK | NOT_OTHERS},
    {.sid = "BoundRoles", .targets = IS(TARGET_BOUND_ROLE), .conditions = OUR_BOUNDARY | NOT_OTHERS},
    {.sid = "FreeRoles", .targets = IS(TARGET_FREE_ROLE), .conditions = NOT_OTHERS, .when = WITHOUT_BOUNDARY},
    {.sid = "ReadProviders", .targets = IS(TARGET_ANY_PROVIDER)},
    {.sid = "NewProviders", .targets = IS(TARGET_NEW_PROVIDER), .conditions = GETS_OUR_MARK | NOT_OTHERS},
    {.sid = "OurProviders", .targets = IS(TARGET_OUR_PROVIDER), .conditions = HAS_OUR_MARK},
    {.sid = "Users", .targets = IS(TARGET_PRINCIPAL), .principal_kind = PRINCIPAL_USER},
    {.sid = "Roles", .targets = IS(TARGET_PRINCIPAL), .principal_kind = PRINCIPAL_ROLE},
    {.sid = "Groups", .targets = IS(TARGET_PRINCIPAL), .principal_kind = PRINCIPAL_GROUP},
    {.sid = "ReadTags", .targets = IS(TARGET_TAGS), .when = ADOPTING},
    {.sid = "Adopt",
     .targets = IS(TARGET_POLICY_TAG),
     .conditions = GETS_OUR_MARK | NOT_OTHERS | NO_OTHER_TAG,
     .when = ADOPTING},
    {.sid = "AdoptedPolicies", .targets = IS(TARGET_OUR_POLICY), .conditions = HAS_OUR_MARK, .when = ADOPTING},
    {.sid = "NotOurOwnRoles",
     .targets = IS(TARGET_PRINCIPAL) | ROLES,
     .principal_kind = PRINCIPAL_ROLE,
     .denies = true},
    {.sid = "NotOurOwnProviders", .targets = PROVIDERS, .conditions = OF_BOOTSTRAP, .denies = true},
};

struct writing {
    struct json_writer json;
    const struct settings *settings;
    enum role_kind role;
    bool adopts;
    const struct part *part;
    bool has_begun; /* the statement */
};

bool role_kind_find(const char *name, enum role_kind *ret)
{
    bool is_plan = str_eq(name, "plan");
    *ret = is_plan ? ROLE_PLAN : ROLE_DEPLOYER;
    return is_plan || str_eq(name, "deployer");
}

/* Whether the statement is where this role gets, or is denied, the action. */
static bool belongs(const struct writing *writing, const struct action_info *action)
{
    const struct part *part = writing->part;
    const bool has_boundary = *writing->settings->permissions_boundary;
    if (part->when == ADOPTING ? !writing->adopts : part->when == WITHOUT_BOUNDARY && has_boundary)
        return false;
    return (part->targets & IS(action->target)) &&
           (action->target != TARGET_PRINCIPAL || action->principal_kind == part->principal_kind) &&
           (writing->role == ROLE_DEPLOYER || action->for_plan) && (!part->denies || action->writes);
}

static bool write_action(void *context, const struct action_info *action)
{
    struct writing *writing = context;
    char name[ACTION_NAME_SIZE + sizeof "iam:"];
    if (!belongs(writing, action))
        return true;
    if (!writing->has_begun) {
        json_begin_object(&writing->json);
        json_key_string(&writing->json, "Sid", writing->part->sid);
        json_key_string(&writing->json, "Effect", writing->part->denies ? "Deny" : "Allow");
        json_key(&writing->json, "Action");
        json_begin_array(&writing->json);
        writing->has_begun = true;
    }
    snprintf(name, sizeof name, "iam:%s", action->name);
    json_string(&writing->json, name);
    return true;
}

/* An ARN in IAM of any account, which is the account of the role: IAM knows no access across accounts. */
static void write_arn(struct writing *writing, const char *kind, const char *path, const char *name)
{
    char arn[RESOURCE_SIZE];
    snprintf(arn, sizeof arn, "arn:%s:iam::*:%s%s%s", writing->settings->partition, kind, path, name);
    json_string(&writing->json, arn);
}

static void write_own_roles(struct writing *writing)
{
    const struct settings *settings = writing->settings;
    json_begin_array(&writing->json);
    write_arn(writing, "role", "/", settings->deployer_role);
    if (*settings->plan_role)
        write_arn(writing, "role", "/", settings->plan_role);
    write_arn(writing, "role", "/", settings->bootstrap.hub_role);
    if (*settings->plan_role)
        write_arn(writing, "role", "/", settings->bootstrap.plan_hub_role);
    if (*settings->bootstrap.through_role)
        write_arn(writing, "role", "/", settings->bootstrap.through_role);
    json_end_array(&writing->json);
}

static void write_resource(struct writing *writing)
{
    static const char *const kinds[PRINCIPAL_KIND_COUNT] = {"user", "role", "group"};
    const struct part *part = writing->part;
    const unsigned any_policy = IS(TARGET_ANY_POLICY); /* the account of AWS's own policies is called "aws" */
    if (part->denies && !(part->targets & PROVIDERS))
        write_own_roles(writing);
    else if (part->targets & IS(TARGET_ACCOUNT))
        json_string(&writing->json, "*");
    else if (part->when == ADOPTING || (part->targets & any_policy))
        write_arn(writing, "policy", "/", "*");
    else if (part->targets & IS(TARGET_OUR_POLICY))
        write_arn(writing, "policy", writing->settings->policy_path, "*");
    else if (part->targets & PROVIDERS)
        write_arn(writing, "oidc-provider", "/", "*");
    else if (part->targets & IS(TARGET_READ_ROLE)) /* one that is gone has no path any more */
        write_arn(writing, "role", "/", "*");
    else if (part->targets & IS(TARGET_PRINCIPAL))
        write_arn(writing, kinds[part->principal_kind], "/", "*");
    else
        write_arn(writing, "role", writing->settings->policy_path, "*");
}

static void write_condition(struct writing *writing, const char *operator, const char * key, const char *value)
{
    json_key(&writing->json, operator);
    json_begin_object(&writing->json);
    json_key_string(&writing->json, key, value);
    json_end_object(&writing->json);
}

/* The tag is a mark of this owner. */
static void write_mark_condition(struct writing *writing, const char *operator, const char * key_prefix)
{
    struct arena *arena = arena_new();
    write_condition(writing, operator, arena_printf(arena, "%s%s", key_prefix, role_mark_key),
                    arena_printf(arena, "%s*", role_mark_prefix(arena, writing->settings->owner)));
    arena_free(arena);
}

/* One policy for all accounts: where a boundary leaves out its account, IAM fills in that of the deployer. */
static void write_boundary_condition(struct writing *writing)
{
    const struct settings *settings = writing->settings;
    struct arena *arena = arena_new();
    write_condition(writing, "StringEquals", "iam:PermissionsBoundary",
                    boundary_arn(arena, settings, "${aws:PrincipalAccount}", settings->permissions_boundary));
    arena_free(arena);
}

/* Service Authorization Reference, "Condition keys for AWS Identity and Access Management". */
static void write_conditions(struct writing *writing)
{
    static const char of_request[] = "aws:RequestTag/", of_resource[] = "aws:ResourceTag/";
    const char *boundary = writing->settings->permissions_boundary;
    const unsigned conditions = writing->part->conditions & (*boundary ? ~0U : ~(unsigned)OUR_BOUNDARY);
    if (!conditions)
        return;
    json_key(&writing->json, "Condition");
    json_begin_object(&writing->json);
    if (conditions & NO_OTHER_TAG)
        write_condition(writing, "ForAllValues:StringEquals", "aws:TagKeys", role_mark_key);
    if (conditions & (GETS_OUR_MARK | HAS_OUR_MARK))
        write_mark_condition(writing, "StringLike", conditions & GETS_OUR_MARK ? of_request : of_resource);
    if (conditions & OUR_BOUNDARY)
        write_boundary_condition(writing);
    if (conditions & OF_BOOTSTRAP)
        write_condition(writing, "StringLike", "aws:ResourceTag/" BOOTSTRAP_TAG, "*");
    if (conditions & NOT_OTHERS)
        write_mark_condition(writing, "StringLikeIfExists", of_resource);
    json_end_object(&writing->json);
}

static void write_statement(struct writing *writing, const struct part *part)
{
    writing->part = part;
    writing->has_begun = false;
    (void)iam_actions_visit(write_action, writing);
    if (!writing->has_begun)
        return;
    json_end_array(&writing->json);
    json_key(&writing->json, "Resource");
    write_resource(writing);
    write_conditions(writing);
    json_end_object(&writing->json);
}

void role_policy_write(struct buf *out, enum role_kind role, const struct settings *settings, bool adopts)
{
    struct writing writing = {.json = json_writer_new(out, true),
                              .settings = settings,
                              .role = role,
                              .adopts = adopts};
    json_begin_object(&writing.json);
    json_key_string(&writing.json, "Version", "2012-10-17");
    json_key(&writing.json, "Statement");
    json_begin_array(&writing.json);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        write_statement(&writing, &parts[i]);
    json_end_array(&writing.json);
    json_end_object(&writing.json);
}
