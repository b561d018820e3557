/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/iam_request.h"
#include "aws/role_policy.h"
#include "base/json.h"
#include "base/str.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct counting {
    const struct json *statements;
    bool has_boundary, adopts;
};

static const char boundary[] = "arn:aws:iam::123456789012:policy/boundary";

static size_t count_in(const struct json *list, const char *name)
{
    size_t found = 0;
    for (size_t i = 0; list && i < list->count; i++)
        found += str_eq(list->items[i].string, name);
    return found;
}

/* How often statements of that effect name the action. */
static size_t count_action(const struct json *statements, const char *effect, const char *name)
{
    size_t found = 0;
    for (size_t i = 0; i < statements->count; i++)
        if (str_eq(json_get_string(&statements->items[i], "Effect"), effect))
            found += count_in(json_get(&statements->items[i], "Action"), name);
    return found;
}

static bool check_action(void *context, const struct action_info *action)
{
    const struct counting *counting = context;
    char name[ACTION_NAME_SIZE + sizeof "iam:"];
    snprintf(name, sizeof name, "iam:%s", action->name);
    const bool is_of_adopting = action->target == TARGET_TAGS || action->target == TARGET_POLICY_TAG;
    const bool is_left_out = (counting->has_boundary && action->target == TARGET_FREE_ROLE) ||
                             (is_of_adopting && !counting->adopts);
    const bool is_twice = counting->adopts && action->target == TARGET_OUR_POLICY;
    CHECK(count_action(counting->statements, "Allow", name) == !is_left_out + (size_t)is_twice, "%s", name);
    const bool is_of_policy = strstr(action->name, "Policy") && !strstr(action->name, "RolePolicy") &&
                              !str_eq(action->name, "UpdateAssumeRolePolicy");
    const bool is_denied = action->writes && !is_of_policy &&
                           (strstr(action->name, "Role") || strstr(action->name, "OpenIDConnectProvider"));
    CHECK(count_action(counting->statements, "Deny", name) == is_denied, "%s", name);
    assert_true(iam_action_is_known(action->name));
    return true;
}

static const struct json *read_policy(struct arena *arena, enum role_kind role,
                                      const struct settings *settings, bool adopts)
{
    struct buf text;
    struct json *json;
    struct err err;
    buf_init(&text, 64 * 1024);
    role_policy_write(&text, role, settings, adopts);
    assert_int_equal(json_parse(arena, text.bytes, text.size, &json, &err), 0);
    buf_free(&text);
    assert_string_equal(json_get_string(json, "Version"), "2012-10-17");
    return json_get(json, "Statement");
}

static void test_every_action_stands_in_the_deployers_policy_once(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct settings settings = settings_defaults();
    struct counting counting = {.statements = read_policy(arena, ROLE_DEPLOYER, &settings, false)};
    assert_true(iam_actions_visit(check_action, &counting));
    settings.permissions_boundary = boundary;
    counting = (struct counting){read_policy(arena, ROLE_DEPLOYER, &settings, false), true, false};
    assert_true(iam_actions_visit(check_action, &counting));
    counting = (struct counting){read_policy(arena, ROLE_DEPLOYER, &settings, true), true, true};
    assert_true(iam_actions_visit(check_action, &counting));
    assert_false(iam_action_is_known("GetUser"));
    assert_false(iam_action_is_known(""));
}

/* The value of a key of a condition in the statement that allows that action, or "". */
static const char *condition_of(const struct json *statements, const char *action, const char *operator,
                                const char * key)
{
    const char *value = NULL;
    for (size_t i = 0; i < statements->count; i++)
        if (str_eq(json_get_string(&statements->items[i], "Effect"), "Allow") &&
            count_in(json_get(&statements->items[i], "Action"), action))
            value = json_get_string(json_get(json_get(&statements->items[i], "Condition"), operator), key);
    return value ? value : "";
}

static void test_roles_get_our_mark_and_our_boundary_only(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char equals[] = "StringEquals", key[] = "iam:PermissionsBoundary";
    static const char like[] = "StringLike", gets[] = "aws:RequestTag/iamlease",
                      has[] = "aws:ResourceTag/iamlease", ours[] = "us=2A/*";
    struct settings settings = settings_defaults();
    settings.owner = "us*"; /* what IAM would take for a wildcard */
    for (int is_set = 0; is_set < 2; is_set++) {
        settings.permissions_boundary = is_set ? boundary : "";
        const struct json *statements = read_policy(arena, ROLE_DEPLOYER, &settings, false);
        const char *expected = settings.permissions_boundary;
        assert_string_equal(condition_of(statements, "iam:CreateRole", equals, key), expected);
        assert_string_equal(condition_of(statements, "iam:PutRolePermissionsBoundary", equals, key), expected);
        assert_string_equal(condition_of(statements, "iam:TagRole", equals, key),
                            ""); /* IAM has no such key there */
        assert_string_equal(condition_of(statements, "iam:CreateRole", like, gets), ours);
        assert_string_equal(condition_of(statements, "iam:TagRole", like, gets), ours);
        assert_string_equal(condition_of(statements, "iam:CreateOpenIDConnectProvider", like, gets), ours);
        assert_string_equal(condition_of(statements, "iam:TagOpenIDConnectProvider", like, gets), ours);
        assert_string_equal(condition_of(statements, "iam:DeleteOpenIDConnectProvider", like, has), ours);
        assert_string_equal(condition_of(statements, "iam:AddClientIDToOpenIDConnectProvider", like, has),
                            ours);
    }
}

