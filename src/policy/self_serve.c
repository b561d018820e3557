/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/self_serve.h"

#include "base/str.h"
#include "base/time.h"
#include "policy/document.h"

#include <string.h>

static const char suffix_begin[] = " (managed by iam-as-code for ";

/* The last place where the words begin, or NULL: what stands before them is the team's own. */
static const char *find_suffix(const char *description)
{
    const char *last = NULL;
    for (const char *p = description; (p = strstr(p, suffix_begin)); p++)
        last = p;
    return last;
}

size_t self_serve_own_size(const char *description)
{
    const char *suffix = find_suffix(description);
    return suffix ? (size_t)(suffix - description) : strlen(description);
}

bool self_serve_made_policy(const struct observed_policy *policy, const char *team)
{
    const char *suffix = policy->description ? find_suffix(policy->description) : NULL;
    if (!suffix || !policy->path || !str_eq(policy->path, "/") || !str_suffix(suffix, ")"))
        return false;
    const char *name = suffix + strlen(suffix_begin);
    const size_t size = strlen(name) - 1;
    if (!size || memchr(name, ')', size))
        return false;
    return !team || (strlen(team) == size && memcmp(name, team, size) == 0);
}

const char *self_serve_inline_name(struct arena *arena, const struct fact *fact)
{
    if (fact->kind != ACCESS_LEASE || fact->principal_kind != PRINCIPAL_USER || !fact->policy->custom.count ||
        fact->ad_hoc)
        return NULL;
    char *name = arena_printf(arena, "temp-%s-%s-%s", fact->team, fact->grant, fact->principal);
    for (char *c = name; *c; c++)
        if (*c == '.')
            *c = '-';
    return name;
}

bool self_serve_made_inline(struct arena *arena, const char *json, int64_t *ret_ends_at_s)
{
    struct document document = {0};
    struct err ignored;
    const char *date = NULL;
    if (document_parse(arena, json, strlen(json), &document, &ignored) < 0)
        return false;
    for (size_t i = 0; i < document.count; i++) {
        const struct statement *statement = &document.items[i];
        const struct condition *condition = statement->conditions.items;
        if (statement->sid || statement->conditions.count != 1 || condition->values.count != 1 ||
            !str_eq(condition->operator, "DateLessThan") || !str_eq(condition->key, "aws:CurrentTime") ||
            (date && !str_eq(date, condition->values.items[0])))
            return false;
        date = condition->values.items[0];
    }
    return date && str_suffix(date, "T23:59:59Z") && time_parse_rfc3339(date, ret_ends_at_s);
}
