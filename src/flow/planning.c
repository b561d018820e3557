/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/planning.h"

#include "base/str.h"
#include "flow/approvals.h"
#include "flow/escaped_rules.h"
#include "flow/live.h"
#include "flow/port_revoked.h"
#include "flow/team_walk.h"
#include "plan/concerned.h"
#include "plan/delta.h"
#include "plan/desired.h"
#include "plan/digest.h"
#include "plan/fuse.h"
#include "plan/implied_operations.h"
#include "plan/kept_words.h"
#include "plan/side_changes.h"
#include "plan/unread.h"

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

/* The two sides as facts, however they came about. */
struct sides_as_facts {
    struct facts before, after;   /* what the change can concern at least, sorted by identity */
    struct facts held;            /* neither granted, changed nor removed */
    const struct team_walk *walk; /* where they come from, or NULL: from whole configurations */
};

static void check_fuse(struct arena *arena, const struct comparison *comparison,
                       const struct comparison_request *request, const struct sides_as_facts *facts,
                       struct plan *plan)
{
    const char *why;
    const struct rules *rules = &plan->settings->rules;
    struct fuse fuse = fuse_judge(&facts->before, &facts->after, &facts->held, rules,
                                  source_is_empty(&comparison->head), plan->now_s);
    if (facts->walk)
        fuse_widen(&fuse, facts->walk->facts_before, rules);
    if (fuse.blown && comparison->base.only)
        fuse_widen(&fuse, count_base(comparison, &fuse, plan->now_s), rules);
    if (!fuse.blown)
        return;
    const char *what = fuse_describe(arena, &fuse, rules);
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
                          const struct comparison_request *request, struct sides_as_facts *facts,
                          struct plan *plan)
{
    const struct config *base = comparison->base.config, *head = comparison->head.config;
    struct facts before = {0}, after = {0};
    facts_of_teams(arena, &facts->before, request->teams, &before);
    facts_of_teams(arena, &facts->after, request->teams, &after);
    const struct delta_input input = {
        .before = &before,
        .after = &after,
        .all_after = &facts->after,
        .held = &facts->held,
        .settings = plan->settings,
    };
    struct all_account_rules escaping = {0}, rules_after = {0};
    if (comparison->accounts.count)
        config_account_rules(arena, &comparison->settings.rules, NULL, head, &rules_after);
    escapes_foresee(arena, &comparison->accounts, &rules_after, head, &escaping);
    const struct side_input side = {
        .before = base,
        .after = head,
        .escaping = &escaping,
        .rules_after = &rules_after,
        .before_is_empty = source_is_empty(&comparison->base),
        .teams = request->teams,
    };
    delta_compute(arena, &input, &plan->delta);
    kept_words_note(arena, &before, &after, &plan->notices);
    side_changes_compute(arena, &side, &plan->delta);
}

static const char *compute_digest(struct arena *arena, const struct comparison *comparison,
                                  struct team_walk *walk, const struct plan *plan)
{
    const struct digest_input input = {
        .before = comparison->base.config,
        .after = comparison->head.config,
        .rules = &plan->settings->rules,
        .account_rules = &comparison->accounts,
    };
    return walk ? digest_of_rows(arena, &input, &walk->digest_rows) : digest_compute(arena, &input);
}

/* Of all teams: what another one wants, too, stays where it is. And what is held is there, but not planned. */
static void imply_operations(struct arena *arena, const struct comparison *comparison,
                             const struct comparison_request *request, const struct sides_as_facts *facts,
                             struct plan *plan)
{
    const struct settings *settings = &comparison->base.config->settings;
    struct facts before = facts->before, after = facts->after;
    struct facts concerned_before = {0}, concerned_after = {0};
    if (settings_name_objects_alike(settings, plan->settings)) {
        facts_concerned(arena, &before, &after, &plan->delta, &concerned_before, &concerned_after);
        before = concerned_before;
        after = concerned_after;
    }
    const struct implied_input input = {
        .settings = settings,
        .before = &before,
        .after = &after,
        .held = &facts->held,
        .teams = request->teams,
    };
    operations_imply(arena, &input, plan);
}

