/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/str.h"
#include "plan/operations.h"
#include "plan_world.h"
#include "unit.h"

/* Of the sanitizer under which unit tests run; not every compiler has its header. */
size_t __sanitizer_get_current_allocated_bytes(void);

#define ACCOUNT_ID        "123456789012"
#define OWN(name)         "arn:aws:iam::" ACCOUNT_ID ":role/iamlease/" name
#define ACCOUNTS          "aws-accounts: {prod: '" ACCOUNT_ID "'}\n"
#define ROLES             ACCOUNTS "aws-roles:\n"
#define ROLE(name, trust) "  " name ": {environments: [prod], trust: [{" trust "}]}\n"
#define TRUSTS(name)      "principals: '" OWN(name) "'"
#define LAMBDA            "services: lambda.amazonaws.com"

static struct plan plan_from_nothing(struct world *world, const char *yaml)
{
    struct plan plan = {.settings = &world->settings, .now_s = world->now_s};
    struct facts desired = world_facts(world, yaml, world->now_s);
    struct observed observed = {0};
    struct facts none = {0};
    operations_implied_state(world->arena, &world->settings, &none, &desired, NULL, &observed);
    const struct operations_input input = {.settings = &world->settings,
                                           .desired = &desired,
                                           .candidates = &none,
                                           .observed = &observed,
                                           .now_s = world->now_s};
    operations_compute(world->arena, &input, &plan);
    return plan;
}

/* The place of what makes a role; fails when nothing does. */
static size_t made(const struct plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->operations.count; i++)
        if (plan->operations.items[i].kind == OP_CREATE_ROLE &&
            str_eq(plan->operations.items[i].principal, name))
            return i;
    fail_msg("%s is not made", name);
    return 0;
}

static bool waits_for(const struct plan *plan, size_t operation, size_t needed)
{
    const struct operation *waiting = &plan->operations.items[operation];
    for (size_t i = 0; i < waiting->after.count; i++)
        if (waiting->after.items[i] == needed)
            return true;
    return false;
}

/* IAM refuses a trust policy that names a role which is not there. */
static void test_who_is_trusted_comes_first(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct plan plan =
        plan_from_nothing(world, ROLES ROLE("a", TRUSTS("b")) ROLE("b", TRUSTS("c")) ROLE("c", LAMBDA));
    size_t a = made(&plan, "a"), b = made(&plan, "b"), c = made(&plan, "c");
    assert_true(c < b && b < a);
    assert_true(waits_for(&plan, b, c) && waits_for(&plan, a, b) && !waits_for(&plan, a, c));
    assert_true(plan.operations.items[a].awaits_principal && !plan.operations.items[c].awaits_principal);
    assert_int_equal(plan.problems.count, 0);
    world_free(world);
}

/* None of them can be first, and whoever trusts one of them has to wait as well; the others are made. */
static void test_new_roles_that_trust_each_other(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct plan plan =
        plan_from_nothing(world, ROLES ROLE("a", TRUSTS("b")) ROLE("b", TRUSTS("a")) ROLE("c", TRUSTS("c"))
                                     ROLE("d", TRUSTS("b")) ROLE("e", LAMBDA));
    assert_int_equal(plan.operations.count, 1);
    assert_int_equal(made(&plan, "e"), 0);
    assert_int_equal(plan.problems.count, 4);
    for (size_t i = 0; i < plan.problems.count; i++)
        assert_string_equal(plan.problems.items[i].id, "role-ring");
    world_free(world);
}

