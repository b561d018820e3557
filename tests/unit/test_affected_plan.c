/* SPDX-License-Identifier: Apache-2.0 */
/* A plan that reads the affected teams alone is the plan that reads all of them, in worlds that chance makes. */
#include "base/buf.h"
#include "base/str.h"
#include "flow/planning.h"
#include "git_world.h"
#include "render/render.h"
#include "unit.h"

enum { TEAMS = 14, ACCOUNTS = 5, PEOPLE = 12, ENTRIES = 3, WORLDS = 25, NOW_S = 1764072000 };

static unsigned long seed;
static size_t narrowed; /* plans for which not all teams were read whole */

/* 0 … below - 1; the same in every run. */
static unsigned chance(unsigned below)
{
    seed = seed * 6364136223846793005UL + 1442695040888963407UL;
    return (unsigned)(seed >> 33) % below;
}

static const char *entries(struct arena *arena, const char *folder, bool are_leases)
{
    const char *text = arena_printf(arena, "%s:\n", folder);
    for (unsigned count = chance(ENTRIES + 1); count; count--) {
        const char *person = arena_printf(arena, "p%u", chance(PEOPLE));
        unsigned how = chance(3);
        const char *user = how == 0   ? arena_printf(arena, "%s@example.com", person)
                           : how == 1 ? arena_printf(arena, "'%s@example.com'", person)
                                      : arena_printf(arena, "\"%s@example.com\"", person);
        const char *grant = chance(2) ? "x" : "y";
        text = are_leases ? arena_printf(arena,
                                         "%s- {user: %s, environment: prod, grant: %s, "
                                         "expiration_date: 2025-11-%u}\n",
                                         text, user, grant, 26 + chance(4))
                          : arena_printf(arena, "%s- users:\n  - %s\n  environments: [prod]\n  grants: [%s]\n",
                                         text, user, grant);
    }
    return text;
}

static void write_file(struct git_world *world, const char *folder, const char *team, const char *text)
{
    git_world_write(world, arena_printf(world->arena, "%s/%s.yaml", folder, team), text);
}

static void write_entries(struct git_world *world, const char *team)
{
    write_file(world, "permanent-access", team, entries(world->arena, "permanent-access", false));
    write_file(world, "temporary-access", team, entries(world->arena, "temporary-access", true));
}

static void write_team(struct git_world *world, const char *team)
{
    struct arena *arena = world->arena;
    const unsigned account = chance(ACCOUNTS);
    const char *managed =
        chance(8) ? "arn:aws:iam::aws:policy/ReadOnlyAccess"
                  : arena_printf(arena, "arn:aws:iam::11111111111%u:policy/iamlease/b-y", account);
    write_file(world, "aws-accounts", team,
               arena_printf(arena, "aws-accounts: {prod: '11111111111%u'}\n", account));
    write_file(world, "aws-policies", team,
               arena_printf(arena,
                            "aws-policies:\n  x: {managed_policies: ['%s']}\n  y: {custom_statements: "
                            "[{effect: Allow, actions: ['s3:Get*'], resources: ['*']}]}\n",
                            managed));
    write_entries(world, team);
}

static const char *plan_of(struct git_world *world, const char *base, const char *head, bool affected_only)
{
    const struct strings teams = {0};
    const struct comparison_request request = {.sides = {.base = base, .head = head},
                                               .affected_only = affected_only,
                                               .teams = &teams,
                                               .now_s = NOW_S};
    struct comparison comparison;
    struct diags diags = diags_new(world->arena);
    struct plan plan;
    struct buf text;
    CHECK(flow_plan(world->arena, world->repo, &request, &comparison, &diags, &plan, &world->err) == 0, "%s",
          world->err.message);
    narrowed += comparison.base.only && comparison.base.left_out;
    buf_init(&text, 1 << 24);
    if (diags.errors)
        flow_plan_whole(world->arena, &comparison, &request, &plan);
    render_plan_json(&text, &plan);
    const char *copy = arena_printf(world->arena, "%zu errors\n%s", diags.errors, text.bytes);
    buf_free(&text);
    return copy;
}

static void test_same_plan(void **state)
{
    (void)state;
    for (seed = 1; seed <= WORLDS;) {
        const unsigned long first = seed;
        struct git_world *world = git_world_new();
        for (char team[] = "a"; *team < 'a' + TEAMS; ++*team)
            write_team(world, team);
        const char *base = git_world_commit(world);
        for (unsigned count = 1 + chance(2); count; count--) {
            const char team[] = {(char)('a' + chance(TEAMS)), 0};
            if (chance(4))
                write_entries(world, team);
            else
                write_team(world, team);
        }
        const char *head = git_world_commit(world);
        const char *some = plan_of(world, base, head, true), *all = plan_of(world, base, head, false);
        size_t at = 0;
        while (some[at] && some[at] == all[at])
            at++;
        CHECK(str_eq(some, all), "world %lu: '%.200s' and '%.200s'", first, some + at, all + at);
        git_world_free(world);
        seed = first + 1;
    }
    assert_true(narrowed > WORLDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_plan)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
