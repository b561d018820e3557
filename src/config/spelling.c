/* SPDX-License-Identifier: Apache-2.0 */
#include "config/spelling.h"

#include "base/str.h"
#include "policy/mark.h"

#include <assert.h>
#include <string.h>

/* What a name in AWS is made of. */
struct named {
    const char *team, *policy;
};

struct spellings spellings_new(struct arena *arena, struct arena *scratch, const struct settings *settings)
{
    struct spellings spellings = {.arena = arena,
                                  .scratch = scratch,
                                  .settings = settings,
                                  .usernames = map_new(scratch),
                                  .policies = map_new(scratch)};
    for (size_t kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        spellings.principals[kind] = map_new(scratch);
    for (size_t i = 0; i < settings->username_map.count; i++)
        map_put(&spellings.usernames, settings->username_map.items[i].email.text,
                &settings->username_map.items[i]);
    return spellings;
}

static bool is_known(const struct spellings *spellings, const char *user)
{
    return spellings->settings->usernames != USERNAMES_MAP || !strchr(user, '@') ||
           map_get(&spellings->usernames, user);
}

/* The text itself where it is written like that, so that it is there once. */
static const char *copy(struct arena *arena, const char *text, const char *written)
{
    return str_eq(text, written) ? written : arena_strdup(arena, text);
}

static bool add_principal(struct spellings *spellings, struct arena *scratch, enum principal_kind kind,
                          const char *declared_as)
{
    const char *principal =
        kind == PRINCIPAL_USER ? principal_user_name(scratch, spellings->settings, declared_as) : declared_as;
    struct map *map = &spellings->principals[kind];
    const char *key = str_lower(scratch, principal);
    const struct spelling *known = map_get(map, key);
    if (known)
        return str_eq(known->declared_as, declared_as);
    struct spelling *spelling = ARENA_NEW(spellings->arena, struct spelling);
    key = arena_strdup(spellings->arena, key);
    spelling->kind = kind;
    spelling->principal = copy(spellings->arena, principal, key);
    spelling->declared_as = copy(spellings->arena, declared_as, spelling->principal);
    map_put(map, key, spelling);
    return kind != PRINCIPAL_USER || is_known(spellings, declared_as);
}

/* Most names stand in several entries of a team: `seen` tells those that were added just now. */
static bool add_principals(struct spellings *spellings, struct map *seen, enum principal_kind kind,
                           const struct located_list *list)
{
    static char present;
    bool apart = true;
    for (size_t i = 0; i < list->count && apart; i++) {
        size_t count = seen[kind].count;
        map_put(&seen[kind], list->items[i].text, &present);
        apart = seen[kind].count == count ||
                add_principal(spellings, seen[kind].arena, kind, list->items[i].text);
    }
    return apart;
}

static bool add_policy(struct spellings *spellings, struct arena *scratch, const char *team,
                       const char *policy)
{
    const char *key = str_lower(scratch, mark_policy_name(scratch, team, policy));
    const struct named *known = map_get(&spellings->policies, key);
    if (known)
        return str_eq(known->team, team) && str_eq(known->policy, policy);
    struct named *named = ARENA_NEW(spellings->scratch, struct named);
    *named = (struct named){team, arena_strdup(spellings->scratch, policy)};
    map_put(&spellings->policies, arena_strdup(spellings->scratch, key), named);
    return true;
}

bool spellings_add(struct spellings *spellings, const struct team_config *team,
                   const struct team_config *added)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct map seen[PRINCIPAL_KIND_COUNT];
    bool apart = true;
    for (size_t kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        seen[kind] = map_new(scratch);
    for (size_t i = 0; i < team->policies.count && apart && !team_shares_file(team, added, FILE_POLICIES); i++)
        apart = add_policy(spellings, scratch, team->name, team->policies.items[i].name.text);
    for (size_t i = 0; i < team->entries.count && apart; i++) {
        const struct access_entry *entry = &team->entries.items[i];
        if (team_shares_file(team, added, entry->file))
            continue;
        apart = add_principals(spellings, seen, PRINCIPAL_USER, &entry->users) &&
                add_principals(spellings, seen, PRINCIPAL_ROLE, &entry->roles) &&
                add_principals(spellings, seen, PRINCIPAL_GROUP, &entry->groups) &&
                (!entry->ad_hoc || add_policy(spellings, scratch, team->name, entry->ad_hoc->name.text));
    }
    return apart;
}

const struct spelling *spellings_find(const struct spellings *spellings, enum principal_kind kind,
                                      const char *principal)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct spelling *spelling = map_get(&spellings->principals[kind], str_lower(scratch, principal));
    assert(spelling);
    return spelling;
}
