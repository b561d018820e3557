/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_revocation_end.h"

#include "base/str.h"
#include "flow/port_revoked.h"
#include "github/proposal.h"
#include "plan/direct_role.h"

static const struct ending goes_on = {.end = PORT_GOES_ON};

/* Also as a role that allows nothing any more, which stays until its run has its tag. */
static bool is_direct_in(const struct port_ending *e, const struct observed_account *account,
                         const char *lease_id)
{
    const struct settings *settings = &e->findings->head.config->settings;
    struct direct_grant grant;
    for (size_t i = 0; i < account->principals.count; i++)
        if (direct_role_read(e->run->arena, settings, account->account_id, &account->principals.items[i],
                             &grant) &&
            str_eq(grant.lease_id, lease_id))
            return true;
    return false;
}

/* What git does not explain has an id of its own, and may be any of those that it explained before. */
static bool may_stand(const struct port_ending *e, const char *lease_id)
{
    const struct observed *observed = &e->findings->observed;
    for (size_t i = 0; i < e->leases->count; i++) {
        const struct port_lease *lease = &e->leases->items[i];
        if (str_eq(lease->entry.identifier, lease_id) || (!lease->fact && !lease->run_id))
            return true;
    }
    for (size_t i = 0; i < observed->count; i++)
        if (is_direct_in(e, &observed->items[i], lease_id))
            return true;
    return false;
}

static const struct fact *find_declared(const struct port_ending *e, const char *lease_id)
{
    const struct facts *desired = &e->findings->desired;
    for (size_t i = 0; i < desired->count; i++)
        if (desired->items[i].kind == ACCESS_LEASE && str_eq(desired->items[i].lease_id, lease_id))
            return &desired->items[i];
    return NULL;
}

/* Its entry still stands in the files. -1: GitHub does not say what becomes of it. */
static int judge_declared(const struct port_ending *e, const struct fact *fact, struct ending *ret,
                          struct err *err)
{
    struct arena *arena = e->run->arena;
    struct proposed proposed;
    const char *branch = arena_printf(arena, "%s%s", PORT_REVOKE_BRANCH, fact->port_run);
    if (!e->run->github || !port_unfinished_has(e->unfinished, fact))
        return 0;
    if (proposal_find(arena, e->run->github, branch, &proposed, err) < 0)
        return -1;
    if (proposed.number && (proposed.is_open || proposed.is_merged))
        *ret = (struct ending){
            PORT_SUCCEEDED,
            arena_printf(arena, "Taken back. Its entry goes from the files when %s is merged.", proposed.url),
            proposed.url};
    return 0;
}

static int judge(const struct port_ending *e, const struct port_run *run, struct ending *ret, struct err *err)
{
    struct port_entity entity;
    const struct fact *fact = find_declared(e, run->entity);
    if (port_entity_read(e->run->arena, e->port, "provisioned_permissions", run->entity, &entity, err) == 0)
        return 0;
    if (err->code != ERR_REFUSED)
        return -1;
    if (fact)
        return judge_declared(e, fact, ret, err);
    *ret = (struct ending){
        PORT_SUCCEEDED, run->requester ? "Taken back: nothing of it is left." : "What has ended was removed.",
        NULL};
    return 0;
}

struct ending port_revocation_end(struct port_ending *e, const struct port_run *run)
{
    struct ending ending = goes_on;
    struct err reason;
    if (!run->entity || !port_is_lease_id(run->entity) || (e->own_run && str_eq(run->id, e->own_run)) ||
        may_stand(e, run->entity))
        return goes_on;
    if (judge(e, run, &ending, &reason) < 0)
        problem_add(e->run->arena, e->problems, "port", NULL, NULL, "%s", reason.message);
    return ending;
}
