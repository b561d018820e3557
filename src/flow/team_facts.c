/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/team_facts.h"

#include "base/str.h"
#include "plan/concerned.h"
#include "plan/pairing.h"
#include "policy/document.h"

/* One team, while its facts are compared. */
struct comparing {
    struct team_facts *facts;
    struct arena *scratch;
    struct map same_policies; /* name → whether both sides have the same under it */
    struct quiet_team *quiet;
    bool needs_entries;
};

static bool same_words(const struct located_list *a, const struct located_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = str_eq(a->items[i].text, b->items[i].text);
    return same;
}

/* Whether AWS would hold the same for both; where that takes more than a look, no is as good an answer. */
static bool same_policy(struct comparing *comparing, const struct fact *before, const struct fact *after)
{
    static char yes, no;
    const struct policy_decl *was = before->policy, *is = after->policy;
    if (was == is)
        return true;
    if (before->ad_hoc || after->ad_hoc)
        return false;
    const char *known = map_get(&comparing->same_policies, is->name.text);
    if (!known) {
        bool same = str_eq(was->description, is->description) &&
                    same_words(&was->managed_policies, &is->managed_policies) &&
                    document_equal(comparing->scratch, &was->custom, &is->custom);
        known = map_put(&comparing->same_policies, is->name.text, same ? &yes : &no);
    }
    return known == &yes;
}

static const char *keep_text(struct arena *arena, const char *text)
{
    return text && *text ? arena_strdup(arena, text) : "";
}

static void keep(struct comparing *comparing, const struct fact *fact, size_t side)
{
    struct team_facts *facts = comparing->facts;
    struct arena *arena = facts->arena;
    const struct spelling *spelling =
        spellings_find(facts->spellings, fact->principal_kind, fact->principal);
    struct fact *kept = VEC_ADD(arena, &facts->kept[side]);
    *kept = *fact;
    kept->declared_as = spelling->declared_as;
    kept->principal = spelling->principal;
    kept->description = keep_text(arena, fact->description);
    kept->reason = keep_text(arena, fact->reason);
    kept->ticket = keep_text(arena, fact->ticket);
    kept->port_run = keep_text(arena, fact->port_run);
    kept->identity = arena_strdup(arena, fact->identity);
    kept->lease_id = desired_lease_id(arena, facts->settings[side], fact);
    comparing->needs_entries |= fact->ad_hoc;
}

static void compare_pair(struct comparing *comparing, const struct fact *before, const struct fact *after)
{
    struct team_facts *facts = comparing->facts;
    if (before && after && quiet_is(before, after, same_policy(comparing, before, after))) {
        const struct spelling *spelling =
            spellings_find(facts->spellings, after->principal_kind, after->principal);
        *VEC_ADD(facts->arena, comparing->quiet) =
            quiet_of(before, after, spelling->declared_as, spelling->principal);
        return;
    }
    if (before)
        keep(comparing, before, 0);
    if (after)
        keep(comparing, after, 1);
}

/* The file that permanent facts stand in, and that of leases. */
static void note_files(const struct facts *facts, const struct source_file *files[static 2])
{
    for (size_t i = 0; i < facts->count; i++)
        files[facts->items[i].kind] = facts->items[i].span.file;
}

static void make_facts(struct comparing *comparing, size_t side, struct declared_team *team,
                       struct facts *ret)
{
    struct team_facts *facts = comparing->facts;
    struct arena *scratch = comparing->scratch;
    if (!team->team)
        return;
    declared_rows(scratch, scratch, facts->settings[side], team->team, &team->declared);
    desired_of_team(scratch, &facts->terms, &team->declared, ret);
}

bool team_facts_add(struct team_facts *facts, const struct team_config *before,
                    const struct team_config *after)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct comparing comparing = {.facts = facts,
                                  .scratch = scratch,
                                  .same_policies = map_new(scratch),
                                  .quiet = VEC_ADD(facts->arena, &facts->quiet)};
    struct declared_team was = {.team = before}, is = {.team = after};
    struct facts old = {0}, new = {0};
    make_facts(&comparing, 0, &was, &old);
    make_facts(&comparing, 1, &is, &new);
    digest_rows_add(&facts->digest_rows, &was, &is);
    comparing.quiet->name = after ? after->name : before->name;
    note_files(&old, comparing.quiet->files[0]);
    note_files(&new, comparing.quiet->files[1]);
    VEC_RESERVE(facts->arena, comparing.quiet, old.count < new.count ? old.count : new.count);
    facts->facts_before += old.count;
    struct pairing pairing = pairing_new(&old, &new);
    const struct fact *a, *b;
    while (pairing_next(&pairing, &a, &b))
        compare_pair(&comparing, a, b);
    return comparing.needs_entries;
}

static void for_each_quiet(struct team_facts *facts, struct concern *concern, bool widen, struct facts ret[2])
{
    for (size_t i = 0; i < facts->quiet.count; i++) {
        const struct quiet_team *team = &facts->quiet.items[i];
        for (size_t j = 0; j < team->count; j++)
            for (size_t side = 0; side < 2; side++) {
                const struct fact view = quiet_view(team, &team->items[j], side);
                if (widen)
                    concern_widen(concern, &view);
                else if (concern_has(concern, &view))
                    *VEC_ADD(facts->arena, &ret[side]) = quiet_fact_of(facts->arena, facts->settings[side],
                                                                       team, &team->items[j], side);
            }
    }
}

void team_facts_finish(struct team_facts *facts, struct facts *ret_before, struct facts *ret_after)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct concern concern = concern_new(scratch);
    struct facts *kept = facts->kept;
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < kept[side].count; i++)
            concern_note(&concern, &kept[side].items[i]);
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < kept[side].count; i++)
            concern_widen(&concern, &kept[side].items[i]);
    for_each_quiet(facts, &concern, true, NULL);
    for_each_quiet(facts, &concern, false, kept);
    facts_sort(&kept[0]);
    facts_sort(&kept[1]);
    *ret_before = kept[0];
    *ret_after = kept[1];
}
