/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_moments.h"

#include "aws_memory.h"
#include "base/str.h"
#include "base/time.h"
#include "policy/document.h"
#include "policy/pattern.h"
#include "unit.h"

#include <string.h>

enum { ORDERS = 8, TIMES_MAX = 64 };

struct moments {
    struct arena *arena;
    const struct world *world;
    struct observed before, after;
    struct strings actions;
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

/* Conditions on anything but the time are taken for met. */
static bool is_in_force(const struct statement *statement, int64_t at_s)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        int64_t limit_s;
        if (str_casecmp(condition->key, "aws:CurrentTime") != 0 ||
            !time_parse_rfc3339(condition->values.items[0], &limit_s))
            continue;
        if ((str_eq(condition->operator, "DateLessThan") && at_s >= limit_s) ||
            (str_eq(condition->operator, "DateGreaterThanEquals") && at_s < limit_s))
            return false;
    }
    return true;
}

static void judge(struct moments *m, const char *json, const char *action, int64_t at_s, bool *ret_allowed,
                  bool *ret_denied)
{
    struct document document = {0};
    struct err ignored;
    if (!json || document_parse(m->arena, json, strlen(json), &document, &ignored) < 0)
        return;
    for (size_t i = 0; i < document.count; i++)
        for (size_t j = 0; j < document.items[i].actions.count; j++)
            if (pattern_matches(document.items[i].actions.items[j], action) &&
                is_in_force(&document.items[i], at_s))
                *(document.items[i].effect == EFFECT_ALLOW ? ret_allowed : ret_denied) = true;
}

static bool may(struct moments *m, const struct observed *state, const char *account_id,
                const struct observed_principal *of, const char *action, int64_t at_s)
{
    const struct observed_account *account = observed_find_account(state, account_id);
    bool allowed = false, denied = false;
    for (size_t i = 0; account && i < account->principals.count; i++) {
        const struct observed_principal *principal = &account->principals.items[i];
        if (principal->kind != of->kind || !str_eq(principal->name, of->name))
            continue;
        for (size_t j = 0; j < principal->attached.count; j++)
            judge(m, document_of(account, principal->attached.items[j]), action, at_s, &allowed, &denied);
        for (size_t j = 0; j < principal->inline_policies.count; j++)
            judge(m, principal->inline_policies.items[j].document, action, at_s, &allowed, &denied);
    }
    return allowed && !denied;
}

static void learn(struct moments *m, const char *json)
{
    struct document document = {0};
    struct err ignored;
    if (!json || document_parse(m->arena, json, strlen(json), &document, &ignored) < 0)
        return;
    for (size_t i = 0; i < document.count; i++) {
        for (size_t j = 0; j < document.items[i].actions.count; j++)
            strings_add(m->arena, &m->actions, document.items[i].actions.items[j]);
        for (size_t j = 0; j < document.items[i].conditions.count; j++) {
            int64_t limit_s;
            if (m->time_count < TIMES_MAX &&
                time_parse_rfc3339(document.items[i].conditions.items[j].values.items[0], &limit_s))
                m->times[m->time_count++] = limit_s - 1;
        }
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
    }
    for (size_t i = 0; i < m->world->plan.operations.count; i++)
        learn(m, m->world->plan.operations.items[i].document);
    strings_sort_unique(&m->actions);
}

static void look(struct moments *m, const struct observed *state, size_t after)
{
    for (size_t i = 0; i < state->count; i++)
        for (size_t j = 0; j < state->items[i].principals.count; j++)
            for (size_t action = 0; action < m->actions.count; action++)
                for (size_t time = 0; time < m->time_count; time++) {
                    const struct observed_principal *principal = &state->items[i].principals.items[j];
                    const char *id = state->items[i].account_id, *text = m->actions.items[action];
                    const int64_t at_s = m->times[time];
                    CHECK(at_s < m->world->now_s || !may(m, state, id, principal, text, at_s) ||
                              may(m, &m->before, id, principal, text, at_s) ||
                              may(m, &m->after, id, principal, text, at_s),
                          "after operation %zu of\n%s%s may %s for a moment", after,
                          world_show(m->arena, &m->world->plan), principal->name, text);
                }
}

static bool is_ready(const struct operation *operation, const bool *done)
{
    for (size_t i = 0; i < operation->after.count; i++)
        if (!done[operation->after.items[i]])
            return false;
    return true;
}

/* `order` 0: as they stand; otherwise by chance. `looks`: after each. */
static struct observed execute(struct moments *m, unsigned order, bool looks)
{
    const struct operations *operations = &m->world->plan.operations;
    struct observed state = aws_memory_copy(m->arena, &m->before);
    bool *done = arena_array(m->arena, operations->count + 1, sizeof *done);
    unsigned chance = order;
    for (size_t count = 0; count < operations->count; count++) {
        size_t index = 0;
        for (size_t tries = 0;; tries++) {
            chance = chance * 1103515245U + 12345U;
            index = order && tries < 64 ? (chance >> 16) % operations->count : tries % operations->count;
            if (!done[index] && is_ready(&operations->items[index], done))
                break;
        }
        const char *refusal = aws_memory_execute(m->arena, &state, &operations->items[index]);
        CHECK(!refusal, "operation %zu of\n%s: %s", index, world_show(m->arena, &m->world->plan), refusal);
        done[index] = true;
        if (looks)
            look(m, &state, index);
    }
    return state;
}

void plan_moments_check(const struct world *world)
{
    struct moments m = {.arena = arena_new(), .world = world};
    m.before = aws_memory_copy(m.arena, &world->observed);
    m.after = execute(&m, 0, false);
    learn_all(&m);
    for (unsigned order = 0; order < ORDERS; order++)
        execute(&m, order, true);
    arena_free(m.arena);
}
