/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/revocation_gone.h"

#include "base/str.h"
#include "flow/holding.h"
#include "flow/port_leases.h"
#include "flow/revocation_places.h"

#include <string.h>

static bool is_account_of(const struct revocation *r, const char *account_id)
{
    for (size_t i = 0; i < r->facts.count; i++)
        if (str_eq(r->facts.items[i]->account_id, account_id))
            return true;
    return false;
}

/* Where it may stand, and nobody could look. */
static void find_unread(struct arena *arena, const struct revocation *r, struct plan *plan)
{
    for (size_t i = 0; i < r->findings.observed.count; i++) {
        const struct observed_account *account = &r->findings.observed.items[i];
        bool may_be_there = r->facts.count ? is_account_of(r, account->account_id) : !r->directs.count;
        if (account->error && may_be_there)
            problem_add(arena, &plan->problems, "account-unreachable", account->account_id, NULL, "%s",
                        account->error);
    }
}

/* What was found and looked at is no less gone because of an error elsewhere in the files. */
static void forgive_errors(struct arena *arena, const struct revocation *r, struct plan *plan)
{
    size_t kept = 0;
    bool is_read = r->facts.count || r->directs.count;
    for (size_t i = 0; i < r->facts.count; i++) {
        const struct observed_account *account =
            observed_find_account(&r->findings.observed, r->facts.items[i]->account_id);
        is_read &= account && !account->error;
    }
    for (size_t i = 0; i < plan->problems.count; i++) {
        if (is_read && str_eq(plan->problems.items[i].id, "configuration-errors"))
            *VEC_ADD(arena, &plan->notices) = plan->problems.items[i].message;
        else
            plan->problems.items[kept++] = plan->problems.items[i];
    }
    plan->problems.count = kept;
}

static bool is_same(const char *text, const char *identifier)
{
    return text && str_eq(text, identifier);
}

/* A lease in AWS that has the identifier, or NULL. */
static const struct port_entry *find_standing(struct arena *arena, const struct holdings *holdings,
                                              const char *identifier)
{
    struct port_leases leases = {0};
    port_leases_collect(arena, holdings, &leases);
    for (size_t i = 0; i < leases.count; i++) {
        const struct port_entry *entry = &leases.items[i].entry;
        const char *slash = entry->role_arn ? strrchr(entry->role_arn, '/') : NULL;
        if (is_same(entry->identifier, identifier) || is_same(entry->role_arn, identifier) ||
            is_same(entry->policy_arn, identifier) || is_same(leases.items[i].run_id, identifier) ||
            is_same(slash ? slash + 1 : NULL, identifier))
            return entry;
    }
    return NULL;
}

/* Of an account that nobody could look at nobody can say that nothing is left there. */
static void check_account(const struct run *run, const struct revocation *r, struct plan *plan)
{
    if (r->unknown_place)
        problem_add(run->arena, &plan->problems, "revoke-incomplete", NULL, NULL, "%s", r->unknown_place);
    else if (r->account_id && !observed_find_account(&r->findings.observed, r->account_id))
        problem_add(run->arena, &plan->problems, "revoke-incomplete", r->account_id, NULL,
                    "whether '%.200s' stands in account %.64s nobody looked: no file names that account, and no "
                    "earlier commit does",
                    r->identifier, r->account_id)
            ->hint = "AWS ends it at its time; to take it away before, name the account";
}

/* It has our mark, and no entry that asks for it: that is for apply, where apply looks. */
static void say_unexplained(const struct run *run, const struct revocation *r, const struct port_entry *entry,
                            struct plan *plan)
{
    struct problem *problem =
        problem_add(run->arena, &plan->problems, "revoke-incomplete", entry->account_id, NULL,
                    "'%.200s' stands in AWS (%s), and no entry that could be read asks for it", r->identifier,
                    entry->title);
    problem->hint =
        revocation_is_named(r, entry->account_id)
            ? "the next apply takes away what nobody declares"
            : arena_printf(run->arena,
                           "name account %s again in aws-accounts: then the next apply takes away what "
                           "nobody declares",
                           entry->account_id);
}

/* Nobody looked for what it stands for. */
static void say_foreign(const struct run *run, const char *name, struct plan *plan)
{
    problem_add(run->arena, &plan->problems, "revoke-incomplete", NULL, NULL,
                "the entity '%.200s' was not made by iamlease with the owner '%.100s': nothing was taken back",
                name, plan->settings->owner)
        ->hint = "whoever made it takes it back";
}

/* What nobody can find in git is not taken away, and not called gone as long as it stands. */
static void check_standing(const struct run *run, const struct apply_request *request, struct revocation *r,
                           struct plan *plan)
{
    struct holdings holdings = {0};
    const char *name = r->identifier ? r->identifier : r->expired;
    if (!name || !*name || r->facts.count || r->directs.count)
        return;
    if (r->is_foreign) {
        say_foreign(run, name, plan);
        return;
    }
    holdings_of(run->arena, request, &r->findings, plan->settings, &holdings);
    const struct port_entry *entry = find_standing(run->arena, &holdings, name);
    if (entry && r->identifier)
        say_unexplained(run, r, entry, plan);
    else if (entry) {
        r->standing = entry->title;
        problem_add(
            run->arena, &plan->problems, "revoke-incomplete", NULL, NULL,
            "'%.200s' (%s) has not ended: Port names no person who started this run, and without one only "
            "what has ended is removed",
            name, entry->title);
    } else if (r->identifier || r->unknown_place)
        check_account(run, r, plan);
}

void revocation_check_gone(const struct run *run, const struct apply_request *request, struct revocation *r,
                           struct plan *plan)
{
    if (!r->from_port)
        find_unread(run->arena, r, plan);
    check_standing(run, request, r, plan);
    forgive_errors(run->arena, r, plan);
}
