/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config_run.h"
#include "unit.h"

#include <string.h>

static struct settings load(struct arena *arena, const char *text, struct diags *diags)
{
    struct config_inputs inputs = {0};
    if (text)
        *VEC_ADD(arena, &inputs) =
            (struct config_input){.kind = FILE_SETTINGS,
                                  .file = config_run_file(arena, "iamlease.yaml", text)};
    return config_load(arena, &inputs, diags)->settings;
}

static void assert_settings(const struct settings *a, const struct settings *b)
{
    assert_int_equal(a->rules.max_days, b->rules.max_days);
    assert_int_equal(a->rules.max_removals_percent, b->rules.max_removals_percent);
    assert_string_equal(a->owner, b->owner);
    assert_string_equal(a->deployer_role, b->deployer_role);
    assert_string_equal(a->policy_path, b->policy_path);
    assert_string_equal(a->partition, b->partition);
}

static void test_nothing_said_gives_the_defaults(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "# nothing\n", "{}", "~", "version: 1\n", "limits:\naws:\n", "limits: {}\naws: {}\n"};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct settings defaults = settings_defaults(), settings = load(arena, NULL, &diags);
    assert_settings(&settings, &defaults);
    for (size_t i = 0; i < COUNT(texts); i++) {
        settings = load(arena, texts[i], &diags);
        assert_settings(&settings, &defaults);
    }
    assert_int_equal(diags.count, 0);
}

static void test_everything_said(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct settings settings = load(arena,
                                    "version: 1\n"
                                    "limits: { max_days: 30, max_removals: \"50%\" }\n"
                                    "owner: platform\n"
                                    "aws:\n"
                                    "  deployer_role: Deployer\n"
                                    "  policy_path: /teams/iamlease/\n"
                                    "  partition: aws-us-gov\n",
                                    &diags);
    struct settings expected = {.rules = {.max_days = 30, .max_removals_percent = 50},
                                .owner = "platform",
                                .deployer_role = "Deployer",
                                .policy_path = "/teams/iamlease/",
                                .partition = "aws-us-gov"};
    assert_settings(&settings, &expected);
    assert_int_equal(diags.count, 0);
}

static void test_rules_and_mapping(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct settings s = load(
        arena,
        "version: 1\n"
        "environments: { prod: { max_days: 2, require_reason: true, require_mfa: true, approvals: 1 }, dev: {} }\n"
        "grants: { dev.break-glass: { max_days: 1 } }\n"
        "teams: { payments: { accounts: ['123456789012', '345678901234'] } }\n"
        "usernames: { bert@example.com: Bert, ida@example.com: ida.b }\n"
        "aws: { plan_role: Reader, external_id: e:1, region: eu-central-1,\n"
        "       permissions_boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }\n"
        "guardrails: { deny: ['organizations:*'], warn: ['iam:*', '*'] }\n"
        "port: { base_url: 'https://api.us.getport.io', actions: [ask], allow: ['s3:Get*'], request_mode: direct,\n"
        "        direct: true, domains: [example.com] }\n",
        &diags);
    assert_string_equal(config_run_diags(arena, &diags), "");
    assert_int_equal(s.rules.environments.count, 2);
    const struct environment_rules *prod = &s.rules.environments.items[0], *dev = prod + 1;
    assert_string_equal(prod->name.text, "prod");
    assert_int_equal(prod->max_days, 2);
    assert_true(prod->require_reason && prod->require_mfa);
    assert_int_equal(prod->approvals, 1);
    assert_int_equal(dev->max_days, DAYS_UNSET);
    assert_false(dev->require_reason || dev->require_mfa);
    assert_string_equal(s.rules.grants.items[0].name.text, "dev.break-glass");
    assert_int_equal(s.rules.grants.items[0].max_days, 1);
    assert_true(s.rules.has_teams);
    assert_string_equal(s.rules.teams.items[0].name.text, "payments");
    assert_string_equal(s.rules.teams.items[0].accounts.items[1].text, "345678901234");
    assert_int_equal(s.usernames, USERNAMES_MAP);
    assert_string_equal(principal_user_name(arena, &s, "ida@example.com"), "ida.b");
    assert_string_equal(s.plan_role, "Reader");
    assert_string_equal(s.external_id, "e:1");
    assert_string_equal(s.region, "eu-central-1");
    assert_string_equal(s.permissions_boundary, "arn:aws:iam::aws:policy/ReadOnlyAccess");
    assert_string_equal(s.rules.guardrails_deny.items[0].text, "organizations:*");
    assert_int_equal(s.rules.guardrails_warn.count, 2);
    assert_string_equal(s.rules.port.base_url, "https://api.us.getport.io");
    assert_string_equal(s.rules.port.actions.items[0].text, "ask");
    assert_string_equal(s.rules.port.allow.items[0].text, "s3:Get*");
    assert_int_equal(s.rules.port.request_mode, PORT_DIRECT);
    assert_true(s.rules.port.direct);
    assert_string_equal(s.rules.port.domains.items[0].text, "example.com");
}

