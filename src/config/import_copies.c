/* SPDX-License-Identifier: Apache-2.0 */
/* Leases that are managed policies of one principal: their marks say of which grant, their Sids of what. */
#include "base/str.h"
#include "config/import_work.h"
#include "policy/copy_tag.h"
#include "policy/document.h"
#include "policy/ownership.h"

#include <stdlib.h>
#include <string.h>

/* One statement of a lease, and where it stood in the whole. */
struct numbered {
    const struct statement *statement;
    long number;
    const char *tag; /* "x1a2b3c4dv12" on the first of those that were copied together, else "" */
};

struct numbered_list {
    VEC_FIELDS(struct numbered);
};

/* Two that come to one key are as good as none. */
static void add_source(struct import_work *work, const char *arn)
{
    const char *key = copy_tag(work->arena, arn);
    char *known = map_get(&work->sources, key);
    if (known && !str_eq(known, arn))
        known[0] = 0;
    else if (!known)
        map_put(&work->sources, key, arena_strdup(work->arena, arn));
}

static void add_sources_of_files(struct import_work *work)
{
    const struct config *config = work->request->config;
    for (size_t t = 0; t < config->count; t++)
        for (size_t p = 0; p < config->items[t].policies.count; p++) {
            const struct located_list *arns = &config->items[t].policies.items[p].managed_policies;
            for (size_t i = 0; i < arns->count; i++)
                add_source(work, arns->items[i].text);
        }
}

void import_collect_sources(struct import_work *work)
{
    work->sources = map_new(work->arena);
    add_sources_of_files(work);
    for (size_t a = 0; a < work->request->account_count; a++) {
        const struct observed_account *account =
            observed_find_account(work->request->observed, work->request->accounts[a].account_id.text);
        for (size_t i = 0; i < account->policies.count; i++)
            add_source(work, account->policies.items[i].arn);
        for (size_t i = 0; i < account->principals.count; i++)
            for (size_t j = 0; j < account->principals.items[i].attached.count; j++)
                add_source(work, account->principals.items[i].attached.items[j]);
    }
}

bool import_is_copy_of(struct import_work *work, const struct observed_principal *principal,
                       const struct observed_policy *policy, struct mark *ret)
{
    const struct observed_principal *lent_to;
    const char *grant;
    int64_t starts_at_s;
    return policy_is_ours(work->arena, policy, work->settings->owner, ret) && mark_is_lease(ret) &&
           str_eq(ret->team, work->request->team) &&
           import_read_lease_mark(work, ret, &grant, &lent_to, &starts_at_s) && lent_to == principal;
}

static int by_number(const void *left, const void *right)
{
    const struct numbered *a = left, *b = right;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Adds the statements of one of its policies; false: it was edited by hand. */
static bool add_statements(struct import_work *work, const struct observed_policy *policy,
                           struct numbered_list *list)
{
    struct document document = {0};
    if (!mark_read_inline(work->arena, policy->document, work->sid_prefix, &document))
        return false;
    for (size_t i = 0; i < document.count; i++) {
        const char *sid = document.items[i].sid;
        char *tag;
        if (!sid || !str_prefix(sid, work->sid_prefix))
            return false;
        const long number = strtol(sid + strlen(work->sid_prefix), &tag, 10);
        *VEC_ADD(work->arena, list) = (struct numbered){&document.items[i], number, tag};
    }
    return true;
}

/* What a lease is, from the statements that it has. */
struct parts {
    struct document whole, own;
    struct strings managed;
};

/*
 * The statements of the grant come first, then those of each source, and each source's that deny before those
 * that allow. What was copied from a source that nobody names here any more is as good as the grant's own.
 */
static struct parts part(struct import_work *work, const struct numbered_list *list)
{
    struct parts parts = {0};
    const char *source = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct numbered *one = &list->items[i];
        if (*one->tag) {
            source = map_get(&work->sources, arena_strndup(work->arena, one->tag, COPY_TAG_SIZE));
            source = source && *source ? source : NULL;
        }
        if (source)
            strings_add_unique(work->arena, &parts.managed, source);
        else
            *VEC_ADD(work->arena, &parts.own) = *one->statement;
        *VEC_ADD(work->arena, &parts.whole) = *one->statement;
    }
    return parts;
}

