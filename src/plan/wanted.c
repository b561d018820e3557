/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/wanted.h"

#include "plan/account_work.h"
#include "plan/keeping.h"
#include "plan/kept_providers.h"
#include "plan/kept_roles.h"
#include "plan/lent_mfa.h"
#include "plan/ours.h"
#include "plan/recreated.h"
#include "plan/shortening.h"
#include "plan/wanted_copies.h"
#include "plan/wanted_leases.h"
#include "plan/wanted_policies.h"
#include "plan/wanted_roles.h"

static void want_of(struct account_work *work, struct principal_work *principal, const struct fact *fact)
{
    if (fact->mode == MODE_ATTACH)
        work_want_policies(work, principal, fact);
    else if (fact->mode == MODE_ROLE || (!fact->mode_is_fixed && work_find_role(work, fact)))
        work_want_role(work, principal, fact); /* a lease keeps the mode that it has */
    else if (fact->mode == MODE_POLICY || (!fact->mode_is_fixed && work_has_copies(work, fact)))
        work_want_copies(work, principal, fact);
    else
        work_want_lease(work, principal, fact);
}

static void want(struct account_work *work, const struct fact *fact)
{
    if (fact_is_provider(fact))
        return; /* work_collect_providers() */
    if (work_is_refused_role(work, fact)) {
        work_keep_fact(work, fact);
        return;
    }
    struct principal_work *principal = work_principal(work, fact->principal_kind, fact->principal);
    const char *who = principal_kind_name(fact->principal_kind);
    if (!principal->observed) {
        work_refuse(work, fact, "principal-not-found",
                    arena_printf(work->arena, "there is no %s named '%s' in account %s (%s)", who,
                                 fact->principal, fact->account_id, fact->environment),
                    arena_printf(work->arena, "create the %s first, or mend '%s' in the file", who,
                                 fact->declared_as));
        work_keep_fact(work, fact);
    } else if (work_is_recreated(work, principal->observed, fact)) {
        work_refuse(work, fact, "principal-recreated",
                    arena_printf(work->arena,
                                 "%s %s in account %s (%s) was deleted and made again since this was granted: "
                                 "nothing is granted to it",
                                 who, fact->principal, fact->account_id, fact->environment),
                    "if it is to have this, change the entry (its description will do) and merge that");
        work_keep_fact(work, fact);
    } else {
        want_of(work, principal, work_with_lent_mfa(work, principal->observed, fact));
    }
}

/* Several commits may have declared it. What has ended goes, as it would by a cleanup. */
static void keep_held(struct account_work *work, const struct fact *fact, const struct facts *ends)
{
    const char *key = arena_printf(
        work->arena, "end\n%s",
        work_key_inline(work, fact->principal_kind, fact->principal, mark_lease_name(work->arena, fact)));
    if (fact->kind == ACCESS_LEASE && work_in_scope(work, fact->team) && !work_lease_goes_on(work, fact))
        return;
    work_keep_fact(work, fact);
    if (fact->kind != ACCESS_LEASE || !work_in_scope(work, fact->team) ||
        (ends && facts_find(ends, fact->identity)) || map_get(&work->keys, key) ||
        work->account->sources_unknown) /* nobody asked AWS: nothing was edited */
        return;
    work_keep(work, key);
    work_keep_end(work, fact);
}

void work_collect_wanted(struct account_work *work)
{
    const struct facts *desired = work->input->desired, *held = work->input->held,
                       *ends = work->input->held_ends;
    work_collect_known(work);
    work_collect_providers(work);
    work_collect_kept(work);
    size_t count = 0, from = held ? work_facts_of_account(work, held, &count) : 0;
    for (size_t i = from; i < from + count; i++)
        keep_held(work, &held->items[i], ends);
    from = ends ? work_facts_of_account(work, ends, &count) : 0;
    for (size_t i = from; ends && i < from + count; i++)
        if (work_in_scope(work, ends->items[i].team))
            work_shorten(work, &ends->items[i]);
    from = work_facts_of_account(work, desired, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &desired->items[i];
        if (!work_in_scope(work, fact->team))
            work_keep_fact(work, fact); /* what another team still wants stays, whoever else gives it up */
        else if (!(held && facts_find(held, fact->identity)))
            want(work, fact);
    }
}
