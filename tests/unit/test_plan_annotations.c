/* SPDX-License-Identifier: Apache-2.0 */
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

static const char *annotations(struct arena *arena, const struct plan *plan, const struct diags *diags)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    render_plan_annotations(&out, plan, diags);
    return rendered(arena, &out);
}

#define assert_contains(text, part) assert_non_null(strstr((text), (part)))

static void test_what_is_annotated(void **state)
{
    struct plan *plan = sample_plan(*state);
    struct diags none = diags_new(*state);
    sample_add_new_things(*state, plan);
    const char *text = annotations(*state, plan, &none);
    assert_contains(text,
                    "::warning file=temporary-access/payments.yaml,line=3,col=5,title=mode-not-available::"
                    "this lease needs a copy of the managed policy");
    assert_contains(text,
                    "::warning file=temporary-access/payments.yaml,line=3,col=5,title=held::"
                    "payments/dev.late for bert@example.com (IAM user bert) in prod (345678901234) is held, "
                    "it stays as it is%0Ait ends later than prod allows\n");
    assert_contains(text, "::notice title=account-changed::account changed: prod of team payments, "
                          "345678901234 → 456789012345%0A6 grants move with it\n");
    assert_int_equal(occurrences(text, "\n"), 3);

    plan->problems.items[0].fails_plan = true;
    assert_contains(annotations(*state, plan, &none), "::error file=");
}

/* One entry, one annotation: its diagnostic says already why it is held. */
static void test_no_second_annotation(void **state)
{
    struct plan *plan = sample_plan(*state);
    struct diags diags = diags_new(*state);
    sample_add_new_things(*state, plan);
    diag_warning(&diags, plan->delta.items[4].after->span, "expiry-too-far", "too far");
    assert_null(strstr(annotations(*state, plan, &diags), "title=held"));
}

/* Those of the diagnostics count: a runner keeps 10 of each kind in one step. */
static void test_limits(void **state)
{
    struct plan *plan = sample_plan(*state);
    struct diags diags = diags_new(*state);
    diag_warning(&diags, (struct span){0}, "x", "x");
    for (size_t i = 0; i < 20; i++) {
        problem_add(*state, &plan->problems, "p", NULL, NULL, "broken")->fails_plan = true;
        problem_add(*state, &plan->problems, "p", NULL, NULL, "doubtful");
        *VEC_ADD(*state, &plan->delta.side) =
            (struct side_change){.id = "setting", .risk = RISK_HIGH, .what = "limits", .after = "1"};
    }
    const char *text = annotations(*state, plan, &diags);
    assert_int_equal(occurrences(text, "::error "), 10);
    assert_int_equal(occurrences(text, "::warning "), 9);
    assert_int_equal(occurrences(text, "::notice "), 9);
    assert_contains(
        text, "\n::notice title=iamlease::10 more errors, 12 more warnings and 12 more notices without an "
              "annotation; see the log\n");
}

/* One line for each, whatever stands in it, and nothing in it is a property or a command of its own. */
static void test_hostile(void **state)
{
    struct diags none = diags_new(*state);
    for (size_t i = 0; hostile_texts[i]; i++) {
        struct plan *plan = hostile_plan(*state, hostile_texts[i]);
        plan->delta.items[0].kind = CHANGE_HOLD;
        const char *text = annotations(*state, plan, &none);
        assert_int_equal(occurrences(text, "\n"), 3);
        assert_int_equal(strncmp(text, "::warning file=", 15), 0);
        const char *notice = strstr(text, "\n::notice title=");
        assert_non_null(notice);
        assert_null(strchr(text, '\r'));
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_annotated),
        TEST(test_no_second_annotation),
        TEST(test_limits),
        TEST(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
