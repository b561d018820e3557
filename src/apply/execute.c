/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/execute.h"

#include "base/map.h"

/* The operations of one account that may start, in their order. A call takes a few kilobytes once it is started,
 * so that is done when there is a place for it, and its intent stands in the journal right before. */
struct lane {
    const char *account_id;
    size_t first, last; /* places in `next`, + 1; 0: none */
    bool is_filling;
};

struct execution {
    struct arena *arena;
    struct aws *aws;
    struct net *net;
    const struct operations *operations;
    struct result *results;
    size_t *waiting; /* how many needed operations have not ended yet */
    size_t *next;    /* in the lane: the one behind, + 1 */
    struct {
        VEC_FIELDS(size_t);
    } * dependents;
    struct {
        VEC_FIELDS(struct lane *);
    } lanes;
    struct map lane_of; /* account id → struct lane */
    const struct execution_listener *listeners;
    size_t listener_count;
    bool stopped; /* a signal came, or the deadline: nothing starts any more */
};

struct call {
    struct execution *execution;
    size_t index;
};

static struct lane *lane_of(struct execution *execution, size_t index)
{
    const char *account_id = execution->operations->items[index].account_id;
    struct lane *lane = map_get(&execution->lane_of, account_id);
    if (!lane) {
        lane = ARENA_NEW(execution->arena, struct lane);
        lane->account_id = account_id;
        map_put(&execution->lane_of, account_id, lane);
        *VEC_ADD(execution->arena, &execution->lanes) = lane;
    }
    return lane;
}

static void add_ready(struct execution *execution, size_t index)
{
    struct lane *lane = lane_of(execution, index);
    if (lane->first)
        execution->next[lane->last - 1] = index + 1;
    else
        lane->first = index + 1;
    lane->last = index + 1;
}

static size_t take_ready(struct execution *execution, struct lane *lane)
{
    size_t index = lane->first - 1;
    lane->first = execution->next[index];
    return index;
}

static void announce(struct execution *execution, size_t index)
{
    for (size_t i = 0; i < execution->listener_count; i++)
        execution->listeners[i].finished(execution->listeners[i].context, index,
                                         &execution->operations->items[index], &execution->results[index]);
}

/* Whatever needs this operation learns that it has ended: it may start when all it needs succeeded, and is
 * blocked otherwise. */
static void release_dependents(struct execution *execution, size_t index)
{
    for (size_t i = 0; i < execution->dependents[index].count; i++) {
        size_t dependent = execution->dependents[index].items[i];
        struct result *result = &execution->results[dependent];
        if (execution->results[index].status != RESULT_DONE && result->status == RESULT_PENDING) {
            result->status = RESULT_BLOCKED;
            result->message = arena_printf(execution->arena, "waits for '%s', which did not succeed",
                                           operation_info(execution->operations->items[index].kind)->title);
            announce(execution, dependent);
            release_dependents(execution, dependent);
        }
        if (--execution->waiting[dependent] == 0 && result->status == RESULT_PENDING)
            add_ready(execution, dependent);
    }
}

static void fill(struct execution *execution, struct lane *lane);

static void finish(void *context, const struct result *result)
{
    const struct call *call = context;
    struct execution *execution = call->execution;
    execution->results[call->index] = *result;
    announce(execution, call->index);
    if (result->status == RESULT_PENDING) { /* stopped before it was sent */
        execution->stopped = true;
        return;
    }
    release_dependents(execution, call->index);
    fill(execution, lane_of(execution, call->index));
}

/* What is begun now would only be refused, and its intent would stand in the journal for nothing. */
static bool is_over(struct execution *execution)
{
    execution->stopped |= net_is_late(execution->net);
    return execution->stopped;
}

static void start(struct execution *execution, size_t index)
{
    struct call *call = ARENA_NEW(execution->arena, struct call);
    *call = (struct call){.execution = execution, .index = index};
    for (size_t i = 0; i < execution->listener_count; i++)
        if (execution->listeners[i].starting)
            execution->listeners[i].starting(execution->listeners[i].context, index,
                                             &execution->operations->items[index]);
    aws_call(execution->arena, execution->aws, &execution->operations->items[index], finish, call);
}

/*
 * Starts as many as have a place. One that takes none and has not ended waits for the credentials of its
 * account, and so would the others: they start when these have come.
 */
static void fill(struct execution *execution, struct lane *lane)
{
    if (lane->is_filling)
        return; /* whoever does goes on */
    lane->is_filling = true;
    for (unsigned room;
         lane->first && !is_over(execution) && (room = net_room(execution->net, lane->account_id));) {
        size_t index = take_ready(execution, lane);
        start(execution, index);
        if (execution->results[index].status == RESULT_PENDING &&
            net_room(execution->net, lane->account_id) >= room)
            break;
    }
    lane->is_filling = false;
}

static void on_left_place(void *context, const char *group)
{
    struct execution *execution = context;
    struct lane *lane = map_get(&execution->lane_of, group);
    if (lane)
        fill(execution, lane);
}

/* Gives every account something to do; false when there is nothing left, or no time. */
static bool fill_all(struct execution *execution)
{
    bool any = false;
    for (size_t i = 0; i < execution->lanes.count && !is_over(execution); i++) {
        any |= execution->lanes.items[i]->first != 0;
        fill(execution, execution->lanes.items[i]);
    }
    return any;
}

/* No signal came, and yet something is left. */
static void explain_pending(const struct execution *execution)
{
    for (size_t i = 0; i < execution->operations->count; i++) {
        struct result *result = &execution->results[i];
        if (result->status == RESULT_PENDING)
            result->message = "not begun: the run's deadline had passed";
    }
}

int execute_operations(struct arena *arena, struct aws *aws, struct net *net,
                       const struct operations *operations, struct result *results,
                       const struct execution_listener *listeners, size_t listener_count, struct err *err)
{
    struct execution execution = {
        .arena = arena,
        .aws = aws,
        .net = net,
        .operations = operations,
        .results = results,
        .waiting = arena_array(arena, operations->count, sizeof(size_t)),
        .next = arena_array(arena, operations->count, sizeof(size_t)),
        .lane_of = map_new(arena),
        .dependents = arena_array(arena, operations->count, sizeof *execution.dependents),
        .listeners = listeners,
        .listener_count = listener_count,
    };
    for (size_t i = 0; i < operations->count; i++) {
        execution.waiting[i] = operations->items[i].after.count;
        for (size_t j = 0; j < operations->items[i].after.count; j++)
            *VEC_ADD(arena, &execution.dependents[operations->items[i].after.items[j]]) = i;
    }
    for (size_t i = 0; i < operations->count; i++)
        if (operations->items[i].after.count == 0)
            add_ready(&execution, i);
    int rc;
    bool any;
    net_listen(net, on_left_place, &execution);
    do {
        any = fill_all(&execution);
        rc = net_run(net, err);
    } while (rc == 0 && any);
    net_listen(net, NULL, NULL);
    if (rc == 0)
        explain_pending(&execution);
    return rc;
}
