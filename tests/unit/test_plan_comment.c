/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "render/render.h"
#include "render_checks.h"
#include "render_samples.h"
#include "unit.h"

#include <string.h>

#define RUN_URL "https://github.com/octo/access/actions/runs/1"

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

struct comment {
    const char *text;
    char hash[SHA256_HEX_SIZE];
    bool fits;
};

static struct comment comment_of(struct arena *arena, const struct plan *plan, size_t max_bytes)
{
    const struct comment_options options = {.max_bytes = max_bytes, .summary_url = RUN_URL};
    struct comment comment;
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    comment.fits = render_plan_comment(&out, plan, &options, comment.hash);
    comment.text = rendered(arena, &out);
    return comment;
}

static const char *text_of(struct arena *arena, const struct plan *plan)
{
    struct comment comment = comment_of(arena, plan, COMMENT_BYTES_MAX);
    assert_true(comment.fits);
    return comment.text;
}

#define assert_contains(text, part) assert_non_null(strstr((text), (part)))

static void test_comment(void **state)
{
    const char *text = text_of(*state, sample_plan(*state));
    assert_true(
        str_prefix(text, "### iamlease plan: 1 to grant, 1 to extend, 1 to change, 1 to revoke, 1 problem\n\n"
                         "⚠️ **1 with high risk** · 2 users, 2 roles, 2 accounts\n"));
    assert_contains(text, "\n| `+`&nbsp;**grant**<br>⚠️ **high risk**<br>administrator access "
                          "| `bert@example.com`<br>IAM user `bert` "
                          "| `payments/dev.break-glass`<br><sub>Incident 4711: refunds are stuck</sub> "
                          "| `prod`<br>`345678901234` "
                          "| 2025-12-01<br>00:00:00Z<br>in&nbsp;4&nbsp;days&nbsp;15&nbsp;hours |\n");
    assert_contains(text, "<br>gains `s3:PutObject`, `sqs:*`<br>loses `AmazonS3ReadOnlyAccess` (AWS managed)"
                          "<br>reaches `arn:aws:s3:::reports/*`"
                          "<br>condition gone: `StringEquals aws:RequestedRegion: eu-west-1` |");
    assert_true(strstr(text, "1 problem**") < strstr(text, "| Change |"));
    assert_contains(
        text, "<summary>5 operations in 2 accounts, worked out from the base; AWS was not read</summary>");
    assert_contains(
        text, "<summary>2 policy documents</summary>\n<details>\n<summary>document: change policy <code>");
    assert_contains(text, "\n```json\n{\n  \"Version\": \"2012-10-17\",\n");
    assert_contains(text, "<sub>from `main` (`1a2b3c4`) to `WORKTREE`, as of 2025-11-26T09:00:00Z</sub>\n");
    assert_markdown_harmless(text);
}

static void test_new_things(void **state)
{
    struct plan *plan = sample_plan(*state);
    sample_add_new_things(*state, plan);
    const char *text = text_of(*state, plan);
    assert_contains(
        text,
        "1 to revoke, 1 held, 2 changes of settings or accounts, 1 problem\n\n⚠️ **2 with high risk** · 2 users, 2 roles, 1 group,");
    assert_contains(text, "\n| `~`&nbsp;**account changed**<br>⚠️ **high risk**<br>6 grants move with it "
                          "| `prod of team payments` | `345678901234` | `456789012345` |\n"
                          "| `+`&nbsp;**setting** | `limits.max_days` | – | `30` |\n");
    assert_contains(text, "\n| `!`&nbsp;**held**<br>it ends later than prod allows | `bert@example.com`");
    assert_contains(text,
                    "| group `Auditors` | `payments/adhoc-3f1c2b`"
                    "<br>allows `s3:PutObject` on `arn:aws:s3:::reports/*`<br>needs MFA"
                    "<br><sub>Incident 4711: refunds are stuck</sub><br><sub>Reason: Quarterly audit</sub>"
                    "<br><sub>Ticket: SEC-12</sub> ");
    assert_contains(text,
                    "| from 2025-11-28<br>09:00:00Z<br>in&nbsp;2&nbsp;days<br>until 2025-12-01<br>00:00:00Z");
    assert_contains(text, ", digest <code title=\"" SAMPLE_DIGEST "\">3f1c2b4a5968</code>, as of ");
    assert_true(strstr(text, "| Settings and accounts |") < strstr(text, "| Change |"));
    assert_true(strstr(text, "**held**") < strstr(text, "**extend**")); /* what must be seen stands first */
    assert_markdown_harmless(text);
}

static void test_nothing(void **state)
{
    struct plan plan = {.base_name = "main", .head_name = "main", .now_s = SAMPLE_NOW};
    assert_string_equal(text_of(*state, &plan),
                        "### iamlease plan: nothing to change\n\n"
                        "<sub>from `main` to `main`, as of 2025-11-26T09:00:00Z</sub>\n");
    *VEC_ADD(*state, &plan.delta.side) =
        (struct side_change){.id = "setting", .risk = RISK_LOW, .what = "limits", .after = "30"};
    assert_true(
        str_prefix(text_of(*state, &plan), "### iamlease plan: 1 change of settings or accounts\n\n| Set"));
}

