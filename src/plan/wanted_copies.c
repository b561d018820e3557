/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/wanted_copies.h"

#include "base/str.h"
#include "plan/account_work.h"
#include "plan/copies.h"
#include "plan/copies_changed.h"
#include "plan/keeping.h"
#include "plan/ours.h"
#include "plan/wanted_leases.h"
#include "plan/wanted_policies.h"
#include "plan/wanted_roles.h"
#include "policy/document.h"
#include "policy/ownership.h"

#include <string.h>

static bool refuse_name(struct account_work *work, const struct fact *fact, const char *name)
{
    const struct observed_policy *there = observed_find_policy(work->account, name);
    const char *key = arena_printf(work->arena, "copy\n%s", work_key_policy(work, name));
    struct mark mark;
    bool is_taken = map_get(&work->keys, key) != NULL;
    work_keep(work, key);
    if (!is_taken && (!there || work_find_copy(work, fact, name)))
        return false;
    bool ours = is_taken || policy_is_ours(work->arena, there, work->input->settings->owner, &mark);
    work_refuse(
        work, fact, ours ? "policy-name-taken" : "foreign-policy",
        arena_printf(work->arena, "a policy named %s exists in account %s, and is not that of this lease",
                     name, fact->account_id),
        ours ? "give one of the two grants another name"
             : "rename the grant, or delete that policy if nobody needs it; iamlease never touches what "
               "is not its own");
    return true;
}

static bool differs(struct account_work *work, const struct observed_policy *live, const char *document)
{
    struct err ignored;
    struct document is = {0}, shall = {0};
    return document_parse(work->arena, live->document, strlen(live->document), &is, &ignored) < 0 ||
           document_parse(work->arena, document, strlen(document), &shall, &ignored) < 0 ||
           !mark_is_on_document(&is, work->sid_prefix) || !document_equal(work->arena, &is, &shall);
}

static struct wanted_policy *want_copy(struct account_work *work, const struct fact *fact,
                                       const struct lease_copies *copies, const struct lease_copy *copy)
{
    const struct observed_policy *live = work_find_copy(work, fact, copy->name);
    struct wanted_policy *policy = ARENA_NEW(work->arena, struct wanted_policy);
    *policy = (struct wanted_policy){
        .team = fact->team,
        .grant = mark_copy_of(work->arena, fact),
        .name = live ? live->name : copy->name,
        .arn = live ? live->arn : work_policy_arn(work, copy->name),
        .description = copies->description,
        .document = copy->document,
        .observed = live,
        .lease = fact,
        .changes = live && (copy->document ? differs(work, live, copy->document)
                                           : !str_eq(live->document, copies->terms)),
    };
    *VEC_ADD(work->arena, &work->policies) = policy;
    return policy;
}

static void add_notices(struct account_work *work, const struct fact *fact, const struct lease_copies *copies)
{
    for (size_t i = 0; i < copies->notices.count; i++) {
        const char *notice = arena_printf(
            work->arena, "%s (%s/%s for %s %s in account %s)", copies->notices.items[i], fact->team,
            fact->grant, principal_kind_name(fact->principal_kind), fact->principal, fact->account_id);
        *VEC_ADD(work->arena, &work->plan->notices) = notice;
        *VEC_ADD(work->arena, &work->plan->drift) = (struct drift_row){.kind = DRIFT_SOURCE,
                                                                       .account_id = fact->account_id,
                                                                       .lease_id = fact->lease_id,
                                                                       .message = notice};
    }
}

