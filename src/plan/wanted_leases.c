/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/wanted_leases.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/ours.h"
#include "policy/document.h"
#include "policy/lease.h"
#include "policy/self_serve.h"

/* False, with a problem, when another lease of this principal has come to the same name: then neither may
 * overwrite the other. `key`: what it is called among the keys. */
static bool take_name(struct account_work *work, const struct fact *fact, const char *name, const char *key)
{
    const char *wanted = work_key_wanted(work, key);
    if (!map_get(&work->keys, wanted)) {
        work_keep(work, wanted);
        return true;
    }
    work_refuse(
        work, fact, "inline-name-taken",
        arena_printf(work->arena, "another lease of %s %s in account %s has the inline policy %s already",
                     principal_kind_name(fact->principal_kind), fact->principal, fact->account_id, name),
        "give one of the two grants another name");
    return false;
}

static bool self_serve_made(const struct account_work *work, const struct fact *fact,
                            const struct inline_policy *there)
{
    int64_t ignored;
    const char *name = self_serve_inline_name(work->arena, fact);
    return name && str_eq(there->name, name) && self_serve_made_inline(work->arena, there->document, &ignored);
}

static void refuse_foreign(struct account_work *work, const struct fact *fact, const char *name,
                           const struct inline_policy *there)
{
    work_refuse(
        work, fact, "foreign-inline-policy",
        arena_printf(work->arena, "%s %s in account %s has an inline policy %s that does not carry our mark",
                     principal_kind_name(fact->principal_kind), fact->principal, fact->account_id, name),
        self_serve_made(work, fact, there)
            ? "apply with --adopt writes over it: cloud-iam-self-serve made it for this grant"
            : "delete or rename that policy by hand if nobody needs it; iamlease never touches what is not its own");
}

/* `is_live`: the lease stands in AWS, and goes. */
static void refuse_date(struct account_work *work, const struct fact *fact, bool is_live)
{
    work_refuse(
        work, fact, "unreadable-date",
        arena_printf(work->arena,
                     "the policy has a condition on the time (or on MFA, which this account requires) that "
                     "cannot be joined with that of the lease%s",
                     is_live ? ": what was granted before is removed" : ""),
        "write dates as 2026-11-30T00:00:00Z, and no condition that wants MFA to be absent");
}

/* Whether what stands in AWS means what the lease does, which can be. */
static bool is_equal(struct account_work *work, const struct fact *fact, const struct document *live)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct lease_terms terms = lease_terms_of(fact);
    struct document document = {0};
    return lease_document(scratch, &fact->policy->custom, &terms, work->sid_prefix, &document) &&
           document_equal(scratch, live, &document);
}

bool work_is_spent(struct account_work *work, const struct fact *fact, int64_t ends_at_s)
{
    if (ends_at_s > work->input->now_s || fact->ends_at_s <= work->input->now_s)
        return false;
    *VEC_ADD(work->arena, &work->plan->notices) =
        arena_printf(work->arena,
                     "%s/%s for %s %s in account %s allows nothing any more, by its own conditions on the "
                     "time: it counts as ended",
                     fact->team, fact->grant, principal_kind_name(fact->principal_kind), fact->principal,
                     fact->account_id);
    return true;
}

void work_want_lease(struct account_work *work, struct principal_work *principal, const struct fact *fact)
{
    const char *name = mark_lease_name(work->arena, fact);
    const char *key = work_key_inline(work, fact->principal_kind, fact->principal, name);
    const struct inline_policy *there = work_find_inline(principal->observed, name);
    const struct lease_text text = *lease_text_of(work->arena, work->texts, fact, work->sid_prefix);
    struct document live = {0};
    if (!take_name(work, fact, name, key) || work_is_spent(work, fact, text.ends_at_s))
        return;
    bool is_exact = text.json && there && str_eq(there->document, text.json); /* it carries our mark, too */
    bool ours = is_exact || (there && work_is_ours(work, there, &live));
    if (ours)
        map_put(&work->judged, key, work);
    const bool adopts = there && !ours && work_adopts_inline(work, fact, there);
    if (there && !ours && !adopts) {
        refuse_foreign(work, fact, name, there);
        return;
    }
    if (!text.json) {
        refuse_date(work, fact, ours || adopts);
        if (ours || adopts)
            work_revoke_lease(work, principal, fact, there, "what is declared now cannot be granted");
        return;
    }
    work_keep(work, key);
    if (is_exact || (ours && is_equal(work, fact, &live)))
        return;
    *VEC_ADD(work->arena, &principal->put) = (struct wanted_object){
        .fact = fact,
        .name = there ? there->name : name,
        .document = text.json,
        .size = (int64_t)text.size,
        .live = there,
        .adopts = adopts,
        .live_size = there ? (int64_t)document_measure(there->document) : 0,
    };
}

void work_revoke_lease(struct account_work *work, struct principal_work *principal, const struct fact *fact,
                       const struct inline_policy *live, const char *reason)
{
    struct document document;
    struct unwanted_object object = {
        .name = live->name,
        .document = live->document,
        .reason = arena_printf(work->arena, "%s: %s/%s", reason, fact->team, fact->grant),
        .lease_id = fact->lease_id,
    };
    if (work_is_ours(work, live, &document))
        lease_ends_at(&document, &object.ends_at_s);
    map_put(&work->unwanted, work_key_inline(work, principal->kind, principal->name, live->name), work);
    *VEC_ADD(work->arena, &principal->remove) = object;
}

void work_revoke_inline(struct account_work *work, struct principal_work *principal, const struct fact *fact,
                        const char *reason)
{
    struct document ignored;
    const char *name = mark_lease_name(work->arena, fact);
    const struct inline_policy *there = work_find_inline(principal->observed, name);
    if (there && (work_is_ours(work, there, &ignored) || work_adopts_inline(work, fact, there)))
        work_revoke_lease(work, principal, fact, there, reason);
}