/* What a grant allows is said once, in its first row, and so is how a policy changes; another change is not lost. */
static void test_explained_once(void **state)
{
    struct plan *plan = large_plan(*state, 0, 5);
    assert_int_equal(occurrences(text_of(*state, plan), "<br>allows "), 1);
    for (size_t i = 0; i < plan->delta.count; i++)
        plan->delta.items[i].kind = CHANGE_MODIFY;
    struct policy_change another = {0};
    strings_add(*state, &another.actions_gained, "iam:*");
    plan->delta.items[3].policy = &another;
    const char *text = text_of(*state, plan);
    assert_int_equal(occurrences(text, "<br>gains `x`"), 1);
    assert_int_equal(occurrences(text, "<br>gains `iam:*`"), 1);
    assert_int_equal(occurrences(text, "<br>the same change as above"), 3);
}

/* Documents come from us, but a fence must hold whatever stands in them. */
static void test_fence(void **state)
{
    struct plan *plan = hostile_plan(*state, "x");
    plan->operations.items[0].document = "{\"a\":\"`````\\\"{\",\"b\":[],\"c\":[{\"d\":1}]}";
    assert_contains(
        text_of(*state, plan),
        "\n``````json\n{\n  \"a\": \"`````\\\"{\",\n  \"b\": [],\n  \"c\": [\n    {\n      \"d\": 1\n    }\n  ]\n}\n``````\n");
}

static void test_hostile(void **state)
{
    for (size_t i = 0; hostile_texts[i]; i++) {
        const char *text = text_of(*state, hostile_plan(*state, hostile_texts[i]));
        assert_markdown_harmless(text);
        const char *table = strstr(text, "\n| Settings"), *details = strstr(text, "\n<details>");
        const char *end = strstr(table, "\n\n**");
        assert_int_equal(occurrences(arena_strndup(*state, table, (size_t)(end - table)), "|"), 3 * (5 + 6));
        assert_int_equal(occurrences(arena_strndup(*state, text, (size_t)(details - text)), "\n#"), 0);
        assert_null(strchr(text, '\001'));
        assert_null(strchr(text, '\002'));
    }
}

/* An hour later nothing has to be sent; when an end, the head or a row changes, it has. */
static void test_hash(void **state)
{
    struct plan *plan = sample_plan(*state);
    sample_add_new_things(*state, plan);
    struct comment now = comment_of(*state, plan, COMMENT_BYTES_MAX);
    plan->now_s += 3600;
    struct comment later = comment_of(*state, plan, COMMENT_BYTES_MAX);
    assert_string_not_equal(now.text, later.text);
    assert_string_equal(now.hash, later.hash);

    struct fact fact = *plan->delta.items[0].after;
    fact.ends_at_s += 1;
    plan->delta.items[0].after = &fact;
    struct comment longer = comment_of(*state, plan, COMMENT_BYTES_MAX);
    assert_string_not_equal(longer.hash, later.hash);
    plan->head_name = "other";
    assert_string_not_equal(comment_of(*state, plan, COMMENT_BYTES_MAX).hash, longer.hash);
}

/* The clock does not change what is left out either. */
static void test_hash_of_a_cut_plan(void **state)
{
    struct plan *plan = large_plan(*state, 3, 2000);
    struct fact fact = *plan->delta.items[0].after;
    fact.ends_at_s = SAMPLE_NOW + 100 * DAY_S + 3661;
    for (size_t i = 0; i < plan->delta.count; i++)
        plan->delta.items[i].after = &fact;
    struct comment first = comment_of(*state, plan, COMMENT_BYTES_MAX);
    static const int64_t steps[] = {1, 59, 3600, 50 * DAY_S, 49 * DAY_S, DAY_S};
    for (size_t i = 0; i < COUNT(steps); i++) {
        plan->now_s += steps[i];
        assert_string_equal(comment_of(*state, plan, COMMENT_BYTES_MAX).hash, first.hash);
    }
}

/* How many of each kind a text shows. */
struct shown {
    size_t rows, operations, documents;
};

static struct shown shown_in(const char *text)
{
    return (struct shown){
        .rows = occurrences(text, "**grant**"),
        .operations = occurrences(text, "| `+` put inline policy"),
        .documents = occurrences(text, "<summary>document: "),
    };
}