static void test_words_and_empty_values(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    assert_int_equal(load(arena, "usernames: email\n", &diags).usernames, USERNAMES_EMAIL);
    assert_int_equal(load(arena, "usernames: local-part\n", &diags).usernames, USERNAMES_LOCAL_PART);
    assert_false(load(arena, "teams:\n", &diags).rules.has_teams);
    assert_true(load(arena, "teams: {}\n", &diags).rules.has_teams);
    struct settings settings =
        load(arena, "aws: { plan_role: '', external_id: '', permissions_boundary: '' }\n", &diags);
    assert_string_equal(settings.plan_role, "");
    assert_int_equal(diags.count, 0);
}

static void test_the_ends_of_the_ranges(void **state)
{
    (void)state;
    static const struct {
        const char *days, *removals;
        bool days_ok, removals_ok;
    } cases[] = {
        {"0", "0%", true, true},
        {"3650", "100%", true, true},
        {"3651", "101%", false, false},
        {"-1", "-1%", false, false},
        {"6.5", "2.5%", false, false},
        {"1e1", "25", false, false},
        {"+6", "%", false, false},
        {"0x6", "25 %", false, false},
        {"06", "025%", true, true},
        {"six", "all", false, false},
        {"9999999999", "9999999999%", false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags = diags_new(arena);
        load(arena,
             arena_printf(arena, "limits:\n  max_days: %s\n  max_removals: '%s'\n", cases[i].days,
                          cases[i].removals),
             &diags);
        const char *expected =
            arena_printf(arena, "%s%s",
                         cases[i].days_ok ? ""
                                          : arena_printf(arena, "iamlease.yaml:2:13+%zu invalid-number\n",
                                                         strlen(cases[i].days)),
                         cases[i].removals_ok ? ""
                                              : arena_printf(arena, "iamlease.yaml:3:17+%zu invalid-number\n",
                                                             strlen(cases[i].removals) + 2));
        assert_string_equal(config_run_diags(arena, &diags), expected);
    }
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected, *hint;
    } cases[] = {
        {"version: 2\n", "1:10+1 unknown-version", "this iamlease reads version 1"},
        {"version: '1.0'\n", "1:10+5 unknown-version", NULL},
        {"version:\n", "1:1+7 missing-value", NULL},
        {"verson: 1\n", "1:1+6 unknown-key", "did you mean 'version'?"},
        {"secrets: {}\n", "1:1+7 unknown-key",
         "the keys are: version, limits, environments, grants, teams, usernames, aws, guardrails, port, bootstrap, owner"},
        {"guardrail: {}\n", "1:1+9 unknown-key", "did you mean 'guardrails'?"},
        {"limits: { max_day: 3 }\n", "1:11+7 unknown-key", "did you mean 'max_days'?"},
        {"limits: [6]\n", "1:9+3 wrong-type", NULL},
        {"limits: { max_days: [6] }\n", "1:21+3 wrong-type", NULL},
        {"owner: a/b\n", "1:8+3 invalid-owner", NULL},
        {"owner: ''\n", "1:8+2 missing-value", NULL},
        {"owner: \"a]\"\n", "1:8+4 invalid-owner", NULL},
        {"aws: { partition: aws_cn }\n", "1:19+6 invalid-partition", "did you mean 'aws-cn'?"},
        {"aws: { policy_path: iamlease }\n", "1:21+8 invalid-policy-path", NULL},
        {"aws: { policy_path: /a//b/ }\n", "1:21+6 invalid-policy-path", NULL},
        {"aws: { deployer_role: 'arn:aws:iam::123456789012:role/x' }\n", "1:23+34 invalid-role", NULL},
        {"aws: { region: us-east }\n", "1:16+7 invalid-region", "as in 'us-east-1'"},
        {"aws: { deployer_role: '' }\n", "1:23+2 missing-value", NULL},
        {"aws: { external_id: x }\n", "1:21+1 invalid-external-id", NULL},
        {"aws: { permissions_boundary: Boundary }\n", "1:30+8 invalid-policy-arn", NULL},
        {"environments: { prod: { max_days: 3651 } }\n", "1:35+4 invalid-number", NULL},
        {"environments: { prod: { require_mfa: yes } }\n", "1:38+3 invalid-boolean", "write 'true' or 'false'"},
        {"environments: { prod: { approvals: 21 } }\n", "1:36+2 invalid-number", "a whole number from 0 to 20"},
        {"environments: { prod: { maxdays: 1 } }\n", "1:25+7 unknown-key", "did you mean 'max_days'?"},
        {"environments: { 'a b': {} }\n", "1:17+5 invalid-environment", NULL},
        {"grants: { p: { approvals: 1 } }\n", "1:16+9 unknown-key", "the only key is: max_days"},
        {"teams: { Payments: { accounts: [] } }\n", "1:10+8 invalid-team", NULL},
        {"teams: { payments: { accounts: ['1'] } }\n", "1:33+3 invalid-account-id", NULL},
        {"usernames: e-mail\n", "1:12+6 invalid-usernames", "did you mean 'email'?"},
        {"usernames: { bert: b }\n", "1:14+4 invalid-user", NULL},
        {"usernames: { bert@example.com: 'b b' }\n", "1:32+5 invalid-user", NULL},
        {"guardrails: { deny: ['*:*'] }\n", "1:22+5 invalid-action", NULL},
        {"port: { base_url: 'http://api.getport.io' }\n", "1:19+23 invalid-url", NULL},
        {"port: { base_url: 'https://a@b' }\n", "1:19+13 invalid-url", NULL},
        {"port: { base_url: 'https://evil.example' }\n", "1:19+22 invalid-url", NULL},
        {"port: { base_url: 'https://getport.io.example' }\n", "1:19+28 invalid-url", NULL},
        {"port: { base_url: 'https://notgetport.io' }\n", "1:19+23 invalid-url", NULL},
        {"port: { base_url: 'https://a@api.port.io' }\n", "1:19+23 invalid-url", NULL},
        {"port: { base_url: 'https://a..getport.io' }\n", "1:19+23 invalid-url", NULL},
        {"port: { base_url: 'https://e.example/.getport.io' }\n", "1:19+31 invalid-url", NULL},
        {"port: { base_url: 'http://127.0.0.1:80.example' }\n", "1:19+29 invalid-url", NULL},
        {"port: { request_mode: pullrequest }\n", "1:23+11 invalid-mode", "did you mean 'pull-request'?"},
        {"port: { domains: ['@a.example'] }\n", "1:19+12 invalid-domain", NULL},
        {"port: { actions: ['a b'] }\n", "1:19+5 invalid-port-action", NULL},
        {"- version: 1\n", "1:1+12 wrong-type", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags = diags_new(arena);
        load(arena, cases[i].text, &diags);
        const char *expected = arena_printf(arena, "iamlease.yaml:%s\n", cases[i].expected);
        const char *got = config_run_diags(arena, &diags);
        CHECK(str_eq(got, expected), "'%s' gives %s", cases[i].text, got);
        CHECK(!cases[i].hint || str_eq(diags.items[0].hint, cases[i].hint), "%s", diags.items[0].hint);
    }
}

/* What was refused keeps its default, so that nobody works with half a value. */
static void test_refused_values_leave_the_defaults(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct settings defaults = settings_defaults();
    struct settings settings = load(
        arena,
        "limits: {max_days: 99999, max_removals: x}\nowner: a b\naws: {partition: x, policy_path: x, deployer_role: a b}\n",
        &diags);
    assert_settings(&settings, &defaults);
    assert_int_equal(diags.errors, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_said_gives_the_defaults),
        cmocka_unit_test(test_everything_said),
        cmocka_unit_test(test_rules_and_mapping),
        cmocka_unit_test(test_words_and_empty_values),
        cmocka_unit_test(test_the_ends_of_the_ranges),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_refused_values_leave_the_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
