/* SPDX-License-Identifier: Apache-2.0 */
#include "aws_memory.h"
#include "base/str.h"
#include "plan/bootstrap_operations.h"
#include "plan/bootstrap_wanted.h"
#include "unit.h"

#define HUB    "111111111111"
#define MEMBER "222222222222"
#define ALLOW(action)                                                                       \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"" action \
    "\",\"Resource\":\"*\"}]}"

struct fixture {
    struct arena *arena;
    struct settings settings;
    struct bootstrap wanted;
    struct observed observed; /* two accounts in which there is nothing */
    struct plan plan;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    struct err err = {0};
    fixture = (struct fixture){.arena = arena_new(), .settings = settings_defaults()};
    fixture.settings.plan_role = "look";
    fixture.settings.bootstrap.hub_account = HUB;
    fixture.settings.bootstrap.repository = "acme/access";
    fixture.settings.bootstrap.subjects = SUBJECTS_NAMES;
    struct bootstrap_input input = {.settings = &fixture.settings,
                                    .deployer_policy = ALLOW("iam:Get*"),
                                    .plan_policy = ALLOW("iam:List*")};
    strings_add(fixture.arena, &input.accounts, HUB); /* where jobs begin access is granted, too */
    strings_add(fixture.arena, &input.accounts, MEMBER);
    assert_int_equal(bootstrap_wanted(fixture.arena, &input, &fixture.wanted, &err), 0);
    for (size_t i = 0; i < fixture.wanted.count; i++)
        *VEC_ADD(fixture.arena, &fixture.observed) =
            (struct observed_account){.account_id = fixture.wanted.items[i].account_id,
                                      .quotas = quotas_defaults()};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

static const struct operations *plan(struct fixture *fixture)
{
    fixture->plan = (struct plan){0};
    bootstrap_operations(fixture->arena, &fixture->wanted, &fixture->observed, &fixture->plan);
    return &fixture->plan.operations;
}

/* Executes what is planned, in its order: each stands behind what it waits for. */
static void execute(struct fixture *fixture)
{
    const struct operations *operations = plan(fixture);
    for (size_t i = 0; i < operations->count; i++) {
        for (size_t j = 0; j < operations->items[i].after.count; j++)
            assert_true(operations->items[i].after.items[j] < i);
        const char *refusal = aws_memory_execute(fixture->arena, &fixture->observed, &operations->items[i]);
        CHECK(!refusal, "%zu: %s", i, refusal);
    }
}

static struct observed_principal *role(struct fixture *fixture, size_t account, const char *name)
{
    struct observed_account *is = &fixture->observed.items[account];
    for (size_t i = 0; i < is->principals.count; i++)
        if (str_eq(is->principals.items[i].name, name))
            return &is->principals.items[i];
    fail_msg("no role %s", name);
    return NULL;
}

static void test_nothing_becomes_everything_and_then_rests(void **state)
{
    struct fixture *fixture = *state;
    struct needs needs = {0};
    bootstrap_needs(fixture->arena, &fixture->wanted, &needs);
    assert_int_equal(needs.count, 2);
    assert_true(needs.items[0].providers && !needs.items[1].providers);
    assert_int_equal(needs.items[0].roles.count, 4);
    assert_int_equal(needs.items[1].roles.count, 2);
    execute(fixture);
    assert_int_equal(fixture->plan.problems.count, 0);
    assert_int_equal(fixture->plan.operations.count, 1 + 6 * 2);
    assert_int_equal(plan(fixture)->count, 0);
}

/* What trusts a role of the hub is made after it, also in another account, and waits until it is known. */
static void test_order(void **state)
{
    struct fixture *fixture = *state;
    const struct operations *operations = plan(fixture);
    size_t waiting = 0;
    for (size_t i = 0; i < operations->count; i++) {
        const struct operation *operation = &operations->items[i];
        if (operation->kind != OP_CREATE_ROLE)
            continue;
        assert_int_equal(operation->after.count, 1);
        const struct operation *before = &operations->items[operation->after.items[0]];
        bool of_hub = str_prefix(operation->principal, "iamlease-");
        assert_int_equal(before->kind, of_hub ? OP_CREATE_PROVIDER : OP_CREATE_ROLE);
        assert_int_equal(operation->awaits_principal, !of_hub);
        if (!of_hub)
            assert_string_equal(before->principal,
                                str_eq(operation->principal, "look") ? "iamlease-plan-hub" : "iamlease-hub");
        waiting += operation->awaits_principal;
    }
    assert_int_equal(waiting, 4);
}

/* Roles whose trust AWS writes with an unknown id, after what it named was made anew. */
static void test_differences(void **state)
{
    struct fixture *fixture = *state;
    execute(fixture);
    role(fixture, 1, "look")->trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
        "{\"AWS\":\"AROAEXAMPLE\"},\"Action\":\"sts:AssumeRole\"}]}";
    role(fixture, 1, "AWSSelfServeDeployer")->inline_policies.items[0].document = ALLOW("*");
    strings_add(fixture->arena, &role(fixture, 0, "iamlease-hub")->attached,
                "arn:aws:iam::aws:policy/ReadOnlyAccess");
    fixture->observed.items[0].providers.items[0].client_ids = (struct strings){0};
    assert_int_equal(plan(fixture)->count, 4);
    execute(fixture);
    assert_int_equal(plan(fixture)->count, 0);
}

static void test_what_is_not_ours(void **state)
{
    struct fixture *fixture = *state;
    execute(fixture);
    static const struct role_details untagged = {.description = "", .session_s = 3600};
    role(fixture, 1, "look")->details = &untagged;
    fixture->observed.items[0].providers.items[0].tags = (struct tags){0};
    fixture->observed.items[0].providers.items[0].client_ids = (struct strings){0};
    assert_int_equal(plan(fixture)->count, 0);
    assert_int_equal(fixture->plan.problems.count, 2);
    assert_string_equal(fixture->plan.problems.items[0].id, "foreign-provider");
    assert_string_equal(fixture->plan.problems.items[1].id, "foreign-role");
    strings_add(fixture->arena, &fixture->observed.items[0].providers.items[0].client_ids,
                "sts.amazonaws.com");
    assert_int_equal(plan(fixture)->count, 0);
    assert_int_equal(fixture->plan.problems.count, 1);
    role(fixture, 0, "iamlease-hub")->arn = "arn:aws:iam::" HUB ":role/iamlease-hub";
    role(fixture, 0, "iamlease-plan-hub")->arn = "arn:aws:iam::" HUB ":role/jobs/iamlease-plan-hub";
    assert_int_equal(plan(fixture)->count, 0);
    /* The role at another path, and those two that would trust it; of these one is not ours besides. */
    assert_int_equal(fixture->plan.problems.count, 3);
    assert_string_equal(fixture->plan.problems.items[0].id, "foreign-role");
    assert_string_equal(fixture->plan.problems.items[1].id, "foreign-trust");
    assert_string_equal(fixture->plan.problems.items[2].id, "foreign-trust");
}

/* Somebody else's role has the name of ours in the hub: nobody comes to trust it. */
static void test_a_hub_role_of_others_is_not_trusted(void **state)
{
    struct fixture *fixture = *state;
    static const struct role_details untagged = {.description = "", .session_s = 3600};
    *VEC_ADD(fixture->arena, &fixture->observed.items[0].principals) =
        (struct observed_principal){.kind = PRINCIPAL_ROLE, .name = "iamlease-hub", .details = &untagged};
    const struct operations *operations = plan(fixture);
    assert_int_equal(fixture->plan.problems.count, 1 + 2);
    for (size_t i = 0; i < operations->count; i++)
        CHECK(!operations->items[i].principal ||
                  !str_eq(operations->items[i].principal, "AWSSelfServeDeployer"),
              "%zu", i);
    assert_int_equal(operations->count, 1 + 3 * 2);
}

/* Nobody knows whether the role of the hub is there: it is not waited for. */
static void test_a_hub_that_cannot_be_read(void **state)
{
    struct fixture *fixture = *state;
    fixture->observed.items[0].error = "no way in";
    const struct operations *operations = plan(fixture);
    assert_int_equal(fixture->plan.problems.count, 1);
    assert_string_equal(fixture->plan.problems.items[0].id, "account-unreachable");
    assert_int_equal(operations->count, 4);
    for (size_t i = 0; i < operations->count; i++) {
        assert_string_equal(operations->items[i].account_id, MEMBER);
        assert_false(operations->items[i].awaits_principal);
    }
}

static void test_china_has_another_audience(void **state)
{
    struct fixture *fixture = *state;
    struct bootstrap_input input = {.settings = &fixture->settings,
                                    .deployer_policy = ALLOW("a:b"),
                                    .plan_policy = ALLOW("a:b")};
    struct bootstrap wanted;
    struct err err = {0};
    fixture->settings.partition = "aws-cn";
    strings_add(fixture->arena, &input.accounts, MEMBER);
    assert_int_equal(bootstrap_wanted(fixture->arena, &input, &wanted, &err), 0);
    assert_string_equal(wanted.items[0].provider->client_ids.items[0], "sts.amazonaws.com.cn");
    assert_non_null(strstr(wanted.items[0].roles.items[0].trust, "arn:aws-cn:iam::" HUB ":oidc-provider/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_becomes_everything_and_then_rests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_differences, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_not_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_hub_role_of_others_is_not_trusted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_hub_that_cannot_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_china_has_another_audience, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
