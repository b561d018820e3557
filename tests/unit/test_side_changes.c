/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan/side_changes.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

/* "high new-account-pair what: before → after\n" for each. */
static const char *show(struct world *world, const struct delta *delta)
{
    const char *text = "";
    for (size_t i = 0; i < delta->side.count; i++) {
        const struct side_change *change = &delta->side.items[i];
        assert_non_null(change->note);
        text = arena_printf(world->arena, "%s%s %s %s: %s → %s\n", text, risk_name(change->risk), change->id,
                            change->what, change->before ? change->before : "-",
                            change->after ? change->after : "-");
    }
    return text;
}

#define A             "111111111111"
#define B             "222222222222"
#define ACCOUNTS(map) "aws-accounts: {" map "}\n"

static const struct {
    const char *before, *after, *expected;
} cases[] = {
    {"", "", ""},
    {ACCOUNTS("prod: '" A "'"), ACCOUNTS("prod: '" A "'"), ""},
    /* a new pair, once whatever names it has */
    {"", ACCOUNTS("prod: '" A "'"), "high new-account-pair account " A " of team payments: - → prod\n"},
    {"", ACCOUNTS("prod: '" A "', live: '" A "'"),
     "high new-account-pair account " A " of team payments: - → prod, live\n"},
    {ACCOUNTS("prod: '" A "'"), ACCOUNTS("prod: '" A "', live: '" A "'"),
     "medium environment-added environment live of team payments: - → " A "\n"},
    {ACCOUNTS("prod: '" A "', live: '" A "'"), ACCOUNTS("prod: '" A "'"),
     "low environment-removed environment live of team payments: " A " → -\n"},
    {ACCOUNTS("prod: '" A "'"), "", "low account-removed account " A " of team payments: prod → -\n"},
    /* a name that stands for another account */
    {ACCOUNTS("prod: '" A "'"), ACCOUNTS("prod: '" B "'"),
     "high account-changed environment prod of team payments: " A " → " B "\n"
     "high new-account-pair account " B " of team payments: - → prod\n"
     "low account-removed account " A " of team payments: prod → -\n"},
    {ACCOUNTS("prod: '" A "', dev: '" B "'"), ACCOUNTS("prod: '" B "', dev: '" A "'"),
     "high account-changed environment dev of team payments: " B " → " A "\n"
     "high account-changed environment prod of team payments: " A " → " B "\n"},
    {ACCOUNTS("prod: '" A "'"), ACCOUNTS("live: '" A "'"),
     "medium environment-added environment live of team payments: - → " A "\n"
     "low environment-removed environment prod of team payments: " A " → -\n"},
    /* teams that come and go */
    {"team: a\n" ACCOUNTS("prod: '" A "'"), "team: b\n" ACCOUNTS("prod: '" A "'"),
     "high new-account-pair account " A " of team b: - → prod\n"
     "low account-removed account " A " of team a: prod → -\n"},
};

static struct delta computed(struct world *world, const char *before, const char *after)
{
    struct delta delta = {0};
    const struct side_input input = {.before = world_config(world, before),
                                     .after = world_config(world, after),
                                     .teams = &world->teams};
    side_changes_compute(world->arena, &input, &delta);
    return delta;
}

static void test_accounts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        struct delta delta = computed(world, cases[i].before, cases[i].after);
        CHECK(str_eq(show(world, &delta), cases[i].expected), "%s→ %s:\n%s", cases[i].before, cases[i].after,
              show(world, &delta));
        world_free(world);
    }
}

static void test_escaping_rules(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct all_account_rules escaping = {0}, after = {0};
    *VEC_ADD(world->arena, &escaping) = (struct account_rules){.account_id = A, .max_days = 1, .approvals = 2};
    *VEC_ADD(world->arena, &escaping) =
        (struct account_rules){.account_id = B, .max_days = DAYS_UNSET, .require_mfa = true};
    *VEC_ADD(world->arena, &after) =
        (struct account_rules){.account_id = A, .max_days = 7, .require_reason = true};
    const struct config *config = world_config(world, "");
    struct delta delta = {0};
    const struct side_input input = {.before = config,
                                     .after = config,
                                     .escaping = &escaping,
                                     .rules_after = &after};
    side_changes_compute(world->arena, &input, &delta);
    assert_string_equal(show(world, &delta), "high account-rules rules of account " A
                                             ": at most 1 day, 2 approvals → at most 7 days, a reason\n"
                                             "high account-rules rules of account " B ": MFA → -\n");
    assert_non_null(strstr(delta.side.items[0].note, "approvals"));
    assert_null(strstr(delta.side.items[1].note, "approvals"));
    world_free(world);
}

static void test_some_teams(void **state)
{
    (void)state;
    struct world *world = world_new();
    strings_add(world->arena, &world->teams, "billing");
    struct delta delta = computed(world, "", ACCOUNTS("prod: '" A "'"));
    assert_int_equal(delta.side.count, 0);
    delta = computed(world, "", "team: billing\n" ACCOUNTS("prod: '" A "'"));
    assert_int_equal(delta.side.count, 1);
    assert_string_equal(delta.side.items[0].team, "billing");
    world_free(world);
}

static void test_settings(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct delta delta =
        computed(world, "limits: {max_days: 3}\n", "aws: {policy_path: /other/, deployer_role: Other}\n");
    assert_string_equal(show(world, &delta), "high setting aws.deployer_role: AWSSelfServeDeployer → Other\n"
                                             "high setting aws.policy_path: /iamlease/ → /other/\n"
                                             "high setting limits.max_days: 3 → 6\n");
    assert_string_equal(delta.side.items[2].note, "holds for later changes, not for this one");
    assert_null(delta.side.items[2].team);

    /* what is set, changed and taken away; here by hand, as the file is decoded elsewhere */
    struct config before = *world_config(world, ""), after = before;
    struct rules *rules = &after.settings.rules;
    *VEC_ADD(world->arena, &rules->environments) =
        (struct environment_rules){.name = {.text = "prod"}, .max_days = DAYS_UNSET, .require_mfa = true};
    struct delta set = {0}, taken = {0};
    side_changes_compute(world->arena, &(struct side_input){.before = &before, .after = &after}, &set);
    assert_string_equal(show(world, &set), "high setting environments.prod.require_mfa: - → true\n");
    assert_non_null(strstr(set.side.items[0].note, "leases that are there follow"));
    side_changes_compute(world->arena,
                         &(struct side_input){.before = &after, .after = &before, .before_is_empty = true},
                         &taken);
    assert_string_equal(show(world, &taken), "high setting environments.prod.require_mfa: true → -\n");
    assert_string_equal(taken.side.items[0].note, "holds at once: there was no configuration before");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_escaping_rules),
        cmocka_unit_test(test_some_teams),
        cmocka_unit_test(test_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
