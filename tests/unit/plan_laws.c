/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_laws.h"

#include "aws_memory.h"
#include "base/str.h"
#include "plan_moments.h"
#include "unit.h"

#include <string.h>

void plan_laws_of_facts(const struct world *world, const struct facts *facts)
{
    struct observed implied = {0};
    struct plan plan = {0};
    for (size_t i = 1; i < facts->count; i++)
        CHECK(strcmp(facts->items[i - 1].identity, facts->items[i].identity) < 0, "%s",
              facts->items[i].identity);
    operations_implied_state(world->arena, &world->settings, facts, facts, NULL, &implied);
    const struct operations_input input = {
        .settings = &world->settings,
        .desired = facts,
        .candidates = facts,
        .applied = facts,
        .observed = &implied,
        .now_s = world->now_s,
    };
    operations_compute(world->arena, &input, &plan);
    CHECK(plan.operations.count == 0, "implied by itself:\n%s", world_show(world->arena, &plan));
}

static bool is_ready(const struct operation *operation, const bool *done)
{
    for (size_t i = 0; i < operation->after.count; i++)
        if (!done[operation->after.items[i]])
            return false;
    return true;
}

/* The operation that comes next: the first that may, or the last. */
static size_t choose(const struct operations *operations, const bool *done, bool backward)
{
    for (size_t i = 0; i < operations->count; i++) {
        size_t index = backward ? operations->count - 1 - i : i;
        if (!done[index] && is_ready(&operations->items[index], done))
            return index;
    }
    fail_msg("%s", "operations wait for each other");
    return 0;
}

static bool asks_for_another_run(const struct plan *plan)
{
    for (size_t i = 0; i < plan->problems.count; i++) {
        const char *hint = plan->problems.items[i].hint;
        if (hint && str_eq(hint, "run apply again"))
            return true;
    }
    return false;
}

static void execute(const struct world *world, bool backward)
{
    const struct operations *operations = &world->plan.operations;
    struct observed state = aws_memory_copy(world->arena, &world->observed);
    bool *done = arena_array(world->arena, operations->count + 1, sizeof *done);
    for (size_t i = 0; i < operations->count; i++) {
        size_t index = choose(operations, done, backward);
        const char *refusal = aws_memory_execute(world->arena, &state, &operations->items[index]);
        CHECK(!refusal, "operation %zu of\n%s%s: %s", index, world_show(world->arena, &world->plan),
              backward ? "backward" : "forward", refusal);
        done[index] = true;
    }
    const struct operations_input again = world_input(world, &state);
    struct plan plan = {0};
    operations_compute(world->arena, &again, &plan);
    CHECK(plan.operations.count == 0 || asks_for_another_run(&world->plan),
          "after\n%sthere is still to do\n%s", world_show(world->arena, &world->plan),
          world_show(world->arena, &plan));
}

void plan_laws_of_plan(const struct world *world)
{
    const struct operations *operations = &world->plan.operations;
    for (size_t i = 0; i < operations->count; i++) {
        assert_non_null(operations->items[i].reason);
        assert_non_null(operations->items[i].account_id);
        for (size_t j = 0; j < operations->items[i].after.count; j++)
            CHECK(operations->items[i].after.items[j] < i, "%s", world_show(world->arena, &world->plan));
    }
    execute(world, false);
    execute(world, true);
    plan_moments_check(world);
}
