/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/team_facts.h"

#include "base/str.h"
#include "model/policy_copy.h"
#include "plan/pairing.h"
#include "policy/document.h"

#include <string.h>

enum { BASE, HEAD, SIDE_COUNT };

/* One team, while its facts are looked at. */
struct looking {
    struct team_facts *all;
    struct arena *scratch;
    struct declared_team declared[SIDE_COUNT];
    struct facts facts[SIDE_COUNT];
    struct map same_policies;                   /* name → whether both sides have the same under it */
    struct map copies;                          /* address of a policy → its copy */
    struct map spellings[PRINCIPAL_KIND_COUNT]; /* name of a principal → const struct spelling * */
};

static bool same_words(const struct located_list *a, const struct located_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = str_eq(a->items[i].text, b->items[i].text);
    return same;
}

/* Whether AWS would hold the same for both; where that takes more than a look, no is as good an answer. */
static bool same_policy(struct looking *looking, const struct fact *before, const struct fact *after)
{
    static char yes, no;
    const struct policy_decl *was = before->policy, *is = after->policy;
    if (was == is || before->ad_hoc || after->ad_hoc)
        return was == is;
    const char *known = map_get(&looking->same_policies, is->name.text);
    if (!known) {
        bool same = str_eq(was->description, is->description) &&
                    same_words(&was->managed_policies, &is->managed_policies) &&
                    document_equal(looking->scratch, &was->custom, &is->custom);
        known = map_put(&looking->same_policies, is->name.text, same ? &yes : &no);
    }
    return known == &yes;
}

/* Whether a change can have no row about them. */
static bool are_alike(struct looking *looking, const struct fact *before, const struct fact *after)
{
    return before->starts_at_s == after->starts_at_s && before->ends_at_s == after->ends_at_s &&
           before->mode == after->mode && before->mode_is_fixed == after->mode_is_fixed &&
           before->require_mfa == after->require_mfa && same_policy(looking, before, after);
}

static const struct policy_decl *copy_policy(struct looking *looking, const struct policy_decl *policy)
{
    char key[STR_POINTER_SIZE];
    struct policy_decl *copy = map_get(&looking->copies, str_of_pointer(policy, key));
    if (!copy) {
        copy = policy_copy(looking->all->arena, policy);
        map_put(&looking->copies, arena_strdup(looking->scratch, key), copy);
    }
    return copy;
}

/* One principal has several facts, and those of one team are looked up faster. */
static const struct spelling *spelling_of(struct looking *looking, const struct fact *fact)
{
    struct map *known = &looking->spellings[fact->principal_kind];
    const struct spelling **place = map_get(known, fact->principal);
    if (!place) {
        place = ARENA_NEW(looking->scratch, const struct spelling *);
        *place = spellings_find(looking->all->spellings, fact->principal_kind, fact->principal);
        map_put(known, fact->principal, place);
    }
    return *place;
}

static const char *keep_text(struct arena *arena, const char *text)
{
    return *text ? arena_strdup(arena, text) : "";
}

/* `side`: whose fact it is. `same`: the one of the other side, which was kept already, of the same identity; or NULL. */
static const struct fact *keep(struct looking *looking, const struct fact *fact, size_t side,
                               const struct fact *same, struct kept_facts *ret)
{
    struct team_facts *all = looking->all;
    struct arena *arena = all->arena;
    const struct spelling *spelling = spelling_of(looking, fact);
    struct fact kept = *fact;
    kept.declared_as = spelling->declared_as;
    kept.principal = spelling->principal;
    kept.description = keep_text(arena, fact->description);
    kept.reason = keep_text(arena, fact->reason);
    kept.ticket = keep_text(arena, fact->ticket);
    kept.port_run = keep_text(arena, fact->port_run);
    kept.policy = copy_policy(looking, fact->policy);
    kept.grant = kept.policy->name.text;
    kept.identity = same ? same->identity : arena_strdup(arena, fact->identity);
    kept.lease_id = same ? same->lease_id : desired_lease_id(arena, all->settings[side], fact);
    return kept_facts_add(ret, &kept);
}

static void look(struct looking *looking, struct team_facts *all, struct arena *scratch,
                 const struct team_config *before, const struct team_config *after)
{
    *looking = (struct looking){.all = all,
                                .scratch = scratch,
                                .declared = {{.team = before}, {.team = after}},
                                .same_policies = map_new(scratch),
                                .copies = map_new(scratch)};
    for (size_t kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        looking->spellings[kind] = map_new(scratch);
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        struct declared_team *team = &looking->declared[side];
        if (!team->team)
            continue;
        declared_rows(scratch, scratch, all->settings[side], team->team, &team->declared);
        desired_of_team(scratch, &all->terms, &team->declared, &looking->facts[side]);
    }
}

/* The facts of a team that a fact of it that differs can concern. */
static void find_concerned(struct looking *looking, struct concern *concern)
{
    struct pairing pairing = pairing_new(&looking->facts[BASE], &looking->facts[HEAD]);
    const struct fact *pair[SIDE_COUNT];
    while (pairing_next(&pairing, &pair[BASE], &pair[HEAD])) {
        bool alike = pair[BASE] && pair[HEAD] && are_alike(looking, pair[BASE], pair[HEAD]);
        for (size_t side = 0; side < SIDE_COUNT && !alike; side++)
            if (pair[side])
                concern_note(concern, pair[side]);
    }
    for (size_t side = 0; side < SIDE_COUNT; side++)
        concern_widen_by_all(concern, &looking->facts[side]);
}

