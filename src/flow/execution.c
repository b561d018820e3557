/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/execution.h"

#include "apply/execute.h"
#include "apply/journal.h"

struct progress {
    const struct run *run;
    size_t ended, total;
};

static void say_start(void *context, size_t index, const struct operation *operation)
{
    const struct progress *progress = context;
    progress->run->say(progress->run->say_context, "calling: operation %zu, %s in account %s: %s", index + 1,
                       operation_info(operation->kind)->title, operation->account_id, operation->reason);
}

static void say_result(void *context, size_t index, const struct operation *operation,
                       const struct result *result)
{
    struct progress *progress = context;
    const bool is_on_policy = operation->policy_name || operation->policy_arn;
    const char *object = operation->policy_name  ? operation->policy_name
                         : operation->policy_arn ? operation->policy_arn
                         : operation->provider   ? operation->provider->url
                                                 : operation->principal;
    bool is_done = result->status == RESULT_DONE;
    (void)index;
    if (result->status == RESULT_PENDING)
        return; /* what was not reached is counted in the report */
    progress->ended++;
    progress->run->say(
        progress->run->say_context, "[%zu/%zu] %s: %s %s%s%s in account %s%s%s", progress->ended,
        progress->total, result_status_name(result->status), operation_info(operation->kind)->title, object,
        is_on_policy && operation->principal ? ", " : "",
        is_on_policy && operation->principal ? operation->principal : "", operation->account_id,
        is_done || !result->message ? "" : ": ", is_done || !result->message ? "" : result->message);
}

int execution_run(const struct run *run, const struct apply_request *request, struct aws *aws,
                  const char *name, struct report *report, struct err *err)
{
    const struct operations *operations = &report->plan->operations;
    struct progress progress = {.run = run, .total = operations->count};
    struct journal *journal = NULL;
    struct execution_listener listeners[2] = {
        {.starting = run->verbose ? say_start : NULL, .finished = say_result, .context = &progress}};
    size_t listener_count = 1;
    report->results = arena_array(run->arena, operations->count, sizeof *report->results);
    if (request->journal) {
        if (journal_open(&journal, request->journal, name, err) < 0)
            return -1;
        listeners[listener_count++] = journal_listener(journal);
    }
    struct err reason;
    if (execute_operations(run->arena, aws, run->net, operations, report->results, listeners, listener_count,
                           &reason) < 0)
        report->stopped = true;
    if (journal_close(journal, &reason) < 0)
        problem_add(run->arena, &report->plan->problems, "journal-incomplete", NULL, NULL, "%s",
                    reason.message);
    return 0;
}
