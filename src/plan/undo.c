/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/undo.h"

#include "base/str.h"
#include "policy/document.h"

/* Whom a change must hit to matter. */
enum target {
    TARGET_USER, /* the grantee, who is a user */
    TARGET_ROLE, /* the grantee, who is a role; or a role of ours */
    TARGET_GROUP, /* the grantee, who is a group; any group, where it is a user: he may be in it, or come into it */
    TARGET_POLICY, /* a policy of ours */
};

/* Those that change what a principal may do; facts/aws.md §5.2, and what takes a Deny or a boundary away. */
static const struct {
    const char *action;
    enum target target;
} undoing[] = {
    {"iam:PutUserPolicy", TARGET_USER},
    {"iam:AttachUserPolicy", TARGET_USER},
    {"iam:DeleteUserPolicy", TARGET_USER},
    {"iam:DetachUserPolicy", TARGET_USER},
    {"iam:PutUserPermissionsBoundary", TARGET_USER},
    {"iam:DeleteUserPermissionsBoundary", TARGET_USER},
    {"iam:PutRolePolicy", TARGET_ROLE},
    {"iam:AttachRolePolicy", TARGET_ROLE},
    {"iam:DeleteRolePolicy", TARGET_ROLE},
    {"iam:DetachRolePolicy", TARGET_ROLE},
    {"iam:UpdateAssumeRolePolicy", TARGET_ROLE},
    {"iam:PutRolePermissionsBoundary", TARGET_ROLE},
    {"iam:DeleteRolePermissionsBoundary", TARGET_ROLE},
    {"iam:PutGroupPolicy", TARGET_GROUP},
    {"iam:AttachGroupPolicy", TARGET_GROUP},
    {"iam:DeleteGroupPolicy", TARGET_GROUP},
    {"iam:DetachGroupPolicy", TARGET_GROUP},
    {"iam:AddUserToGroup", TARGET_GROUP},
    {"iam:CreatePolicyVersion", TARGET_POLICY},
    {"iam:SetDefaultPolicyVersion", TARGET_POLICY},
    {"iam:DeletePolicyVersion", TARGET_POLICY},
    {"iam:DeletePolicy", TARGET_POLICY},
};

enum { UNDOING_COUNT = sizeof undoing / sizeof undoing[0] };

struct undo_rules undo_rules_new(struct arena *scratch, const struct settings *settings)
{
    return (struct undo_rules){.scratch = scratch, .settings = settings, .harmless = map_new(scratch)};
}

/* "user/" and what may follow: a principal may stand at any path, and a member of a group is any user. NULL:
 * there is no such target. */
static const char *name_of(struct arena *scratch, const struct undo_rules *rules, const struct fact *fact,
                           enum target target)
{
    const enum principal_kind kind = fact->principal_kind;
    const char *path = rules->settings->policy_path;
    switch (target) {
    case TARGET_USER:
        return kind == PRINCIPAL_ROLE
                   ? NULL
                   : arena_printf(scratch, "user/*%s", kind == PRINCIPAL_USER ? fact->principal : "");
    case TARGET_ROLE:
        return kind == PRINCIPAL_ROLE ? arena_printf(scratch, "role/*%s", fact->principal)
                                      : arena_printf(scratch, "role%s*", path);
    case TARGET_GROUP:
        return kind == PRINCIPAL_ROLE
                   ? NULL
                   : arena_printf(scratch, "group/*%s", kind == PRINCIPAL_GROUP ? fact->principal : "");
    default: return arena_printf(scratch, "policy%s*", path);
    }
}

/* Most policies do not reach into IAM, which is found out once for each. */
static bool is_harmless(struct undo_rules *rules, const struct policy_decl *policy)
{
    static char yes, no;
    char key[STR_POINTER_SIZE];
    const char *known = map_get(&rules->harmless, str_of_pointer(policy, key));
    if (known)
        return known == &yes;
    bool harmless = true;
    for (size_t i = 0; i < UNDOING_COUNT && harmless; i++)
        harmless = !document_may(rules->scratch, &policy->custom, undoing[i].action, "*");
    map_put(&rules->harmless, arena_strdup(rules->scratch, key), harmless ? &yes : &no);
    return harmless;
}

bool can_undo_its_end(struct undo_rules *rules, const struct fact *fact)
{
    if (is_harmless(rules, fact->policy))
        return false;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    for (size_t i = 0; i < UNDOING_COUNT; i++) {
        const char *name = name_of(scratch, rules, fact, undoing[i].target);
        if (name && document_may(scratch, &fact->policy->custom, undoing[i].action,
                                 arena_printf(scratch, "arn:%s:iam::%s:%s", rules->settings->partition,
                                              fact->account_id, name)))
            return true;
    }
    return false;
}
