/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team that differs is decoded as usual, so that its principals are known exactly. The others, which may be
 * a thousand, are not: their texts are cut into words, and each word is looked up. No name can hide from that:
 *
 * - A principal that the grammar takes is made of [A-Za-z0-9_+=,.@-] alone. Those that hold a comma, at which
 *   YAML may end a word, are not looked for: then every team counts as sharing one.
 * - Where YAML breaks a line, in a plain, a quoted or a block scalar, the value has a space or a line end, or,
 *   behind a backslash, nothing. A text with a backslash counts as sharing a name. Without one the letters of a
 *   name stand side by side in the file, whichever kind of scalar it is.
 * - What stands before and behind a scalar is none of these characters: white space, a line end, a quote, a
 *   bracket, a comma, a colon, or the end of the file. ("- bob", "[bob]", "bob: " and "'bob'"; "-bob" and
 *   "bob#1" are values themselves. Tags, anchors and aliases are refused. "---" needs a space behind it.)
 * - Other encodings than UTF-8 hold NULs, and count as sharing a name.
 *
 * So a name is a whole word. Words in comments and descriptions are looked up too: at worst a team is read that
 * need not have been. Of an address, what is before the '@' is looked up as well: the user that it may come to.
 *
 * Names of policies need no look into files: two teams come to one only if the name of one begins with that of
 * the other and a dash (policy/mark.h: "<team>-<policy>"; a name that is cut keeps more than a team has). A team
 * `temp` shares names with everybody: those of leases begin like its policies'.
 */
#include "flow/affected_names.h"

#include "base/str.h"
#include "config/schema.h"
#include "flow/raw_text.h"
#include "flow/source_places.h"

#include <string.h>

static char present;

enum { BASE, HEAD, SIDES };

static const char *path_of(const struct affected_names *names, struct arena *arena, const char *folder,
                           const char *team)
{
    return source_join(arena, names->sides[BASE]->root, arena_printf(arena, "%s/%s.yaml", folder, team));
}

/* The file of a team in one of the folders, or NULL. */
static int find_file(const struct affected_names *names, struct arena *arena, int side, const char *folder,
                     const char *team, const struct tree_entry **ret, struct err *err)
{
    return repo_find_entry(arena, names->repo, names->sides[side]->tree_id,
                           path_of(names, arena, folder, team), ret, err);
}

int affected_names_begin(struct arena *arena, struct repo *repo, const struct source *base,
                         const struct source *head, struct affected_names *ret, struct err *err)
{
    static const char others[] = "_+=.@-";
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct tree_entry *entry;
    *ret = (struct affected_names){
        .arena = arena,
        .repo = repo,
        .sides = {base, head},
        .settings = settings_defaults(),
        .principals = map_new(arena),
        .teams = map_new(arena),
        .decoded = decoded_files_new(arena),
        .stems = map_new(arena),
    };
    for (int c = 1; c < (int)sizeof ret->small; c++) {
        char text[] = {(char)c, 0};
        if (str_only(text, others)) {
            str_to_lower(text);
            ret->small[c] = *text;
        }
    }
    if (repo_find_entry(scratch, repo, head->tree_id, source_join(scratch, head->root, source_settings),
                        &entry, err) < 0)
        return -1;
    if (!entry)
        return 0;
    struct source_file file = {.path = source_settings};
    struct diags diags = diags_new(scratch);
    struct decoder decoder = {.arena = arena, .diags = &diags};
    if (repo_read_small_blob(arena, repo, entry->id, SOURCE_FILE_MAX, &file.text, &file.size, err) < 0)
        return -1;
    ret->unknown = !file.text || !schema_decode_file(&decoder, FILE_SETTINGS, &file, &ret->settings) ||
                   diags.count || ret->settings.usernames == USERNAMES_MAP;
    return 0;
}

static void add_principals(struct affected_names *names, const struct located_list *list, bool are_users)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *text = list->items[i].text;
        if (are_users)
            text = principal_user_name(names->arena, &names->settings, text);
        size_t size = strlen(text);
        names->unknown |= strchr(text, ',') || size > AFFECTED_NAME_MAX;
        if (names->unknown)
            return;
        names->has_length[size] = true;
        map_put(&names->principals, str_lower(names->arena, text), &present);
    }
}

/* One of the two files with entries, on one side. What cannot be decoded whole is not known. */
static int add_entries(struct affected_names *names, enum file_kind kind, const char *path,
                       const struct tree_entry *entry, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct decoded_file *decoded;
    if (decoded_file_read(names->arena, scratch, names->repo, kind, path, entry, names->settings.partition,
                          &names->decoded, &decoded, err) < 0)
        return -1;
    names->unknown |= !decoded;
    for (size_t i = 0; decoded && i < decoded->team.entries.count && !names->unknown; i++) {
        const struct access_entry *access = &decoded->team.entries.items[i];
        add_principals(names, &access->users, true);
        add_principals(names, &access->roles, false);
        add_principals(names, &access->groups, false);
    }
    return 0;
}

