/* SPDX-License-Identifier: Apache-2.0 */
/* A policy is one object for all who have it: what it is to allow from now on, only those get who are
 * declared, and of whom nothing is held. */
#include "plan/held_versions.h"

#include "base/buf.h"
#include "base/str.h"
#include "plan/account_work.h"
#include "plan/adopt_leftovers.h"
#include "policy/ownership.h"

enum { NAMED_MAX = 20, NAMES_SIZE_MAX = 64 * 1024 };

static const char *names_of(struct arena *arena, const struct strings *holders)
{
    struct buf out;
    buf_init(&out, NAMES_SIZE_MAX);
    for (size_t i = 0; i < holders->count && i < NAMED_MAX; i++) {
        buf_add_text(&out, i ? ", " : "");
        buf_add_text(&out, holders->items[i]);
    }
    const char *names = arena_strndup(arena, out.bytes, out.size);
    buf_free(&out);
    return holders->count <= NAMED_MAX
               ? names
               : arena_printf(arena, "%s and %zu more", names, holders->count - NAMED_MAX);
}

/* Why the version of a policy that allows more must not be made. */
struct obstacle {
    const struct wanted_policy *policy;
    const char *id, *message, *hint;
};

static struct obstacle undeclared(struct account_work *work, const struct wanted_policy *policy,
                                  const struct strings *holders)
{
    return (struct obstacle){
        policy, "undeclared-holders",
        arena_printf(work->arena,
                     "%s, adopted for %s/%s, is to allow more than it does now, and is attached in account "
                     "%s to whom nobody declares, and who would get that too: %s; it stays as it is",
                     policy->arn, policy->team, policy->grant, work->account->account_id,
                     names_of(work->arena, holders)),
        "declare them, or detach it from them by hand; cleanup --leftovers remove detaches it where an older "
        "commit declared it"};
}

static struct obstacle held(struct account_work *work, const struct wanted_policy *policy,
                            const struct strings *holders)
{
    return (struct obstacle){
        policy, "held-policy",
        arena_printf(work->arena,
                     "%s of %s/%s is to allow more than it does now, and is attached in account %s to whose "
                     "access is held, and who would get that too: %s; it stays as it is",
                     policy->arn, policy->team, policy->grant, work->account->account_id,
                     names_of(work->arena, holders)),
        "another row says why that is held: it goes on once that is mended or let through"};
}

/* Whether what he has stays, and nothing asks for it that is let through. */
static bool is_held(struct account_work *work, const struct observed_principal *principal, const char *arn)
{
    const char *key = work_key_attachment(work, principal->kind, principal->name, arn);
    return map_get(&work->keys, key) && !map_get(&work->keys, work_key_wanted(work, key));
}

static struct strings find_held(struct account_work *work, const struct wanted_policy *policy)
{
    struct strings holders = {0};
    for (size_t i = 0; i < work->account->principals.count; i++) {
        const struct observed_principal *principal = &work->account->principals.items[i];
        if (observed_is_attached(principal, policy->arn) && is_held(work, principal, policy->arn))
            strings_add(
                work->arena, &holders,
                arena_printf(work->arena, "%s %s", principal_kind_name(principal->kind), principal->name));
    }
    return holders;
}

static bool find_obstacle(struct account_work *work, const struct wanted_policy *policy, struct obstacle *ret)
{
    struct strings holders = {0};
    if (policy->mark || policy_is_adopted(work->arena, policy->observed, work->input->settings->owner))
        holders = work_find_holders(work, policy->observed);
    if (holders.count) {
        *ret = undeclared(work, policy, &holders);
        return true;
    }
    holders = find_held(work, policy);
    *ret = held(work, policy, &holders);
    return holders.count > 0;
}

static bool is_of_grant(const struct fact *fact, const struct wanted_policy *policy)
{
    return str_eq(fact->team, policy->team) && str_eq(fact->grant, policy->grant);
}

/* Of an attachment that a grant was to bring, which is refused: the first of another grant that brings it too. */
static bool hand_over(struct wanted_object *object, const struct wanted_policy *refused)
{
    size_t left = 0;
    while (left < object->also.count && is_of_grant(object->also.items[left], refused))
        left++;
    if (left == object->also.count)
        return false;
    object->fact = object->also.items[left++];
    object->also.items += left;
    object->also.count -= left;
    object->also.capacity = object->also.count;
    return true;
}

/* Nobody gets the grant as it was; gives how many facts are refused. */
static size_t drop_attachments(struct account_work *work, const struct obstacle *obstacle)
{
    size_t refused = 0;
    for (size_t i = 0; i < work->principals.count; i++) {
        struct principal_work *principal = work->principals.items[i];
        const struct fact *last = NULL;
        size_t kept = 0;
        for (size_t j = 0; j < principal->attach.count; j++) {
            struct wanted_object *object = &principal->attach.items[j];
            if ((object->policy && object->policy->lease) || !is_of_grant(object->fact, obstacle->policy) ||
                hand_over(object, obstacle->policy)) {
                principal->attach.items[kept++] = *object;
            } else if (object->fact != last) {
                last = object->fact;
                work_refuse(work, last, obstacle->id, obstacle->message, obstacle->hint);
                refused++;
            }
        }
        principal->attach.count = kept;
    }
    return refused;
}

/* Nor is a role made that would allow nothing. */
static void drop_roles(struct account_work *work, const struct wanted_policy *policy)
{
    size_t kept = 0;
    for (size_t i = 0; i < work->roles.count; i++) {
        struct principal_work *holder = work->roles.items[i];
        if (holder->role->live || !is_of_grant(holder->role->fact, policy))
            work->roles.items[kept++] = holder;
    }
    work->roles.count = kept;
}

void work_hold_versions(struct account_work *work)
{
    for (size_t i = 0; i < work->policies.count; i++) {
        struct wanted_policy *policy = work->policies.items[i];
        struct obstacle obstacle;
        if (!policy->widens || !find_obstacle(work, policy, &obstacle))
            continue;
        policy->changes = policy->widens = false;
        if (!drop_attachments(work, &obstacle))
            work_refuse(work, policy->first, obstacle.id, obstacle.message, obstacle.hint);
        drop_roles(work, policy);
    }
}
