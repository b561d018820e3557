/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/copies.h"

#include "base/str.h"
#include "plan/copy_pack.h"
#include "plan/copy_units.h"
#include "policy/copy_tag.h"
#include "policy/document.h"
#include "policy/lease.h"
#include "policy/mark.h"
#include "policy/ownership.h"

#include <assert.h>
#include <string.h>

static void read_live(struct copying *c)
{
    struct mark mark;
    struct document document;
    const char *of = mark_copy_of(c->arena, c->fact);
    for (size_t i = 0; i < c->account->policies.count; i++) {
        const struct observed_policy *policy = &c->account->policies.items[i];
        int64_t ends_at_s = 0;
        if (!policy_is_ours(c->arena, policy, c->settings->owner, &mark) || !str_eq(mark.team, c->fact->team) ||
            !str_eq(mark.name, of) || !mark_read_inline(c->arena, policy->document, c->sid_prefix, &document))
            continue;
        *VEC_ADD(c->arena, &c->live) = document;
        if (!lease_ends_at(&document, &ends_at_s))
            c->live_is_endless = true;
        else if (ends_at_s > c->live_ends_at_s)
            c->live_ends_at_s = ends_at_s;
    }
}

/* The statements that were copied from a source, and of which version; false when nothing was. */
static bool find_live_source(struct copying *c, const char *tag, struct document *ret,
                             const char **ret_version)
{
    *ret = (struct document){0};
    for (size_t i = 0; i < c->live.count; i++) {
        bool is_inside = false;
        for (size_t j = 0; j < c->live.items[i].count; j++) {
            const struct statement *statement = &c->live.items[i].items[j];
            const char *found = copy_tag_of(statement, c->sid_prefix);
            if (*found)
                is_inside = str_prefix(found, tag);
            if (*found && is_inside)
                *ret_version = found + strlen(tag);
            if (is_inside)
                *VEC_ADD(c->arena, ret) = *statement;
        }
    }
    return ret->count > 0;
}

/* As one, or, where that is too large, statement by statement. */
static bool add_own_statements(struct copying *c)
{
    const struct document *custom = &c->fact->policy->custom;
    if (custom->count && !copying_add_units(c, custom, NULL))
        return false;
    if (!custom->count || copying_fits(c, c->whole_size))
        return true;
    c->units.count = c->statements = 0;
    for (size_t i = 0; i < custom->count; i++) {
        const struct document one = {.items = &custom->items[i], .count = 1, .capacity = 1};
        if (!copying_add_units(c, &one, NULL))
            return false;
    }
    return true;
}

/* What a version of a source said; false: nobody can tell any more. */
static bool find_copied(struct copying *c, const char *arn, const char *version, struct document *ret)
{
    struct err ignored;
    const struct observed_copied *copied = observed_find_copied(c->account, arn, version);
    return copied && copied->document &&
           document_parse(c->arena, copied->document, strlen(copied->document), ret, &ignored) == 0;
}

static const char *changed_notice(struct copying *c, const char *arn, const char *version,
                                  const struct observed_source *source, bool is_known)
{
    if (!source || source->error)
        return arena_printf(c->arena, "%s cannot be read any more; this lease keeps version %s of it", arn,
                            version);
    if (is_known)
        return arena_printf(c->arena, "%s is at version %s; this lease keeps version %s, which it copied",
                            arn, source->version_id, version);
    return arena_printf(
        c->arena,
        "version %s of %s, which this lease copied, cannot be read any more, so nobody can tell whether the "
        "lease was edited by hand: it stays as it is",
        version, arn);
}

/*
 * Copied before, and the source is not what it was: what was copied stays, and ends no later than it did.
 * Where somebody took its end away by hand, it gets the one that is declared: that only narrows it. What was
 * copied is what that version says; where nobody can tell, what stands there.
 */
static bool add_live_unit(struct copying *c, const char *arn, const struct document *live, const char *tag,
                          const char *version, const struct observed_source *source)
{
    struct document was = {0};
    const bool is_known = find_copied(c, arn, version, &was);
    if (!c->live_is_endless && c->fact->ends_at_s > c->live_ends_at_s)
        return copying_refuse(
            c, "source-changed", true,
            arena_printf(c->arena,
                         "%s %s since its version %s was copied for this lease, which cannot be prolonged",
                         arn, source && !source->error ? "changed" : "cannot be read any more", version),
            "take the entry out, apply, and ask for it again: it copies what the policy says then");
    strings_add(c->arena, &c->ret->notices, changed_notice(c, arn, version, source, is_known));
    return copying_add_units(c, is_known ? &was : live, arena_printf(c->arena, "%s%s", tag, version));
}

