/* SPDX-License-Identifier: Apache-2.0 */
#include "net/queue.h"

struct queue queue_new(struct arena *arena, unsigned max_in_flight_per_group)
{
    return (struct queue){.arena = arena, .by_name = map_new(arena), .max_in_flight = max_in_flight_per_group};
}

void queue_free(struct queue *queue)
{
    struct exchange *exchange;
    while ((exchange = queue_take_any(queue)))
        exchange_free(exchange);
}

struct group *queue_group(struct queue *queue, const char *name)
{
    name = name ? name : "";
    struct group *group = map_get(&queue->by_name, name);
    if (!group) {
        group = ARENA_NEW(queue->arena, struct group);
        group->name = arena_strdup(queue->arena, name);
        map_put(&queue->by_name, group->name, group);
        *VEC_ADD(queue->arena, &queue->groups) = group;
    }
    return group;
}

unsigned queue_room(const struct queue *queue, const struct group *group)
{
    size_t taken = group->in_flight + group->ready;
    return taken < queue->max_in_flight ? queue->max_in_flight - (unsigned)taken : 0;
}

void queue_add(struct queue *queue, struct exchange *exchange)
{
    struct group *group = exchange->group;
    exchange->next = NULL;
    if (group->last)
        group->last->next = exchange;
    else
        group->first = exchange;
    group->last = exchange;
    group->ready++;
    queue->count++;
}

void queue_add_later(struct queue *queue, struct exchange *exchange, int64_t not_before_ms)
{
    struct group *group = exchange->group;
    exchange->not_before_ms = not_before_ms;
    exchange->next = group->waiting;
    group->waiting = exchange;
    queue->count++;
}

/* What waited long enough goes to the front: it was there before the others. */
static void wake_waiting(struct group *group, int64_t now_ms)
{
    for (struct exchange **link = &group->waiting; *link;) {
        struct exchange *exchange = *link;
        if (exchange->not_before_ms > now_ms) {
            link = &exchange->next;
            continue;
        }
        *link = exchange->next;
        exchange->next = group->first;
        group->first = exchange;
        if (!group->last)
            group->last = exchange;
        group->ready++;
    }
}

static struct exchange *take_first(struct queue *queue, struct group *group)
{
    struct exchange *exchange = group->first;
    if (!exchange)
        return NULL;
    group->first = exchange->next;
    if (!group->first)
        group->last = NULL;
    group->ready--;
    queue->count--;
    return exchange;
}

struct exchange *queue_take(struct queue *queue, int64_t now_ms)
{
    size_t count = queue->groups.count;
    for (size_t i = 0; i < count && queue->count; i++) {
        size_t at = (queue->next_group + i) % count;
        struct group *group = queue->groups.items[at];
        if (group->in_flight >= queue->max_in_flight || group->not_before_ms > now_ms)
            continue;
        wake_waiting(group, now_ms);
        struct exchange *exchange = take_first(queue, group);
        if (exchange) {
            queue->next_group = at + 1;
            return exchange;
        }
    }
    return NULL;
}

struct exchange *queue_take_any(struct queue *queue)
{
    for (size_t i = 0; i < queue->groups.count && queue->count; i++) {
        struct group *group = queue->groups.items[i];
        wake_waiting(group, INT64_MAX);
        struct exchange *exchange = take_first(queue, group);
        if (exchange)
            return exchange;
    }
    return NULL;
}

int64_t queue_next_ms(const struct queue *queue, int64_t latest_ms)
{
    for (size_t i = 0; i < queue->groups.count && queue->count; i++) {
        const struct group *group = queue->groups.items[i];
        if (group->in_flight >= queue->max_in_flight)
            continue;
        if (group->first && group->not_before_ms < latest_ms)
            latest_ms = group->not_before_ms;
        for (const struct exchange *exchange = group->waiting; exchange; exchange = exchange->next) {
            int64_t at_ms = exchange->not_before_ms;
            if (at_ms < group->not_before_ms)
                at_ms = group->not_before_ms;
            if (at_ms < latest_ms)
                latest_ms = at_ms;
        }
    }
    return latest_ms;
}
