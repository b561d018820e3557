/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/standing.h"

struct standing {
    const struct fact *allowed; /* let through; NULL: nothing */
    const struct failure *held; /* why what is declared now is not, or NULL */
    const struct merge *by;     /* the merge that declared it so */
};

struct standings standings_new(struct arena *arena, int64_t now_s)
{
    return (struct standings){.arena = arena,
                              .now_s = now_s,
                              .by_identity = map_new(arena),
                              .widening = widening_new(arena)};
}

static struct standing *standing_of(struct standings *standings, const struct fact *fact)
{
    struct standing *standing = map_get(&standings->by_identity, fact->identity);
    if (standing)
        return standing;
    standing = ARENA_NEW(standings->arena, struct standing);
    *standing = (struct standing){0};
    return map_put(&standings->by_identity, fact->identity, standing);
}

void standings_begin(struct standings *standings, const struct facts *applied)
{
    for (size_t i = 0; i < applied->count; i++)
        standing_of(standings, &applied->items[i])->allowed = &applied->items[i];
}

/* Whether the merge leaves a fact as it was. */
static bool is_unchanged(struct standings *standings, const struct fact *before, const struct fact *after)
{
    return before && fact_is_within(&standings->widening, after, before) &&
           fact_is_within(&standings->widening, before, after);
}

/*
 * Whether the merge changes, of a fact that waits for an approval, the policy only: whoever approves that
 * sees what the policy gains, and not that the rest was never approved.
 */
static bool waits_on(struct standings *standings, const struct standing *standing, const struct fact *before,
                     const struct fact *after)
{
    if (!standing->held || !standing->held->is_approval || !before)
        return false;
    struct fact as_before = *after;
    as_before.policy = before->policy;
    return is_unchanged(standings, before, &as_before);
}

void standings_merge(struct standings *standings, struct judged_merge *judged)
{
    const struct facts *before = &judged->merge->before->facts, *after = &judged->merge->after->facts;
    for (size_t i = 0; i < before->count; i++)
        if (!facts_find(after, before->items[i].identity))
            *standing_of(standings, &before->items[i]) = (struct standing){0};
    for (size_t i = 0; i < after->count; i++) {
        const struct fact *fact = &after->items[i];
        struct standing *standing = standing_of(standings, fact);
        if (is_unchanged(standings, facts_find(before, fact->identity), fact) &&
            (standing->allowed || standing->held))
            continue;
        bool passes = standing->allowed && fact_is_within(&standings->widening, fact, standing->allowed);
        if (!passes && waits_on(standings, standing, facts_find(before, fact->identity), fact))
            continue;
        const struct failure *failure = passes ? NULL : merge_failure(judged, fact);
        *standing = (struct standing){.allowed = failure ? standing->allowed : fact,
                                      .held = failure,
                                      .by = judged->merge};
    }
}

static const char *policy_key(struct arena *arena, const struct fact *fact)
{
    return arena_printf(arena, "%s\n%s\n%s", fact->account_id, fact->team, fact->grant);
}

static void hold(struct standings *standings, const struct fact *fact, const struct standing *standing,
                 struct facts *held, struct problems *problems)
{
    struct arena *arena = standings->arena;
    const struct merge *merge = standing->by;
    struct problem *problem = problem_add(arena, problems, standing->held->id, fact->account_id, fact,
                                          "%s: %s", merge_name(arena, merge), standing->held->why);
    problem->hint = arena_printf(
        arena,
        "mend or revert it in a commit of its own, or let the change through: iamlease apply --accept %s",
        merge->digest);
    *VEC_ADD(arena, held) = *fact;
}

/* A policy of ours is one object for all who have it: it cannot be wider for one of them only. Other leases
 * have documents of their own. */
static bool shares_policy(const struct fact *fact)
{
    return fact->policy->custom.count && (fact->kind == ACCESS_PERMANENT || fact->mode == MODE_ROLE);
}

/* `standing` is that of the fact itself. */
static void add_end(struct standings *standings, const struct fact *fact, const struct standing *standing,
                    struct facts *held_ends)
{
    if (fact->kind != ACCESS_LEASE || !standing->allowed)
        return;
    struct fact *end = VEC_ADD(standings->arena, held_ends);
    *end = *fact;
    if (standing->allowed->ends_at_s < end->ends_at_s)
        end->ends_at_s = standing->allowed->ends_at_s;
}

void standings_hold(struct standings *standings, const struct facts *head, struct facts *held,
                    struct facts *held_ends, struct problems *problems)
{
    struct map policies = map_new(standings->arena); /* account, team and grant → struct standing */
    for (size_t i = 0; i < head->count; i++) {
        const struct fact *fact = &head->items[i];
        struct standing *standing = standing_of(standings, fact);
        if (standing->held && standing->allowed && shares_policy(fact) &&
            !fact_has_ended(fact, standings->now_s) &&
            !policy_is_within(&standings->widening, fact->policy, standing->allowed->policy))
            map_put(&policies, policy_key(standings->arena, fact), standing);
    }
    for (size_t i = 0; i < head->count; i++) {
        const struct fact *fact = &head->items[i];
        const struct standing *own = standing_of(standings, fact), *standing = own;
        if (!own->held)
            standing = shares_policy(fact) ? map_get(&policies, policy_key(standings->arena, fact)) : NULL;
        if (!standing || fact_has_ended(fact, standings->now_s))
            continue; /* an ended lease goes, whatever was held */
        hold(standings, fact, standing, held, problems);
        add_end(standings, fact, own, held_ends);
    }
}
