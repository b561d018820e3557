/* SPDX-License-Identifier: Apache-2.0 */
#include "config/open_roles.h"

#include "base/str.h"

#include <string.h>

/* Of any GitHub, whatever its address: others have no such subjects. */
bool trust_is_of_github(const char *issuer, const char *subject)
{
    static const char host[] = "token.actions.githubusercontent.com";
    const size_t size = strcspn(issuer, "/:");
    char start[sizeof host];
    if (str_prefix(subject, "repo:"))
        return true;
    if (size != strlen(host))
        return false;
    memcpy(start, issuer, size);
    start[size] = 0;
    return str_casecmp(start, host) == 0;
}

bool open_role_parse(struct arena *arena, const char *arn, const char **ret_account_id, const char **ret_name)
{
    static const char service[] = ":iam::", kind[] = ":role/";
    const char *account = strstr(arn, service), *role = strstr(arn, kind);
    if (!account || !role || account + strlen(service) > role)
        return false;
    account += strlen(service);
    *ret_account_id = arena_strndup(arena, account, (size_t)(role - account));
    *ret_name = strrchr(arn, '/') + 1;
    return true;
}

/* A role in an account. */
struct place {
    const char *account_id;
    const struct role_decl *role;
};

struct places {
    VEC_FIELDS(struct place);
};

struct finding {
    struct judging *judging;
    struct arena *scratch;
    struct places all;
    struct map trusting; /* key of a role → struct places that trust it */
    struct places found; /* those that are open; whom they open has yet to be looked at from `next` on */
    size_t next;
};

static const char *key_of(struct arena *arena, const char *account_id, const char *role)
{
    return arena_printf(arena, "%s/%s", account_id, str_lower(arena, role));
}

const struct open_role *open_role_find(const struct judging *judging, const char *account_id, const char *name)
{
    return judging->open_roles.count
               ? map_get(&judging->open_roles, key_of(judging->scratch, account_id, name))
               : NULL;
}

static void add_trusting(struct finding *finding, const struct place *place)
{
    for (size_t i = 0; i < place->role->trust.count; i++) {
        const struct located_list *principals = &place->role->trust.items[i].principals;
        for (size_t j = 0; j < principals->count; j++) {
            const char *account_id, *name;
            if (!open_role_parse(finding->scratch, principals->items[j].text, &account_id, &name) ||
                !str_eq(account_id, place->account_id))
                continue;
            struct places *places = ARENA_NEW(finding->scratch, struct places);
            *places = (struct places){0};
            places = map_put(&finding->trusting, key_of(finding->scratch, account_id, name), places);
            *VEC_ADD(finding->scratch, places) = *place;
        }
    }
}

static void add_places(struct finding *finding, const struct team_config *team,
                       const struct access_entry *entry)
{
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = team_find_account(team, entry->environments.items[i].text);
        if (!account || !*account->account_id.text)
            continue;
        const struct place place = {account->account_id.text, entry->ad_hoc->role};
        *VEC_ADD(finding->scratch, &finding->all) = place;
        add_trusting(finding, &place);
    }
}

/* What of a role's own trust opens it most. */
static struct open_role own_of(const struct role_decl *role)
{
    struct open_role open = {0};
    for (size_t i = 0; i < role->trust.count; i++) {
        const struct trust_decl *trust = &role->trust.items[i];
        for (size_t j = 0; trust->oidc_issuer && j < trust->oidc_subjects.count; j++) {
            const struct located *subject = &trust->oidc_subjects.items[j];
            const enum github_pulls pulls = trust_is_of_github(trust->oidc_issuer, subject->text)
                                                ? github_subject_pulls(subject->text)
                                                : PULLS_NONE;
            if (pulls > open.pulls)
                open = (struct open_role){.subject = subject, .pulls = pulls};
        }
    }
    return open;
}

static void open_role_add(struct finding *finding, const struct place *place, const struct open_role *open)
{
    struct arena *arena = finding->judging->arena;
    const char *key = key_of(arena, place->account_id, place->role->name);
    struct open_role *kept = ARENA_NEW(arena, struct open_role);
    *kept = *open;
    if (map_put(&finding->judging->open_roles, key, kept) == kept)
        *VEC_ADD(finding->scratch, &finding->found) = *place;
}

/* Each is looked at once. */
static void follow(struct finding *finding)
{
    for (; finding->next < finding->found.count; finding->next++) {
        const struct place place = finding->found.items[finding->next];
        const char *key = key_of(finding->scratch, place.account_id, place.role->name);
        const struct places *trusting = map_get(&finding->trusting, key);
        struct open_role open = *(const struct open_role *)map_get(&finding->judging->open_roles, key);
        if (!open.by)
            open.by = place.role->name;
        for (size_t i = 0; trusting && i < trusting->count; i++)
            open_role_add(finding, &trusting->items[i], &open);
    }
}

void judge_find_open_roles(struct judging *judging, const struct config *config)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct finding finding = {.judging = judging, .scratch = scratch, .trusting = map_new(scratch)};
    for (size_t i = 0; i < config->count; i++) {
        const struct team_config *team = &config->items[i];
        for (size_t j = 0; j < team->entries.count; j++)
            if (team->entries.items[j].file == FILE_ROLES && team->entries.items[j].ad_hoc->role)
                add_places(&finding, team, &team->entries.items[j]);
    }
    struct open_role *own = arena_array(scratch, finding.all.count, sizeof *own);
    for (size_t i = 0; i < finding.all.count; i++)
        own[i] = own_of(finding.all.items[i].role);
    for (enum github_pulls pulls = PULLS_MEANT; pulls != PULLS_NONE; pulls--) { /* what opens most, first */
        for (size_t i = 0; i < finding.all.count; i++)
            if (own[i].pulls == pulls)
                open_role_add(&finding, &finding.all.items[i], &own[i]);
        follow(&finding);
    }
}
