/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/execute.h"

struct execution {
    struct arena *arena;
    struct aws *aws;
    const struct operations *operations;
    struct result *results;
    size_t *waiting; /* how many needed operations have not ended yet */
    struct {
        VEC_FIELDS(size_t);
    } * dependents;
    const struct execution_listener *listeners;
    size_t listener_count;
};

struct call {
    struct execution *execution;
    size_t index;
};

static void start(struct execution *execution, size_t index);

static void announce(struct execution *execution, size_t index)
{
    for (size_t i = 0; i < execution->listener_count; i++)
        execution->listeners[i].finished(execution->listeners[i].context, index,
                                         &execution->operations->items[index], &execution->results[index]);
}

/* Whatever needs this operation learns that it has ended: it starts when all it needs succeeded, and is
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
            start(execution, dependent);
    }
}

static void finish(void *context, const struct result *result)
{
    const struct call *call = context;
    struct execution *execution = call->execution;
    execution->results[call->index] = *result;
    if (result->status == RESULT_PENDING) /* stopped before it was sent */
        return;
    announce(execution, call->index);
    release_dependents(execution, call->index);
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

int execute_operations(struct arena *arena, struct aws *aws, struct net *net,
                       const struct operations *operations, struct result *results,
                       const struct execution_listener *listeners, size_t listener_count, struct err *err)
{
    struct execution execution = {
        .arena = arena,
        .aws = aws,
        .operations = operations,
        .results = results,
        .waiting = arena_array(arena, operations->count, sizeof(size_t)),
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
            start(&execution, i);
    return net_run(net, err);
}
