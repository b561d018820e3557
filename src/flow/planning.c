/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/planning.h"

#include "plan/delta.h"
#include "plan/desired.h"
#include "plan/digest.h"
#include "plan/fuse.h"
#include "plan/operations.h"
#include "plan/side_changes.h"

static void check_fuse(struct arena *arena, const struct comparison *comparison, const struct facts *before,
                       const struct facts *after, struct plan *plan)
{
    struct fuse fuse = fuse_judge(before, after, NULL, &plan->settings->rules,
                                  source_is_empty(&comparison->head), plan->now_s);
    if (!fuse.blown)
        return;
    struct problem *problem =
        problem_add(arena, &plan->problems, "many-removals", NULL, NULL, "this change %s",
                    fuse_describe(arena, &fuse, &plan->settings->rules));
    problem->hint =
        "split the change, or have somebody who may apply it run 'iamlease apply --accept-removals COMMIT'";
    problem->fails_plan = true;
}

static void compute_delta(struct arena *arena, const struct comparison *comparison,
                          const struct comparison_request *request, const struct facts *before,
                          const struct facts *after, const struct facts *all_after, struct plan *plan)
{
    const struct config *base = comparison->base.config, *head = comparison->head.config;
    const struct delta_input input = {
        .before = before,
        .after = after,
        .all_after = all_after,
        .settings = plan->settings,
    };
    const struct side_input side = {
        .before = base,
        .after = head,
        .before_is_empty = source_is_empty(&comparison->base),
        .teams = request->teams,
    };
    const struct digest_input digest = {
        .before = base,
        .after = head,
        .rules = &plan->settings->rules,
        .account_rules = &comparison->accounts,
    };
    delta_compute(arena, &input, &plan->delta);
    side_changes_compute(arena, &side, &plan->delta);
    plan->digest = digest_compute(arena, &digest);
}

void flow_plan(struct arena *arena, const struct comparison *comparison,
               const struct comparison_request *request, struct plan *ret)
{
    const struct source *base = &comparison->base, *head = &comparison->head;
    struct facts all_before = {0}, all_after = {0}, *before = ARENA_NEW(arena, struct facts),
                 *after = ARENA_NEW(arena, struct facts);
    struct settings *settings = ARENA_NEW(arena, struct settings);
    *settings = comparison->settings;
    *ret = (struct plan){
        .base_name = base->name,
        .head_name = head->name,
        .base_id = base->commit_id,
        .head_id = head->commit_id,
        .now_s = request->now_s,
        .settings = settings,
        .operations_implied = true,
    };
    for (size_t i = 0; i < comparison->notices.count; i++)
        *VEC_ADD(arena, &ret->notices) = comparison->notices.items[i];
    desired_facts(arena, base->config, &comparison->accounts, request->now_s, &all_before);
    desired_facts(arena, head->config, &comparison->accounts, request->now_s, &all_after);
    struct observed observed = {0};
    struct facts held = {0};
    /* Of all teams: what another one wants, too, stays where it is. And what is held is there, but not planned. */
    operations_implied_state(arena, &base->config->settings, &all_before, &all_after, &observed);
    held_facts(arena, &comparison->held, head->config, &all_before, &all_after, &held);
    held_problems(arena, &comparison->held, &ret->problems);
    facts_remove(&all_before, &held);
    facts_remove(&all_after, &held);
    facts_of_teams(arena, &all_before, request->teams, before);
    facts_of_teams(arena, &all_after, request->teams, after);
    compute_delta(arena, comparison, request, before, after, &all_after, ret);
    check_fuse(arena, comparison, &all_before, &all_after, ret);

    const struct operations_input input = {
        .settings = settings,
        .desired = &all_after,
        .held = &held,
        .candidates = &all_before,
        .applied = &all_before,
        .observed = &observed,
        .teams = request->teams,
        .now_s = request->now_s,
    };
    operations_compute(arena, &input, ret);
}
