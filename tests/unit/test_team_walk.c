/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Teams that are read one by one come to the plan that whole configurations come to: random changes, planned
 * both ways and compared as JSON.
 */
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "flow/planning.h"
#include "flow/team_walk.h"
#include "git_world.h"
#include "plan_world.h"
#include "render/render.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 40, TEAMS = 4, ENTRIES = 7, JSON_MAX = 16 * 1024 * 1024 };

static const char *const accounts[] = {"111111111111", "222222222222", "333333333333"};
static const char *const users[] = {"berta@example.com", "ernie@example.com", "anna", "otto@example.com"};

struct inventing {
    struct arena *arena;
    unsigned seed;
};

static unsigned pick(struct inventing *inventing, unsigned count)
{
    inventing->seed = inventing->seed * 1103515245 + 12345;
    return (inventing->seed >> 16) % count;
}

/* What one team declares: its own accounts and policies, people that others have too. */
static const char *team_text(struct inventing *inventing, unsigned team)
{
    struct arena *arena = inventing->arena;
    const char *text = arena_printf(
        arena,
        "team: team-%u\n"
        "aws-accounts: {prod: '%s', dev: '%s'}\n"
        "aws-policies:\n"
        "  ro: {managed_policies: ['arn:aws:iam::aws:policy/%s']}\n"
        "  fix: {description: Mend %u, custom_statements: [{effect: Allow, actions: ['s3:Put*'], resources: "
        "['*']}]}\n"
        "  own: {managed_policies: ['arn:aws:iam::111111111111:policy/made-by-hand']}\n",
        team, accounts[(team + (pick(inventing, 8) == 0)) % COUNT(accounts)],
        accounts[(team + 1) % COUNT(accounts)], pick(inventing, 6) ? "ReadOnlyAccess" : "SecurityAudit",
        pick(inventing, 6) ? 0 : pick(inventing, 3));
    text = arena_printf(arena, "%spermanent-access:\n", text);
    for (unsigned i = 0; i < ENTRIES; i++)
        if (pick(inventing, 8))
            text =
                arena_printf(arena, "%s- {users: [%s], environments: [%s], grants: [%s]}\n", text,
                             users[(team + i) % COUNT(users)], i % 2 ? "prod" : "dev", i % 3 ? "ro" : "fix");
    if (pick(inventing, 10) == 0)
        text = arena_printf(arena, "%s- {roles: [build], environments: [%s], grants: [own]}\n", text,
                            strstr(text, "prod: '111111111111'") ? "prod" : "dev");
    text = arena_printf(arena, "%stemporary-access:\n", text);
    for (unsigned i = 0; i < ENTRIES; i++)
        if (pick(inventing, 6))
            text = arena_printf(arena,
                                "%s- {user: %s, environment: prod, grant: fix, expiration_date: 2026-11-%u}\n",
                                text, users[(team + i) % COUNT(users)], 26 + (pick(inventing, 12) == 0));
    return arena_printf(arena,
                        "%s- {user: otto@example.com, environment: dev, expiration_date: 2026-11-26, "
                        "permissions: ['s3:GetObject'], resources: ['arn:aws:s3:::x/%u']}\n",
                        text, pick(inventing, 5) ? 0 : 1);
}

/* The head repeats most of what the base was made of: teams with the same seed are the same. */
static const char *config_text(struct arena *arena, const unsigned seeds[static TEAMS])
{
    const char *text = "";
    for (unsigned team = 0; team < TEAMS; team++) {
        struct inventing inventing = {arena, seeds[team]};
        if (seeds[team] % 11)
            text = arena_printf(arena, "%s%s", text, team_text(&inventing, team));
    }
    return text;
}

static const char *json_of(struct arena *arena, const struct plan *plan)
{
    struct buf out;
    buf_init(&out, JSON_MAX);
    render_plan_json(&out, plan);
    assert_true(buf_finish(&out));
    const char *json = arena_strdup(arena, out.bytes);
    buf_free(&out);
    return json;
}