/* What was taken back in Port stands in the files, but no apply grants it: it takes away what is there of it. */
static void leave_out_revoked(struct arena *arena, const struct comparison *comparison,
                              const struct comparison_request *request, struct sides_as_facts *facts,
                              struct plan *plan)
{
    struct strings revoked = {0};
    const bool all = request->live != NULL;
    port_revoked_note(arena, comparison->repo, request->sides.github, all ? &facts->before : NULL,
                      all ? &facts->after : NULL, plan, &revoked);
    facts->before = port_revoked_without(arena, &revoked, &facts->before);
    facts->after = port_revoked_without(arena, &revoked, &facts->after);
    port_revoked_release(&revoked, &facts->after, &facts->held, &plan->problems);
}

static struct plan begin_plan(struct arena *arena, const struct comparison *comparison,
                              const struct comparison_request *request)
{
    const struct source *base = &comparison->base, *head = &comparison->head;
    struct settings *settings = ARENA_NEW(arena, struct settings);
    *settings = comparison->settings;
    struct plan plan = {
        .base_name = base->name,
        .head_name = head->name,
        .base_id = base->commit_id,
        .head_id = head->commit_id,
        .now_s = request->now_s,
        .settings = settings,
        .operations_implied = true,
    };
    for (size_t i = 0; i < comparison->notices.count; i++)
        *VEC_ADD(arena, &plan.notices) = comparison->notices.items[i];
    return plan;
}

static void make_plan(struct arena *arena, const struct comparison *comparison,
                      const struct comparison_request *request, struct sides_as_facts *facts,
                      struct team_walk *walk, struct plan *ret)
{
    *ret = begin_plan(arena, comparison, request);
    facts->walk = walk;
    held_problems(arena, &comparison->held, &ret->problems);
    compute_delta(arena, comparison, request, facts, ret);
    ret->digest = compute_digest(arena, comparison, walk, ret);
    check_fuse(arena, comparison, request, facts, ret);
    unread_note(arena, &ret->delta, &ret->notices);
    leave_out_revoked(arena, comparison, request, facts, ret);
    const bool is_whole = !comparison->head.only && !comparison->held.count;
    if (request->live)
        live_operations(arena, request->live, request, is_whole ? comparison->head.config : NULL,
                        &facts->before, &facts->after, &facts->held, ret);
    else
        imply_operations(arena, comparison, request, facts, ret);
}

void flow_plan_whole(struct arena *arena, const struct comparison *comparison,
                     const struct comparison_request *request, struct plan *ret)
{
    const struct config *base = comparison->base.config, *head = comparison->head.config;
    struct sides_as_facts facts = {0};
    desired_facts(arena, base, &comparison->accounts, request->now_s, &facts.before);
    desired_facts(arena, head, &comparison->accounts, request->now_s, &facts.after);
    held_facts(arena, &comparison->held, head, &facts.before, &facts.after, &facts.held);
    make_plan(arena, comparison, request, &facts, NULL, ret);
}

int flow_plan(struct arena *arena, struct repo *repo, const struct comparison_request *request,
              struct comparison *comparison, struct diags *diags, struct plan *ret, struct err *err)
{
    struct team_walk walk = {0};
    bool done;
    if (compare_open(arena, repo, request, comparison, err) < 0 ||
        team_walk(arena, request, comparison, diags, &walk, &done, err) < 0)
        return -1;
    if (done) {
        struct sides_as_facts facts = {.before = walk.before, .after = walk.after};
        make_plan(arena, comparison, request, &facts, &walk, ret);
        return 0;
    }
    if (compare_whole(arena, request, comparison, diags, err) < 0)
        return -1;
    if (!diags->errors)
        flow_plan_whole(arena, comparison, request, ret);
    return 0;
}
