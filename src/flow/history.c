/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/history.h"

#include "base/str.h"
#include "config/config.h"
#include "flow/escaped_rules.h"
#include "flow/history_removals.h"
#include "flow/lineage.h"
#include "flow/standing.h"

#include <string.h>

struct walk {
    struct arena *arena;
    const struct history_request *request;
    struct history *history;
    struct problems *problems;
    struct step_reader reader;
    struct lineage lineage;
    struct standings standings;
    struct blown_merges blown;
    struct escapes escapes;
    struct merge *pending; /* the change that is looked at: more commits of its pull request may follow */
    bool judges_itself;    /* head, by its own rules: nothing was there before */
    bool owner_is_known;   /* a commit with access was met: see check_owner() */
};

/* A commit with errors may hold anything; only accounts that can exist are asked. */
static bool can_all_exist(const struct facts *facts)
{
    size_t i = 0;
    while (i < facts->count && account_id_is_valid(facts->items[i].account_id))
        i++;
    return i == facts->count;
}

/* Most runs meet the facts of one commit only: then these are not copied. */
static void add_candidates(struct walk *walk, const struct facts *facts)
{
    struct facts *candidates = &walk->history->candidates;
    if (!candidates->count && can_all_exist(facts)) {
        *candidates = *facts;
        candidates->capacity = facts->count; /* what comes later goes to a list of its own */
        return;
    }
    VEC_RESERVE(walk->arena, candidates, facts->count);
    for (size_t i = 0; i < facts->count; i++)
        if (account_id_is_valid(facts->items[i].account_id))
            *VEC_ADD(walk->arena, candidates) = facts->items[i];
}

static void remember(struct walk *walk, const struct step *step)
{
    if (!step->source.config)
        return;
    add_candidates(walk, &step->facts);
    for (size_t i = 0; i < step->source.config->count; i++)
        for (size_t j = 0; j < step->source.config->items[i].accounts.count; j++) {
            const char *account_id = step->source.config->items[i].accounts.items[j].account_id.text;
            if (account_id_is_valid(account_id))
                strings_add_unique(walk->arena, &walk->history->accounts, account_id);
        }
}

/* What is declared at head is judged by the rules of every merge on the way, each by its own account. */
static void judge(struct walk *walk)
{
    struct judged_merge *judged = ARENA_NEW(walk->arena, struct judged_merge);
    const struct history_request *request = walk->request;
    struct merge *merge = walk->pending;
    if (!merge)
        return;
    merge_describe(walk->arena, &walk->escapes.rules, merge);
    account_rules_join(walk->arena, &walk->history->account_rules, &merge->binding);
    merge_judge(&walk->reader, merge, request->accepted, request->now_s, &walk->standings.widening, judged);
    standings_merge(&walk->standings, judged);
    escapes_find(walk->arena, judged, &walk->escapes);
    if (request->applied)
        removals_judge(&walk->reader, merge,
                       judged->accepted ? merge->after->source.commit_id : request->accepted_removals,
                       request->now_s, &walk->blown);
    *VEC_ADD(walk->arena, &walk->history->merges) = (struct history_merge){
        .commit_id = merge->after->source.commit_id,
        .number = merge->pull ? merge->pull->number : 0,
        .digest = merge->digest,
    };
    walk->pending = NULL;
}

/* A commit that changes something: one more of the same pull request, or the next change. */
static void take_change(struct walk *walk, const struct step *before, const struct rules *rules,
                        const struct step *after)
{
    const char *why = NULL;
    const struct history_request *request = walk->request;
    struct merge *pending = walk->pending;
    const struct pull *pull =
        merge_find_pull(walk->arena, request->github, request->branch, after->source.commit_id, &why);
    if (pending && pull && pending->pull && pending->pull->number == pull->number) {
        pending->after = after;
        return;
    }
    judge(walk);
    walk->pending = ARENA_NEW(walk->arena, struct merge);
    *walk->pending = (struct merge){.before = before,
                                    .after = after,
                                    .rules = *rules,
                                    .pull = pull,
                                    .no_pull = why,
                                    .judges_itself = walk->judges_itself};
}

static void hold(struct walk *walk, const struct facts *head)
{
    struct history *history = walk->history;
    standings_hold(&walk->standings, head, &history->held, &history->held_ends, walk->problems);
    escapes_report(walk->arena, &walk->escapes, walk->request->head, walk->problems);
    removals_hold(walk->arena, &walk->blown, head, &history->candidates, &history->held, walk->problems);
    facts_sort(&history->held);
    facts_sort(&history->held_ends);
}

/*
 * The first commit that declares access decides whose mark may stand in AWS, also when its apply was killed
 * half-way. Those behind it with another owner were refused, and granted nothing.
 */
static int check_owner(struct walk *walk, const struct step *step, struct err *err)
{
    if (walk->owner_is_known || step->refused || !step->source.config || !step->facts.count)
        return 0;
    walk->owner_is_known = true;
    return source_check_owner(&step->source, walk->request->head, err);
}

