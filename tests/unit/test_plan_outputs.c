/* SPDX-License-Identifier: Apache-2.0 */
#include "render/plan_outputs.h"
#include "render_samples.h"
#include "unit.h"

static void assert_outputs(const struct plan *plan, const char *const values[PLAN_OUTPUT_COUNT])
{
    static const char *const names[] = {"has-changes", "grants", "changes", "revokes", "held", "digest"};
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct plan_output outputs[PLAN_OUTPUT_COUNT];
    render_outputs(arena, plan, outputs);
    for (size_t i = 0; i < PLAN_OUTPUT_COUNT; i++) {
        assert_string_equal(outputs[i].name, names[i]);
        assert_string_equal(outputs[i].value, values[i]);
    }
}

static void test_outputs(void **state)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct plan *plan = sample_plan(arena), nothing = {.base_name = "main"};
    (void)state;
    assert_outputs(plan, (const char *[]){"true", "1", "2", "1", "0", ""});
    sample_add_new_things(arena, plan);
    assert_outputs(plan, (const char *[]){"true", "2", "2", "1", "1", SAMPLE_DIGEST});
    assert_outputs(&nothing, (const char *[]){"false", "0", "0", "0", "0", ""});
}

/* What is held and what is for later changes gives apply nothing to do; operations do, whoever's access they serve. */
static void test_has_changes(void **state)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct plan *plan = sample_plan(arena);
    (void)state;
    plan->delta = (struct delta){.side = plan->delta.side};
    assert_outputs(plan, (const char *[]){"true", "0", "0", "0", "0", ""});
    plan->operations = (struct operations){0};
    VEC_ADD(arena, &plan->delta)->kind = CHANGE_HOLD;
    plan->delta.counts[CHANGE_HOLD] = 1;
    VEC_ADD(arena, &plan->delta.side)->id = "setting";
    assert_outputs(plan, (const char *[]){"false", "0", "0", "0", "1", ""});
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_outputs), cmocka_unit_test(test_has_changes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