void work_want_copies(struct account_work *work, struct principal_work *principal, const struct fact *fact)
{
    struct lease_copies copies;
    const struct wanted_policy *previous = NULL;
    copies_compute(work->arena, work->input->settings, work->account, fact, &copies);
    if (copies.too_large && !fact->mode_is_fixed && lease_role_is_possible(fact)) {
        work_want_role(work, principal, fact);
        return;
    }
    bool is_refused = copies.problem != NULL;
    if (is_refused)
        work_refuse(work, fact, copies.problem, copies.message, copies.hint);
    for (size_t i = 0; !is_refused && i < fact->policy->managed_policies.count; i++)
        is_refused = work_refuse_marked(work, fact, fact->policy->managed_policies.items[i].text);
    for (size_t i = 0; !is_refused && i < copies.count; i++)
        is_refused = refuse_name(work, fact, copies.items[i].name);
    work_revoke_inline(work, principal, fact,
                       is_refused ? "what is declared now cannot be granted" : "from now on a managed policy");
    if (is_refused && copies.keeps_live)
        work_keep_copies(work, fact, true);
    if (is_refused) {
        work_keep_role_in_time(work, fact);
        return;
    }
    if (copies.ends_at_s && work_is_spent(work, fact, copies.ends_at_s))
        return;
    add_notices(work, fact, &copies);
    for (size_t i = 0; i < copies.count; i++) {
        struct wanted_policy *policy = want_copy(work, fact, &copies, &copies.items[i]);
        policy->previous = previous;
        previous = policy;
        work_want_attachment(work, principal, fact, policy->arn, policy);
    }
    work_change_detached(work, principal, fact);
}

/* An inline policy that was to go because its lease was to become a managed policy. */
static bool restore_inline(struct account_work *work, struct principal_work *principal,
                           const struct fact *fact)
{
    const char *name = mark_lease_name(work->arena, fact);
    size_t kept = 0;
    for (size_t i = 0; i < principal->remove.count; i++) {
        const struct unwanted_object *object = &principal->remove.items[i];
        if (str_casecmp(object->name, name) != 0 || !work_ends_in_time(work, fact, object->document))
            principal->remove.items[kept++] = *object;
    }
    const bool is_restored = kept < principal->remove.count;
    principal->remove.count = kept;
    if (is_restored)
        work_keep(work, work_key_inline(work, principal->kind, principal->name, name));
    return is_restored;
}

/* What was to be detached because the lease was to be changed, or to be fewer policies. */
static void keep_live_copies(struct account_work *work, struct principal_work *principal,
                             const struct fact *fact)
{
    static char present;
    struct map staying = map_new(work->arena);
    const struct observed_policy *live;
    for (size_t number = 0; (live = work_next_copy(work, fact, &number));)
        if (work_ends_in_time(work, fact, live->document)) {
            map_put(&staying, live->arn, &present);
            work_keep(work, work_key_policy(work, live->name));
        }
    size_t kept = 0;
    for (size_t i = 0; i < principal->detach.count; i++)
        if (principal->detach.items[i].again != fact && !map_get(&staying, principal->detach.items[i].arn))
            principal->detach.items[kept++] = principal->detach.items[i];
    principal->detach.count = kept;
}

bool work_drop_copies(struct account_work *work, struct principal_work *principal, const struct fact *fact)
{
    size_t kept = 0;
    for (size_t i = 0; i < principal->attach.count; i++)
        if (principal->attach.items[i].fact != fact)
            principal->attach.items[kept++] = principal->attach.items[i];
    principal->attach.count = kept;
    keep_live_copies(work, principal, fact);
    work_keep_role_in_time(work, fact);
    for (size_t i = 0; i < work->policies.count; i++) {
        struct wanted_policy *policy = work->policies.items[i];
        if (policy->lease != fact)
            continue;
        policy->used = false;
        if ((!policy->observed || !work_ends_in_time(work, fact, policy->observed->document)) &&
            observed_is_attached(principal->observed, policy->arn))
            *VEC_ADD(work->arena, &principal->detach) = (struct unwanted_object){
                .arn = policy->arn,
                .reason = arena_printf(work->arena, "what is declared now cannot be granted: %s/%s",
                                       fact->team, fact->grant),
                .lease_id = fact->lease_id,
            };
    }
    return restore_inline(work, principal, fact);
}
