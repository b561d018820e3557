/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/account_work.h"

#include "base/str.h"

#include <assert.h>

struct account_work work_new(struct arena *arena, const struct operations_input *input, struct plan *plan,
                             const struct observed_account *account)
{
    struct lease_texts *texts = ARENA_NEW(arena, struct lease_texts);
    if (input->texts)
        *texts = *input->texts; /* what is made here goes with this work */
    return (struct account_work){
        .arena = arena,
        .input = input,
        .plan = plan,
        .account = account,
        .sid_prefix = mark_sid_prefix(arena, input->settings->owner),
        .texts = texts,
        .judged = map_new(arena),
        .keys = map_new(arena),
        .by_name = map_new(arena),
        .unwanted = map_new(arena),
        .marked = map_new(arena),
        .applied = map_new(arena),
        .trusted = map_new(arena),
        .providers = map_new(arena),
    };
}

size_t work_add_operation(struct account_work *work, struct operation operation)
{
    operation.account_id = work->account->account_id;
    *VEC_ADD_ALONE(work->arena, &work->plan->operations) = operation;
    return work->plan->operations.count - 1;
}

void work_after(struct account_work *work, size_t operation, size_t needed)
{
    *VEC_ADD(work->arena, &work->plan->operations.items[operation].after) = needed;
}

struct sorting {
    struct operation *operations; /* as they stood */
    size_t count;
    size_t *places; /* where each of them is now, and one; 0: nowhere yet; SIZE_MAX: it waits for its needs */
    struct operation *sorted;
};

/* Those that are needed first; whatever is in order stays in it. */
static void place(struct sorting *sorting, size_t index)
{
    const struct operation *operation = &sorting->operations[index];
    assert(sorting->places[index] != SIZE_MAX); /* a ring */
    if (sorting->places[index])
        return;
    sorting->places[index] = SIZE_MAX;
    for (size_t i = 0; i < operation->after.count; i++)
        place(sorting, operation->after.items[i]);
    sorting->sorted[sorting->count++] = *operation;
    sorting->places[index] = sorting->count;
}

void work_sort_operations(struct account_work *work)
{
    const size_t count = work->plan->operations.count;
    struct operation *operations = work->plan->operations.items;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct sorting sorting = {.operations = operations,
                              .places = arena_array(scratch, count + 1, sizeof *sorting.places),
                              .sorted = arena_array(scratch, count + 1, sizeof *sorting.sorted)};
    for (size_t i = 0; i < count; i++)
        place(&sorting, i);
    for (size_t i = 0; i < count; i++) {
        operations[i] = sorting.sorted[i];
        for (size_t j = 0; j < operations[i].after.count; j++)
            operations[i].after.items[j] = sorting.places[operations[i].after.items[j]] - 1;
    }
}

/* Names of IAM hold no line feed, and are one regardless of case. */
static const char *key(struct account_work *work, const char *what, enum principal_kind kind,
                       const char *name, const char *object)
{
    char *text = arena_join(work->arena, '\n',
                            (const char *const[]){what, principal_kind_name(kind), name, object}, 4);
    str_to_lower(text);
    return text;
}

const char *work_key_attachment(struct account_work *work, enum principal_kind kind, const char *name,
                                const char *arn)
{
    return key(work, "attachment", kind, name, arn);
}

const char *work_key_inline(struct account_work *work, enum principal_kind kind, const char *name,
                            const char *policy)
{
    return key(work, "inline", kind, name, policy);
}

const char *work_key_policy(struct account_work *work, const char *policy_name)
{
    return key(work, "policy", PRINCIPAL_USER, "", policy_name);
}

const char *work_key_role(struct account_work *work, const char *name)
{
    return key(work, "role", PRINCIPAL_ROLE, name, "");
}

const char *work_key_wanted(struct account_work *work, const char *kept)
{
    return arena_join(work->arena, '\n', (const char *const[]){"wanted", kept}, 2);
}

void work_keep(struct account_work *work, const char *kept)
{
    map_put(&work->keys, kept, work);
}

struct principal_work *work_principal(struct account_work *work, enum principal_kind kind, const char *name)
{
    const char *known = key(work, "principal", kind, name, "");
    struct principal_work *principal = map_get(&work->by_name, known);
    if (principal)
        return principal;
    principal = ARENA_NEW(work->arena, struct principal_work);
    principal->kind = kind;
    principal->observed = observed_find_principal(work->account, kind, name);
    principal->name = principal->observed ? principal->observed->name : name;
    map_put(&work->by_name, known, principal);
    *VEC_ADD(work->arena, &work->principals) = principal;
    return principal;
}

bool work_in_scope(const struct account_work *work, const char *team)
{
    const struct strings *teams = work->input->teams;
    return !teams || !teams->count || strings_contain(teams, team);
}

size_t work_facts_of_account(const struct account_work *work, const struct facts *facts, size_t *ret_count)
{
    return facts_of_account(facts, work->account->account_id, ret_count);
}

const char *work_policy_arn(struct account_work *work, const char *name)
{
    return arena_printf(work->arena, "arn:%s:iam::%s:policy%s%s", work->input->settings->partition,
                        work->account->account_id, work->input->settings->policy_path, name);
}

struct problem *work_refuse(struct account_work *work, const struct fact *fact, const char *id,
                            const char *message, const char *hint)
{
    struct problem *problem =
        problem_add(work->arena, &work->plan->problems, id, work->account->account_id, fact, "%s", message);
    problem->hint = hint;
    return problem;
}

const char *work_key_provider(struct account_work *work, const char *issuer)
{
    return arena_printf(work->arena, "provider\n%s", str_lower(work->arena, issuer));
}
