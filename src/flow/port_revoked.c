/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_revoked.h"

#include "base/str.h"
#include "github/refs.h"
#include "plan/direct_role.h"

int port_revoked_add(const struct run *run, const char *run_id, const char *commit_id, struct err *err)
{
    const char *there = NULL, *ref = arena_printf(run->arena, "%s%s", PORT_REVOKED_PREFIX, run_id);
    struct err reason;
    bool may_exist;
    if (refs_create(run->arena, run->github, ref, commit_id, &may_exist, err) == 0)
        return 0;
    return may_exist && refs_read(run->arena, run->github, ref, &there, &reason) == 0 && there ? 0 : -1;
}

static bool has_runs(const struct config *config)
{
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].entries.count; j++)
            if (*config->items[i].entries.items[j].port_run)
                return true;
    return false;
}

int port_revoked_read(struct arena *arena, struct repo *repo, struct github *github, struct strings *ret,
                      struct err *err)
{
    int rc = github ? refs_names(arena, github, PORT_REVOKED_PREFIX, ret, err)
                    : repo_ref_names(arena, repo, PORT_REVOKED_PREFIX, ret, err);
    strings_sort_unique(ret);
    return rc < 0 ? err_wrap(err, "what was taken back in Port") : 0;
}

int port_revoked_of(const struct run *run, const struct config *config, const struct facts *candidates,
                    struct strings *ret, struct err *err)
{
    bool asks = has_runs(config);
    for (size_t i = 0; candidates && i < candidates->count && !asks; i++)
        asks = *candidates->items[i].port_run;
    return asks ? port_revoked_read(run->arena, run->repo, run->github, ret, err) : 0;
}

static bool has_direct(struct arena *arena, const struct settings *settings,
                       const struct observed_account *account)
{
    struct direct_grant ignored;
    for (size_t i = 0; i < account->principals.count; i++)
        if (direct_role_read(arena, settings, account->account_id, &account->principals.items[i], &ignored))
            return true;
    return false;
}

int port_revoked_of_direct(const struct run *run, const struct settings *settings,
                           const struct observed *observed, struct strings *revoked, struct err *err)
{
    bool asks = false;
    for (size_t i = 0; i < observed->count && !revoked->count && !asks; i++)
        asks = has_direct(run->arena, settings, &observed->items[i]);
    return asks ? port_revoked_read(run->arena, run->repo, run->github, revoked, err) : 0;
}

bool port_revoked_is(const struct strings *revoked, const struct fact *fact)
{
    return *fact->port_run && strings_contain(revoked, fact->port_run);
}

/* The facts of one side that name a run: of all, or without `all` those of the rows. */
static void collect(struct arena *arena, const struct facts *all, const struct delta *delta, bool after,
                    struct facts *ret)
{
    for (size_t i = 0; all && i < all->count; i++)
        if (*all->items[i].port_run)
            *VEC_ADD(arena, ret) = all->items[i];
    for (size_t i = 0; !all && i < delta->count; i++) {
        const struct fact *fact = after ? delta->items[i].after : delta->items[i].before;
        if (fact && *fact->port_run)
            *VEC_ADD(arena, ret) = *fact;
    }
}

void port_revoked_note(struct arena *arena, struct repo *repo, struct github *github,
                       const struct facts *all_before, const struct facts *all_after, struct plan *plan,
                       struct strings *ret)
{
    struct facts before = {0}, after = {0};
    struct err reason;
    collect(arena, all_before, &plan->delta, false, &before);
    collect(arena, all_after, &plan->delta, true, &after);
    if (!before.count && !after.count)
        return;
    if (port_revoked_read(arena, repo, github, ret, &reason) < 0) {
        ret->count = 0;
        *VEC_ADD(arena, &plan->notices) = arena_strdup(arena, reason.message);
        return;
    }
    for (size_t i = 0; i < after.count; i++)
        if (port_revoked_is(ret, &after.items[i]))
            *VEC_ADD(arena, &plan->notices) = arena_printf(
                arena, "apply will not grant %s to %s: the access of the run %s was taken back in Port",
                after.items[i].grant, after.items[i].declared_as, after.items[i].port_run);
}

struct facts port_revoked_without(struct arena *arena, const struct strings *revoked,
                                  const struct facts *facts)
{
    struct facts left = {0};
    if (!revoked->count)
        return *facts;
    VEC_RESERVE(arena, &left, facts->count);
    for (size_t i = 0; i < facts->count; i++)
        if (facts->items[i].entries > 1 || !port_revoked_is(revoked, &facts->items[i]))
            *VEC_ADD(arena, &left) = facts->items[i];
    return left;
}

static void note(struct arena *arena, const struct access_entry *entry, struct notices *notices)
{
    *VEC_ADD(arena, notices) = arena_printf(
        arena,
        "%s:%u is not granted: the access of the run %s was taken back in Port; merge the pull request of the "
        "branch %s%s, or of another run of the same lease, which takes the entry out. Who needs "
        "it again asks again in Port",
        entry->span.file->path, (unsigned)entry->span.line, entry->port_run, PORT_REVOKE_BRANCH,
        entry->port_run);
}

void port_revoked_leave_out(struct arena *arena, const struct strings *revoked, const struct config *config,
                            int64_t now_s, struct config *ret, struct notices *notices)
{
    *ret = *config;
    if (!revoked->count)
        return;
    ret->items = NULL;
    ret->count = ret->capacity = 0;
    for (size_t i = 0; i < config->count; i++) {
        struct team_config *team = VEC_ADD(arena, ret);
        *team = config->items[i];
        team->entries.items = NULL;
        team->entries.count = team->entries.capacity = 0;
        for (size_t j = 0; j < config->items[i].entries.count; j++) {
            const struct access_entry *entry = &config->items[i].entries.items[j];
            if (!*entry->port_run || !strings_contain(revoked, entry->port_run))
                *VEC_ADD(arena, &team->entries) = *entry;
            else if (entry->ends_at_s > now_s)
                note(arena, entry, notices);
        }
    }
}

void port_revoked_release(const struct strings *revoked, const struct facts *desired, struct facts *held,
                          struct problems *problems)
{
    size_t kept = 0;
    for (size_t i = 0; i < held->count; i++)
        if (!port_revoked_is(revoked, &held->items[i]) || facts_find(desired, held->items[i].identity))
            held->items[kept++] = held->items[i];
    held->count = kept;
    for (size_t i = 0; i < problems->count; i++)
        if (problems->items[i].port_run && strings_contain(revoked, problems->items[i].port_run))
            problems->items[i].hint = "mend it, or take it out: its access was taken back in Port, and goes";
}
