/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The law: between any two calls, and when any one fails for good, nobody can do by way of a role what
 * neither the old state nor the new one lets him do. A call that fails stops what waits for it, and nothing
 * else.
 *
 * - Who is to get out has what he has until he is out: what widens waits for the trust. Who is to come in
 * finds what he shall have: the trust waits for what narrows. Who stays sees the policies change as any
 * principal does (denials.h). So what narrows waits for no trust, and who is to get out does not wait for
 * what narrows.
 * - Where some get out, others come in, and some call both widens and narrows, no order of the calls will do:
 * the trust goes in two. First it is left to those who stay, at the end all come in.
 * - Of a boundary in the place of another one nobody knows what it allows. It comes after what narrows and
 * before what widens; where some call does both, the role lets nobody in meanwhile.
 *
 * What no order can do: whoever has a session is in until it ends, because AWS asks the trust only when one
 * is opened; of two policies that each allow and deny one has to come first; and what nobody has read of
 * AWS's policies counts as allowing only.
 *
 * No ring: an operation waits for a first trust, which waits for nothing that changes policies; a last trust
 * waits for operations, and nothing that changes policies waits for it. What stands in between (a trust in
 * one call, a boundary that replaces another one) is asked for only where no path leads back.
 */
#include "plan/trust_order.h"

#include "base/map.h"
#include "plan/effects.h"
#include "plan/waiting.h"
#include "policy/document.h"
#include "policy/trust.h"
#include "policy/trust_change.h"

#include <string.h>

struct indexes {
    VEC_FIELDS(size_t);
};

/* What happens to one role: indexes of operations, and one more where 0 is none. */
struct changes {
    const struct observed_principal *role;
    struct indexes widening, narrowing; /* of policies; what does both is in both */
    struct indexes denying, undenying;  /* some of those that narrow, and of those that widen */
    bool mixed;                         /* some call does both */
    size_t boundary, trust;
    bool boundary_widens, boundary_narrows;
};

static void add_if(struct account_work *work, bool is_so, struct indexes *list, size_t index)
{
    if (is_so)
        *VEC_ADD(work->arena, list) = index;
}

static void note(struct account_work *work, struct changes *changes, size_t index)
{
    const struct operation *operation = &work->plan->operations.items[index];
    const struct call_effect effect = effect_of(work, operation, changes->role);
    if (operation->kind == OP_PUT_BOUNDARY || operation->kind == OP_DELETE_BOUNDARY) {
        changes->boundary = index + 1;
        changes->boundary_widens = effect.widens;
        changes->boundary_narrows = effect.narrows;
        return;
    }
    if (operation->kind == OP_UPDATE_TRUST)
        changes->trust = index + 1;
    add_if(work, effect.widens, &changes->widening, index);
    add_if(work, effect.narrows, &changes->narrowing, index);
    add_if(work, effect.denies, &changes->denying, index);
    add_if(work, effect.undenies, &changes->undenying, index);
    changes->mixed |= effect.widens && effect.narrows;
}

static void all_after(struct account_work *work, const struct indexes *waiting, size_t needed)
{
    for (size_t i = 0; i < waiting->count; i++)
        work_wait_for(work, waiting->items[i], needed);
}

static void after_all(struct account_work *work, size_t waiting, const struct indexes *needed)
{
    for (size_t i = 0; i < needed->count; i++)
        work_wait_for(work, waiting, needed->items[i]);
}

/* Whether something could come between what narrows and what widens: no call does both, and nothing that
 * narrows waits for what widens. */
static bool can_part(const struct account_work *work, const struct changes *changes)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    bool *needed = arena_array(scratch, work->plan->operations.count, sizeof *needed);
    if (changes->mixed)
        return false;
    for (size_t i = 0; i < changes->narrowing.count; i++)
        work_mark_needed(work, changes->narrowing.items[i], needed);
    for (size_t i = 0; i < changes->widening.count; i++)
        if (needed[changes->widening.items[i]])
            return false;
    return true;
}

/* What denies comes before whatever widens, and goes after whatever narrows: it may move from one policy to another. */
static void order_denials(struct account_work *work, const struct changes *changes)
{
    for (size_t i = 0; i < changes->denying.count; i++)
        for (size_t j = 0; j < changes->widening.count; j++)
            work_wait_unless_needed(work, changes->widening.items[j], changes->denying.items[i]);
    for (size_t i = 0; i < changes->undenying.count; i++)
        for (size_t j = 0; j < changes->narrowing.count; j++)
            work_wait_unless_needed(work, changes->undenying.items[i], changes->narrowing.items[j]);
}