static struct import_grant *grant_of(struct import_work *work, const char *name, const char *description,
                                     const struct parts *parts, const struct lease_terms *terms,
                                     const char **detail)
{
    const struct document custom = import_without_terms(work->arena, &parts->own, terms);
    if (import_is_lease_of(work, &custom, terms, &parts->own))
        return import_custom_grant(work, name, description, &custom, &parts->managed, detail);
    *detail = "its statements do not all end at one time, or not as this account's rules ask for";
    return NULL;
}

/* The policies of one lease, in the order of their names. */
struct copy_list {
    VEC_FIELDS(const struct observed_policy *);
};

static void leave(struct import_work *work, const struct observed_principal *principal,
                  const struct copy_list *copies, const char *reason, const char *detail)
{
    for (size_t i = 0; i < copies->count; i++)
        if (observed_is_attached(principal, copies->items[i]->arn))
            import_leave(work, LEFT_ATTACHMENT, principal, copies->items[i]->arn, reason, detail);
}

static void import_copy(struct import_work *work, const struct observed_principal *principal,
                        const char *written, const struct mark *mark, const struct copy_list *copies)
{
    const struct observed_principal *ignored;
    const char *reason, *detail, *name;
    struct numbered_list list = {0};
    struct lease_terms terms = import_terms(work, 0, 0);
    struct import_grant *grant = NULL;
    bool is_sound = import_read_lease_mark(work, mark, &name, &ignored, &terms.starts_at_s);
    for (size_t i = 0; i < copies->count; i++)
        is_sound = add_statements(work, copies->items[i], &list) && is_sound;
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, by_number);
    const struct parts parts = part(work, &list);
    if (import_is_out_of_reach(work, principal, written, &reason, &detail)) {
        leave(work, principal, copies, reason, detail);
        return;
    }
    reason = "not-expressible";
    detail = "a lease of iamlease that was edited by hand";
    is_sound = is_sound && lease_ends_at(&parts.whole, &terms.ends_at_s);
    if (is_sound && terms.ends_at_s <= work->request->now_s) {
        reason = "ended";
        detail = import_when_it_ends(work, "it ended at", terms.ends_at_s);
    } else if (is_sound) {
        grant = grant_of(work, name, import_own_description(work->arena, copies->items[0]->description),
                         &parts, &terms, &detail);
    }
    if (!grant) {
        leave(work, principal, copies, reason, detail);
        return;
    }
    import_add_lease(work, principal, written, grant, &terms, ENTRY_POLICY);
    for (size_t i = 0; i < copies->count; i++)
        import_add_object(work, LEFT_ATTACHMENT, principal, copies->items[i]->arn);
}

void import_copies(struct import_work *work, const struct observed_principal *principal, const char *written)
{
    struct map seen = map_new(work->arena);
    struct mark mark, other;
    for (size_t i = 0; i < principal->attached.count; i++) {
        const struct observed_policy *first = map_get(&work->policies, principal->attached.items[i]);
        struct copy_list copies = {0};
        if (!first || !import_is_copy_of(work, principal, first, &mark) || map_get(&seen, mark.name))
            continue;
        map_put(&seen, mark.name, work);
        for (size_t j = 0; j < work->account->policies.count; j++) {
            const struct observed_policy *policy = &work->account->policies.items[j];
            if (policy_is_ours(work->arena, policy, work->settings->owner, &other) &&
                str_eq(other.team, mark.team) && str_eq(other.name, mark.name))
                *VEC_ADD(work->arena, &copies) = policy;
        }
        import_copy(work, principal, written, &mark, &copies);
    }
}
