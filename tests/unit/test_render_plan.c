/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
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

typedef void plan_renderer(struct buf *out, const struct plan *plan);

static void plain_text(struct buf *out, const struct plan *plan)
{
    render_plan_text(out, plan, (struct style){false});
}

static const char *render(struct arena *arena, plan_renderer *renderer, const struct plan *plan)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    renderer(&out, plan);
    return rendered(arena, &out);
}

#define assert_contains(text, part) assert_non_null(strstr((text), (part)))

static void test_text(void **state)
{
    const char *text = render(*state, plain_text, sample_plan(*state));
    assert_int_equal(strncmp(text,
                             "Plan: 1 to grant, 1 to extend, 1 to change, 1 to revoke, 1 problem — "
                             "2 users, 2 roles, 2 accounts — 1 with high risk\n"
                             "from main (1a2b3c4) to WORKTREE, as of 2025-11-26T09:00:00Z\n",
                             strlen("Plan: 1 to grant, 1 to extend, 1 to change, 1 to revoke, 1 problem — ")),
                     0);
    assert_contains(text, "prod (345678901234)     until 2025-12-01T00:00:00Z (in 4 days 15 hours)\n"
                          "             ! high risk: administrator access\n");
    assert_contains(text, "(in 4 days 15 hours), was until 2025-11-27T09:00:00Z\n");
    assert_contains(text, "             gains s3:PutObject, sqs:*\n"
                          "             loses AmazonS3ReadOnlyAccess (AWS managed)\n"
                          "             reaches arn:aws:s3:::reports/*\n"
                          "             condition gone: StringEquals aws:RequestedRegion: eu-west-1\n");
    assert_contains(text, "ends on apply, had no end\n");
    assert_contains(text,
                    "5 operations, worked out from the base; AWS was not read\n  nonprod (123456789012)\n");
    assert_contains(
        text, "- delete policy version v1 of iamlease/payments-dev-read-only — room for a new version\n");
    assert_contains(text, "\nNext: solve the problem above; ");
    assert_null(strchr(text, '\033'));
}

static size_t column_of(const char *text, const char *line_part, const char *part)
{
    const char *line = strstr(text, line_part);
    assert_non_null(line);
    while (line > text && line[-1] != '\n')
        line--;
    return (size_t)(strstr(line, part) - line);
}

static void test_text_is_aligned(void **state)
{
    const char *text = render(*state, plain_text, sample_plan(*state));
    size_t column = column_of(text, "+ grant", "payments/");
    assert_int_equal(column_of(text, "~ extend", "payments/"), column);
    assert_int_equal(column_of(text, "~ change", "payments/"), column);
    assert_int_equal(column_of(text, "- revoke", "payments/"), column);
    assert_int_equal(column_of(text, "+ grant", "bert@"), 13);
    assert_int_equal(column_of(text, "- revoke", "ends on"), column_of(text, "+ grant", "until"));
}

static void test_color(void **state)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    render_plan_text(&out, sample_plan(*state), (struct style){true});
    assert_contains(out.bytes, "\033[32m+ grant  \033[0m");
    assert_int_equal(occurrences(out.bytes, "\033[") % 2, 0);
    buf_free(&out);
}

static void test_nothing(void **state)
{
    struct plan plan = {.base_name = "main", .head_name = "main", .now_s = SAMPLE_NOW};
    assert_string_equal(render(*state, plain_text, &plan),
                        "Nothing to change.\nfrom main to main, as of 2025-11-26T09:00:00Z\n");
    assert_contains(render(*state, render_plan_json, &plan), "\"changes\": false");

    problem_add(*state, &plan.problems, "account-unreachable", "123456789012", NULL, "no answer");
    assert_contains(render(*state, plain_text, &plan), "Nothing to change, 1 problem\n");
    assert_contains(render(*state, plain_text, &plan), "concerns:   123456789012\n");
}

/* AWS differs from what was applied, though nobody's access changes between base and head. */
static void test_only_operations(void **state)
{
    struct plan *plan = sample_plan(*state);
    plan->delta = (struct delta){0};
    plan->problems = (struct problems){0};
    plan->head_id = "5d6e7f8";
    plan->head_name = "5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80";
    const char *text = render(*state, plain_text, plan);
    assert_contains(
        text, "Plan: nobody's access changes, 5 operations put AWS right\nfrom main (1a2b3c4) to 5d6e7f8,");
    assert_contains(text, "\n  123456789012\n");
    assert_contains(text, "\nNext: after the merge, `iamlease apply` carries this out.\n");
}

