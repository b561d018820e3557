/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/revocation_gone.h"

#include "base/str.h"
#include "flow/holding.h"
#include "flow/port_leases.h"
#include "port/port_run.h"

#include <string.h>

enum { ACCOUNT_ID_DIGITS = 12 };

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

/* The title of a lease in AWS that has the identifier, or "". */
static const char *find_standing(struct arena *arena, const struct holdings *holdings, const char *identifier)
{
    struct port_leases leases = {0};
    port_leases_collect(arena, holdings, &leases);
    for (size_t i = 0; i < leases.count; i++) {
        const struct port_entry *entry = &leases.items[i].entry;
        const char *slash = entry->role_arn ? strrchr(entry->role_arn, '/') : NULL;
        if (is_same(entry->identifier, identifier) || is_same(entry->role_arn, identifier) ||
            is_same(entry->policy_arn, identifier) || is_same(leases.items[i].run_id, identifier) ||
            is_same(slash ? slash + 1 : NULL, identifier))
            return entry->title;
    }
    return "";
}

/* "arn:aws:iam::123456789012:role/x" → its account; NULL: it names none. */
static const char *account_of_arn(struct arena *arena, const char *arn)
{
    for (int i = 0; i < 4 && arn; i++)
        arn = strchr(arn, ':') ? strchr(arn, ':') + 1 : NULL;
    return arn && strspn(arn, "0123456789") == ACCOUNT_ID_DIGITS && arn[ACCOUNT_ID_DIGITS] == ':'
               ? arena_strndup(arena, arn, ACCOUNT_ID_DIGITS)
               : NULL;
}

/* The account that the name itself or the catalog says; *ret NULL: nobody knows any. */
static int find_account(const struct run *run, const struct revocation *r, const char **ret, struct err *err)
{
    struct port_entity entity;
    *ret = NULL;
    if (str_prefix(r->identifier, "arn:"))
        *ret = account_of_arn(run->arena, r->identifier);
    else if (r->port && port_entity_read(run->arena, r->port, "provisioned_permissions", r->identifier,
                                         &entity, err) == 0)
        *ret = entity.account_id;
    else if (r->port && err->code != ERR_REFUSED)
        return -1;
    return 0;
}

/* Of an account that the files name no more nobody can say that nothing is left there. */
static void check_account(const struct run *run, const struct revocation *r, struct plan *plan)
{
    struct err reason;
    const char *account_id;
    if (find_account(run, r, &account_id, &reason) < 0)
        problem_add(run->arena, &plan->problems, "revoke-incomplete", NULL, NULL, "%s", reason.message);
    else if (account_id && !observed_find_account(&r->findings.observed, account_id))
        problem_add(
            run->arena, &plan->problems, "revoke-incomplete", account_id, NULL,
            "whether '%.200s' stands in account %.64s nobody looked: no file names that account any more",
            r->identifier, account_id)
            ->hint = "AWS ends it at its time; to take it away before, name the account again";
}

/* What nobody can find in git is not taken away, and not called gone as long as it stands. */
static void check_standing(const struct run *run, const struct apply_request *request, struct revocation *r,
                           struct plan *plan)
{
    struct holdings holdings = {0};
    const char *name = r->identifier ? r->identifier : r->expired;
    if (!name || !*name || r->facts.count || r->directs.count)
        return;
    holdings_of(run->arena, request, &r->findings, plan->settings, &holdings);
    const char *title = find_standing(run->arena, &holdings, name);
    if (*title && r->identifier)
        problem_add(run->arena, &plan->problems, "revoke-incomplete", NULL, NULL,
                    "'%.200s' stands in AWS (%s), and no entry that could be read asks for it: the next apply "
                    "takes away what nobody declares",
                    name, title);
    else if (*title) {
        r->standing = title;
        problem_add(
            run->arena, &plan->problems, "revoke-incomplete", NULL, NULL,
            "'%.200s' (%s) has not ended: Port names no person who started this run, and without one only "
            "what has ended is removed",
            name, title);
    } else if (r->identifier)
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
