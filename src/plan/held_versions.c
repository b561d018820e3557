/* SPDX-License-Identifier: Apache-2.0 */
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

static void refuse(struct account_work *work, const struct wanted_policy *policy, const struct fact *fact,
                   const char *names)
{
    work_refuse(
        work, fact, "undeclared-holders",
        arena_printf(work->arena,
                     "%s, adopted for %s/%s, is to allow more than it does now, and is attached in account "
                     "%s to whom nobody declares, and who would get that too: %s; it stays as it is",
                     policy->arn, policy->team, policy->grant, work->account->account_id, names),
        "declare them, or detach it from them by hand; cleanup --leftovers remove detaches it where an older "
        "commit declared it");
}

/* Nobody gets the grant as it was; gives how many facts are refused. */
static size_t drop_attachments(struct account_work *work, const struct wanted_policy *policy,
                               const char *names)
{
    size_t refused = 0;
    for (size_t i = 0; i < work->principals.count; i++) {
        struct principal_work *principal = work->principals.items[i];
        const struct fact *last = NULL;
        size_t kept = 0;
        for (size_t j = 0; j < principal->attach.count; j++) {
            const struct wanted_object *object = &principal->attach.items[j];
            if ((object->policy && object->policy->lease) || !str_eq(object->fact->team, policy->team) ||
                !str_eq(object->fact->grant, policy->grant)) {
                principal->attach.items[kept++] = *object;
            } else if (object->fact != last) {
                last = object->fact;
                refuse(work, policy, last, names);
                refused++;
            }
        }
        principal->attach.count = kept;
    }
    return refused;
}

void work_hold_versions(struct account_work *work)
{
    for (size_t i = 0; i < work->policies.count; i++) {
        struct wanted_policy *policy = work->policies.items[i];
        if (!policy->widens ||
            (!policy->mark && !policy_is_adopted(work->arena, policy->observed, work->input->settings->owner)))
            continue;
        const struct strings holders = work_find_holders(work, policy->observed);
        if (!holders.count)
            continue;
        const char *names = names_of(work->arena, &holders);
        policy->changes = policy->widens = false;
        if (!drop_attachments(work, policy, names))
            refuse(work, policy, policy->first, names);
    }
}