/* Both sides of a fact that does not change. */
static void keep_concerned(struct looking *looking, const struct fact *pair[SIDE_COUNT])
{
    struct kept_facts *concerned = looking->all->concerned;
    const struct fact *same = keep(looking, pair[BASE], BASE, NULL, &concerned[BASE]);
    keep(looking, pair[HEAD], HEAD, same, &concerned[HEAD]);
}

static void keep_pair(struct looking *looking, struct concern *concern, const struct fact *pair[SIDE_COUNT],
                      struct quiet_team *quiet)
{
    struct team_facts *all = looking->all;
    if (!pair[BASE] || !pair[HEAD] || !are_alike(looking, pair[BASE], pair[HEAD])) {
        for (size_t side = 0; side < SIDE_COUNT; side++)
            if (pair[side])
                keep(looking, pair[side], side, NULL, &all->differing[side]);
    } else if (concern_has(concern, pair[HEAD])) { /* and so is the other: they are of one grant */
        keep_concerned(looking, pair);
    } else {
        quiet_team_add(looking->scratch, quiet, spelling_of(looking, pair[HEAD]), pair[HEAD]);
    }
}

void team_facts_add(struct team_facts *facts, const struct team_config *before,
                    const struct team_config *after)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct looking looking;
    struct concern concern = concern_new(scratch);
    struct quiet_team quiet = {0};
    look(&looking, facts, scratch, before, after);
    digest_rows_add(&facts->digest_rows, &looking.declared[BASE], &looking.declared[HEAD]);
    facts->facts_before += looking.facts[BASE].count;
    find_concerned(&looking, &concern);
    struct pairing pairing = pairing_new(&looking.facts[BASE], &looking.facts[HEAD]);
    const struct fact *pair[SIDE_COUNT];
    while (pairing_next(&pairing, &pair[BASE], &pair[HEAD]))
        keep_pair(&looking, &concern, pair, &quiet);
    *VEC_ADD(facts->scratch, &facts->teams) = quiet_team_copy(facts->scratch, &quiet);
}

static void note_all(struct concern *concern, const struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        concern_note(concern, &facts->items[i]);
}

static void for_each_block(struct concern *concern, const struct kept_facts *kept,
                           void (*visit)(struct concern *concern, const struct facts *facts))
{
    for (size_t i = 0; i < kept->blocks.count; i++)
        visit(concern, &kept->blocks.items[i]);
}

void team_facts_settle(struct team_facts *facts)
{
    facts->concern = concern_new(facts->scratch);
    for (size_t side = 0; side < SIDE_COUNT; side++)
        for_each_block(&facts->concern, &facts->differing[side], note_all);
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        for_each_block(&facts->concern, &facts->differing[side], concern_widen_by_all);
        for_each_block(&facts->concern, &facts->concerned[side], concern_widen_by_all);
    }
    for (size_t i = 0; i < facts->teams.count; i++)
        for (size_t j = 0; j < facts->teams.items[i].count; j++) {
            const struct quiet_facts *quiet = &facts->teams.items[i].items[j];
            const struct fact fact = quiet_facts_view(quiet);
            concern_widen(&facts->concern, &fact, quiet->names_customer_policy);
        }
}

bool team_facts_lacks(struct team_facts *facts, size_t place)
{
    const struct quiet_team *team = &facts->teams.items[place];
    for (size_t i = 0; i < team->count; i++) {
        const struct fact fact = quiet_facts_view(&team->items[i]);
        if (concern_has(&facts->concern, &fact))
            return true;
    }
    return false;
}

void team_facts_add_concerned(struct team_facts *facts, const struct team_config *before,
                              const struct team_config *after)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct looking looking;
    struct concern concern = concern_new(scratch);
    look(&looking, facts, scratch, before, after);
    find_concerned(&looking, &concern);
    struct pairing pairing = pairing_new(&looking.facts[BASE], &looking.facts[HEAD]);
    const struct fact *pair[SIDE_COUNT];
    while (pairing_next(&pairing, &pair[BASE], &pair[HEAD])) {
        if (!pair[BASE] || !pair[HEAD] || !are_alike(&looking, pair[BASE], pair[HEAD]) ||
            concern_has(&concern, pair[HEAD]))
            continue; /* kept already */
        if (concern_has(&facts->concern, pair[HEAD]))
            keep_concerned(&looking, pair);
    }
}

void team_facts_free(struct team_facts *facts)
{
    for (size_t side = 0; side < SIDE_COUNT; side++)
        arena_freep(&facts->lists[side]);
}

void team_facts_finish(struct team_facts *facts, struct facts *ret_before, struct facts *ret_after)
{
    struct facts *rets[SIDE_COUNT] = {ret_before, ret_after};
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        const struct kept_facts *const lists[] = {&facts->differing[side], &facts->concerned[side]};
        *rets[side] = kept_facts_sorted(facts->arena, lists, sizeof lists / sizeof lists[0]);
        arena_freep(&facts->lists[side]); /* before the other side needs as much again */
    }
}
