/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "plan/setting_list.h"
#include "unit.h"

#include <string.h>

static const char *show(struct arena *arena, const struct settings *settings)
{
    struct setting_list list = {0};
    const char *text = "";
    setting_list_make(arena, settings, &list);
    for (size_t i = 0; i < list.count; i++) {
        CHECK(i == 0 || strcmp(list.items[i - 1].name, list.items[i].name) < 0, "%s", list.items[i].name);
        CHECK(list.items[i].is_rule == (list.items[i].note == NULL), "%s", list.items[i].name);
        text = arena_printf(arena, "%s%s%s=%s\n", text, list.items[i].is_rule ? "" : "~", list.items[i].name,
                            list.items[i].value);
    }
    return text;
}

#define BOOTSTRAP_BEHIND                                                                                                         \
    "~bootstrap.hub_account=\n~bootstrap.hub_role=iamlease-hub\n"                                                                \
    "~bootstrap.issuer=https://token.actions.githubusercontent.com\n"                                                            \
    "~bootstrap.organization=\n~bootstrap.plan_hub_role=iamlease-plan-hub\n~bootstrap.repository=\n~bootstrap.repository_ids=\n" \
    "~bootstrap.subjects=both\n~bootstrap.through_role=\n"

#define AWS                                                             \
    "~aws.deployer_role=AWSSelfServeDeployer\n~aws.external_id=\n"      \
    "~aws.partition=aws\n~aws.permissions_boundary=\n~aws.plan_role=\n" \
    "~aws.policy_path=/iamlease/\n~aws.region=us-east-1\n"

#define MAPPING AWS "~bootstrap.branch=\n" BOOTSTRAP_BEHIND

static void test_defaults(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct settings settings = settings_defaults();
    assert_string_equal(show(arena, &settings),
                        MAPPING "limits.max_days=6\nlimits.max_removals=25%\n~owner=default\n"
                                "port.base_url=https://api.getport.io\nport.request_mode=pull-request\n"
                                "~usernames=local-part\n");
}

static struct located_list list(struct arena *arena, const char *first, const char *second)
{
    struct located_list list = {0};
    *VEC_ADD(arena, &list) = (struct located){.text = first};
    *VEC_ADD(arena, &list) = (struct located){.text = second};
    return list;
}

static void test_everything(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct settings settings = settings_defaults();
    struct rules *rules = &settings.rules;
    *VEC_ADD(arena, &rules->environments) = (struct environment_rules){.name = {.text = "prod"},
                                                                       .max_days = 0,
                                                                       .require_reason = true,
                                                                       .require_mfa = true,
                                                                       .approvals = 2};
    *VEC_ADD(arena, &rules->environments) =
        (struct environment_rules){.name = {.text = "dev"}, .max_days = DAYS_UNSET};
    *VEC_ADD(arena, &rules->grants) = (struct grant_rules){.name = {.text = "dev.x"}, .max_days = 1};
    rules->has_teams = true;
    *VEC_ADD(arena, &rules->teams) =
        (struct team_rules){.name = {.text = "payments"}, .accounts = list(arena, "2", "1")};
    rules->guardrails_deny = list(arena, "organizations:*", "iam:*");
    rules->guardrails_warn = list(arena, "kms:*", "kms:*");
    rules->port.actions = list(arena, "b", "a");
    rules->port.allow = list(arena, "d", "c");
    rules->port.domains = list(arena, "f", "e");
    rules->port.request_mode = PORT_DIRECT;
    rules->port.direct = true;
    settings.bootstrap.environments = list(arena, "b", "a");
    settings.bootstrap.accounts = list(arena, "2", "1");
    settings.usernames = USERNAMES_MAP;
    *VEC_ADD(arena, &settings.username_map) =
        (struct username){.email = {.text = "bert@example.com"}, .name = {.text = "bertje"}};
    assert_string_equal(
        show(arena, &settings),
        AWS "~bootstrap.accounts=1, 2\n~bootstrap.branch=\n~bootstrap.environments=a, b\n" BOOTSTRAP_BEHIND
            "environments.prod.approvals=2\nenvironments.prod.max_days=0\n"
            "environments.prod.require_mfa=true\nenvironments.prod.require_reason=true\n"
            "grants.dev.x.max_days=1\nguardrails.deny=iam:*, organizations:*\n"
            "guardrails.warn=kms:*\nlimits.max_days=6\nlimits.max_removals=25%\n"
            "~owner=default\nport.actions=a, b\nport.allow=c, d\n"
            "port.base_url=https://api.getport.io\nport.direct=true\nport.domains=e, f\n"
            "port.request_mode=direct\nteams=only the accounts that are listed\n"
            "teams.payments.accounts=1, 2\n~usernames=map\n"
            "~usernames.bert@example.com=bertje\n");
    struct setting_list alone = {0};
    setting_list_make_rules(arena, rules, &alone);
    for (size_t i = 0; i < alone.count; i++)
        assert_true(alone.items[i].is_rule);
    assert_int_equal(alone.count, 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
