/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/affected.h"

#include "base/str.h"
#include "flow/source_places.h"

#include <string.h>

static const char suffix[] = ".yaml";

enum { ACCOUNT_ID_DIGITS = 12, SIZE_MAX_LOOKED_AT = 64 * 1024 };

struct searching {
    struct arena *arena;
    struct repo *repo;
    const struct source *sides[2];
    struct map *teams;
    struct map account_ids; /* those of teams with a file that differs */
    bool all;
};

static char present;

/* The id of what stands at a path below the config root, or NULL. */
static int find_id(struct searching *searching, const struct source *source, const char *name,
                   const char **ret, struct err *err)
{
    const struct tree_entry *entry;
    const char *path = source_join(searching->arena, source->root, name);
    if (repo_find_entry(searching->arena, searching->repo, source->tree_id, path, &entry, err) < 0)
        return -1;
    *ret = entry ? entry->id : NULL;
    searching->all |= entry && !str_suffix(name, suffix) && entry->kind != ENTRY_FOLDER;
    return 0;
}

/* "payments.yaml" → "payments". What has another ending is no team: it is refused by whoever reads the folder. */
static const char *team_of(struct searching *searching, const char *name)
{
    return str_suffix(name, suffix) ? arena_strndup(searching->arena, name, strlen(name) - strlen(suffix))
                                    : NULL;
}

static int add_teams_that_differ(struct searching *searching, const char *folder, struct err *err)
{
    const char *ids[2] = {NULL, NULL};
    struct strings names = {0};
    for (size_t side = 0; side < 2; side++)
        if (find_id(searching, searching->sides[side], folder, &ids[side], err) < 0)
            return -1;
    if (searching->all || (ids[0] && ids[1] && str_eq(ids[0], ids[1])))
        return 0;
    if (repo_diff_trees(searching->arena, searching->repo, ids[0], ids[1], &names, err) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        const char *team = team_of(searching, names.items[i]);
        if (team)
            map_put(searching->teams, team, &present);
    }
    return 0;
}

static int check_settings(struct searching *searching, struct err *err)
{
    const char *ids[2] = {NULL, NULL};
    for (size_t side = 0; side < 2; side++)
        if (find_id(searching, searching->sides[side], source_settings, &ids[side], err) < 0)
            return -1;
    searching->all |= ids[0] && ids[1] ? !str_eq(ids[0], ids[1]) : ids[0] != ids[1];
    return 0;
}

/*
 * Steps to the next run of exactly as many digits as an account id has, and copies it; false at the end.
 * Whatever YAML makes of a file, an account id stands in it like this, or is spelled with a backslash.
 */
static bool next_account_id(const char **at, char ret[static ACCOUNT_ID_DIGITS + 1])
{
    static const char digits[] = "0123456789";
    for (*at += strcspn(*at, digits); **at; *at += strcspn(*at, digits)) {
        const char *start = *at;
        size_t run = strspn(start, digits);
        *at += run;
        if (run != ACCOUNT_ID_DIGITS)
            continue;
        memcpy(ret, start, ACCOUNT_ID_DIGITS);
        ret[ACCOUNT_ID_DIGITS] = 0;
        return true;
    }
    return false;
}

/* The text of a file, or NULL when no conclusion can be drawn from it. */
static int read_plain(struct arena *arena, struct searching *searching, const struct tree_entry *entry,
                      const char **ret, struct err *err)
{
    size_t size;
    *ret = NULL;
    if (entry->kind != ENTRY_FILE)
        return 0;
    if (repo_blob_size(searching->repo, entry->id, &size, err) < 0)
        return -1;
    if (size > SIZE_MAX_LOOKED_AT)
        return 0;
    const char *text;
    if (repo_read_blob(arena, searching->repo, entry->id, &text, &size, err) < 0)
        return -1;
    if (strlen(text) == size && !strchr(text, '\\'))
        *ret = text;
    return 0;
}

/* Of each team that differs, all accounts; otherwise, of each that does not, whether it has one of these. */
static int look_at_accounts(struct searching *searching, const struct tree_entries *files, bool differing,
                            struct err *err)
{
    for (size_t i = 0; i < files->count && !searching->all; i++) {
        CLEANUP(arena_freep) struct arena *scratch = arena_new();
        const char *team = team_of(searching, files->items[i].name), *text;
        char id[ACCOUNT_ID_DIGITS + 1];
        if (!team || (map_get(searching->teams, team) != NULL) != differing)
            continue;
        if (read_plain(scratch, searching, &files->items[i], &text, err) < 0)
            return -1;
        if (!text && differing)
            searching->all = true;
        else if (!text)
            map_put(searching->teams, team, &present);
        while (text && next_account_id(&text, id)) {
            if (differing)
                map_put(&searching->account_ids, arena_strdup(searching->arena, id), &present);
            else if (map_get(&searching->account_ids, id))
                map_put(searching->teams, team, &present);
        }
    }
    return 0;
}

static int add_teams_that_share(struct searching *searching, struct err *err)
{
    struct tree_entries files[2] = {0};
    const char *ids[2] = {NULL, NULL};
    for (size_t side = 0; side < 2; side++) {
        if (find_id(searching, searching->sides[side], source_folders[0], &ids[side], err) < 0)
            return -1;
        if (side && ids[0] && ids[1] && str_eq(ids[0], ids[1]))
            break;
        if (ids[side] && repo_list_tree(searching->arena, searching->repo, ids[side], &files[side], err) < 0)
            return -1;
        if (look_at_accounts(searching, &files[side], true, err) < 0)
            return -1;
    }
    /* A team that does not differ has the same file on both sides. */
    searching->all |= searching->teams->count * 2 > files[0].count;
    return look_at_accounts(searching, &files[0], false, err);
}

int affected_teams(struct arena *arena, struct repo *repo, const struct source *base,
                   const struct source *head, struct map *teams, bool *ret_all, struct err *err)
{
    struct searching searching = {.arena = arena,
                                  .repo = repo,
                                  .sides = {base, head},
                                  .teams = teams,
                                  .account_ids = map_new(arena)};
    *ret_all = true;
    if (!base->tree_id || !head->tree_id || !str_eq(base->root, head->root))
        return 0;
    if (check_settings(&searching, err) < 0)
        return -1;
    for (size_t i = 0; i < SOURCE_FOLDER_COUNT && !searching.all; i++)
        if (add_teams_that_differ(&searching, source_folders[i], err) < 0)
            return -1;
    if (!searching.all && add_teams_that_share(&searching, err) < 0)
        return -1;
    *ret_all = searching.all;
    return 0;
}