/* The walk begins at the applied commit: all that it declared may be in AWS. */
static int begin_at_applied(struct walk *walk, struct step *ret, struct strings *commits, struct err *err)
{
    const char *applied = walk->request->applied, *head = walk->request->head->commit_id;
    if (lineage_between(&walk->lineage, applied, head, commits, err) < 0) {
        if (err->code != ERR_REFUSED)
            return -1;
        return err_set(
            err, ERR_REFUSED,
            "%s is at %.12s, and that commit is not on the first-parent history of %.12s: apply the default branch, "
            "or, if it was rewritten on purpose, see what %.12s granted and set the tag to the commit whose access "
            "stands in AWS (git tag -f iamlease/applied COMMIT)",
            APPLIED_REF, applied, head, applied);
    }
    if (step_read(&walk->reader, applied, NULL, ret, err) < 0)
        return -1;
    if (step_check_root(&walk->reader, ret, walk->request->head, err) < 0 || check_owner(walk, ret, err) < 0)
        return -1;
    if (lineage_time(&walk->lineage, applied, &walk->history->applied_at_s, err) < 0)
        return -1;
    walk->history->applied = ret->facts;
    standings_begin(&walk->standings, &walk->history->applied);
    remember(walk, ret);
    for (size_t i = 0; i < walk->history->accounts.count; i++)
        strings_add(walk->arena, &walk->history->applied_accounts, walk->history->accounts.items[i]);
    if (!ret->readable)
        problem_add(
            walk->arena, walk->problems, "history-unreadable", NULL, NULL,
            "the configuration of commit %.12s, which %s names, has errors: what it granted is known in part only",
            applied, APPLIED_REF)
            ->hint =
            "compare with 'iamlease who', remove by hand what is not declared, then set the tag to a commit that was "
            "applied and can be read (git tag -f iamlease/applied COMMIT)";
    return 0;
}

/* Nothing was applied yet: head is judged by its own rules, which *rules holds, or by those of its first parent. */
static int begin_at_head(struct walk *walk, struct rules *rules, struct strings *commits, struct err *err)
{
    const struct source *head = walk->request->head;
    const char *parent_id;
    struct step parent;
    walk->judges_itself = true;
    strings_add(walk->arena, commits, head->commit_id);
    if (lineage_first_parent(&walk->lineage, head->commit_id, &parent_id, err) < 0)
        return -1;
    if (!parent_id || (!walk->request->github && !repo_has_object(walk->reader.repo, parent_id)))
        return 0;
    if (step_read(&walk->reader, parent_id, NULL, &parent, err) < 0)
        return -1;
    if (source_is_empty(&parent.source) && parent.readable)
        return 0;
    walk->judges_itself = false;
    *rules = step_rules(&parent);
    *VEC_ADD(walk->arena, &walk->history->notices) = arena_printf(
        walk->arena,
        "this is the first apply, but commit %.12s declared access before: if that was applied once, what it granted and %.12s "
        "no longer declares is still there",
        parent_id, head->commit_id);
    return 0;
}

/* Each commit in its turn; one with errors is judged together with the next one that can be read. */
static int walk_commits(struct walk *walk, const struct strings *commits, const struct step *before,
                        struct rules rules, const struct step **ret_last, struct err *err)
{
    *ret_last = before;
    for (size_t i = 0; i < commits->count; i++) {
        struct step *after = ARENA_NEW(walk->arena, struct step);
        if (step_read(&walk->reader, commits->items[i], before, after, err) < 0 ||
            step_check_root(&walk->reader, after, walk->request->head, err) < 0 ||
            check_owner(walk, after, err) < 0)
            return -1;
        if (before->readable && after->readable && before->source.tree_id &&
            str_eq(after->source.fingerprint, before->source.fingerprint))
            continue; /* this commit changed something else */
        remember(walk, after);
        bool is_head = i + 1 == commits->count;
        if (!after->source.config || (!after->readable && !is_head))
            continue;
        take_change(walk, before, &rules, after);
        rules = after->source.config->settings.rules;
        *ret_last = before = after;
    }
    judge(walk);
    return 0;
}

int history_load(struct arena *arena, struct repo *repo, const struct history_request *request,
                 struct history *ret, struct problems *problems, struct err *err)
{
    struct walk walk = {
        .arena = arena,
        .request = request,
        .history = ret,
        .problems = problems,
        .reader = {arena, repo, request->github, request->root_option, request->head},
        .lineage = lineage_new(arena, repo, request->github),
        .standings = standings_new(arena, request->now_s),
    };
    struct strings commits = {0};
    struct rules rules = request->head->config->settings.rules;
    struct step *first = ARENA_NEW(arena, struct step);
    const struct step *last;
    *first = step_nothing(arena);
    *ret = (struct history){0};
    if ((request->applied ? begin_at_applied(&walk, first, &commits, err)
                          : begin_at_head(&walk, &rules, &commits, err)) < 0)
        return -1;
    if (request->applied)
        rules = step_rules(first);
    if (!first->source.config) /* nothing of it can be read */
        first->source.config = step_nothing(arena).source.config;
    if (walk_commits(&walk, &commits, first, rules, &last, err) < 0)
        return -1;
    if (!ret->merges.count)
        config_account_rules(arena, &request->head->config->settings.rules, NULL, request->head->config,
                             &ret->account_rules);
    hold(&walk, &last->facts);
    return 0;
}