/* True when the role must let nobody in while its boundary and its policies change. */
static bool order_boundary(struct account_work *work, const struct changes *changes, bool may_shut)
{
    const size_t index = changes->boundary - 1;
    if (!changes->boundary)
        return false;
    const bool parts = !changes->boundary_widens || !changes->boundary_narrows || can_part(work, changes);
    if (!parts && may_shut)
        return true;
    if (changes->boundary_narrows)
        all_after(work, &changes->widening, index);
    if (changes->boundary_widens && parts)
        after_all(work, index, &changes->narrowing);
    return false;
}

static size_t add_trust(struct account_work *work, const struct wanted_role *wanted,
                        const struct document *trust)
{
    const struct fact *fact = wanted->fact;
    return work_add_operation(work, (struct operation){.kind = OP_UPDATE_TRUST,
                                                       .principal_kind = PRINCIPAL_ROLE,
                                                       .principal = wanted->live->name,
                                                       .document = document_to_json(work->arena, trust),
                                                       .lease_id = fact->lease_id,
                                                       .reason = arena_printf(work->arena, "declared: %s/%s",
                                                                              fact->team, fact->grant)});
}

/* Out first, in last. `between`: what the first call leaves of the trust. */
static void order_in_two(struct account_work *work, const struct wanted_role *wanted,
                         const struct changes *changes, const struct document *between,
                         const struct document *at_last)
{
    const size_t first = add_trust(work, wanted, between),
                 last = changes->trust ? changes->trust - 1 : add_trust(work, wanted, at_last);
    all_after(work, &changes->widening, first);
    after_all(work, last, &changes->narrowing);
    work_wait_for(work, last, first);
}

static bool read_trust(struct account_work *work, const char *json, struct document *ret)
{
    struct err ignored;
    *ret = (struct document){0};
    return json && document_parse_trust(work->arena, json, strlen(json), ret, &ignored) == 0;
}

/* The boundary counts as one of the policies. */
static void count_boundary(struct account_work *work, struct changes *changes)
{
    if (!changes->boundary)
        return;
    add_if(work, changes->boundary_widens, &changes->widening, changes->boundary - 1);
    add_if(work, changes->boundary_narrows, &changes->narrowing, changes->boundary - 1);
    changes->mixed |= changes->boundary_widens && changes->boundary_narrows;
}

static void order(struct account_work *work, const struct wanted_role *wanted, struct changes *changes)
{
    struct document live, shall, between;
    const bool is_read = read_trust(work, wanted->live->trust, &live);
    trust_document(work->arena, work->input->settings->partition, wanted->fact->account_id,
                   wanted->fact->policy->role, &shall);
    const bool is_right = is_read && document_equal(work->arena, &live, &shall);
    /* A trust that is neither right nor made right is not ours to write: it names somebody who is no more. */
    const bool shuts = order_boundary(work, changes, changes->trust || is_right);
    count_boundary(work, changes);
    if (shuts) {
        trust_of_nobody(work->arena, &between);
        order_in_two(work, wanted, changes, &between, &shall);
        return;
    }
    if (!changes->trust)
        return;
    const bool come = !is_read || trust_admits_more(work->arena, &live, &shall),
               go = !is_read || trust_admits_more(work->arena, &shall, &live);
    const bool both = come && go && changes->widening.count && changes->narrowing.count;
    if (both && !can_part(work, changes)) {
        trust_common(work->arena, &live, &shall, &between);
        order_in_two(work, wanted, changes, &between, &shall);
        return;
    }
    if (go)
        all_after(work, &changes->widening, changes->trust - 1);
    if (come)
        after_all(work, changes->trust - 1, &changes->narrowing);
}

/* The changes of each role that is wanted, by its name. */
static void collect(struct account_work *work, struct changes *all)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct map by_name = map_new(scratch);
    for (size_t i = 0; i < work->kept.count; i++) {
        all[i].role = work->kept.items[i]->observed;
        map_put(&by_name, work->kept.items[i]->name, &all[i]);
    }
    for (size_t i = 0; i < work->plan->operations.count; i++) {
        const struct operation *operation = &work->plan->operations.items[i];
        struct changes *changes = operation->principal && operation->principal_kind == PRINCIPAL_ROLE
                                      ? map_get(&by_name, operation->principal)
                                      : NULL;
        if (changes)
            note(work, changes, i);
        for (size_t j = 0; operation->kind == OP_CREATE_POLICY_VERSION && j < work->kept.count; j++)
            note(work, &all[j], i);
    }
}

void work_order_trust(struct account_work *work)
{
    if (!work->kept.count)
        return;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct changes *all = arena_array(scratch, work->kept.count, sizeof *all);
    collect(work, all);
    for (size_t i = 0; i < work->kept.count; i++) {
        order_denials(work, &all[i]);
        if (all[i].trust || all[i].boundary)
            order(work, work->kept.items[i]->role, &all[i]);
    }
}
