/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/standing.h"

struct standing {
    const struct fact *allowed; /* let through; NULL: nothing */
    const struct failure *held; /* why what is declared now is not, or NULL */
    const struct merge *by;     /* the merge that declared it so */
};

struct standings standings_new(struct arena *arena)
{
    return (struct standings){.arena = arena, .by_identity = map_new(arena), .widening = widening_new(arena)};
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

/* A policy of ours is one object for all who have it: it cannot be wider for one of them only. */
static const struct standing *shares_held_policy(struct standings *standings, const struct map *policies,
                                                 const struct fact *fact)
{
    const struct standing *standing = fact->kind == ACCESS_PERMANENT && fact->policy->custom.count
                                          ? map_get(policies, policy_key(standings->arena, fact))
                                          : NULL;
    return standing;
}

void standings_hold(struct standings *standings, const struct facts *head, struct facts *held,
                    struct problems *problems)
{
    struct map policies = map_new(standings->arena); /* account, team and grant → struct standing */
    for (size_t i = 0; i < head->count; i++) {
        const struct fact *fact = &head->items[i];
        struct standing *standing = standing_of(standings, fact);
        if (standing->held && standing->allowed && fact->kind == ACCESS_PERMANENT &&
            !policy_is_within(&standings->widening, fact->policy, standing->allowed->policy))
            map_put(&policies, policy_key(standings->arena, fact), standing);
    }
    for (size_t i = 0; i < head->count; i++) {
        const struct fact *fact = &head->items[i];
        const struct standing *standing = standing_of(standings, fact);
        if (!standing->held)
            standing = shares_held_policy(standings, &policies, fact);
        if (standing)
            hold(standings, fact, standing, held, problems);
    }
}
