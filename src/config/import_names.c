/* SPDX-License-Identifier: Apache-2.0 */
/* How files name the users, roles and groups of an account. */
#include "base/str.h"
#include "config/grammar.h"
#include "config/import_work.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

#include <string.h>

static const char *key_of(struct arena *arena, enum principal_kind kind, const char *name)
{
    return arena_printf(arena, "%d\n%s", (int)kind, str_lower(arena, name));
}

/* IAM tells names apart without regard to case, marks do not: a lease is of whom its mark spells. */
static void spell_as(struct import_work *work, const struct mark *mark)
{
    const struct observed_principal *principal;
    const char *grant, *name;
    int64_t ignored;
    if (!import_read_lease_mark(work, mark, &grant, &principal, &ignored))
        return;
    name = strchr(strchr(mark->name, ':') + 1, ':') + 1;
    name = arena_strndup(work->arena, name, strcspn(name, ":"));
    if (principal->kind == PRINCIPAL_USER && map_get(&work->spelled, key_of(work->arena, PRINCIPAL_USER, name)))
        return;
    map_put(&work->spelled_in_marks, key_of(work->arena, principal->kind, name),
            arena_strdup(work->arena, name));
}

/* Of all teams: no two may spell one user in two ways. */
static void collect_marks(struct import_work *work)
{
    const char *owner = work->settings->owner;
    struct mark mark;
    for (size_t i = 0; i < work->account->policies.count; i++)
        if (policy_is_ours(work->arena, &work->account->policies.items[i], owner, &mark))
            spell_as(work, &mark);
    for (size_t i = 0; i < work->account->principals.count; i++)
        if (role_mark_is_lease(work->arena, work->account->principals.items[i].mark, owner, &mark))
            spell_as(work, &mark);
}

/* How each user is written so far: two ways to write one would be an error. */
void import_collect_spelling(struct import_work *work)
{
    const struct config *config = work->request->config;
    for (size_t t = 0; t < config->count; t++)
        for (size_t e = 0; e < config->items[t].entries.count; e++) {
            const struct located_list *users = &config->items[t].entries.items[e].users;
            for (size_t u = 0; u < users->count; u++)
                map_put(&work->spelled,
                        key_of(work->arena, PRINCIPAL_USER,
                               principal_user_name(work->arena, work->settings, users->items[u].text)),
                        arena_strdup(work->arena, users->items[u].text));
        }
    for (size_t i = 0; i < work->request->account_count; i++) {
        import_begin_account(work, &work->request->accounts[i]);
        collect_marks(work);
    }
}

/* The text by which a file names that IAM user; NULL: the settings' `usernames` lead to it from no text. */
static const char *write_user(struct import_work *work, const char *name)
{
    const struct settings *settings = work->settings;
    const char *key = key_of(work->arena, PRINCIPAL_USER, name), *known = map_get(&work->spelled, key);
    if (known)
        return known;
    const char *marked = map_get(&work->spelled_in_marks, key), *text = marked ? marked : name;
    for (size_t i = 0; i < settings->username_map.count; i++)
        if (str_casecmp(settings->username_map.items[i].name.text, name) == 0)
            text = settings->username_map.items[i].email.text;
    if (!grammar_user.matches(text) ||
        str_casecmp(principal_user_name(work->arena, settings, text), name) != 0)
        return NULL;
    map_put(&work->spelled, key, arena_strdup(work->arena, text));
    return text;
}

const char *import_write_principal(struct import_work *work, const struct observed_principal *principal)
{
    const char *marked =
        map_get(&work->spelled_in_marks, key_of(work->arena, principal->kind, principal->name));
    const char *name = marked ? marked : principal->name;
    switch (principal->kind) {
    case PRINCIPAL_USER: return write_user(work, principal->name);
    case PRINCIPAL_ROLE: return grammar_role.matches(name) ? name : NULL;
    default: return grammar_group.matches(name) ? name : NULL;
    }
}
