/* SPDX-License-Identifier: Apache-2.0 */
/* How files name the users, roles and groups of an account. */
#include "base/str.h"
#include "config/grammar.h"
#include "config/import_work.h"

/* How each user is written so far: two ways to write one would be an error. */
void import_collect_spelling(struct import_work *work)
{
    const struct config *config = work->request->config;
    for (size_t t = 0; t < config->count; t++)
        for (size_t e = 0; e < config->items[t].entries.count; e++) {
            const struct located_list *users = &config->items[t].entries.items[e].users;
            for (size_t u = 0; u < users->count; u++)
                map_put(&work->spelled,
                        str_lower(work->arena,
                                  principal_user_name(work->arena, work->settings, users->items[u].text)),
                        arena_strdup(work->arena, users->items[u].text));
        }
}

/* The text by which a file names that IAM user; NULL: the settings' `usernames` lead to it from no text. */
static const char *write_user(struct import_work *work, const char *name)
{
    const struct settings *settings = work->settings;
    const char *key = str_lower(work->arena, name), *known = map_get(&work->spelled, key);
    if (known)
        return known;
    const char *text = name;
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
    switch (principal->kind) {
    case PRINCIPAL_USER: return write_user(work, principal->name);
    case PRINCIPAL_ROLE: return grammar_role.matches(principal->name) ? principal->name : NULL;
    default: return grammar_group.matches(principal->name) ? principal->name : NULL;
    }
}
