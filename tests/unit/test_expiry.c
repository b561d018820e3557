/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "config_run.h"
#include "unit.h"

static int64_t instant(const char *text)
{
    int64_t time_s = -1;
    assert_true(time_parse_rfc3339(text, &time_s));
    return time_s;
}

/* Judges an entry with that date; the diagnostic, or NULL. Everything else about the files is right. */
static const struct diag *judge(struct arena *arena, const char *date, const char *now, int64_t max_days)
{
    const struct text_file files[TEXT_FILES_MAX] = {
        {"aws-accounts/a.yaml", "aws-accounts: { prod: '123456789012' }\n"},
        {"aws-policies/a.yaml",
         "aws-policies: { p: { managed_policies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] } }\n"},
        {"permanent-access/a.yaml", "permanent-access: [{ users: [u], environments: [prod], grants: [p] }]\n"},
        {"temporary-access/a.yaml",
         arena_printf(arena,
                      "temporary-access:\n- expiration_date: %s\n  user: u\n  environment: prod\n  grant: p\n",
                      date)},
    };
    struct diags *diags = ARENA_NEW(arena, struct diags);
    *diags = diags_new(arena);
    struct config *config = config_run(arena, files, diags);
    assert_int_equal(diags->count, 0);
    struct rules rules = settings_defaults().rules;
    rules.max_days = max_days;
    const struct all_account_rules accounts = {0};
    config_judge(config, &(struct judge){.rules = &rules, .accounts = &accounts, .now_s = instant(now)},
                 diags);
    assert_true(diags->count <= 1);
    return diags->count ? &diags->items[0] : NULL;
}

static void test_the_limit_counts_from_today_utc(void **state)
{
    (void)state;
    static const struct {
        const char *date, *now;
        int64_t max_days;
        const char *id;
    } cases[] = {
        {"2025-11-30", "2025-11-26T09:00:00Z", 6, NULL},
        {"2025-12-02", "2025-11-26T00:00:00Z", 6, NULL},
        {"2025-12-02", "2025-11-26T23:59:59Z", 6, NULL},
        {"2025-12-03", "2025-11-26T23:59:59Z", 6, "expiry-too-far"},
        {"2025-12-03", "2025-11-27T00:00:00Z", 6, NULL},
        {"2025-11-26", "2025-11-26T23:59:59Z", 0, NULL},
        {"2025-11-27", "2025-11-26T23:59:59Z", 0, "expiry-too-far"},
        {"2025-11-26", "2025-11-27T00:00:00Z", 0, "lease-ended"},
        {"2025-11-26", "2025-11-26T23:59:59Z", 6, NULL},
        {"2025-11-25", "2025-11-26T00:00:00Z", 6, "lease-ended"},
        {"2024-02-29", "2024-02-27T12:00:00Z", 2, NULL},
        {"2024-03-01", "2024-02-27T12:00:00Z", 2, "expiry-too-far"},
        {"1970-01-01", "2025-11-26T00:00:00Z", 6, "lease-ended"},
        {"9998-12-31", "2025-11-26T00:00:00Z", 3650, "expiry-too-far"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const struct diag *diag = judge(arena, cases[i].date, cases[i].now, cases[i].max_days);
        CHECK(cases[i].id ? diag && str_eq(diag->id, cases[i].id) : !diag, "%s at %s gives %s", cases[i].date,
              cases[i].now, diag ? diag->id : "nothing");
    }
}

static void test_too_far_names_the_latest_date(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct diag *diag = judge(arena, "2026-01-01", "2025-11-26T09:00:00Z", 6);
    assert_int_equal(diag->severity, DIAG_ERROR);
    assert_string_equal(diag->span.file->path, "temporary-access/a.yaml");
    assert_int_equal(diag->span.line, 2);
    assert_int_equal(diag->span.column, 20);
    assert_int_equal(diag->span.length, 10);
    assert_string_equal(diag->message,
                        "this lease would end at 2026-01-02T00:00:00Z, more than 6 days from today");
    assert_string_equal(diag->hint, "the latest date allowed is 2025-12-02");
    diag = judge(arena, "2026-01-01", "2025-11-26T09:00:00Z", 1);
    assert_string_equal(diag->message,
                        "this lease would end at 2026-01-02T00:00:00Z, more than 1 day from today");
    assert_string_equal(
        diag->hint,
        "the latest date allowed is 2025-11-27: limits.max_days was 1 before this change, and that counts");
}

static void test_ended_is_only_a_warning(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct diag *diag = judge(arena, "2025-11-25", "2025-11-26T09:00:00Z", 6);
    assert_int_equal(diag->severity, DIAG_WARNING);
    assert_string_equal(diag->message, "this lease ended at 2025-11-26T00:00:00Z");
    assert_int_equal(diag->span.column, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_limit_counts_from_today_utc),
        cmocka_unit_test(test_too_far_names_the_latest_date),
        cmocka_unit_test(test_ended_is_only_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