/* Plans the change both ways; gives what they come to, and whether teams were read one by one. */
static bool plan_twice(struct git_world *world, const char *base, const char *head, const char **ret_walked,
                       const char **ret_whole)
{
    struct arena *arena = world->arena;
    const struct strings teams = {0};
    struct comparison_request request = {.sides = {.base = base, .head = head}, .teams = &teams};
    struct comparison comparison;
    struct diags diags = diags_new(arena), whole_diags = diags_new(arena);
    struct plan walked = {0}, whole = {0};
    struct team_walk walk = {0};
    bool done = false;
    assert_true(time_parse_rfc3339(WORLD_NOW, &request.now_s));
    assert_int_equal(compare_open(arena, world->repo, &request, &comparison, &world->err), 0);
    assert_int_equal(team_walk(arena, &request, &comparison, &diags, &walk, &done, &world->err), 0);
    assert_int_equal(flow_plan(arena, world->repo, &request, &comparison, &diags, &walked, &world->err), 0);
    assert_int_equal(compare_open(arena, world->repo, &request, &comparison, &world->err), 0);
    assert_int_equal(compare_whole(arena, &request, &comparison, &whole_diags, &world->err), 0);
    assert_int_equal(diags.errors, whole_diags.errors);
    assert_int_equal(diags.warnings, whole_diags.warnings);
    if (whole_diags.errors)
        return false;
    flow_plan_whole(arena, &comparison, &request, &whole);
    *ret_walked = json_of(arena, &walked);
    *ret_whole = json_of(arena, &whole);
    return done;
}

static void test_both_ways(void **state)
{
    (void)state;
    unsigned walked = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct git_world *world = git_world_new();
        unsigned before[TEAMS], after[TEAMS];
        for (unsigned team = 0; team < TEAMS; team++) {
            before[team] = 1 + round * 100 + team;
            after[team] = (round + team) % 3 ? before[team] : before[team] + 50;
        }
        const char *base = git_world_config(world, config_text(world->arena, before));
        const char *head = git_world_config(world, config_text(world->arena, after));
        const char *one_by_one = "", *whole = "";
        walked += plan_twice(world, base, head, &one_by_one, &whole);
        CHECK(strcmp(one_by_one, whole) == 0, "round %u: %s\n--- but as a whole ---\n%s", round, one_by_one,
              whole);
        git_world_free(world);
    }
    CHECK(walked > ROUNDS / 2, "%u", walked);
}

/* What must be looked at as a whole. */
static void test_not_walked(void **state)
{
    (void)state;
#define SOUND WORLD_BASE "permanent-access:\n" PERMANENT("berta", "ro")
    static const struct {
        const char *base, *head;
        bool done;
    } cases[] = {
        {SOUND, SOUND PERMANENT("ernie", "ro"), true},
        {SOUND, SOUND PERMANENT("ernie", "unknown"), false},
        {SOUND PERMANENT("ernie", "unknown"), SOUND, false},
        {SOUND, SOUND PERMANENT("Berta", "ro"), false},
        {SOUND, SOUND PERMANENT("berta@example.com", "ro"), false},
        {SOUND, SOUND "usernames: email\n", false},
        {SOUND, SOUND "limits: {max_days: 3}\n", true},
        {SOUND, SOUND "usernames: {berta@example.com: berta}\n", false},
        {SOUND,
         SOUND "team: pay\n" WORLD_ACCOUNTS "aws-policies:\n"
               "  ments.fix: {managed_policies: ['" AWS_ARN("ReadOnlyAccess") "']}\n",
         true},
        {SOUND,
         SOUND "team: payments-x\n" WORLD_ACCOUNTS "aws-policies:\n"
               "  ro: {managed_policies: ['" AWS_ARN(
                   "ReadOnlyAccess") "']}\n"
                                     "team: other\n" WORLD_ACCOUNTS "aws-policies:\n"
                                     "  ro: {managed_policies: ['" AWS_ARN("ReadOnlyAccess") "']}\n",
         false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct git_world *world = git_world_new();
        const char *base = git_world_config(world, cases[i].base);
        const char *head = git_world_config(world, cases[i].head), *walked = "", *whole = "";
        bool done = plan_twice(world, base, head, &walked, &whole);
        CHECK(done == cases[i].done, "%zu", i);
        CHECK(strcmp(walked, whole) == 0, "%zu: %s\n---\n%s", i, walked, whole);
        git_world_free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_not_walked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