/* Where one of them is there, the other is made first. */
static void test_a_new_role_beside_one_that_is_there(void **state)
{
    (void)state;
    static const char *const both[] = {ROLES ROLE("a", TRUSTS("b")) ROLE("b", TRUSTS("a")),
                                       ROLES ROLE("b", TRUSTS("a")) ROLE("a", TRUSTS("b"))};
    for (size_t i = 0; i < COUNT(both); i++) {
        struct world *world = world_new();
        const struct facts before = world_facts(world, ROLES ROLE("a", LAMBDA), 0),
                           after = world_facts(world, both[i], world->now_s);
        struct plan plan = {.settings = &world->settings, .now_s = world->now_s};
        struct observed observed = {0};
        operations_implied_state(world->arena, &world->settings, &before, &before, NULL, &observed);
        const struct operations_input input = {.settings = &world->settings,
                                               .desired = &after,
                                               .candidates = &before,
                                               .applied = &before,
                                               .observed = &observed,
                                               .now_s = world->now_s};
        operations_compute(world->arena, &input, &plan);
        assert_int_equal(plan.problems.count, 0);
        assert_int_equal(plan.operations.count, 2);
        assert_int_equal(made(&plan, "b"), 0);
        assert_int_equal(plan.operations.items[1].kind, OP_UPDATE_TRUST);
        assert_true(waits_for(&plan, 1, 0));
        world_free(world);
    }
}

/* What is as it was declared needs no call; only one of two roles may go, and only that one does. */
static void test_what_is_as_declared_stays(void **state)
{
    (void)state;
    static const char both[] = ROLES ROLE("a", LAMBDA) ROLE("b", TRUSTS("a"));
    struct world *world = world_new();
    const struct facts before = world_facts(world, both, 0),
                       after = world_facts(world, ROLES ROLE("a", LAMBDA), world->now_s);
    struct observed observed = {0};
    operations_implied_state(world->arena, &world->settings, &before, &before, NULL, &observed);
    const struct facts *desired[] = {&before, &after};
    for (size_t i = 0; i < COUNT(desired); i++) {
        struct plan plan = {.settings = &world->settings, .now_s = world->now_s};
        const struct operations_input input = {.settings = &world->settings,
                                               .desired = desired[i],
                                               .candidates = &before,
                                               .applied = &before,
                                               .observed = &observed,
                                               .now_s = world->now_s};
        operations_compute(world->arena, &input, &plan);
        assert_int_equal(plan.operations.count, i);
        assert_int_equal(plan.problems.count + plan.notices.count, 0);
        if (i)
            assert_string_equal(plan.operations.items[0].principal, "b");
    }
    world_free(world);
}

/* A chain of roles, each of which trusts the one before it, the last one first: as many files of users have. */
static void test_a_long_chain(void **state)
{
    (void)state;
    enum { LENGTH = 800, BYTES_MAX = 64 * 1024 };
    CLEANUP(buf_free) struct buf yaml;
    struct world *world = world_new();
    buf_init(&yaml, 1024 * 1024);
    buf_add_text(&yaml, ROLES);
    for (int i = LENGTH - 1; i > 0; i--)
        buf_addf(&yaml, ROLE("r%d", "principals: '" OWN("r%d") "'"), i, i - 1);
    buf_add_text(&yaml, ROLE("r0", LAMBDA));
    const size_t before = __sanitizer_get_current_allocated_bytes();
    struct plan plan = plan_from_nothing(world, yaml.bytes);
    const size_t bytes = __sanitizer_get_current_allocated_bytes() - before;
    CHECK(bytes < LENGTH * BYTES_MAX, "%zu bytes for each role", bytes / LENGTH);
    assert_int_equal(plan.operations.count, LENGTH);
    for (size_t i = 0; i < LENGTH; i++) {
        char name[16];
        snprintf(name, sizeof name, "r%zu", i);
        assert_string_equal(plan.operations.items[i].principal, name);
        assert_int_equal(plan.operations.items[i].after.count, i ? 1 : 0);
        assert_true(!i || plan.operations.items[i].after.items[0] == i - 1);
    }
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_trusted_comes_first),
        cmocka_unit_test(test_new_roles_that_trust_each_other),
        cmocka_unit_test(test_a_new_role_beside_one_that_is_there),
        cmocka_unit_test(test_a_long_chain),
        cmocka_unit_test(test_what_is_as_declared_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
