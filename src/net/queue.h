/* SPDX-License-Identifier: Apache-2.0 */
/* Exchanges that wait for their turn, by group: who may start now, and when the next one may. */
#ifndef IAMLEASE_NET_QUEUE_H
#define IAMLEASE_NET_QUEUE_H

#include "base/map.h"
#include "base/vec.h"
#include "net/exchange.h"
#include "net/retry.h"

/* One account's requests: paced together. */
struct group {
    const char *name;
    struct exchange *first, *last; /* those that only wait for a place */
    struct exchange *waiting;      /* those that wait until their not_before_ms; few, in no order */
    size_t ready;                  /* how many only wait for a place */
    unsigned in_flight;
    struct pace pace;
    int64_t not_before_ms; /* nothing of this group starts earlier */
};

struct queue {
    struct arena *arena; /* groups and their names */
    struct map by_name;
    struct {
        VEC_FIELDS(struct group *);
    } groups;
    size_t count;           /* exchanges in all groups */
    size_t next_group;      /* where the next round begins, so that no group is always last */
    unsigned max_in_flight; /* of one group */
};

struct queue queue_new(struct arena *arena, unsigned max_in_flight_per_group);

/* Frees what still waits. */
void queue_free(struct queue *queue);

/* The group of that name (NULL: ""), made at the first call. */
struct group *queue_group(struct queue *queue, const char *name);

/* How many more of a group could be in flight, beside those that are and those that only wait for a place. */
unsigned queue_room(const struct queue *queue, const struct group *group);

/* Puts an exchange, whose group is set, behind the others; or, from a given time on, in front of them. */
void queue_add(struct queue *queue, struct exchange *exchange);
void queue_add_later(struct queue *queue, struct exchange *exchange, int64_t not_before_ms);

/* Takes one that may start now, from the groups in turn; NULL when there is none. */
struct exchange *queue_take(struct queue *queue, int64_t now_ms);

/* Takes any, however long it would still have to wait. */
struct exchange *queue_take_any(struct queue *queue);

/* The earliest time at which something may start that is only waiting for time, or `latest_ms`. */
int64_t queue_next_ms(const struct queue *queue, int64_t latest_ms);

#endif
