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

struct lease_terms import_terms(const struct import_work *work, int64_t starts_at_s, int64_t ends_at_s)
{
    const struct account_rules *rules = account_rules_find(&work->rules, work->decl->account_id.text);
    return (struct lease_terms){starts_at_s, ends_at_s, rules && rules->require_mfa};
}

/* The grant in "<before><grant><behind>", of which the last is compared without regard to case; or NULL. */
static const char *grant_between(struct import_work *work, const char *name, const char *before,
                                 const char *behind)
{
    const size_t size = strlen(name), left = strlen(before), right = strlen(behind);
    if (!str_prefix(name, before) || size <= left + right || str_casecmp(name + size - right, behind) != 0)
        return NULL;
    const char *grant = arena_strndup(work->arena, name + left, size - left - right);
    return grammar_policy_name.matches(grant) ? grant : NULL;
}

/* Of the grants that are known: a name that was too long ends in a hash. */
static const char *known_grant(struct import_work *work, const char *name, const char *principal,
                               int64_t starts_at_s)
{
    for (size_t i = 0; i < work->all_grants.count; i++) {
        const struct import_grant *grant = work->all_grants.items[i];
        if (!grant->arn && str_casecmp(name, mark_inline_name(work->arena, work->request->team, grant->name,
                                                              principal, starts_at_s)) == 0)
            return grant->name;
    }
    return NULL;
}

/* When a lease begins, as all of its statements say it; 0: at once. */
static int64_t start_of(const struct document *live)
{
    int64_t latest_s = 0, starts_at_s;
    for (size_t i = 0; i < live->count; i++)
        for (size_t j = 0; j < live->items[i].conditions.count; j++) {
            const struct condition *condition = &live->items[i].conditions.items[j];
            if (str_casecmp(condition->operator, "DateGreaterThanEquals") == 0 &&
                str_casecmp(condition->key, "aws:CurrentTime") == 0 && condition->values.count == 1 &&
                time_parse_rfc3339(condition->values.items[0], &starts_at_s) && starts_at_s > latest_s)
                latest_s = starts_at_s;
        }
    return latest_s;
}

/*
 * The grant in "temp-<team>-<grant>-<principal>", dots as dashes, and behind that the start of a lease that
 * has one; NULL: it is no such name.
 */
static const char *grant_in_name(struct import_work *work, const char *name, const char *principal,
                                 const struct document *live, int64_t *ret_starts_at_s)
{
    const char *before = arena_printf(work->arena, "temp-%s-", work->request->team);
    const int64_t starts[] = {0, start_of(live)};
    char text[MARK_START_SIZE];
    for (size_t i = 0; i < 2; i++) {
        const char *behind = starts[i]
                                 ? arena_printf(work->arena, "-%s-%s", principal, mark_start(starts[i], text))
                                 : arena_printf(work->arena, "-%s", principal);
        const char *grant = grant_between(work, name, before, behind);
        *ret_starts_at_s = starts[i];
        if (!grant)
            grant = known_grant(work, name, principal, starts[i]);
        if (grant)
            return grant;
    }
    return NULL;
}

static bool is_instant(const struct condition *condition, const char *operator, int64_t at_s)
{
    int64_t value;
    return at_s && str_casecmp(condition->operator, operator) == 0 &&
           str_casecmp(condition->key, "aws:CurrentTime") == 0 && condition->values.count == 1 &&
           time_parse_rfc3339(condition->values.items[0], &value) && value == at_s;
}

static bool is_mfa(const struct condition *condition)
{
    return str_casecmp(condition->operator, "Bool") == 0 &&
           str_casecmp(condition->key, "aws:MultiFactorAuthPresent") == 0;
}

struct document import_without_terms(struct arena *arena, const struct document *lease,
                                     const struct lease_terms *terms)
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
            if (!is_instant(condition, "DateLessThan", terms->ends_at_s) &&
                !is_instant(condition, "DateGreaterThanEquals", terms->starts_at_s) &&
                !(terms->require_mfa && statement->effect == EFFECT_ALLOW && is_mfa(condition)))
                *VEC_ADD(arena, &statement->conditions) = *condition;
        }
    }
    return document;
}

bool import_is_lease_of(const struct import_work *work, const struct document *statements,
                        const struct lease_terms *terms, const struct document *live)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct document lease = {0};
    return lease_document(scratch, statements, terms, work->sid_prefix, &lease) &&
           document_equal(scratch, &lease, live);
}

