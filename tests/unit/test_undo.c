/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "plan/undo.h"
#include "unit.h"

#define HERE  "arn:aws:iam::111111111111:"
#define THERE "arn:aws:iam::222222222222:"

static const struct {
    const char *action, *resource;
    bool user, role, group; /* whether it lets user bert, role Deploy, group developers undo the end */
} cases[] = {
    {"s3:*", "*", false, false, false},
    {"iam:Get*", "*", false, false, false},
    {"iam:CreateAccessKey", "*", false, false, false},
    {"iam:*", "*", true, true, true},
    {"*", "*", true, true, true},
    {"iam:PutUserPolicy", "*", true, false, true},
    {"IAM:putuserpolicy", HERE "user/*", true, false, true},
    {"iam:AttachUserPolicy", HERE "user/bert", true, false, true},
    {"iam:AttachUserPolicy", HERE "user/staff/bert", true, false, true},
    {"iam:DeleteUserPolicy", HERE "user/${aws:username}", true, false, true},
    {"iam:AttachUserPolicy", HERE "user/ernie", false, false, true},
    {"iam:PutUserPolicy", THERE "user/*", false, false, false},
    {"iam:PutUser*", HERE "role/*", false, false, false},
    {"iam:DeleteUserPermissionsBoundary", "*", true, false, true},
    {"iam:PutRolePolicy", HERE "role/Deploy", false, true, false},
    {"iam:PutRolePolicy", HERE "role/iamlease/*", true, true, true},
    {"iam:UpdateAssumeRolePolicy", HERE "role/other/*", false, true, false},
    {"iam:AddUserToGroup", HERE "group/admins", true, false, false},
    {"iam:PutGroupPolicy", HERE "group/developers", true, false, true},
    {"iam:CreatePolicyVersion", HERE "policy/iamlease/*", true, true, true},
    {"iam:SetDefaultPolicyVersion", HERE "policy/*", true, true, true},
    {"iam:CreatePolicyVersion", HERE "policy/mine/*", false, false, false},
    {"iam:CreatePolicyVersion", "arn:aws-cn:iam::111111111111:policy/iamlease/x", false, false, false},
};

static bool asked(struct arena *arena, const struct document *custom, enum principal_kind kind,
                  const char *name)
{
    struct policy_decl policy = {.custom = *custom};
    const struct fact fact = {.principal_kind = kind,
                              .principal = name,
                              .account_id = "111111111111",
                              .policy = &policy};
    const struct settings settings = settings_defaults();
    struct undo_rules rules = undo_rules_new(arena, &settings);
    bool first = can_undo_its_end(&rules, &fact);
    assert_int_equal(can_undo_its_end(&rules, &fact), first);
    return first;
}

static void check(struct arena *arena, size_t i, const struct document *document)
{
    CHECK(asked(arena, document, PRINCIPAL_USER, "bert") == cases[i].user, "%s on %s", cases[i].action,
          cases[i].resource);
    CHECK(asked(arena, document, PRINCIPAL_ROLE, "Deploy") == cases[i].role, "%s on %s", cases[i].action,
          cases[i].resource);
    CHECK(asked(arena, document, PRINCIPAL_GROUP, "developers") == cases[i].group, "%s on %s",
          cases[i].action, cases[i].resource);
}

static void test_actions_and_resources(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document document = {0};
        struct statement *statement = VEC_ADD(arena, &document);
        strings_add(arena, &statement->actions, cases[i].action);
        strings_add(arena, &statement->resources, cases[i].resource);
        check(arena, i, &document);
        statement->effect = EFFECT_DENY;
        assert_false(asked(arena, &document, PRINCIPAL_USER, "bert"));
    }
}

static void test_what_is_left_out(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document document = {0};
    struct statement *statement = VEC_ADD(arena, &document);
    strings_add(arena, &statement->not_actions, "s3:*");
    strings_add(arena, &statement->resources, "*");
    assert_true(asked(arena, &document, PRINCIPAL_USER, "bert"));
    strings_add(arena, &statement->not_actions, "iam:*");
    assert_false(asked(arena, &document, PRINCIPAL_USER, "bert"));
    statement->not_actions.count = 1;
    statement->resources.count = 0;
    strings_add(arena, &statement->not_resources, HERE "user/ernie");
    assert_true(asked(arena, &document, PRINCIPAL_USER, "bert"));
    strings_add(arena, &statement->not_resources, "arn:*:iam::*");
    assert_false(asked(arena, &document, PRINCIPAL_USER, "bert"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions_and_resources),
        cmocka_unit_test(test_what_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
