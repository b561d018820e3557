/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_unfinished.h"

#include "base/str.h"
#include "flow/port_revoked.h"
#include "plan/desired.h"
#include "plan/operations.h"

/* Of an entry that another asks for, too, that one's part is left. */
static void find_left(struct arena *arena, const struct findings *findings, int64_t now_s,
                      struct port_unfinished *ret)
{
    struct config config;
    struct notices ignored = {0};
    port_revoked_leave_out(arena, &ret->runs, findings->head.config, now_s, &config, &ignored);
    desired_facts(arena, &config, &findings->history.account_rules, now_s, &ret->left);
    if (findings->is_complete)
        return;
    /* Who asks for it in a file that is broken now is not known: what others ever asked for stays. */
    for (size_t i = 0; i < findings->history.candidates.count; i++) {
        const struct fact *fact = &findings->history.candidates.items[i];
        if (fact->kind == ACCESS_LEASE && (!port_revoked_is(&ret->runs, fact) || fact->entries > 1))
            *VEC_ADD(arena, &ret->left) = *fact;
    }
    facts_sort(&ret->left);
}

int port_unfinished_read(const struct run *run, const struct findings *findings,
                         const struct settings *settings, int64_t now_s, struct port_unfinished *ret,
                         struct err *err)
{
    *ret = (struct port_unfinished){0};
    if (port_revoked_of(run, findings->head.config, &findings->history.candidates, &ret->runs, err) < 0 ||
        port_revoked_of_direct(run, settings, &findings->observed, &ret->runs, err) < 0) {
        ret->runs = (struct strings){0};
        return -1;
    }
    if (ret->runs.count)
        find_left(run->arena, findings, now_s, ret);
    return 0;
}

bool port_unfinished_has(const struct port_unfinished *unfinished, const struct fact *fact)
{
    return fact->kind == ACCESS_LEASE && port_revoked_is(&unfinished->runs, fact) &&
           !facts_find(&unfinished->left, fact->identity);
}

static void take_away(struct arena *arena, const struct observed *observed, const struct facts *facts,
                      const struct port_unfinished *unfinished, struct plan *plan)
{
    for (size_t i = 0; i < facts->count; i++)
        if (port_unfinished_has(unfinished, &facts->items[i]))
            operations_revoke(arena, plan->settings, observed, &facts->items[i], plan->now_s, plan);
}

void port_unfinished_take_away(struct arena *arena, const struct findings *findings,
                               const struct port_unfinished *unfinished, struct plan *plan)
{
    if (!unfinished->runs.count)
        return;
    const size_t before = plan->operations.count;
    take_away(arena, &findings->observed, &findings->desired, unfinished, plan);
    take_away(arena, &findings->observed, &findings->history.candidates, unfinished, plan);
    if (plan->operations.count > before)
        operations_drop_repeated(arena, &plan->operations);
}
