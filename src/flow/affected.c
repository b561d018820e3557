/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/affected.h"

#include "base/str.h"
#include "flow/account_texts.h"
#include "flow/affected_names.h"
#include "flow/source_places.h"

#include <string.h>

static const char suffix[] = ".yaml";

struct searching {
    struct arena *arena;
    struct repo *repo;
    const struct source *sides[2];
    struct affected *ret;
    struct strings differing; /* teams with a file that differs, each once */
    struct map differing_set;
    bool accounts_differ;       /* another account may stand behind a name */
    struct account_texts texts; /* of teams that differ, on both sides; the others have the same on both */
    struct affected_names names;
};

static char present;

/* The ids of what stands at a path below the config roots, or NULL. */
static int find_ids(struct searching *searching, const char *name, const char *ret[2], struct err *err)
{
    for (size_t side = 0; side < 2; side++) {
        const struct source *source = searching->sides[side];
        const struct tree_entry *entry;
        const char *path = source_join(searching->arena, source->root, name);
        if (repo_find_entry(searching->arena, searching->repo, source->tree_id, path, &entry, err) < 0)
            return -1;
        ret[side] = entry ? entry->id : NULL;
        searching->ret->all |= entry && !str_suffix(name, suffix) && entry->kind != ENTRY_FOLDER;
    }
    return 0;
}

static bool are_same(const char *const ids[2])
{
    return ids[0] && ids[1] ? str_eq(ids[0], ids[1]) : ids[0] == ids[1];
}

/* "payments.yaml" → "payments". What has another ending is no team: it is refused by whoever reads the folder. */
static const char *team_of(struct searching *searching, const char *name)
{
    return str_suffix(name, suffix) ? arena_strndup(searching->arena, name, strlen(name) - strlen(suffix))
                                    : NULL;
}

static int add_teams_that_differ(struct searching *searching, const char *folder, struct err *err)
{
    const char *ids[2];
    struct strings names = {0};
    if (find_ids(searching, folder, ids, err) < 0)
        return -1;
    if (searching->ret->all || are_same(ids))
        return 0;
    searching->accounts_differ |= str_eq(folder, source_folders[0]);
    if (repo_diff_trees(searching->arena, searching->repo, ids[0], ids[1], &names, err) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        const char *team = team_of(searching, names.items[i]);
        if (!team || map_get(&searching->differing_set, team))
            continue;
        map_put(&searching->differing_set, team, &present);
        map_put(&searching->ret->teams, team, &present);
        strings_add(searching->arena, &searching->differing, team);
    }
    return 0;
}

static int look_at_accounts(struct searching *searching, const struct tree_entry *file, struct err *err)
{
    const char *team = team_of(searching, file->name);
    return team ? account_texts_add(&searching->texts, searching->repo, team, file, err) : 0;
}

/* Of the second side only what may differ is looked at. */
static int look_at_all_accounts(struct searching *searching, struct err *err)
{
    const char *ids[2];
    struct tree_entries files[2] = {0};
    if (find_ids(searching, source_folders[0], ids, err) < 0)
        return -1;
    for (size_t side = 0; side < (are_same(ids) ? 1 : 2); side++)
        if (ids[side] && repo_list_tree(searching->arena, searching->repo, ids[side], &files[side], err) < 0)
            return -1;
    searching->ret->all |= searching->differing.count * 2 > files[0].count;
    for (size_t i = 0; i < files[0].count && !searching->ret->all; i++)
        if (look_at_accounts(searching, &files[0].items[i], err) < 0)
            return -1;
    for (size_t i = 0; i < files[1].count && !searching->ret->all; i++) {
        const char *team = team_of(searching, files[1].items[i].name);
        if (team && map_get(&searching->differing_set, team) &&
            look_at_accounts(searching, &files[1].items[i], err) < 0)
            return -1;
    }
    return 0;
}

/* Whether all that share an account matter, and not only those that share a name in it. */
static int is_account_enough(struct searching *searching, bool *ret, struct err *err)
{
    *ret = searching->accounts_differ || searching->names.unknown;
    for (size_t i = 0; i < searching->differing.count && !*ret; i++) {
        const char *team = searching->differing.items[i];
        if (affected_names_add(&searching->names, team, err) < 0 ||
            affected_names_customer_policy(&searching->names, team, ret, err) < 0)
            return -1;
        *ret |= searching->names.unknown;
    }
    return 0;
}