/* Documents go first, then operations, then rows; every size is kept to, and what is missing is counted. */
static void test_cut_in_order(void **state)
{
    const struct plan *plan = large_plan(*state, 2, 40);
    struct shown before = {42, 42, 42};
    bool fits = true;
    for (size_t max = 40000; fits; max -= 500) {
        struct comment comment = comment_of(*state, plan, max);
        struct shown shown = shown_in(comment.text);
        assert_true(strlen(comment.text) <= max);
        fits = comment.fits;
        if (!fits)
            break;
        assert_true(shown.rows >= 2 && occurrences(comment.text, "**high risk**") == 2);
        assert_true(shown.rows == 42 || shown.operations == 0);
        assert_true(shown.operations == 42 || shown.documents == 0);
        assert_true(shown.rows <= before.rows && shown.operations <= before.operations &&
                    shown.documents <= before.documents);
        if (shown.rows < 42)
            assert_contains(comment.text, arena_printf(*state, " — not shown here: %zu row", 42 - shown.rows));
        else if (shown.operations < 42)
            assert_contains(comment.text, arena_printf(*state, "not shown here: %s%zu operation",
                                                       strstr(comment.text, "1 note, ") ? "1 note, " : "",
                                                       42 - shown.operations));
        before = shown;
    }
    assert_true(before.rows < 10 && before.operations == 0);
}

static void test_large(void **state)
{
    struct comment comment = comment_of(*state, large_plan(*state, 3, 2000), COMMENT_BYTES_MAX);
    assert_true(comment.fits);
    assert_true(strlen(comment.text) <= 60000);
    size_t first_line = strcspn(comment.text, "\n");
    const char *title = arena_strndup(*state, comment.text, first_line);
    assert_contains(title, "### iamlease plan: 2003 to grant, 0 to revoke, 1 problem — not shown here: ");
    assert_contains(title,
                    ", 2003 operations and 2003 policy documents, see the [job summary](<" RUN_URL ">)");
    assert_int_equal(occurrences(comment.text, "**high risk**"), 3);
}

static void test_overflow(void **state)
{
    struct plan *plan = large_plan(*state, 2000, 3);
    struct comment comment = comment_of(*state, plan, COMMENT_BYTES_MAX);
    assert_false(comment.fits);
    assert_string_equal(
        comment.text,
        "### iamlease plan: too long to be reviewed\n\n❌ 2000 changes with high risk or held cannot be "
        "shown in 59744 bytes, and none of them may be left out; split the pull request.\n\n"
        "<sub>from `x` to `x`</sub>\n");
    for (size_t i = 0; i < plan->delta.count; i++) {
        plan->delta.items[i].risk = RISK_LOW;
        plan->delta.items[i].kind = CHANGE_HOLD;
    }
    assert_false(comment_of(*state, plan, COMMENT_BYTES_MAX).fits);
}

/* Rows that must be shown are, however few rows are asked for. */
static void test_max_rows(void **state)
{
    const struct comment_options options = {.max_bytes = COMMENT_BYTES_MAX, .max_rows = 10};
    char hash[SHA256_HEX_SIZE];
    static const struct {
        size_t high, low, shown;
    } cases[] = {{2, 100, 10}, {12, 100, 12}, {2, 3, 5}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out;
        buf_init(&out, SIZE_MAX / 4);
        assert_true(render_plan_comment(&out, large_plan(*state, cases[i].high, cases[i].low), &options, hash));
        assert_int_equal(occurrences(out.bytes, "**grant**"), cases[i].shown);
        buf_free(&out);
    }
}

static void test_summary(void **state)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    assert_true(render_plan_summary(&out, large_plan(*state, 2, 3700)));
    const char *text = rendered(*state, &out);
    struct shown shown = shown_in(text);
    assert_true(shown.rows == 3702 && shown.operations > 0 && shown.operations < 3702);
    assert_contains(
        text,
        arena_printf(*state, " — not shown here: %zu operations and 3702 policy documents, see `--json`\n",
                     3702 - shown.operations));
    assert_true(strlen(text) <= PLAN_SUMMARY_BYTES_MAX);

    buf_init(&out, SIZE_MAX / 4);
    assert_true(render_plan_summary(&out, large_plan(*state, 1200, 10)));
    assert_int_equal(occurrences(rendered(*state, &out), "**high risk**"), 1200);
}

/* A long list must not push the table out of sight. */
static void test_long_lists_are_collapsed(void **state)
{
    struct plan *plan = sample_plan(*state);
    for (size_t i = 0; i < 10; i++)
        problem_add(*state, &plan->problems, "p", "123456789012", NULL, "broken");
    assert_contains(text_of(*state, plan), "\n<details>\n<summary>❌ 11 problems</summary>\n\n- ");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_comment),      TEST(test_new_things),
        TEST(test_nothing),      TEST(test_explained_once),
        TEST(test_fence),        TEST(test_hostile),
        TEST(test_hash),         TEST(test_hash_of_a_cut_plan),
        TEST(test_cut_in_order), TEST(test_large),
        TEST(test_overflow),     TEST(test_max_rows),
        TEST(test_summary),      TEST(test_long_lists_are_collapsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