static void test_hostile(void **state)
{
    for (size_t i = 0; hostile_texts[i]; i++) {
        struct plan *plan = hostile_plan(*state, hostile_texts[i]);
        assert_terminal_harmless(render(*state, plain_text, plan));

        const char *text = render(*state, render_plan_json, plan);
        struct json *json;
        struct err err = {0};
        assert_int_equal(json_parse(*state, text, strlen(text), &json, &err), 0);
    }
}

static void test_json(void **state)
{
    const char *text = render(*state, render_plan_json, sample_plan(*state));
    struct json *json;
    struct err err = {0};
    assert_int_equal(json_parse(*state, text, strlen(text), &json, &err), 0);
    assert_int_equal(strncmp(text, "{\n  \"format\": \"iamlease/plan\",\n  \"version\": 1,", 46), 0);
    assert_string_equal(json_get_string(json_get(json, "base"), "name"), "main");
    assert_int_equal(json_get(json_get(json, "head"), "id")->kind, JSON_NULL);
    assert_string_equal(json_get_string(json, "now"), "2025-11-26T09:00:00Z");
    assert_true(json_get(json, "changes")->boolean);
    assert_true(json_get(json_get(json, "counts"), "revoke")->number == 1);
    assert_true(json_get(json_get(json, "counts"), "shorten")->number == 0);

    const struct json *rows = json_get(json, "rows");
    assert_int_equal(rows->count, 4);
    const struct json *extend = &rows->items[1], *revoke = &rows->items[3];
    assert_string_equal(json_get_string(extend, "change"), "extend");
    assert_string_equal(json_get_string(extend, "kind"), "lease");
    assert_string_equal(json_get_string(extend, "mode"), "inline");
    assert_string_equal(json_get_string(extend, "ends_at"), "2025-12-01T00:00:00Z");
    assert_string_equal(json_get_string(extend, "ends_at_before"), "2025-11-27T09:00:00Z");
    assert_string_equal(json_get_string(json_get(extend, "principal"), "declared_as"),
                        "erika.mustermann@example.com");
    assert_string_equal(json_get_string(json_get(extend, "place"), "file"), "temporary-access/payments.yaml");
    assert_string_equal(json_get_string(revoke, "kind"), "permanent");
    assert_int_equal(json_get(revoke, "ends_at")->kind, JSON_NULL);
    assert_string_equal(json_get(&rows->items[2], "actions_gained")->items[1].string, "sqs:*");

    const struct json *operations = json_get(json, "operations");
    assert_true(json_get(operations, "implied")->boolean);
    const struct json *attach = &json_get(operations, "items")->items[2];
    assert_string_equal(json_get_string(attach, "operation"), "attach-policy");
    assert_string_equal(json_get_string(json_get(attach, "principal"), "kind"), "role");
    assert_true(json_get(attach, "after")->count == 1 && json_get(attach, "after")->items[0].number == 0);
    assert_int_equal(json_get(&json_get(operations, "items")->items[0], "principal")->kind, JSON_NULL);

    const struct json *problem = &json_get(json, "problems")->items[0];
    assert_string_equal(json_get_string(problem, "id"), "mode-not-available");
    assert_string_equal(json_get_string(problem, "lease_id"), "00c0ffee00c0ffee");
    assert_int_equal(json_get(json, "notices")->count, 1);
}

