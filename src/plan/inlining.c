/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/inlining.h"

#include "base/str.h"
#include "plan/widening.h"
#include "policy/document.h"
#include "policy/lease.h"

#include <string.h>

static void put_one(struct account_work *work, struct principal_work *principal,
                    const struct wanted_object *object, bool is_within)
{
    const struct fact *fact = object->fact;
    const size_t index = work_add_operation(
        work, (struct operation){.kind = OP_PUT_INLINE_POLICY,
                                 .principal_kind = principal->kind,
                                 .principal = principal->name,
                                 .policy_name = object->name,
                                 .document = object->document,
                                 .ends_at_s = fact->ends_at_s,
                                 .reason = arena_printf(work->arena, "%s: %s/%s",
                                                        object->adopts ? REASON_REPLACES : "granted",
                                                        fact->team, fact->grant),
                                 .lease_id = fact->lease_id});
    const int64_t growth = quota_growth(object);
    for (size_t j = 0; growth > 0 && principal->remove_first && j < principal->removed.count; j++)
        work_after(work, index, principal->removed.items[j]);
    for (size_t j = 0; !is_within && principal->role && j < principal->role->before_attach.count; j++)
        work_after(work, index, principal->role->before_attach.items[j]);
    if (growth < 0 || is_within)
        *VEC_ADD(work->arena, &principal->removed) = index;
}

/* Whether it lends nothing that what it overwrites does not, and no longer. */
static bool is_within_live(const struct account_work *work, const struct wanted_object *object)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct document live = {0}, cut, shall = {0};
    struct lease_terms terms = {0};
    struct err ignored;
    return object->live &&
           document_parse(scratch, object->live->document, strlen(object->live->document), &live, &ignored) ==
               0 &&
           document_parse(scratch, object->document, strlen(object->document), &shall, &ignored) == 0 &&
           lease_ends_at(&shall, &terms.ends_at_s) &&
           lease_document(scratch, &live, &terms, work->sid_prefix, &cut) &&
           document_is_within(scratch, &shall, &cut);
}

void work_put_inline(struct account_work *work, struct principal_work *principal)
{
    for (size_t i = 0; i < principal->put.count; i++) {
        const struct wanted_object *object = &principal->put.items[i];
        put_one(work, principal, object, principal->role && is_within_live(work, object));
    }
    principal->put.count = 0;
}

/* Whether it gives what the lease of that id gives. */
static bool is_of_lease(const struct operation *operation, const char *lease_id)
{
    return !operation_info(operation->kind)->removes && operation->lease_id &&
           str_eq(operation->lease_id, lease_id);
}

static void remove_one(struct account_work *work, struct principal_work *principal,
                       const struct unwanted_object *object)
{
    const size_t before = work->plan->operations.count;
    *VEC_ADD(work->arena, &principal->removed) =
        work_add_operation(work, (struct operation){.kind = OP_DELETE_INLINE_POLICY,
                                                    .principal_kind = principal->kind,
                                                    .principal = principal->name,
                                                    .policy_name = object->name,
                                                    .document = object->document,
                                                    .ends_at_s = object->ends_at_s,
                                                    .lease_id = object->lease_id,
                                                    .reason = object->reason});
    for (size_t j = 0; object->is_replaced && j < before; j++)
        if (is_of_lease(&work->plan->operations.items[j], object->lease_id))
            work_after(work, before, j);
}

void work_remove_inline(struct account_work *work, struct principal_work *principal)
{
    for (size_t i = 0; i < principal->remove.count; i++)
        remove_one(work, principal, &principal->remove.items[i]);
    principal->remove.count = 0;
}

void work_narrow_inline(struct account_work *work, struct principal_work *principal)
{
    size_t kept = 0;
    for (size_t i = 0; i < principal->remove.count; i++) {
        const struct unwanted_object object = principal->remove.items[i];
        if (object.is_replaced)
            principal->remove.items[kept++] = object;
        else
            remove_one(work, principal, &object);
    }
    principal->remove.count = kept;
    kept = 0;
    for (size_t i = 0; i < principal->put.count; i++) {
        const struct wanted_object object = principal->put.items[i];
        if (is_within_live(work, &object))
            put_one(work, principal, &object, true);
        else
            principal->put.items[kept++] = object;
    }
    principal->put.count = kept;
}
