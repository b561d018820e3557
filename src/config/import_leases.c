/* SPDX-License-Identifier: Apache-2.0 */
/* Inline policies that end: leases of iamlease, and of cloud-iam-self-serve. */
#include "base/str.h"
#include "base/time.h"
#include "config/grammar.h"
#include "config/import_work.h"
#include "policy/document.h"
#include "policy/lease.h"
#include "policy/mark.h"
#include "policy/self_serve.h"

#include <string.h>

/*
 * The grant in "temp-<team>-<grant>-<principal>", dots as dashes; NULL: it is no such name. In those of
 * cloud-iam-self-serve the dots of the principal are dashes, too.
 */
static const char *grant_in_name(struct import_work *work, const char *name, const char *principal,
                                 bool dashed)
{
    const char *prefix = arena_printf(work->arena, "temp-%s-", work->request->team);
    char *end = arena_strdup(work->arena, principal);
    const size_t size = strlen(name), before = strlen(prefix), behind = strlen(principal) + 1;
    for (char *c = end; dashed && *c; c++)
        *c = *c == '.' ? '-' : *c;
    if (!str_prefix(name, prefix) || size <= before + behind || name[size - behind] != '-' ||
        str_casecmp(name + size - behind + 1, end) != 0)
        return NULL;
    const char *grant = arena_strndup(work->arena, name + before, size - before - behind);
    return grammar_policy_name.matches(grant) ? grant : NULL;
}

/* The statements without the end and without ids: what the lease was made of. */
static struct document without_end(struct arena *arena, const struct document *lease)
{
    struct document document = {0};
    for (size_t i = 0; i < lease->count; i++) {
        struct statement *statement = VEC_ADD(arena, &document);
        *statement = lease->items[i];
        statement->sid = NULL;
        statement->conditions.items = NULL;
        statement->conditions.count = statement->conditions.capacity = 0;
        for (size_t j = 0; j < lease->items[i].conditions.count; j++) {
            const struct condition *condition = &lease->items[i].conditions.items[j];
            if (str_casecmp(condition->operator, "DateLessThan") != 0 ||
                str_casecmp(condition->key, "aws:CurrentTime") != 0)
                *VEC_ADD(arena, &statement->conditions) = *condition;
        }
    }
    return document;
}

/* Whether a lease of those statements until then is what stands there. */
static bool is_lease_of(const struct import_work *work, const struct document *statements, int64_t ends_at_s,
                        const struct document *live)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct lease_terms terms = {.ends_at_s = ends_at_s};
    struct document lease = {0};
    return lease_document(scratch, statements, &terms, work->sid_prefix, &lease) &&
           document_equal(scratch, &lease, live);
}

/* The grant that it is a lease of; NULL, with *detail: it is none that an entry means. */
static struct import_grant *grant_of_lease(struct import_work *work, const char *name, int64_t ends_at_s,
                                           const struct document *live, const char **detail)
{
    struct import_grant *grant = import_find_custom(work, name);
    const struct document statements = grant ? grant->custom : without_end(work->arena, live);
    if (is_lease_of(work, &statements, ends_at_s, live))
        return grant ? grant : import_custom_grant(work, name, "", &statements, detail);
    *detail = grant ? arena_printf(work->arena, "it allows something else than '%s' does", grant->name)
                    : "its statements do not all end at one time, and by that alone";
    return NULL;
}

/* "iamlease", ten hexadecimal digits and a number: a lease, whoever's. */
static bool has_some_mark(const struct document *document)
{
    static const char word[] = "iamlease";
    const char *sid = document->count && document->items[0].sid ? document->items[0].sid : "";
    return str_prefix(sid, word) && strspn(sid + strlen(word), "0123456789abcdef") > 10;
}

static void add_lease(struct import_work *work, const struct observed_principal *principal,
                      const char *written, struct import_grant *grant, const char *what, int64_t ends_at_s)
{
    *VEC_ADD(work->arena, &work->atoms) = (struct import_atom){.account = work->decl,
                                                               .principal = principal,
                                                               .written = written,
                                                               .grant = grant,
                                                               .what = what,
                                                               .ends_at_s = ends_at_s};
}

static const char *when_it_ends(struct import_work *work, const char *text, int64_t ends_at_s)
{
    char instant[TIME_TEXT_SIZE];
    return arena_printf(work->arena, "%s %s", text, time_format(ends_at_s, instant));
}

/* Whether it is a temporary grant of cloud-iam-self-serve to this user; then *ret_name is the grant. */
static bool is_of_self_serve(struct import_work *work, const struct observed_principal *principal,
                             const struct inline_policy *policy, const char **ret_name)
{
    int64_t ignored;
    *ret_name =
        principal->kind == PRINCIPAL_USER ? grant_in_name(work, policy->name, principal->name, true) : NULL;
    return *ret_name && self_serve_made_inline(work->arena, policy->document, &ignored);
}

void import_inline(struct import_work *work, const struct observed_principal *principal, const char *written,
                   const struct inline_policy *policy)
{
    struct document live = {0};
    struct err err;
    int64_t ends_at_s = 0;
    struct import_grant *grant = NULL;
    const char *name, *reason = "inline-policy", *detail = "files declare inline policies as leases only";
    const bool is_readable =
        document_parse(work->arena, policy->document, strlen(policy->document), &live, &err) == 0;
    const bool is_ours = is_readable && mark_is_on_document(&live, work->sid_prefix);
    const bool is_to_adopt = !is_ours && is_of_self_serve(work, principal, policy, &name);
    if (is_ours)
        name = grant_in_name(work, policy->name, principal->name, false);
    if ((!is_readable || !lease_ends_at(&live, &ends_at_s)))
        ends_at_s = 0;
    if (!is_ours && is_readable && has_some_mark(&live)) {
        reason = "of-iamlease";
        detail = "a lease of another owner's iamlease";
    } else if (is_ours && !(name && ends_at_s)) {
        reason = "of-iamlease";
        detail = "a lease of iamlease that this team's files cannot mean";
    } else if ((is_ours || is_to_adopt) && ends_at_s <= work->request->now_s) {
        reason = "ended";
        detail = when_it_ends(work, "it ended at", ends_at_s);
    } else if (is_to_adopt && !work->request->adopts) {
        reason = "not-adopted";
        detail = when_it_ends(work, "iamlease does not look after it without --adopt; it ends at", ends_at_s);
    } else if (is_ours || is_to_adopt) {
        reason = "not-expressible";
        grant = grant_of_lease(work, name, ends_at_s, &live, &detail);
    }
    if (grant)
        add_lease(work, principal, written, grant, policy->name, ends_at_s);
    else
        import_leave(work, LEFT_INLINE_POLICY, principal, policy->name, reason, detail);
}