/* The grant that it is a lease of; NULL, with *detail: it is none that an entry means. */
static struct import_grant *grant_of_lease(struct import_work *work, const char *name,
                                           const struct lease_terms *terms, const struct document *live,
                                           const char **detail)
{
    struct import_grant *grant = import_find_custom(work, name);
    const struct document statements = grant ? grant->custom : import_without_terms(work->arena, live, terms);
    if (import_is_lease_of(work, &statements, terms, live))
        return import_custom_grant(work, grant ? grant->name : name, "", &statements, &(struct strings){0},
                                   detail);
    *detail = grant ? arena_printf(work->arena, "it allows something else than '%s' does", grant->name)
                    : "its statements do not all end at one time, or not as this account's rules ask for";
    return NULL;
}

/* "iamlease", ten hexadecimal digits and a number: a lease, whoever's. */
static bool has_some_mark(const struct document *document)
{
    static const char word[] = "iamlease";
    const char *sid = document->count && document->items[0].sid ? document->items[0].sid : "";
    return str_prefix(sid, word) && strspn(sid + strlen(word), "0123456789abcdef") > 10;
}

void import_add_object(struct import_work *work, enum left_kind kind,
                       const struct observed_principal *principal, const char *what)
{
    *VEC_ADD(work->arena, &work->atoms.items[work->atoms.count - 1].objects) =
        (struct import_object){kind, principal, what};
}

struct import_atom *import_add_lease(struct import_work *work, const struct observed_principal *principal,
                                     const char *written, struct import_grant *grant,
                                     const struct lease_terms *terms, enum entry_mode mode)
{
    struct import_atom *atom = VEC_ADD(work->arena, &work->atoms);
    *atom = (struct import_atom){.account = work->decl,
                                 .principal = principal,
                                 .written = written,
                                 .grant = grant,
                                 .mode = mode,
                                 .starts_at_s = terms->starts_at_s,
                                 .ends_at_s = terms->ends_at_s};
    return atom;
}

const char *import_when_it_ends(struct import_work *work, const char *text, int64_t ends_at_s)
{
    char instant[TIME_TEXT_SIZE];
    return arena_printf(work->arena, "%s %s", text, time_format(ends_at_s, instant));
}

/* Whether it is a temporary grant of cloud-iam-self-serve to this user; then *ret_name is the grant. */
static bool is_of_self_serve(struct import_work *work, const struct observed_principal *principal,
                             const struct inline_policy *policy, const char **ret_name)
{
    int64_t ignored;
    char *end = arena_printf(work->arena, "-%s", principal->name);
    for (char *c = end; *c; c++)
        *c = *c == '.' ? '-' : *c;
    *ret_name = principal->kind == PRINCIPAL_USER
                    ? grant_between(work, policy->name,
                                    arena_printf(work->arena, "temp-%s-", work->request->team), end)
                    : NULL;
    return *ret_name && self_serve_made_inline(work->arena, policy->document, &ignored);
}

void import_inline(struct import_work *work, const struct observed_principal *principal, const char *written,
                   const struct inline_policy *policy)
{
    struct document live = {0};
    struct err err;
    int64_t ends_at_s = 0, starts_at_s = 0;
    struct import_grant *grant = NULL;
    const char *name, *reason = "inline-policy", *detail = "files declare inline policies as leases only";
    const bool is_readable =
        document_parse(work->arena, policy->document, strlen(policy->document), &live, &err) == 0;
    const bool is_ours = is_readable && mark_is_on_document(&live, work->sid_prefix);
    const bool is_to_adopt = !is_ours && is_of_self_serve(work, principal, policy, &name);
    if (is_ours)
        name = grant_in_name(work, policy->name, principal->name, &live, &starts_at_s);
    if ((!is_readable || !lease_ends_at(&live, &ends_at_s)))
        ends_at_s = 0;
    struct lease_terms terms = import_terms(work, starts_at_s, ends_at_s);
    terms.require_mfa = terms.require_mfa && is_ours;
    if (!is_ours && is_readable && has_some_mark(&live)) {
        reason = "of-iamlease";
        detail = "a lease of another owner's iamlease";
    } else if (is_ours && !(name && ends_at_s)) {
        reason = "of-iamlease";
        detail = "a lease of iamlease that this team's files cannot mean";
    } else if ((is_ours || is_to_adopt) && ends_at_s <= work->request->now_s) {
        reason = "ended";
        detail = import_when_it_ends(work, "it ended at", ends_at_s);
    } else if (is_to_adopt && !work->request->adopts) {
        reason = "not-adopted";
        detail = import_when_it_ends(work, "iamlease does not look after it without --adopt; it ends at",
                                     ends_at_s);
    } else if (is_ours || is_to_adopt) {
        reason = "not-expressible";
        grant = grant_of_lease(work, name, &terms, &live, &detail);
    }
    if (!grant) {
        import_leave(work, LEFT_INLINE_POLICY, principal, policy->name, reason, detail);
        return;
    }
    import_add_lease(work, principal, written, grant, &terms, ENTRY_AUTO);
    import_add_object(work, LEFT_INLINE_POLICY, principal, policy->name);
}
