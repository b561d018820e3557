/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/str.h"
#include "render/render.h"
#include "render_checks.h"
#include "render_samples.h"
#include "unit.h"

#include <string.h>

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

typedef void report_renderer(struct buf *out, const struct report *report);

static void plain_text(struct buf *out, const struct report *report)
{
    render_report_text(out, report, (struct style){false});
}

static const char *render(struct arena *arena, report_renderer *renderer, const struct report *report)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    renderer(&out, report);
    return rendered(arena, &out);
}

#define assert_contains(text, part) assert_non_null(strstr((text), (part)))

/* A plan with operations and nothing to complain about. */
static struct plan *clean_plan(struct arena *arena)
{
    struct plan *plan = sample_plan(arena);
    plan->problems = (struct problems){0};
    return plan;
}

static void test_failures(void **state)
{
    const char *text = render(*state, plain_text, sample_report(*state, sample_plan(*state)));
    const char *failure = strstr(text, "✗ put inline policy temp-payments-dev-break-glass-bert on user bert "
                                       "(until 2025-12-01T00:00:00Z) in prod (345678901234)\n"
                                       "    NoSuchEntity: The user with name bert cannot be found.");
    assert_true(str_prefix(text,
                           "apply: 2 done, 1 failed, 1 blocked, 1 pending (not begun: the run's deadline had "
                           "passed), 1 problem — 2 accounts\n"));
    assert_non_null(failure);
    assert_contains(failure, "(3 attempts, request 7a62c49f-347e-4fc4-9331-6e8eEXAMPLE)\n");
    assert_true(failure < strstr(text, "1 problem\n"));
    assert_contains(text, "applied: stays at 0011223\n");
    assert_contains(text, "    blocked  - detach policy ");
    assert_contains(text, "    done     ~ change policy ");
    assert_contains(text, "\nNext: put right what failed ");
}

static void test_done(void **state)
{
    struct plan *plan = clean_plan(*state);
    struct report *report = sample_report(*state, plan);
    for (size_t i = 0; i < plan->operations.count; i++)
        report->results[i] = (struct result){.status = RESULT_DONE, .attempts = 1};
    report->applied_after = "5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80";
    const char *text = render(*state, plain_text, report);
    assert_contains(text, "\napplied: 0011223 → 5d6e7f8\n");
    assert_int_equal(strncmp(text, "apply: 5 done — 2 accounts\nfrom main ", 38), 0);
    assert_null(strstr(text, "Next:"));
    report->applied_before = NULL;
    assert_contains(render(*state, plain_text, report), "applied: now at 5d6e7f8\n");
    assert_contains(render(*state, render_report_markdown, report), "\napplied: now at `5d6e7f8`\n");
    assert_contains(render(*state, render_report_json, report), "\"clean\": true");
}

static void test_nothing_to_do(void **state)
{
    struct plan plan = {.head_name = "HEAD", .now_s = SAMPLE_NOW};
    struct report report = {.command = "cleanup", .plan = &plan, .accounts = 1};
    assert_string_equal(render(*state, plain_text, &report),
                        "cleanup: nothing to do — 1 account\nat HEAD, as of 2025-11-26T09:00:00Z\n");
}

static void test_dry_run(void **state)
{
    struct plan *plan = clean_plan(*state);
    struct report report = {.command = "apply", .dry_run = true, .plan = plan, .accounts = 2};
    const char *text = render(*state, plain_text, &report);
    assert_contains(text, "apply, dry run: 5 operations would run, nothing was written — 2 accounts\n");
    assert_contains(text, "\n    + put inline policy ");
    assert_contains(text, "\nNext: run it without --dry-run to do this.\n");
    assert_contains(render(*state, render_report_markdown, &report),
                    "### iamlease apply, dry run: 5 operations would run");
    const char *json = render(*state, render_report_json, &report);
    assert_contains(json, "\"dry_run\": true");
    assert_contains(json, "\"status\": null");
}

static void test_stopped(void **state)
{
    struct report *report = sample_report(*state, clean_plan(*state));
    report->stopped = true;
    const char *text = render(*state, plain_text, report);
    assert_contains(text, "apply, stopped by a signal: 2 done, 1 failed, 1 blocked, 1 pending — 2 accounts\n");
    assert_contains(text, "\nNext: run it again: it goes on where this run stopped.\n");
}

