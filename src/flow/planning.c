/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/planning.h"

#include "base/str.h"
#include "flow/approvals.h"
#include "flow/live.h"
#include "plan/concerned.h"
#include "plan/delta.h"
#include "plan/desired.h"
#include "plan/digest.h"
#include "plan/fuse.h"
#include "plan/operations.h"
#include "plan/side_changes.h"

/*
 * How many facts the base has in all teams, which is what the fuse measures removals by. When it cannot be
 * read, those of the affected teams alone: then the fuse blows sooner.
 */
static size_t count_base(const struct comparison *comparison, const struct fuse *fuse, int64_t now_s)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct diags ignored = diags_new(scratch);
    struct err reason;
    struct source base = comparison->base;
    struct facts facts = {0};
    base.only = NULL;
    base.inputs = (struct config_inputs){0};
    if (source_load(scratch, comparison->repo, &base, &ignored, &reason) < 0)
        return fuse->total;
    desired_facts(scratch, base.config, NULL, now_s, &facts);
    return facts.count;
}

/* Whether the pull request has the label that lets many removals pass; apply reads it again. */
static bool is_labelled(struct arena *arena, const struct sides_request *sides, const char **ret_why)
{
    const struct event *event = sides->event;
    *ret_why = NULL;
    if (!event || !event_is_pull_request(event) || !event->number || !sides->github)
        return false;
    const struct labelled_pull pull = {event->number, event->author, &event->labels};
    return label_allows_removals(arena, sides->github, &pull, ret_why);
}

static void check_fuse(struct arena *arena, const struct comparison *comparison,
                       const struct comparison_request *request, const struct facts *before,
                       const struct facts *after, const struct facts *held, struct plan *plan)
{
    const char *why;
    struct fuse fuse = fuse_judge(before, after, held, &plan->settings->rules,
                                  source_is_empty(&comparison->head), plan->now_s);
    if (fuse.blown && comparison->base.only)
        fuse_widen(&fuse, count_base(comparison, &fuse, plan->now_s), &plan->settings->rules);
    if (!fuse.blown)
        return;
    const char *what = fuse_describe(arena, &fuse, &plan->settings->rules);
    if (is_labelled(arena, &request->sides, &why)) {
        *VEC_ADD(arena, &plan->notices) =
            arena_printf(arena, "this change %s; the label " LABEL_REMOVALS_OK " lets it pass", what);
        return;
    }
    struct problem *problem = problem_add(arena, &plan->problems, "many-removals", NULL, NULL,
                                          "this change %s%s%s", what, why ? "; " : "", why ? why : "");
    problem->hint = why ? "split the change, or have somebody else than its author set the label"
                        : "split the change, or have somebody who may apply it run 'iamlease apply "
                          "--accept-removals COMMIT'";
    problem->fails_plan = true;
}

static void compute_delta(struct arena *arena, const struct comparison *comparison,
                          const struct comparison_request *request, const struct delta_input *input,
                          struct plan *plan)
{
    const struct config *base = comparison->base.config, *head = comparison->head.config;
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
    delta_compute(arena, input, &plan->delta);
    side_changes_compute(arena, &side, &plan->delta);
    plan->digest = digest_compute(arena, &digest);
}

/* Whether equal facts come to equal objects on both sides. */
static bool same_mapping(const struct settings *before, const struct settings *after)
{
    return str_eq(before->owner, after->owner) && str_eq(before->policy_path, after->policy_path) &&
           str_eq(before->partition, after->partition);
}

/* Of all teams: what another one wants, too, stays where it is. And what is held is there, but not planned. */
static void imply_operations(struct arena *arena, const struct comparison *comparison,
                             const struct comparison_request *request, struct facts before,
                             struct facts after, const struct facts *held, struct plan *plan)
{
    const struct settings *settings = &comparison->base.config->settings;
    struct facts concerned_before = {0}, concerned_after = {0};
    if (same_mapping(settings, plan->settings)) {
        facts_concerned(arena, &before, &after, &plan->delta, &concerned_before, &concerned_after);
        before = concerned_before;
        after = concerned_after;
    }
    struct observed observed = {0};
    operations_implied_state(arena, settings, &before, &after, &observed);
    const struct operations_input input = {
        .settings = plan->settings,
        .desired = &after,
        .held = held,
        .candidates = &before,
        .applied = &before,
        .observed = &observed,
        .teams = request->teams,
        .now_s = request->now_s,
    };
    operations_compute(arena, &input, plan);
}

void flow_plan(struct arena *arena, const struct comparison *comparison,
               const struct comparison_request *request, struct plan *ret)
{
    const struct source *base = &comparison->base, *head = &comparison->head;
    struct facts all_before = {0}, all_after = {0}, held = {0}, before = {0}, after = {0};
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
    held_facts(arena, &comparison->held, head->config, &all_before, &all_after, &held);
    held_problems(arena, &comparison->held, &ret->problems);
    facts_of_teams(arena, &all_before, request->teams, &before);
    facts_of_teams(arena, &all_after, request->teams, &after);
    const struct delta_input delta = {
        .before = &before,
        .after = &after,
        .all_after = &all_after,
        .held = &held,
        .settings = settings,
    };
    compute_delta(arena, comparison, request, &delta, ret);
    check_fuse(arena, comparison, request, &all_before, &all_after, &held, ret);
    if (request->live)
        live_operations(arena, request->live, request, &all_before, &all_after, &held, ret);
    else
        imply_operations(arena, comparison, request, all_before, all_after, &held, ret);
}
