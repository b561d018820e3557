/* SPDX-License-Identifier: Apache-2.0 */
#include "model/observed.h"

#include "base/buf.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* Above whatever name there can be. */
enum { KEY_MAX = 64 * 1024 * 1024 };

struct quotas quotas_defaults(void)
{
    /* IAM user guide, "IAM and AWS STS quotas" */
    return (struct quotas){
        .managed_policy_size = 6144,
        .versions_per_policy = 5,
        .inline_size = {[PRINCIPAL_USER] = 2048, [PRINCIPAL_ROLE] = 10240, [PRINCIPAL_GROUP] = 5120},
        .attached = {[PRINCIPAL_USER] = 10, [PRINCIPAL_ROLE] = 10, [PRINCIPAL_GROUP] = 10},
    };
}

const struct observed_account *observed_find_account(const struct observed *observed, const char *account_id)
{
    for (size_t i = 0; i < observed->count; i++)
        if (str_eq(observed->items[i].account_id, account_id))
            return &observed->items[i];
    return NULL;
}

/* IAM tells users, roles, groups and policies apart without regard to case. */
static void write_key(struct buf *out, char kind, const char *name)
{
    buf_init(out, KEY_MAX);
    buf_add_char(out, kind);
    buf_add_text(out, name);
    str_to_lower(out->bytes);
}

static char kind_key(enum principal_kind kind)
{
    static const char keys[PRINCIPAL_KIND_COUNT] =
        {[PRINCIPAL_USER] = 'u', [PRINCIPAL_ROLE] = 'r', [PRINCIPAL_GROUP] = 'g'};
    return keys[kind];
}

enum { POLICY_KEY = 'p' };

/* A place and not a pointer, because lists move as they grow. Of equal names the first counts. */
static void index_name(struct arena *arena, struct map *names, char kind, const char *name, size_t place)
{
    struct buf key;
    if (!names->arena)
        *names = map_new(arena);
    write_key(&key, kind, name);
    if (!map_get(names, key.bytes)) {
        size_t *value = ARENA_NEW(arena, size_t);
        *value = place;
        map_put(names, arena_strdup(arena, key.bytes), value);
    }
    buf_free(&key);
}

/* The place of a name among those that are indexed, or `otherwise`. */
static size_t indexed_place(const struct map *names, char kind, const char *name, size_t otherwise)
{
    struct buf key;
    write_key(&key, kind, name);
    const size_t *place = map_get(names, key.bytes);
    buf_free(&key);
    return place ? *place : otherwise;
}

static void index_names(struct arena *arena, struct observed_account *account)
{
    struct observed_index *index = &account->index;
    for (; index->principal_count < account->principals.count; index->principal_count++) {
        const struct observed_principal *principal = &account->principals.items[index->principal_count];
        index_name(arena, &index->principals, kind_key(principal->kind), principal->name,
                   index->principal_count);
    }
    for (; index->policy_count < account->policies.count; index->policy_count++)
        index_name(arena, &index->policies, POLICY_KEY, account->policies.items[index->policy_count].name,
                   index->policy_count);
}

void observed_index(struct arena *arena, struct observed_account *account)
{
    account->index = (struct observed_index){0};
    index_names(arena, account);
    for (size_t i = 0; i < account->principals.count; i++) {
        struct observed_principal *principal = &account->principals.items[i];
        strings_sort(&principal->attached);
        principal->attached_sorted = principal->attached.count;
    }
}

/* The place of a principal in the list, or its count. */
static size_t principal_place(const struct observed_account *account, enum principal_kind kind,
                              const char *name)
{
    const size_t none = account->principals.count;
    size_t place = indexed_place(&account->index.principals, kind_key(kind), name, none);
    for (size_t i = account->index.principal_count; place == none && i < none; i++)
        if (account->principals.items[i].kind == kind &&
            str_casecmp(account->principals.items[i].name, name) == 0)
            place = i;
    return place;
}

static size_t policy_place(const struct observed_account *account, const char *name)
{
    const size_t none = account->policies.count;
    size_t place = indexed_place(&account->index.policies, POLICY_KEY, name, none);
    for (size_t i = account->index.policy_count; place == none && i < none; i++)
        if (str_casecmp(account->policies.items[i].name, name) == 0)
            place = i;
    return place;
}

struct observed_principal *observed_add_principal(struct arena *arena, struct observed_account *account,
                                                  enum principal_kind kind, const char *name)
{
    size_t place = principal_place(account, kind, name);
    if (place < account->principals.count)
        return &account->principals.items[place];
    struct observed_principal *principal = VEC_ADD(arena, &account->principals);
    principal->kind = kind;
    principal->name = name;
    index_names(arena, account);
    return principal;
}

struct observed_policy *observed_add_policy(struct arena *arena, struct observed_account *account,
                                            const char *name)
{
    size_t place = policy_place(account, name);
    if (place < account->policies.count)
        return &account->policies.items[place];
    struct observed_policy *policy = VEC_ADD(arena, &account->policies);
    policy->name = name;
    index_names(arena, account);
    return policy;
}

const struct observed_principal *observed_find_principal(const struct observed_account *account,
                                                         enum principal_kind kind, const char *name)
{
    size_t place = principal_place(account, kind, name);
    return place < account->principals.count ? &account->principals.items[place] : NULL;
}

const struct observed_policy *observed_find_policy(const struct observed_account *account, const char *name)
{
    size_t place = policy_place(account, name);
    return place < account->policies.count ? &account->policies.items[place] : NULL;
}

const struct observed_policy *observed_find_policy_by_arn(const struct observed_account *account,
                                                          const char *arn)
{
    const char *slash = strrchr(arn, '/');
    const struct observed_policy *policy = slash ? observed_find_policy(account, slash + 1) : NULL;
    return policy && str_eq(policy->arn, arn) ? policy : NULL;
}

const struct observed_source *observed_find_source(const struct observed_account *account, const char *arn)
{
    for (size_t i = 0; i < account->sources.count; i++)
        if (str_eq(account->sources.items[i].arn, arn))
            return &account->sources.items[i];
    return NULL;
}

const struct observed_copied *observed_find_copied(const struct observed_account *account, const char *arn,
                                                   const char *version_id)
{
    for (size_t i = 0; i < account->copied.count; i++)
        if (str_eq(account->copied.items[i].arn, arn) &&
            str_eq(account->copied.items[i].version_id, version_id))
            return &account->copied.items[i];
    return NULL;
}

const struct oidc_provider *observed_find_provider(const struct observed_account *account, const char *url)
{
    for (size_t i = 0; i < account->providers.count; i++)
        if (str_eq(account->providers.items[i].url, url))
            return &account->providers.items[i];
    return NULL;
}

static int compare_texts(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

bool observed_is_attached(const struct observed_principal *principal, const char *arn)
{
    const struct strings *attached = &principal->attached;
    const size_t sorted = principal->attached_sorted;
    if (sorted && bsearch(&arn, attached->items, sorted, sizeof *attached->items, compare_texts))
        return true;
    for (size_t i = sorted; i < attached->count; i++)
        if (str_eq(attached->items[i], arn))
            return true;
    return false;
}

bool observed_is_below(const struct observed_principal *role, const char *path)
{
    static const char kind[] = ":role";
    const char *at = role->arn ? strstr(role->arn, ":role/") : NULL;
    return !role->arn || (at && str_prefix(at + strlen(kind), path));
}