/* One policy for all accounts. */
static void test_a_boundary_without_its_account(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char key[] = "iam:PermissionsBoundary",
                      expected[] = "arn:aws-cn:iam::${aws:PrincipalAccount}:policy/limits/team";
    struct settings settings = settings_defaults();
    settings.partition = "aws-cn";
    settings.permissions_boundary = "policy/limits/team";
    const struct json *statements = read_policy(arena, ROLE_DEPLOYER, &settings, false);
    assert_string_equal(condition_of(statements, "iam:CreateRole", "StringEquals", key), expected);
    assert_string_equal(condition_of(statements, "iam:PutRolePermissionsBoundary", "StringEquals", key),
                        expected);
    assert_string_equal(condition_of(statements, "iam:DeleteRolePermissionsBoundary", "StringEquals", key),
                        "");
}

static void test_what_adopting_takes(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char of_policy[] = "aws:ResourceTag/iamlease", of_request[] = "aws:RequestTag/iamlease";
    struct settings settings = settings_defaults();
    settings.owner = "ledger";
    const struct json *statements = read_policy(arena, ROLE_DEPLOYER, &settings, true);
    assert_string_equal(condition_of(statements, "iam:TagPolicy", "StringLike", of_request), "ledger/*");
    assert_string_equal(condition_of(statements, "iam:TagPolicy", "StringLikeIfExists", of_policy),
                        "ledger/*");
    assert_string_equal(condition_of(statements, "iam:TagPolicy", "ForAllValues:StringEquals", "aws:TagKeys"),
                        "iamlease");
    assert_string_equal(condition_of(statements, "iam:DeletePolicy", "StringLike", of_policy), "ledger/*");
    assert_string_equal(condition_of(statements, "iam:CreatePolicyVersion", "StringLike", of_policy),
                        "ledger/*");
    assert_string_equal(condition_of(statements, "iam:CreatePolicy", "StringLike", of_policy), "");
    assert_int_equal(
        count_action(read_policy(arena, ROLE_PLAN, &settings, true), "Allow", "iam:ListPolicyTags"), 1);
    assert_int_equal(count_action(read_policy(arena, ROLE_PLAN, &settings, true), "Allow", "iam:TagPolicy"),
                     0);
}

static void test_the_plan_role_only_reads(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct settings settings = settings_defaults();
    const struct json *statements = read_policy(arena, ROLE_PLAN, &settings, false);
    assert_true(statements->count > 0);
    for (size_t i = 0; i < statements->count; i++) {
        const struct json *actions = json_get(&statements->items[i], "Action");
        assert_string_equal(json_get_string(&statements->items[i], "Effect"), "Allow");
        for (size_t j = 0; j < actions->count; j++)
            assert_true(str_prefix(actions->items[j].string, "iam:Get") ||
                        str_prefix(actions->items[j].string, "iam:List"));
    }
}

static void test_own_roles_are_named(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct settings settings = settings_defaults();
    settings.partition = "aws-us-gov";
    settings.deployer_role = "ship";
    settings.plan_role = "look";
    const struct json *statements = read_policy(arena, ROLE_DEPLOYER, &settings, false);
    const struct json *resources = json_get(&statements->items[statements->count - 2], "Resource");
    assert_int_equal(resources->count, 4);
    assert_int_equal(count_in(resources, "arn:aws-us-gov:iam::*:role/iamlease-hub"), 1);
    assert_int_equal(count_in(resources, "arn:aws-us-gov:iam::*:role/iamlease-plan-hub"), 1);
    assert_int_equal(count_in(resources, "arn:aws-us-gov:iam::*:role/ship"), 1);
    assert_int_equal(count_in(resources, "arn:aws-us-gov:iam::*:role/look"), 1);
}

/* With the longest names and path; white space is not counted by IAM. */
static void test_the_largest_policy_fits(void **state)
{
    (void)state;
    enum { INLINE_MAX = 10240, NAME_MAX_SIZE = 64, PATH_MAX_SIZE = 512 };
    char names[4][NAME_MAX_SIZE + 1], path[PATH_MAX_SIZE + 1];
    size_t size = 0;
    struct settings settings = settings_defaults();
    struct buf text;
    for (size_t i = 0; i < 4; i++)
        snprintf(names[i], sizeof names[i], "%zu%063d", i, 0);
    memset(path, 'p', sizeof path - 1);
    path[0] = path[sizeof path - 2] = '/';
    path[sizeof path - 1] = '\0';
    settings.deployer_role = names[0];
    settings.plan_role = names[1];
    settings.bootstrap.hub_role = names[2];
    settings.bootstrap.plan_hub_role = names[3];
    settings.owner = names[0];
    settings.policy_path = path;
    settings.partition = "aws-us-gov";
    buf_init(&text, 64 * 1024);
    role_policy_write(&text, ROLE_DEPLOYER, &settings, true);
    for (size_t i = 0; i < text.size; i++)
        size += text.bytes[i] != ' ' && text.bytes[i] != '\n';
    CHECK(size <= INLINE_MAX, "%zu", size);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_action_stands_in_the_deployers_policy_once),
        cmocka_unit_test(test_roles_get_our_mark_and_our_boundary_only),
        cmocka_unit_test(test_a_boundary_without_its_account),
        cmocka_unit_test(test_what_adopting_takes),
        cmocka_unit_test(test_the_plan_role_only_reads),
        cmocka_unit_test(test_own_roles_are_named),
        cmocka_unit_test(test_the_largest_policy_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
