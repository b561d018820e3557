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
        {"guardrails: {}\n", "1:1+10 unknown-key", "the keys are: version, limits, aws, owner"},
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
        {"aws: { region: us-east-1 }\n", "1:8+6 unknown-key", NULL},
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
        cmocka_unit_test(test_the_ends_of_the_ranges),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_refused_values_leave_the_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
