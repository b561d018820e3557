/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/digest_rows.h"

#include "base/hash.h"
#include "base/str.h"
#include "policy/document.h"
#include "policy/trust.h"

#include <string.h>

/* One team, while its rows are compared. */
struct comparing {
    struct arena *arena;
    const struct digest_rows *rows;
    struct map policies; /* address → hash of what it allows */
};

static const char *hash(struct arena *arena, const char *text)
{
    char hex[SHA256_HEX_SIZE];
    return arena_strdup(arena, sha256_hex(text, strlen(text), hex));
}

/* Statements by their meaning, managed policies as a set. */
static const char *policy_hash(struct comparing *comparing, const struct policy_decl *policy)
{
    char key[STR_POINTER_SIZE];
    const char *known = map_get(&comparing->policies, str_of_pointer(policy, key));
    if (known)
        return known;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct strings arns = {0};
    const char *text = document_canonical(arena, &policy->custom);
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        strings_add(arena, &arns, policy->managed_policies.items[i].text);
    strings_sort_unique(&arns);
    for (size_t i = 0; i < arns.count; i++)
        text = arena_printf(arena, "%s\n%s", text, arns.items[i]);
    if (policy->role || policy->provider)
        text = arena_printf(arena, "%s\n\n%s", text, trust_canonical(arena, policy->role, policy->provider));
    char *made = arena_strdup(comparing->arena, hash(arena, text));
    map_put(&comparing->policies, arena_strdup(comparing->arena, key), made);
    return made;
}

/* The window and the mode as they are written: a day is not the instant at which it ends. */
static const char *row_hash(struct comparing *comparing, const struct declared_row *row)
{
    const struct access_entry *entry = row->entry;
    return hash(comparing->arena,
                arena_printf(comparing->arena, "%s\n%lld\n%lld\n%d\n%d\n%s", row->fact.identity,
                             (long long)row->fact.starts_at_s, (long long)row->fact.ends_at_s,
                             entry->temporary && entry->ends_with_day, (int)entry->mode,
                             policy_hash(comparing, row->fact.policy)));
}

/* The rows of one team on one side, sorted by what they hash to; those that the other side has too are left out. */
struct side_rows {
    const struct declared *declared;
    bool *paired;       /* of each: the other side has it too */
    struct map by_hash; /* → struct declared_row */
    struct strings hashes;
};

/* `other`: the team on the other side, or NULL. */
static struct side_rows rows_of(struct comparing *comparing, const struct declared_team *side,
                                const struct team_config *other)
{
    struct arena *arena = comparing->arena;
    struct side_rows rows = {.declared = &side->declared, .by_hash = map_new(arena)};
    bool shared[FILE_KIND_COUNT] = {false};
    for (enum file_kind i = FILE_ROLES; side->team && i < FILE_KIND_COUNT; i++)
        shared[i] = comparing->rows->users_are_named_alike && team_shares_entries(side->team, other, i);
    rows.paired = arena_array(arena, side->declared.count, sizeof *rows.paired);
    for (size_t i = 0; i < side->declared.count; i++)
        rows.paired[i] = shared[side->declared.items[i].entry->file];
    return rows;
}

/* Whether two rows of one identity hash alike; false where that takes more than a look. */
static bool is_same_row(struct comparing *comparing, const struct declared_row *a,
                        const struct declared_row *b)
{
    return a->fact.starts_at_s == b->fact.starts_at_s && a->fact.ends_at_s == b->fact.ends_at_s &&
           a->entry->temporary == b->entry->temporary && a->entry->ends_with_day == b->entry->ends_with_day &&
           a->entry->mode == b->entry->mode &&
           (a->fact.policy == b->fact.policy ||
            str_eq(policy_hash(comparing, a->fact.policy), policy_hash(comparing, b->fact.policy)));
}

/* How far ahead the same row is looked for: entries come and go, but their order mostly stays. */
enum { AHEAD_MAX = 32 };

/* Most rows of a team that changes do not: one on each side is no difference, and need not be hashed. One
 * that is not found is hashed, which comes to the same. */
static void pair_off(struct comparing *comparing, struct side_rows *was, struct side_rows *is)
{
    for (size_t i = 0, from = 0; i < is->declared->count; i++) {
        const struct declared_row *row = &is->declared->items[i];
        while (from < was->declared->count && was->paired[from])
            from++;
        size_t end = from + AHEAD_MAX < was->declared->count ? from + AHEAD_MAX : was->declared->count;
        for (size_t j = from; !is->paired[i] && j < end; j++) {
            const struct declared_row *old = &was->declared->items[j];
            if (was->paired[j] || !str_eq(old->fact.identity, row->fact.identity))
                continue;
            is->paired[i] = was->paired[j] = is_same_row(comparing, old, row);
            from = j + 1;
            break;
        }
    }
}

static void hash_rows(struct comparing *comparing, struct side_rows *rows)
{
    for (size_t i = 0; i < rows->declared->count; i++) {
        if (rows->paired[i])
            continue;
        const char *hex = row_hash(comparing, &rows->declared->items[i]);
        map_put(&rows->by_hash, hex, &rows->declared->items[i]);
        strings_add(comparing->arena, &rows->hashes, hex);
    }
    strings_sort(&rows->hashes);
}

static void remember(struct arena *arena, struct map *known, struct strings *list, const char *text)
{
    static char present;
    if (map_get(known, text))
        return;
    text = arena_strdup(arena, text);
    map_put(known, text, &present);
    strings_add(arena, list, text);
}

static void add_changed(struct digest_rows *all, const struct side_rows *rows, const char *hex,
                        const char *sign)
{
    const struct declared_row *row = map_get(&rows->by_hash, hex);
    struct arena *arena = all->arena;
    strings_add(arena, &all->rows, arena_printf(arena, "%s%s", sign, hex));
    remember(arena, &all->accounts, &all->account_ids, row->fact.account_id);
    remember(arena, &all->grants, &all->grant_names, row->fact.grant);
    if (!all->teams.count || !str_eq(all->teams.items[all->teams.count - 1], row->fact.team))
        strings_add(arena, &all->teams, arena_strdup(arena, row->fact.team));
}

/* Rows that stand there twice count twice. */
void digest_rows_add(struct digest_rows *all, const struct declared_team *before,
                     const struct declared_team *after)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct comparing comparing = {.arena = arena, .rows = all, .policies = map_new(arena)};
    struct side_rows was = rows_of(&comparing, before, after->team);
    struct side_rows is = rows_of(&comparing, after, before->team);
    pair_off(&comparing, &was, &is);
    hash_rows(&comparing, &was);
    hash_rows(&comparing, &is);
    for (size_t i = 0, j = 0; i < was.hashes.count || j < is.hashes.count;) {
        int order = i == was.hashes.count  ? 1
                    : j == is.hashes.count ? -1
                                           : strcmp(was.hashes.items[i], is.hashes.items[j]);
        if (order < 0)
            add_changed(all, &was, was.hashes.items[i], "-");
        if (order > 0)
            add_changed(all, &is, is.hashes.items[j], "+");
        i += order <= 0;
        j += order >= 0;
    }
}

struct digest_rows digest_rows_new(struct arena *arena, const struct settings *before,
                                   const struct settings *after)
{
    return (struct digest_rows){.arena = arena,
                                .users_are_named_alike = settings_name_users_alike(before, after),
                                .accounts = map_new(arena),
                                .grants = map_new(arena)};
}