/*
 * Adds those that share a name. When one of them may attach a policy of the account, *ret_all: then all that
 * share the account matter.
 */
static int add_by_name(struct searching *searching, const struct strings *sharing, bool *ret_all,
                       struct err *err)
{
    for (size_t i = 0; i < sharing->count && !*ret_all; i++) {
        const char *team = sharing->items[i];
        bool is_affected = map_get(&searching->ret->teams, team) != NULL;
        if (!is_affected && affected_names_shared(&searching->names, team, &is_affected, err) < 0)
            return -1;
        if (!is_affected)
            continue;
        map_put(&searching->ret->teams, team, &present);
        if (affected_names_customer_policy(&searching->names, team, ret_all, err) < 0)
            return -1;
    }
    return 0;
}

/* Teams with the same files on both sides that have to be read with those that differ. */
static int add_teams_that_share(struct searching *searching, struct err *err)
{
    const struct account_numbers accounts = account_texts_of(&searching->texts, &searching->differing_set);
    struct strings sharing = {0};
    bool all;
    for (size_t i = 0; i < searching->texts.count; i++) {
        const struct account_text *text = &searching->texts.items[i];
        bool differs = map_get(&searching->differing_set, text->team) != NULL;
        searching->ret->all |= differs && text->doubtful;
        searching->ret->all_accounts |= text->doubtful; /* which accounts it names is not known */
        if (!differs && text->doubtful)
            map_put(&searching->ret->teams, text->team, &present);
        if (!differs && (text->doubtful || account_text_has(&searching->texts, text, &accounts)))
            strings_add(searching->arena, &sharing, text->team);
    }
    if (searching->ret->all || !sharing.count)
        return 0;
    if (affected_names_begin(searching->arena, searching->repo, searching->sides[0], searching->sides[1],
                             &searching->names, err) < 0 ||
        is_account_enough(searching, &all, err) < 0 ||
        (!all && add_by_name(searching, &sharing, &all, err) < 0))
        return -1;
    for (size_t i = 0; i < sharing.count && all; i++)
        map_put(&searching->ret->teams, sharing.items[i], &present);
    searching->ret->decoded = searching->names.decoded;
    return 0;
}

/* Teams that give a name to an account of those: the strictest rules of all names hold there. */
static void add_accounts(struct searching *searching)
{
    const struct account_numbers accounts = account_texts_of(&searching->texts, &searching->ret->teams);
    for (size_t i = 0; i < searching->texts.count; i++)
        if (account_text_has(&searching->texts, &searching->texts.items[i], &accounts))
            map_put(&searching->ret->accounts, searching->texts.items[i].team, &present);
}

static int find(struct searching *searching, struct err *err)
{
    const char *settings[2] = {NULL, NULL}, *roles[2] = {NULL, NULL};
    if (find_ids(searching, source_settings, settings, err) < 0 ||
        find_ids(searching, source_roles, roles, err) < 0)
        return -1;
    searching->ret->all |= !are_same(settings) || roles[0] || roles[1];
    for (size_t i = 0; i < SOURCE_FOLDER_COUNT && !searching->ret->all; i++)
        if (add_teams_that_differ(searching, source_folders[i], err) < 0)
            return -1;
    if (!searching->ret->all && look_at_all_accounts(searching, err) < 0)
        return -1;
    if (!searching->ret->all && add_teams_that_share(searching, err) < 0)
        return -1;
    add_accounts(searching);
    return 0;
}

int affected_teams(struct arena *arena, struct repo *repo, const struct source *base,
                   const struct source *head, struct affected *ret, struct err *err)
{
    struct searching searching = {
        .arena = arena,
        .repo = repo,
        .sides = {base, head},
        .ret = ret,
        .differing_set = map_new(arena),
        .texts = {.arena = arena},
    };
    *ret = (struct affected){.teams = map_new(arena), .accounts = map_new(arena)};
    ret->all = !base->tree_id || !head->tree_id || !str_eq(base->root, head->root);
    return ret->all ? 0 : find(&searching, err);
}
