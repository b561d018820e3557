/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/declared_ends.h"

#include "base/time.h"
#include "plan/ours.h"
#include "policy/role_mark.h"

static const char *copy_key(const struct declared_ends *ends, const char *team, const char *of)
{
    return arena_printf(ends->work->arena, "copy\n%s\n%s", team, of);
}

static const char *role_key(const struct declared_ends *ends, const char *mark)
{
    return arena_printf(ends->work->arena, "role\n%s", mark);
}

static void take(struct declared_ends *ends, const char *key, int64_t ends_at_s)
{
    int64_t *known = map_get(&ends->ends, key);
    if (!known) {
        known = ARENA_NEW(ends->work->arena, int64_t);
        *known = ends_at_s;
        map_put(&ends->ends, key, known);
    } else if (ends_at_s > *known) {
        *known = ends_at_s;
    }
}

struct declared_ends declared_ends_of(struct account_work *work, const struct facts *facts)
{
    struct declared_ends ends = {.work = work, .ends = map_new(work->arena)};
    size_t count = 0, from = facts ? work_facts_of_account(work, facts, &count) : 0;
    for (size_t i = from; i < from + count; i++) {
        const struct fact *fact = &facts->items[i];
        if (fact->kind != ACCESS_LEASE)
            continue;
        take(&ends,
             work_key_inline(work, fact->principal_kind, fact->principal, mark_lease_name(work->arena, fact)),
             fact->ends_at_s);
        take(&ends, copy_key(&ends, fact->team, mark_copy_of(work->arena, fact)), fact->ends_at_s);
        take(&ends, role_key(&ends, role_mark_of(work->arena, work->input->settings->owner, fact)),
             fact->ends_at_s);
    }
    return ends;
}

static int64_t find(const struct declared_ends *ends, const char *key)
{
    const int64_t *known = map_get(&ends->ends, key);
    return known ? *known : 0;
}

int64_t declared_end_of_inline(const struct declared_ends *ends, const struct observed_principal *principal,
                               const char *name)
{
    return find(ends, work_key_inline(ends->work, principal->kind, principal->name, name));
}

int64_t declared_end_of_copy(const struct declared_ends *ends, const struct mark *mark)
{
    return find(ends, copy_key(ends, mark->team, mark->name));
}

int64_t declared_end_of_role(const struct declared_ends *ends, const struct observed_principal *role)
{
    return role->direct ? 0 : find(ends, role_key(ends, role->mark));
}

bool declared_end_is_over(const struct declared_ends *ends, int64_t declared_at_s)
{
    return declared_at_s && declared_at_s <= ends->work->input->now_s;
}

void declared_end_report(const struct declared_ends *ends, const char *what, int64_t declared_at_s,
                         int64_t live_at_s)
{
    struct account_work *work = ends->work;
    char live[TIME_TEXT_SIZE], declared[TIME_TEXT_SIZE];
    static const char hint[] = "run 'iamlease apply', which puts it right or removes it";
    if (!live_at_s)
        problem_add(work->arena, &work->plan->problems, "lease-without-end", work->account->account_id, NULL,
                    "%s in account %s carries the mark of a lease but does not end: it was edited by hand",
                    what, work->account->account_id)
            ->hint = hint;
    else if (declared_at_s && live_at_s > declared_at_s)
        problem_add(work->arena, &work->plan->problems, "lease-too-long", work->account->account_id, NULL,
                    "%s in account %s ends at %s, and is declared until %s at most: it was edited by hand",
                    what, work->account->account_id, time_format(live_at_s, live),
                    time_format(declared_at_s, declared))
            ->hint = hint;
}
