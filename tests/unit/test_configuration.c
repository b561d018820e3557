/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "model/configuration.h"
#include "plan_world.h"
#include "unit.h"

static int64_t instant(const char *text)
{
    int64_t time_s;
    assert_true(time_parse_rfc3339(text, &time_s));
    return time_s;
}

/* The whole of the last day that is allowed, whatever the hour is now. */
static void test_latest_end(void **state)
{
    (void)state;
    static const struct {
        const char *now, *latest;
        int64_t max_days;
    } cases[] = {
        {"2026-11-25T00:00:00Z", "2026-12-02T00:00:00Z", 6},
        {"2026-11-25T23:59:59Z", "2026-12-02T00:00:00Z", 6},
        {"2026-11-25T12:00:00Z", "2026-11-26T00:00:00Z", 0},
        {"2028-02-28T12:00:00Z", "2028-03-01T00:00:00Z", 1},
        {"2026-12-31T12:00:00Z", "2027-01-02T00:00:00Z", 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rules rules = settings_defaults().rules;
        rules.max_days = cases[i].max_days;
        int64_t end_s = rules_latest_end(&rules, instant(cases[i].now));
        CHECK(end_s == instant(cases[i].latest), "%s", cases[i].now);
    }
}

static void test_defaults(void **state)
{
    (void)state;
    struct settings settings = settings_defaults();
    assert_int_equal(settings.rules.max_days, 6);
    assert_int_equal(settings.rules.max_removals_percent, 25);
    assert_string_equal(settings.owner, "default");
    assert_string_equal(settings.deployer_role, "AWSSelfServeDeployer");
    assert_string_equal(settings.policy_path, "/iamlease/");
    assert_string_equal(settings.partition, "aws");
}

static void test_find(void **state)
{
    (void)state;
    struct world *world = world_new();
    const struct config *config = world_config(world, WORLD_BASE "team: a\n" WORLD_BASE);
    const struct team_config *team = &config->items[1];
    assert_string_equal(config->items[0].name, "a"); /* sorted */
    assert_string_equal(team->name, "payments");
    assert_string_equal(team_find_account(team, "dev")->account_id.text, OTHER_ACCOUNT);
    assert_null(team_find_account(team, "Dev"));
    assert_null(team_find_account(team, ""));
    assert_int_equal(team_find_policy(team, "both")->managed_policies.count, 2);
    assert_null(team_find_policy(team, "bot"));
    world_free(world);
}

static void test_user_names(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"bert@example.com", "bert"},
        {"bert", "bert"},
        {"bert.b+x@example.com", "bert.b+x"},
        {"bert@a@b", "bert"},
    };
    struct arena *arena = arena_new();
    struct settings settings = settings_defaults();
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(str_eq(principal_user_name(arena, &settings, cases[i][0]), cases[i][1]), "%s", cases[i][0]);
    settings.usernames = USERNAMES_EMAIL;
    assert_string_equal(principal_user_name(arena, &settings, "bert@example.com"), "bert@example.com");
    settings.usernames = USERNAMES_MAP;
    *VEC_ADD(arena, &settings.username_map) =
        (struct username){.email = {.text = "bert@example.com"}, .name = {.text = "b.bertson"}};
    assert_string_equal(principal_user_name(arena, &settings, "bert@example.com"), "b.bertson");
    assert_string_equal(principal_user_name(arena, &settings, "bert"), "bert");
    arena_free(arena);
}

static void test_team_names(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct strings known = {0}, asked = {0};
    struct err err = {0};
    strings_add(arena, &known, "payments");
    strings_add(arena, &known, "billing");
    assert_int_equal(team_check_names(NULL, &known, &err), 0);
    assert_int_equal(team_check_names(&asked, &known, &err), 0);
    strings_add(arena, &asked, "billing");
    assert_int_equal(team_check_names(&asked, &known, &err), 0);
    strings_add(arena, &asked, "payment");
    assert_int_equal(team_check_names(&asked, &known, &err), -1);
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.message, "there is no team 'payment'; did you mean 'payments'?");
    asked.items[1] = "zebra";
    assert_int_equal(team_check_names(&asked, &known, &err), -1);
    assert_string_equal(err.message, "there is no team 'zebra'");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_latest_end), cmocka_unit_test(test_defaults),   cmocka_unit_test(test_find),
        cmocka_unit_test(test_user_names), cmocka_unit_test(test_team_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
