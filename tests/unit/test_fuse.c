/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan/fuse.h"
#include "plan_world.h"
#include "unit.h"

/* So many facts: of users u1, u2 … */
static struct facts facts_of(struct world *world, unsigned from, unsigned to, unsigned ended)
{
    const char *yaml = WORLD_BASE "permanent-access:\n";
    for (unsigned i = from; i <= to; i++)
        yaml = arena_printf(world->arena, "%s- {users: [u%u], environments: [prod], grants: [ro]}\n", yaml, i);
    if (ended)
        yaml = arena_printf(world->arena, "%stemporary-access:\n", yaml);
    for (unsigned i = 1; i <= ended; i++)
        yaml = arena_printf(world->arena, "%s" LEASE("e%u", "fix", "2026-11-24"), yaml, i);
    return world_facts(world, yaml, 0);
}

static const struct {
    unsigned total, revoked, ended, added;
    int64_t percent;
    bool blown;
} cases[] = {
    {9, 9, 0, 0, 25, false},                               /* nine are never too many */
    {10, 10, 0, 0, 25, true},   {40, 10, 0, 0, 25, false}, /* exactly the share that is allowed */
    {39, 10, 0, 0, 25, true},   {40, 11, 0, 0, 25, true},  {44, 11, 0, 0, 25, false},
    {100, 9, 0, 0, 0, false},   {100, 10, 0, 0, 0, true},  {10, 10, 0, 0, 100, false},
    {39, 10, 100, 0, 25, true}, /* what has ended makes the rest no smaller a share, */
    {44, 11, 10, 0, 25, false}, /* and is not revoked when its entry goes */
    {39, 10, 0, 100, 25, true}, /* what is granted does not weigh against it */
    {9, 9, 5, 0, 25, false},
};

static void test_borders(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        world->settings.rules.max_removals_percent = cases[i].percent;
        struct facts before = facts_of(world, 1, cases[i].total, cases[i].ended);
        struct facts after = facts_of(world, cases[i].revoked + 1, cases[i].total + cases[i].added, 0);
        struct fuse fuse = fuse_judge(&before, &after, NULL, &world->settings.rules, false, world->now_s);
        CHECK(fuse.revoked == cases[i].revoked, "%zu: %zu", i, fuse.revoked);
        CHECK(fuse.total == cases[i].total, "%zu: %zu", i, fuse.total);
        CHECK(fuse.blown == cases[i].blown, "%zu", i);
        CHECK(!fuse.emptied, "%zu", i);
        world_free(world);
    }
}

/* Where the whole configuration vanished, one removal is enough. */
static void test_emptied(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct facts none = {0};
    struct facts one = facts_of(world, 1, 1, 3), ended = facts_of(world, 1, 0, 3);
    struct fuse fuse = fuse_judge(&one, &none, NULL, &world->settings.rules, true, world->now_s);
    assert_true(fuse.blown && fuse.emptied);
    assert_string_equal(fuse_describe(world->arena, &fuse, &world->settings.rules),
                        "revokes 1 of 1 grants and leaves no configuration at all");
    fuse = fuse_judge(&ended, &none, NULL, &world->settings.rules, true, world->now_s);
    assert_false(fuse.blown);
    fuse = fuse_judge(&none, &none, NULL, &world->settings.rules, true, world->now_s);
    assert_false(fuse.blown);
    world_free(world);
}

static void test_describe(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct facts before = facts_of(world, 1, 12, 0), after = facts_of(world, 12, 12, 0);
    struct fuse fuse = fuse_judge(&before, &after, NULL, &world->settings.rules, false, world->now_s);
    assert_string_equal(fuse_describe(world->arena, &fuse, &world->settings.rules),
                        "revokes 11 of 12 grants, more than the 25% that limits.max_removals allows");
    world_free(world);
}

/* A lease that moves to another end is no removal, and one that ends this second is over. */
static void test_leases(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct facts before = world_facts(world,
                                      WORLD_BASE "temporary-access:\n" LEASE("bert", "fix", "2026-11-26")
                                          LEASE("ernie", "fix", "2026-11-25"),
                                      0);
    struct facts after =
        world_facts(world, WORLD_BASE "temporary-access:\n" LEASE("bert", "fix", "2026-11-25"), 0);
    struct fuse fuse = fuse_judge(&before, &after, NULL, &world->settings.rules, false, world->now_s);
    assert_int_equal(fuse.revoked, 1);
    assert_int_equal(fuse.total, 2);
    fuse = fuse_judge(&before, &after, NULL, &world->settings.rules, false, world->now_s + 12 * 3600);
    assert_int_equal(fuse.revoked, 0);
    assert_int_equal(fuse.total, 1);
    world_free(world);
}

/* What is held stays, and a lease whose start moves is the same lease. */
static void test_held_and_moved(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct facts before = facts_of(world, 1, 12, 0), none = {0};
    struct fuse fuse = fuse_judge(&before, &none, &before, &world->settings.rules, true, world->now_s);
    assert_int_equal(fuse.revoked, 0);
    assert_int_equal(fuse.total, 12);
    assert_false(fuse.blown);
    struct facts some = {.items = before.items, .count = 5};
    fuse = fuse_judge(&before, &none, &some, &world->settings.rules, false, world->now_s);
    assert_int_equal(fuse.revoked, 7);

    struct fact lease = {.kind = ACCESS_LEASE,
                         .ends_at_s = world->now_s + 1,
                         .identity = "a\n1",
                         .grant_length = 1};
    struct fact moved = lease;
    moved.identity = "a\n2";
    const struct facts was = {.items = &lease, .count = 1}, is = {.items = &moved, .count = 1};
    fuse = fuse_judge(&was, &is, NULL, &world->settings.rules, false, world->now_s);
    assert_int_equal(fuse.revoked, 0);
    assert_int_equal(fuse.total, 1);
    world_free(world);
}

/* Where a part of the base was looked at, its removals are a share of the whole. */
static void test_widen(void **state)
{
    (void)state;
    const struct rules rules = {.max_removals_percent = 25};
    struct fuse fuse = {.revoked = 10, .total = 10, .blown = true};
    fuse_widen(&fuse, 39, &rules);
    assert_true(fuse.blown);
    fuse_widen(&fuse, 40, &rules);
    assert_false(fuse.blown);
    assert_int_equal(fuse.total, 40);
    fuse.emptied = true;
    fuse_widen(&fuse, 1000, &rules);
    assert_true(fuse.blown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_borders),        cmocka_unit_test(test_emptied),
        cmocka_unit_test(test_describe),       cmocka_unit_test(test_leases),
        cmocka_unit_test(test_held_and_moved), cmocka_unit_test(test_widen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
