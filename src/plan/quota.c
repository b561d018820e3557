/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/quota.h"

#include "plan/account_work.h"
#include "plan/wanted_copies.h"
#include "plan/wanted_leases.h"
#include "plan/wanted_roles.h"
#include "policy/document.h"

static int64_t attachment_quota(const struct account_work *work, const struct principal_work *principal)
{
    return work->account->quotas.attached[principal->kind];
}

static void refuse_attachment(struct account_work *work, const struct principal_work *principal,
                              const struct fact *fact, const char *arn)
{
    const char *account_id = work->account->account_id;
    work_refuse(work, fact, "attachment-quota",
                arena_printf(work->arena,
                             "%s %s in account %s can have %lld managed policies attached, and %s would be "
                             "one more",
                             principal_kind_name(principal->kind), principal->name, account_id,
                             (long long)attachment_quota(work, principal), arn),
                "take away an attachment that is not needed, or put several policies into one grant");
}

/* Attachments beyond the quota are refused one by one; those that fit once others have gone wait for that. */
bool quota_fit_attachments(struct account_work *work, struct principal_work *principal)
{
    bool is_restored = false;
    if (!principal->observed)
        return false;
    int64_t quota = attachment_quota(work, principal);
    int64_t there = (int64_t)principal->observed->attached.count, going = (int64_t)principal->detach.count;
    while (principal->attach.count && there - going + (int64_t)principal->attach.count > quota) {
        const struct wanted_object *last = &principal->attach.items[--principal->attach.count];
        const struct fact *fact = last->fact;
        const bool is_lease = last->policy && last->policy->lease;
        refuse_attachment(work, principal, fact, last->arn);
        for (size_t i = 0; i < last->also.count; i++)
            refuse_attachment(work, principal, last->also.items[i], last->arn);
        if (is_lease) {
            is_restored |= work_drop_copies(work, principal, fact);
            going = (int64_t)principal->detach.count;
        }
    }
    if (there + (int64_t)principal->attach.count > quota)
        principal->detach_first = true;
    return is_restored;
}

int64_t quota_growth(const struct wanted_object *object)
{
    return object->size - object->live_size;
}

static bool is_of_turn(const struct wanted_object *object, int turn)
{
    bool grows = quota_growth(object) > 0;
    return turn == 0 ? !grows : grows && (turn == 1) == (object->live != NULL);
}

/*
 * What asks for no more room first, then what grows, then what is new: a lease that is there has its room
 * before one that comes. Gives the count of the first kind.
 */
static size_t order_puts(struct account_work *work, struct principal_work *principal)
{
    const size_t count = principal->put.count;
    struct wanted_object *ordered = arena_array(work->arena, count + 1, sizeof *ordered);
    size_t placed = 0, modest = 0;
    for (int turn = 0; turn < 3; turn++) {
        for (size_t i = 0; i < count; i++)
            if (is_of_turn(&principal->put.items[i], turn))
                ordered[placed++] = principal->put.items[i];
        modest = turn == 0 ? placed : modest;
    }
    principal->put.items = ordered;
    principal->put.capacity = count;
    return modest;
}

/* A lease that does not fit is a managed policy, unless its entry wants it inline. */
static void move_inline(struct account_work *work, struct principal_work *principal,
                        const struct wanted_object *object, int64_t quota)
{
    if (!object->fact->mode_is_fixed) {
        work_want_copies(work, principal, object->fact);
        return;
    }
    struct problem *problem = problem_add(
        work->arena, &work->plan->problems, "inline-quota", work->account->account_id, object->fact,
        "a temporary grant of '%s' in mode 'inline' does not fit into the %lld characters that %s %s has for inline "
        "policies in account %s: nothing is granted%s",
        object->fact->grant, (long long)quota, principal_kind_name(principal->kind), principal->name,
        work->account->account_id, object->live ? ", and what was granted before is removed" : "");
    work_keep_role_in_time(work, object->fact);
    problem->hint = "leave out 'mode', make the grant smaller, or remove inline policies that are not needed";
    if (object->live)
        work_revoke_lease(work, principal, object->fact, object->live,
                          "what is declared now cannot be granted");
}

/*
 * The same for the sum of all inline policies, foreign ones included. What asks for no more room always
 * passes: to end a lease earlier must never fail. Nothing that is refused leaves room to what was refused
 * before it, so that another run comes to the same.
 */
void quota_fit_inline(struct account_work *work, struct principal_work *principal)
{
    if (!principal->observed || !principal->put.count)
        return; /* what goes needs no room */
    const int64_t quota = work->account->quotas.inline_size[principal->kind];
    int64_t there = 0, growth = 0;
    for (size_t i = 0; i < principal->observed->inline_policies.count; i++)
        there += (int64_t)document_measure(principal->observed->inline_policies.items[i].document);
    int64_t sum = there;
    for (size_t i = 0; i < principal->remove.count; i++)
        sum -= (int64_t)document_measure(principal->remove.items[i].document);
    size_t kept = order_puts(work, principal);
    for (size_t i = 0; i < principal->put.count; i++)
        sum += i < kept ? quota_growth(&principal->put.items[i]) : -principal->put.items[i].live_size;
    for (size_t i = kept; i < principal->put.count; i++) {
        const struct wanted_object object = principal->put.items[i];
        if (sum + object.size > quota) {
            move_inline(work, principal, &object, quota);
            continue;
        }
        sum += object.size;
        growth += quota_growth(&object);
        principal->put.items[kept++] = object;
    }
    principal->put.count = kept;
    principal->remove_first = there + growth > quota;
}

/* What goes is counted too: AWS may refuse a creation that comes before it, and then the next run makes up for it. */
static void judge_count(struct account_work *work, enum operation_kind creates, enum operation_kind deletes,
                        int64_t there, int64_t most, const char *what)
{
    int64_t more = 0;
    for (size_t i = 0; i < work->plan->operations.count; i++)
        more += (work->plan->operations.items[i].kind == creates) -
                (work->plan->operations.items[i].kind == deletes);
    if (!most || more <= 0 || there + more <= most)
        return;
    problem_add(work->arena, &work->plan->problems, "account-quota", work->account->account_id, NULL,
                "account %s can have %lld %s and has %lld, and this would be %lld more",
                work->account->account_id, (long long)most, what, (long long)there, (long long)more)
        ->hint = "remove what nobody needs there, or ask AWS to raise the quota, and run again";
}

void quota_judge_account(struct account_work *work)
{
    const struct quotas *quotas = &work->account->quotas;
    judge_count(work, OP_CREATE_POLICY, OP_DELETE_POLICY, quotas->policies, quotas->policies_max,
                "customer managed policies");
    judge_count(work, OP_CREATE_ROLE, OP_DELETE_ROLE, quotas->roles, quotas->roles_max, "roles");
}
