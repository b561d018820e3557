/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Few entries that say the same as many: what somebody has in the same environments is one entry, and so is
 * what several have alike.
 */
#include "base/str.h"
#include "config/import_work.h"

#include <stdlib.h>
#include <string.h>

/* Who has these grants in these environments. */
struct group {
    enum principal_kind kind;
    struct strings names, environments, grants;
    const char *key; /* the last two */
};

struct groups {
    VEC_FIELDS(struct group *);
};

static int by_principal(const void *left, const void *right)
{
    const struct import_atom *const *a = left, *const *b = right;
    int order = (int)(*a)->principal->kind - (int)(*b)->principal->kind;
    if (!order)
        order = strcmp((*a)->written, (*b)->written);
    if (!order)
        order = strcmp((*a)->grant->name, (*b)->grant->name);
    if (!order && (*a)->account != (*b)->account)
        return (*a)->account < (*b)->account ? -1 : 1;
    return order ? order : (*a)->starts_at_s < (*b)->starts_at_s ? -1 : (*a)->starts_at_s > (*b)->starts_at_s;
}

static bool same_principal(const struct import_atom *a, const struct import_atom *b)
{
    return a->principal->kind == b->principal->kind && str_eq(a->written, b->written);
}

static const char *joined(struct arena *arena, const struct strings *strings)
{
    return arena_join(arena, '\n', strings->items, strings->count);
}

/* The group among those from `from` on that has these environments, or a new one. */
static struct group *group_with(struct arena *arena, struct groups *groups, size_t from,
                                const struct import_atom *atom, const struct strings *environments)
{
    for (size_t i = from; i < groups->count; i++)
        if (str_eq(joined(arena, &groups->items[i]->environments), joined(arena, environments)))
            return groups->items[i];
    struct group *group = ARENA_NEW(arena, struct group);
    group->kind = atom->principal->kind;
    group->environments = *environments;
    strings_add(arena, &group->names, atom->written);
    *VEC_ADD(arena, groups) = group;
    return group;
}

/* The atoms of one principal, sorted by grant, then account. */
static void group_principal(struct arena *arena, const struct import_atom *const *atoms, size_t count,
                            struct groups *groups)
{
    const size_t from = groups->count;
    for (size_t i = 0, next; i < count; i = next) {
        struct strings environments = {0};
        for (next = i; next < count && atoms[next]->grant == atoms[i]->grant; next++)
            strings_add(arena, &environments, atoms[next]->account->environment.text);
        strings_add(arena, &group_with(arena, groups, from, atoms[i], &environments)->grants,
                    atoms[i]->grant->name);
    }
}

/* Those that are equal but for the principal become one, in the place of the first. */
static void merge(struct arena *arena, struct groups *groups)
{
    struct map first = map_new(arena);
    size_t kept = 0;
    for (size_t i = 0; i < groups->count; i++) {
        struct group *group = groups->items[i];
        group->key = arena_printf(arena, "%s\n\n%s\n\n%s", principal_kind_name(group->kind),
                                  joined(arena, &group->environments), joined(arena, &group->grants));
        struct group *there = map_put(&first, group->key, group);
        if (there == group)
            groups->items[kept++] = group;
        else
            strings_add(arena, &there->names, group->names.items[0]);
    }
    groups->count = kept;
}

static void add_list(struct arena *arena, const struct strings *strings, struct located_list *ret)
{
    for (size_t i = 0; i < strings->count; i++)
        VEC_ADD(arena, ret)->text = strings->items[i];
}

static struct access_entry *add_entry(struct arena *arena, struct team_config *team, enum file_kind kind)
{
    struct access_entry *entry = VEC_ADD(arena, &team->entries);
    *entry = (struct access_entry){.file = kind,
                                   .temporary = kind == FILE_TEMPORARY,
                                   .description = "",
                                   .reason = "",
                                   .ticket = "",
                                   .port_run = ""};
    return entry;
}

static struct located_list *principals_of(struct access_entry *entry, enum principal_kind kind)
{
    struct located_list *lists[] = {&entry->users, &entry->roles, &entry->groups};
    return lists[kind];
}

static void add_permanent(struct arena *arena, const struct group *group, struct team_config *team)
{
    struct access_entry *entry = add_entry(arena, team, FILE_PERMANENT);
    add_list(arena, &group->names, principals_of(entry, group->kind));
    add_list(arena, &group->environments, &entry->environments);
    add_list(arena, &group->grants, &entry->grants);
}

const char *import_reason(const struct import_work *work, const struct import_atom *atom)
{
    const struct account_rules *rules = account_rules_find(&work->rules, atom->account->account_id.text);
    return atom->ends_at_s && rules && rules->require_reason ? "imported: AWS had it already" : "";
}

static void add_temporary(const struct import_work *work, const struct import_atom *atom,
                          struct team_config *team)
{
    struct arena *arena = work->arena;
    struct access_entry *entry = add_entry(arena, team, FILE_TEMPORARY);
    entry->starts_at_s = atom->starts_at_s;
    entry->ends_at_s = atom->ends_at_s;
    entry->mode = atom->mode;
    entry->reason = import_reason(work, atom);
    VEC_ADD(arena, principals_of(entry, atom->principal->kind))->text = atom->written;
    VEC_ADD(arena, &entry->environments)->text = atom->account->environment.text;
    VEC_ADD(arena, &entry->grants)->text = atom->grant->name;
}

static int by_name(const void *left, const void *right)
{
    const struct policy_decl *a = left, *b = right;
    return strcmp(a->name.text, b->name.text);
}

static void add_policies(struct import_work *work, struct team_config *team)
{
    for (size_t i = 0; i < work->all_grants.count; i++) {
        const struct import_grant *grant = work->all_grants.items[i];
        if (!grant->used)
            continue;
        *VEC_ADD(work->arena, &team->policies) = import_policy_decl(work->arena, grant, (struct span){0});
    }
    if (team->policies.count)
        qsort(team->policies.items, team->policies.count, sizeof *team->policies.items, by_name);
}

void import_entries(struct import_work *work, struct team_config *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct import_atom **atoms = arena_array(scratch, work->atoms.count + 1, sizeof *atoms);
    struct groups groups = {0};
    size_t count = 0;
    *ret = (struct team_config){.name = work->request->team};
    for (size_t i = 0; i < work->request->account_count; i++)
        *VEC_ADD(work->arena, &ret->accounts) = work->request->accounts[i];
    for (size_t i = 0; i < work->atoms.count; i++)
        if (!work->atoms.items[i].refused && !work->atoms.items[i].grant->refused)
            atoms[count++] = &work->atoms.items[i];
    qsort(atoms, count, sizeof *atoms, by_principal);
    add_policies(work, ret);
    struct {
        VEC_FIELDS(const struct import_atom *);
    } permanent = {0};
    for (size_t i = 0; i < count; i++)
        if (!atoms[i]->ends_at_s)
            *VEC_ADD(scratch, &permanent) = atoms[i];
    for (size_t i = 0, next; i < permanent.count; i = next) {
        for (next = i + 1;
             next < permanent.count && same_principal(permanent.items[i], permanent.items[next]);)
            next++;
        group_principal(scratch, permanent.items + i, next - i, &groups);
    }
    merge(scratch, &groups);
    for (size_t i = 0; i < groups.count; i++)
        add_permanent(work->arena, groups.items[i], ret);
    for (size_t i = 0; i < count; i++)
        if (atoms[i]->ends_at_s)
            add_temporary(work, atoms[i], ret);
    for (size_t i = 0; i < work->kept.count; i++)
        import_add_kept(work->arena, work, i, (struct span){0}, ret);
}