static const struct {
    enum file_kind kind;
    const char *folder;
} with_entries[] = {{FILE_PERMANENT, "permanent-access"}, {FILE_TEMPORARY, "temporary-access"}};

enum { WITH_ENTRIES = sizeof with_entries / sizeof with_entries[0] };

/* Gives the beginning of a name that ends before its next dash from *at on, or NULL. */
static const char *next_stem(struct arena *arena, const char *name, size_t *at)
{
    const char *dash = strchr(name + *at, '-');
    if (!dash)
        return NULL;
    size_t size = (size_t)(dash - name);
    *at = size + 1;
    return arena_strndup(arena, name, size);
}

/* Names of leases begin like those of the policies of a team `temp` (config/object_names.c). */
static bool names_leases(const char *team)
{
    return str_eq(team, "temp") || str_prefix(team, "temp-");
}

int affected_names_add(struct affected_names *names, const char *team, struct err *err)
{
    size_t at = 0;
    map_put(&names->teams, team, &present);
    names->unknown |= names_leases(team);
    for (const char *stem; (stem = next_stem(names->arena, team, &at));)
        map_put(&names->stems, stem, &present);
    for (size_t i = 0; i < WITH_ENTRIES; i++) {
        const struct tree_entry *entries[SIDES] = {NULL, NULL};
        const char *path = path_of(names, names->arena, with_entries[i].folder, team);
        for (int side = 0; side < SIDES && !names->unknown; side++) {
            if (repo_find_entry(names->arena, names->repo, names->sides[side]->tree_id, path, &entries[side],
                                err) < 0)
                return -1;
            bool is_same = side == HEAD && entries[BASE] && entries[HEAD] &&
                           str_eq(entries[BASE]->id, entries[HEAD]->id);
            if (entries[side] && !is_same &&
                add_entries(names, with_entries[i].kind, path, entries[side], err) < 0)
                return -1;
        }
    }
    return 0;
}

static bool is_principal(const struct affected_names *names, const char *word, size_t size)
{
    return names->has_length[size] && map_get(&names->principals, word);
}

static bool has_principal(const struct affected_names *names, const char *text)
{
    char word[AFFECTED_NAME_MAX + 1];
    while (*text) {
        size_t size = 0, local = 0;
        for (char c; (c = names->small[(unsigned char)*text]); text++, size++) {
            if (size < AFFECTED_NAME_MAX)
                word[size] = c;
            if (c == '@' && !local)
                local = size;
        }
        if (size > AFFECTED_NAME_MAX || size == 0) {
            text += size == 0;
            continue;
        }
        word[size] = 0;
        if (is_principal(names, word, size))
            return true;
        word[local] = 0;
        if (local && is_principal(names, word, local))
            return true;
    }
    return false;
}

/* Whether a policy of the team can come to the same name in AWS as one of a team that differs. */
static bool shares_stem(const struct affected_names *names, struct arena *scratch, const char *team)
{
    size_t at = 0;
    if (map_get(&names->stems, team))
        return true;
    for (const char *stem; (stem = next_stem(scratch, team, &at));)
        if (map_get(&names->teams, stem))
            return true;
    return false;
}

int affected_names_shared(struct affected_names *names, const char *team, bool *ret, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    *ret = names->unknown || names_leases(team) || shares_stem(names, scratch, team);
    for (size_t i = 0; i < WITH_ENTRIES && !*ret; i++) {
        const struct tree_entry *entry;
        const char *text;
        if (find_file(names, scratch, HEAD, with_entries[i].folder, team, &entry, err) < 0)
            return -1;
        if (!entry)
            continue;
        if (raw_text_read(scratch, names->repo, entry, SOURCE_FILE_MAX, &text, err) < 0)
            return -1;
        *ret = !text || has_principal(names, text);
    }
    return 0;
}

int affected_names_customer_policy(struct affected_names *names, const char *team, bool *ret, struct err *err)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const char *last_id = "";
    *ret = false;
    for (int side = 0; side < SIDES && !*ret; side++) {
        const struct tree_entry *entry;
        const char *text;
        if (find_file(names, scratch, side, "aws-policies", team, &entry, err) < 0)
            return -1;
        if (!entry || str_eq(entry->id, last_id))
            continue;
        last_id = entry->id;
        if (raw_text_read(scratch, names->repo, entry, SOURCE_FILE_MAX, &text, err) < 0)
            return -1;
        *ret = !text || raw_text_names_customer_policy(text);
    }
    return 0;
}
