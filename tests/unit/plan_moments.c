/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_moments.h"

#include "aws_memory.h"
#include "base/str.h"
#include "base/time.h"
#include "plan_visitors.h"
#include "policy/document.h"
#include "policy/pattern.h"
#include "unit.h"

#include <string.h>

enum { ORDERS = 8, TIMES_MAX = 64, REFUSALS_MAX = 24 };

static const size_t NOTHING = SIZE_MAX;

struct moments {
    struct arena *arena;
    const struct world *world;
    struct observed before, after;
    struct map documents; /* pointer to the JSON of a policy → struct document: most are looked at often */
    struct strings actions;
    struct visitors visitors;
    int64_t times[TIMES_MAX];
    size_t time_count;
};

static const char *document_of(const struct observed_account *account, const char *arn)
{
    for (size_t i = 0; i < account->policies.count; i++)
        if (str_eq(account->policies.items[i].arn, arn))
            return account->policies.items[i].document;
    for (size_t i = 0; i < account->sources.count; i++)
        if (str_eq(account->sources.items[i].arn, arn))
            return account->sources.items[i].document;
    return NULL;
}

/* One that cannot be read says nothing. */
static const struct document *read(struct moments *m, const char *json, bool is_trust)
{
    char key[STR_POINTER_SIZE];
    struct err ignored;
    const struct document *known = map_get(&m->documents, str_of_pointer(json, key));
    if (known)
        return known;
    struct document *document = ARENA_NEW(m->arena, struct document);
    *document = (struct document){0};
    if (json && (is_trust ? document_parse_trust : document_parse)(m->arena, json, strlen(json), document,
                                                                   &ignored) < 0)
        *document = (struct document){0};
    map_put(&m->documents, arena_strdup(m->arena, key), document);
    return document;
}

static void judge(struct moments *m, const char *json, const char *action, int64_t at_s, bool *ret_allowed,
                  bool *ret_denied)
{
    const struct document *document = read(m, json, false);
    for (size_t i = 0; i < document->count; i++)
        for (size_t j = 0; j < document->items[i].actions.count; j++)
            if (pattern_matches(document->items[i].actions.items[j], action) &&
                plan_is_in_force(&document->items[i], at_s))
                *(document->items[i].effect == EFFECT_ALLOW ? ret_allowed : ret_denied) = true;
}

static const struct observed_principal *find(const struct observed *state, const char *account_id,
                                             const struct observed_principal *like)
{
    const struct observed_account *account = observed_find_account(state, account_id);
    for (size_t i = 0; account && i < account->principals.count; i++)
        if (account->principals.items[i].kind == like->kind &&
            str_eq(account->principals.items[i].name, like->name))
            return &account->principals.items[i];
    return NULL;
}

static bool may(struct moments *m, const struct observed *state, const char *account_id,
                const struct observed_principal *of, const char *action, int64_t at_s)
{
    const struct observed_account *account = observed_find_account(state, account_id);
    const struct observed_principal *principal = find(state, account_id, of);
    bool allowed = false, denied = false, bound = true, ignored = false;
    if (!principal)
        return false;
    for (size_t j = 0; j < principal->attached.count; j++)
        judge(m, document_of(account, principal->attached.items[j]), action, at_s, &allowed, &denied);
    for (size_t j = 0; j < principal->inline_policies.count; j++)
        judge(m, principal->inline_policies.items[j].document, action, at_s, &allowed, &denied);
    if (principal->boundary && document_of(account, principal->boundary)) {
        bound = false;
        judge(m, document_of(account, principal->boundary), action, at_s, &bound, &ignored);
    }
    return allowed && bound && !denied;
}

/* Whether somebody may do that by way of a role; who is nobody (NULL) is there already. */
static bool may_by(struct moments *m, const struct observed *state, const char *account_id,
                   const struct observed_principal *of, const struct visitor *visitor, const char *action,
                   int64_t at_s)
{
    const struct observed_principal *role = find(state, account_id, of);
    return role && (!visitor || plan_visitor_gets_in(read(m, role->trust, true), visitor, at_s)) &&
           may(m, state, account_id, of, action, at_s);
}

static void learn_time(struct moments *m, int64_t at_s)
{
    for (size_t i = 0; i < m->time_count; i++)
        if (m->times[i] == at_s)
            return;
    if (m->time_count < TIMES_MAX)
        m->times[m->time_count++] = at_s;
}

static void learn(struct moments *m, const char *json)
{
    const struct document *document = read(m, json, false);
    for (size_t i = 0; i < document->count; i++) {
        for (size_t j = 0; j < document->items[i].actions.count; j++)
            strings_add(m->arena, &m->actions, document->items[i].actions.items[j]);
        for (size_t j = 0; j < document->items[i].conditions.count; j++) {
            int64_t limit_s;
            if (time_parse_rfc3339(document->items[i].conditions.items[j].values.items[0], &limit_s))
                learn_time(m, limit_s - 1);
        }
    }
}