/* Held rows, side changes, groups, windows, MFA, what an ad-hoc grant allows, and the digest. */
static void test_new_things(void **state)
{
    struct plan *plan = sample_plan(*state);
    sample_add_new_things(*state, plan);
    const char *text = render(*state, plain_text, plan);
    assert_contains(
        text,
        "Plan: 2 to grant, 1 to extend, 1 to change, 1 to revoke, 1 held, 2 changes of settings or accounts, 1 problem — "
        "2 users, 2 roles, 1 group, 2 accounts — 2 with high risk\n");
    assert_contains(text, "\ndigest " SAMPLE_DIGEST "\n");
    assert_contains(text, "\n2 changes of settings or accounts\n"
                          "  account changed  prod of team payments  345678901234 → 456789012345\n"
                          "    ! high risk: 6 grants move with it\n"
                          "  setting          limits.max_days        nothing → 30\n");
    assert_contains(text, "  ! held     bert@example.com (IAM user bert)");
    assert_contains(text, "             it ends later than prod allows\n");
    assert_contains(text, "  + grant    group Auditors ");
    assert_contains(text,
                    "from 2025-11-28T09:00:00Z (in 2 days), until 2025-12-01T00:00:00Z (in 4 days 15 hours)\n"
                    "             allows s3:PutObject on arn:aws:s3:::reports/*\n"
                    "             needs MFA; reason: Quarterly audit; ticket SEC-12\n");

    struct json *json;
    struct err err = {0};
    text = render(*state, render_plan_json, plan);
    assert_int_equal(json_parse(*state, text, strlen(text), &json, &err), 0);
    assert_string_equal(json_get_string(json, "digest"), SAMPLE_DIGEST);
    const struct json *side = json_get(json, "side_changes");
    assert_int_equal(side->count, 2);
    assert_string_equal(json_get_string(&side->items[0], "before"), "345678901234");
    assert_int_equal(json_get(&side->items[1], "before")->kind, JSON_NULL);
    const struct json *row = &json_get(json, "rows")->items[5];
    assert_string_equal(json_get_string(row, "starts_at"), "2025-11-28T09:00:00Z");
    assert_string_equal(json_get_string(row, "ticket"), "SEC-12");
    assert_true(json_get(row, "require_mfa")->boolean);
}

/* What is held stays as it is, whatever end was asked for. */
static void test_term_of_held(void **state)
{
    struct plan *plan = sample_plan(*state);
    struct delta_row *extend = &plan->delta.items[1];
    extend->kind = CHANGE_HOLD;
    assert_contains(render(*state, plain_text, plan),
                    "until 2025-11-27T09:00:00Z (in 1 day), asked for 2025-12-01T00:00:00Z\n");
    extend->after = NULL;
    assert_contains(render(*state, plain_text, plan), "until 2025-11-27T09:00:00Z (in 1 day)\n");
    assert_null(strstr(render(*state, plain_text, plan), "was until 2025-11-27"));
}

static void test_other_start(void **state)
{
    struct plan *plan = sample_plan(*state);
    struct fact before = *plan->delta.items[1].before;
    plan->delta.items[1].before = &before;
    before.ends_at_s = plan->delta.items[1].after->ends_at_s;
    before.starts_at_s = SAMPLE_NOW + 3600;
    assert_contains(render(*state, plain_text, plan),
                    "until 2025-12-01T00:00:00Z (in 4 days 15 hours), was from 2025-11-26T10:00:00Z\n");
}

/* What is held is no change, and neither is a rule that is for later changes. */
static void test_nothing_but_side_changes(void **state)
{
    struct plan plan = {.base_name = "main", .head_name = "main", .now_s = SAMPLE_NOW};
    *VEC_ADD(*state, &plan.delta.side) =
        (struct side_change){.id = "setting", .risk = RISK_LOW, .what = "limits", .after = "30"};
    assert_contains(render(*state, plain_text, &plan), "Plan: 1 change of settings or accounts\n");
    assert_contains(render(*state, render_plan_json, &plan), "\"changes\": false");
}

static bool count_bytes(void *context, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)context += size;
    return true;
}

/* Text and JSON are streams: a buffer of a large plan never grows with it. */
static void test_streams(void **state)
{
    static plan_renderer *const renderers[] = {plain_text, render_plan_json};
    const struct plan *plan = large_plan(*state, 0, 3000);
    for (size_t i = 0; i < COUNT(renderers); i++) {
        size_t total = 0;
        struct buf out;
        buf_init_stream(&out, count_bytes, &total);
        renderers[i](&out, plan);
        assert_true(buf_finish(&out));
        assert_true(total > out.capacity && out.capacity <= 256 * 1024);
        buf_free(&out);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_text),
        TEST(test_text_is_aligned),
        TEST(test_color),
        TEST(test_nothing),
        TEST(test_only_operations),
        TEST(test_hostile),
        TEST(test_json),
        TEST(test_new_things),
        TEST(test_other_start),
        TEST(test_term_of_held),
        TEST(test_nothing_but_side_changes),
        TEST(test_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