static bool add_source(struct copying *c, const char *arn)
{
    const struct observed_source *source = observed_find_source(c->account, arn);
    const char *tag = copy_tag(c->arena, arn), *version = "";
    struct document document = {0}, live;
    struct err reason;
    bool is_live = find_live_source(c, tag, &live, &version);
    bool is_readable = source && !source->error;
    const char *now = is_readable ? copy_tag_version(c->arena, source->version_id) : "";
    if (is_live && !str_eq(version, now))
        return add_live_unit(c, arn, &live, tag, version, source);
    if (!is_readable ||
        document_parse(c->arena, source->document, strlen(source->document), &document, &reason) < 0)
        return copying_refuse(c, "source-unreadable", is_live,
                              arena_printf(c->arena, "%s cannot be copied: %s", arn,
                                           !source         ? "it was not read"
                                           : source->error ? source->error
                                                           : reason.message),
                              "mend the ARN, or write what is needed of it as custom_statements");
    if (!copying_add_units(c, &document, arena_printf(c->arena, "%s%s", tag, now)))
        return false;
    const size_t size = c->whole_size;
    if (copying_fits(c, size))
        return true;
    c->ret->too_large = true;
    return copying_refuse(
        c, "lease-too-large", false,
        arena_printf(c->arena,
                     "%s takes %zu characters with the end of the lease on each statement, and a "
                     "managed policy has %lld%s",
                     arn, size, (long long)c->account->quotas.managed_policy_size,
                     c->fact->mode_is_fixed ? ": it needs mode 'role'"
                                            : ": it needs a role, which a group cannot have"),
        c->fact->mode_is_fixed ? "leave out 'mode', or write what is needed of it as custom_statements"
                               : "name its users, or write what is needed of it as custom_statements");
}

static void add_objects(struct copying *c)
{
    const struct document empty = {0};
    const struct copy_bins bins = copy_pack(c->arena, c->units.items, c->units.count, copying_size(c, &empty),
                                            (size_t)c->account->quotas.managed_policy_size);
    for (size_t bin = 0; bin < bins.count; bin++) {
        struct document document = {0};
        for (size_t i = 0; i < c->units.count; i++)
            for (size_t j = 0; bins.of[i] == bin && j < c->units.items[i].document.count; j++)
                *VEC_ADD(c->arena, &document) = c->units.items[i].document.items[j];
        *VEC_ADD(c->arena, c->ret) = (struct lease_copy){
            .name = mark_copy_name(c->arena, c->fact, bin + 1),
            .document = document_to_json(c->arena, &document),
        };
    }
}

static void find_end(struct copying *c)
{
    struct document whole = {0};
    for (size_t i = 0; i < c->units.count; i++)
        for (size_t j = 0; j < c->units.items[i].document.count; j++)
            *VEC_ADD(c->arena, &whole) = c->units.items[i].document.items[j];
    bool ends = lease_ends_at(&whole, &c->ret->ends_at_s);
    assert(ends); /* lease_document() put an end on each statement */
}

/* What is copied is not known: one object, and a text by which two such leases can be told apart. */
static void guess(struct copying *c)
{
    const char *text =
        arena_printf(c->arena, "%lld %d %s", (long long)c->terms.ends_at_s, c->terms.require_mfa,
                     document_canonical(c->arena, &c->fact->policy->custom));
    for (size_t i = 0; i < c->fact->policy->managed_policies.count; i++)
        text = arena_printf(c->arena, "%s %s", text, c->fact->policy->managed_policies.items[i].text);
    c->ret->terms = text;
    *VEC_ADD(c->arena, c->ret) = (struct lease_copy){.name = mark_copy_name(c->arena, c->fact, 1)};
}

void copies_compute(struct arena *arena, const struct settings *settings,
                    const struct observed_account *account, const struct fact *fact, struct lease_copies *ret)
{
    struct copying c = {.arena = arena,
                        .settings = settings,
                        .account = account,
                        .fact = fact,
                        .terms = lease_terms_of(fact),
                        .sid_prefix = mark_sid_prefix(arena, settings->owner),
                        .ret = ret};
    const struct mark mark = {settings->owner, fact->team, mark_copy_of(arena, fact)};
    *ret = (struct lease_copies){.description = mark_description(arena, fact->policy->description, &mark)};
    if (account->sources_unknown && fact->policy->managed_policies.count) {
        guess(&c);
        return;
    }
    read_live(&c);
    if (!add_own_statements(&c))
        return;
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++)
        if (!add_source(&c, fact->policy->managed_policies.items[i].text))
            return;
    add_objects(&c);
    find_end(&c);
}