/* The deadline passed, and nothing failed. */
static void test_late(void **state)
{
    struct report *report = sample_report(*state, clean_plan(*state));
    for (size_t i = 0; i < report->plan->operations.count; i++)
        if (report->results[i].status != RESULT_PENDING)
            report->results[i] = (struct result){.status = RESULT_DONE, .attempts = 1};
    const char *text = render(*state, plain_text, report);
    assert_contains(text,
                    "apply: 4 done, 1 pending (not begun: the run's deadline had passed) — 2 accounts\n");
    assert_contains(
        text, "\nNext: run it again: it goes on where this run ended; or give it more time with --deadline.");
    assert_contains(render(*state, render_report_json, report), "\"deadline_passed\": true");
}

/* Refused before the first operation: there are no results, and that is no success. */
static void test_no_results(void **state)
{
    struct report report = {.command = "apply", .plan = sample_plan(*state), .accounts = 2};
    const char *text = render(*state, plain_text, &report);
    assert_contains(text, "apply: 0 done, 5 pending, 1 problem — 2 accounts\n");
}

static void test_markdown(void **state)
{
    const char *markdown = render(*state, render_report_markdown, sample_report(*state, sample_plan(*state)));
    assert_contains(
        markdown,
        "### iamlease apply: 2 done, 1 failed, 1 blocked, 1 pending (not begun: the run's deadline had "
        "passed), 1 problem — 2 accounts\n\n❌ **1 failure**\n");
    assert_contains(markdown, "<br>`NoSuchEntity`: The user with name bert cannot be found.");
    assert_contains(markdown, "| ❌ failed | `prod`<br>`345678901234` | `+` put inline policy ");
    assert_contains(markdown, "\napplied: stays at `0011223`\n");
    assert_markdown_harmless(markdown);
}

static void test_json(void **state)
{
    const char *text = render(*state, render_report_json, sample_report(*state, sample_plan(*state)));
    struct json *json;
    struct err err = {0};
    assert_int_equal(json_parse(*state, text, strlen(text), &json, &err), 0);
    assert_string_equal(json_get_string(json, "format"), "iamlease/report");
    assert_string_equal(json_get_string(json, "command"), "apply");
    assert_false(json_get(json, "clean")->boolean);
    assert_true(json_get(json_get(json, "counts"), "done")->number == 2);
    assert_true(json_get(json_get(json, "counts"), "pending")->number == 1);
    assert_string_equal(json_get_string(json_get(json, "applied"), "before"),
                        "0011223344556677889900112233445566778899");
    const struct json *failed = &json_get(json, "operations")->items[1];
    assert_string_equal(json_get_string(failed, "operation"), "put-inline-policy");
    assert_string_equal(json_get_string(failed, "status"), "failed");
    assert_string_equal(json_get_string(failed, "error_code"), "NoSuchEntity");
    assert_string_equal(json_get_string(failed, "lease_id"), "00c0ffee00c0ffee");
    assert_true(json_get(failed, "attempts")->number == 3);
}

static void test_hostile(void **state)
{
    for (size_t i = 0; hostile_texts[i]; i++) {
        struct result result = {
            .status = RESULT_FAILED,
            .attempts = 1,
            .error_code = hostile_texts[i],
            .message = hostile_texts[i],
            .request_id = hostile_texts[i],
        };
        struct report report = {
            .command = "apply",
            .plan = hostile_plan(*state, hostile_texts[i]),
            .results = &result,
            .applied_before = hostile_texts[i],
            .accounts = 1,
        };
        assert_terminal_harmless(render(*state, plain_text, &report));
        assert_markdown_harmless(render(*state, render_report_markdown, &report));
        const char *text = render(*state, render_report_json, &report);
        struct json *json;
        struct err err = {0};
        assert_int_equal(json_parse(*state, text, strlen(text), &json, &err), 0);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_failures), TEST(test_done),     TEST(test_nothing_to_do), TEST(test_dry_run),
        TEST(test_stopped),  TEST(test_markdown), TEST(test_no_results),    TEST(test_json),
        TEST(test_hostile),  TEST(test_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