static void learn_principals(struct moments *m, const struct observed_account *account)
{
    for (size_t i = 0; i < account->principals.count; i++) {
        const struct observed_principal *principal = &account->principals.items[i];
        for (size_t j = 0; j < principal->inline_policies.count; j++)
            learn(m, principal->inline_policies.items[j].document);
        plan_visitors_of(m->arena, read(m, principal->trust, true), &m->visitors);
    }
}

static void learn_all(struct moments *m)
{
    m->times[m->time_count++] = m->world->now_s;
    for (size_t i = 0; i < m->before.count; i++) {
        const struct observed_account *account = &m->before.items[i];
        for (size_t j = 0; j < account->policies.count; j++)
            learn(m, account->policies.items[j].document);
        for (size_t j = 0; j < account->sources.count; j++)
            learn(m, account->sources.items[j].document);
        learn_principals(m, account);
        learn_principals(m, &m->after.items[i]);
    }
    for (size_t i = 0; i < m->world->plan.operations.count; i++)
        if (m->world->plan.operations.items[i].kind != OP_UPDATE_TRUST &&
            m->world->plan.operations.items[i].kind != OP_CREATE_ROLE)
            learn(m, m->world->plan.operations.items[i].document);
    strings_sort_unique(&m->actions);
}

static void check(struct moments *m, const struct observed *state, const char *after, const char *account_id,
                  const struct observed_principal *of, const struct visitor *visitor)
{
    for (size_t action = 0; action < m->actions.count; action++)
        for (size_t time = 0; time < m->time_count; time++) {
            const char *text = m->actions.items[action];
            const int64_t at_s = m->times[time];
            CHECK(at_s < m->world->now_s || !may_by(m, state, account_id, of, visitor, text, at_s) ||
                      may_by(m, &m->before, account_id, of, visitor, text, at_s) ||
                      may_by(m, &m->after, account_id, of, visitor, text, at_s),
                  "%s of\n%s%s%s%s may %s for a moment", after, world_show(m->arena, &m->world->plan),
                  visitor ? visitor->principal : "", visitor ? " by way of " : "", of->name, text);
        }
}

static void look(struct moments *m, const struct observed *state, const char *after)
{
    for (size_t i = 0; i < state->count; i++)
        for (size_t j = 0; j < state->items[i].principals.count; j++) {
            const struct observed_principal *principal = &state->items[i].principals.items[j];
            if (!principal->trust)
                check(m, state, after, state->items[i].account_id, principal, NULL);
            for (size_t k = 0; principal->trust && k < m->visitors.count; k++)
                check(m, state, after, state->items[i].account_id, principal, &m->visitors.items[k]);
        }
}

static bool is_ready(const struct operation *operation, const bool *done)
{
    for (size_t i = 0; i < operation->after.count; i++)
        if (!done[operation->after.items[i]])
            return false;
    return true;
}

/* The next one, by chance but for order 0: not the one that is refused, nor any that waits for it. */
static bool choose(const struct operations *operations, const bool *done, size_t refused, unsigned *chance,
                   size_t *ret)
{
    size_t count = 0;
    for (size_t i = 0; i < operations->count; i++) {
        if (done[i] || i == refused || !is_ready(&operations->items[i], done))
            continue;
        if (count++ && !*chance)
            return true;
        *chance = *chance ? *chance * 1103515245U + 12345U : 0;
        if (count == 1 || (*chance >> 16) % count == 0)
            *ret = i;
    }
    return count;
}

/* `order` 0: as they stand; otherwise by chance. `refused`: an operation that fails, or NOTHING. */
static struct observed execute(struct moments *m, unsigned order, size_t refused, bool looks)
{
    const struct operations *operations = &m->world->plan.operations;
    struct observed state = aws_memory_copy(m->arena, &m->before);
    bool *done = arena_array(m->arena, operations->count + 1, sizeof *done);
    unsigned chance = order;
    size_t index = 0;
    while (choose(operations, done, refused, &chance, &index)) {
        const char *refusal = aws_memory_execute(m->arena, &state, &operations->items[index]);
        CHECK(!refusal, "operation %zu of\n%s: %s", index, world_show(m->arena, &m->world->plan), refusal);
        done[index] = true;
        if (looks)
            look(m, &state,
                 refused == NOTHING
                     ? arena_printf(m->arena, "after operation %zu", index)
                     : arena_printf(m->arena, "after operation %zu, with %zu refused,", index, refused));
    }
    return state;
}

void plan_moments_check(const struct world *world)
{
    const size_t count = world->plan.operations.count, step = count / REFUSALS_MAX + 1;
    struct moments m = {.arena = arena_new(), .world = world};
    m.documents = map_new(m.arena);
    m.before = aws_memory_copy(m.arena, &world->observed);
    m.after = execute(&m, 0, NOTHING, false);
    learn_all(&m);
    for (unsigned order = 0; order < ORDERS; order++)
        execute(&m, order, NOTHING, true);
    for (size_t refused = 0; refused < count; refused += step)
        execute(&m, (unsigned)refused + ORDERS, refused, true);
    arena_free(m.arena);
}
