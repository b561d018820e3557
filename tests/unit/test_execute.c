/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/execute.h"
#include "aws_double.h"
#include "base/str.h"
#include "unit.h"

#include <string.h>
#include <time.h>

enum { OPERATIONS_MAX = 6 };

#define ASSUME                                                              \
    {                                                                       \
        "Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 0 \
    }
#define YES(match)                                   \
    {                                                \
        match, 200, NULL, DOUBLE_OK, HTTP_ANSWER, 99 \
    }
#define NO(match)                                                                       \
    {                                                                                   \
        match, 403, NULL, DOUBLE_ERROR("AccessDenied", "You may not."), HTTP_ANSWER, 99 \
    }

/* One run: operations that attach policy p0, p1 … to bert, and what happened. */
struct run {
    struct aws_double *fake;
    struct operations operations;
    struct result results[OPERATIONS_MAX];
    const char *events;    /* "+0 -0done +1 …": starting and finished */
    const char *stop_when; /* the signal comes with this event */
    const char *late_when; /* this event takes until the deadline has passed */
    size_t finished;       /* as the second listener counts, who does not want to know of starts */
};

static void note(struct run *run, const char *event)
{
    run->events = arena_printf(run->fake->arena, "%s%s%s", run->events, *run->events ? " " : "", event);
    if (run->stop_when && str_eq(run->stop_when, event))
        run->fake->stop_signal = 2;
    while (run->late_when && str_eq(run->late_when, event) && !net_is_late(run->fake->net))
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
}

static void note_start(void *context, size_t index, const struct operation *operation)
{
    struct run *run = context;
    assert_ptr_equal(operation, &run->operations.items[index]);
    note(run, arena_printf(run->fake->arena, "+%zu", index));
}

static void note_end(void *context, size_t index, const struct operation *operation,
                     const struct result *result)
{
    struct run *run = context;
    assert_ptr_equal(operation, &run->operations.items[index]);
    note(run, arena_printf(run->fake->arena, "-%zu%s", index, result_status_name(result->status)));
}

static void count_end(void *context, size_t index, const struct operation *operation,
                      const struct result *result)
{
    struct run *run = context;
    (void)index, (void)operation, (void)result;
    run->finished++;
}

static struct run run_new(const struct http_line *script, size_t count)
{
    return (struct run){.fake = aws_double_start(script, count), .events = ""};
}

/* Adds an operation that waits for those whose digits are in `after`. */
static void add(struct run *run, const char *after)
{
    struct arena *arena = run->fake->arena;
    size_t index = run->operations.count;
    struct operation *operation = VEC_ADD(arena, &run->operations);
    *operation = (struct operation){
        .kind = OP_ATTACH_POLICY,
        .account_id = DOUBLE_ACCOUNT,
        .principal = "bert",
        .policy_arn = arena_printf(arena, "arn:aws:iam::aws:policy/p%zu", index),
        .reason = "test",
    };
    for (; *after; after++)
        *VEC_ADD(arena, &operation->after) = (size_t)(*after - '0');
}

static int execute(struct run *run, struct err *err)
{
    const struct execution_listener listeners[] = {
        {.starting = note_start, .finished = note_end, .context = run},
        {.finished = count_end, .context = run},
    };
    int rc = execute_operations(run->fake->arena, run->fake->aws, run->fake->net, &run->operations,
                                run->results, listeners, COUNT(listeners), err);
    aws_double_stop(run->fake);
    return rc;
}

/* "done failed blocked" */
static const char *statuses(struct run *run)
{
    const char *text = "";
    for (size_t i = 0; i < run->operations.count; i++)
        text = arena_printf(run->fake->arena, "%s%s%s", text, i ? " " : "",
                            result_status_name(run->results[i].status));
    return text;
}

/* Where in the sequence of events one stands. */
static size_t place(const struct run *run, const char *event)
{
    const char *found = strstr(run->events, event);
    CHECK(found, "%s: %s", event, run->events);
    return (size_t)(found - run->events);
}

static void test_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct run run = run_new(NULL, 0);
    assert_int_equal(execute(&run, &err), 0);
    assert_int_equal(http_double_count(run.fake->server), 0);
    aws_double_free(run.fake);
}

/* Each starts when all that it waits for has succeeded, not earlier, and once. */
static void test_order(void **state)
{
    (void)state;
    static const struct http_line script[] = {ASSUME, YES("Action=AttachUserPolicy&")};
    struct err err = {0};
    struct run run = run_new(script, COUNT(script));
    add(&run, "");
    add(&run, "0");
    add(&run, "0");
    add(&run, "12");
    add(&run, "0123");
    assert_int_equal(execute(&run, &err), 0);
    assert_string_equal(statuses(&run), "done done done done done");
    assert_int_equal(http_double_count(run.fake->server), 6);
    assert_true(place(&run, "-0done") < place(&run, "+1") && place(&run, "-0done") < place(&run, "+2"));
    assert_true(place(&run, "-1done") < place(&run, "+3") && place(&run, "-2done") < place(&run, "+3"));
    assert_true(place(&run, "-3done") < place(&run, "+4"));
    assert_int_equal(strlen(run.events), strlen("+0 -0done") * 5 + 4);
    aws_double_free(run.fake);
}

/* A failure stops what waits for it, directly or not, and nothing else. */
static void test_failure(void **state)
{
    (void)state;
    static const struct http_line script[] = {ASSUME, NO("policy%2Fp0"), YES("Action=AttachUserPolicy&")};
    struct err err = {0};
    struct run run = run_new(script, COUNT(script));
    add(&run, "");
    add(&run, "");
    add(&run, "01");
    add(&run, "2");
    add(&run, "1");
    add(&run, "23");
    assert_int_equal(execute(&run, &err), 0);
    assert_string_equal(statuses(&run), "failed done blocked blocked done blocked");
    assert_string_equal(run.results[0].error_code, "AccessDenied");
    assert_string_equal(run.results[2].message, "waits for 'attach policy', which did not succeed");
    assert_int_equal(run.results[2].attempts, 0);
    assert_non_null(strstr(run.events, "-2blocked"));
    assert_non_null(strstr(run.events, "-5blocked"));
    assert_null(strstr(run.events, "+2"));
    assert_null(strstr(run.events, "+5"));
    assert_int_equal(run.finished, 6);
    assert_int_equal(http_double_count_of(run.fake->server, "Action=AttachUserPolicy&"), 3);
    aws_double_free(run.fake);
}

/* No more is started than may be in flight: what has no place yet has no line in the journal either. */
static void test_places(void **state)
{
    (void)state;
    static const struct http_line script[] = {ASSUME, NO("policy%2Fp1"), YES("Action=AttachUserPolicy&")};
    struct err err = {0};
    struct run run = run_new(script, COUNT(script));
    for (size_t i = 0; i < OPERATIONS_MAX; i++)
        add(&run, "");
    assert_int_equal(execute(&run, &err), 0);
    assert_string_equal(statuses(&run), "done failed done done done done");
    int under_way = 0, most = 0;
    for (const char *c = run.events; *c; c++) {
        under_way += *c == '+' ? 1 : *c == '-' ? -1 : 0;
        most = under_way > most ? under_way : most;
    }
    CHECK(most == 2, "%s", run.events);
    assert_int_equal(run.finished, OPERATIONS_MAX);
    aws_double_free(run.fake);
}

/* An account that cannot be entered: all that is to be done there fails, however much it is. */
static void test_no_credentials(void **state)
{
    (void)state;
    static const struct http_line script[] = {NO("Action=AssumeRole&")};
    struct err err = {0};
    struct run run = run_new(script, COUNT(script));
    for (size_t i = 0; i < OPERATIONS_MAX; i++)
        add(&run, i == 3 ? "0" : "");
    assert_int_equal(execute(&run, &err), 0);
    assert_string_equal(statuses(&run), "failed failed failed blocked failed failed");
    assert_int_equal(run.finished, OPERATIONS_MAX);
    aws_double_free(run.fake);
}

/* A signal: what is in flight ends, what has not begun stays pending, and nobody is told that it failed. */
static void test_signal(void **state)
{
    (void)state;
    static const struct http_line script[] = {ASSUME, YES("Action=AttachUserPolicy&")};
    struct err err = {0};
    struct run run = run_new(script, COUNT(script));
    run.stop_when = "-0done";
    add(&run, "");
    add(&run, "0");
    add(&run, "1");
    assert_int_equal(execute(&run, &err), -1);
    assert_int_equal(err.code, ERR_STOPPED);
    assert_string_equal(statuses(&run), "done pending pending");
    assert_int_equal(http_double_count_of(run.fake->server, "Action=AttachUserPolicy&"), 1);
    assert_non_null(strstr(run.events, "+1 -1pending")); /* an intent is never left without its result */
    assert_int_equal(run.finished, 2);
    assert_null(strstr(run.events, "+2"));
    aws_double_free(run.fake);
}

static void test_signal_before(void **state)
{
    (void)state;
    static const struct http_line script[] = {ASSUME, YES("Action=AttachUserPolicy&")};
    struct err err = {0};
    struct run run = run_new(script, COUNT(script));
    run.fake->stop_signal = 15;
    add(&run, "");
    add(&run, "");
    assert_int_equal(execute(&run, &err), -1);
    assert_int_equal(err.code, ERR_STOPPED);
    assert_string_equal(statuses(&run), "pending pending");
    assert_int_equal(http_double_count_of(run.fake->server, "Action=AttachUserPolicy&"), 0);
    aws_double_free(run.fake);
}

/* The deadline: what was begun ends as it ends, nothing else is begun, and it says why it was not. */
static void test_deadline(void **state)
{
    (void)state;
    static const struct http_line script[] = {ASSUME, YES("Action=AttachUserPolicy&")};
    struct err err = {0};
    struct run run = {.fake = aws_double_start_until(script, COUNT(script), 1), .events = ""};
    run.late_when = "-0done";
    for (size_t i = 0; i < OPERATIONS_MAX; i++)
        add(&run, i == 5 ? "0" : "");
    assert_int_equal(execute(&run, &err), 0);
    size_t done = 0;
    for (size_t i = 0; i < OPERATIONS_MAX; i++) {
        const struct result *result = &run.results[i];
        const char *begin = arena_printf(run.fake->arena, "+%zu", i);
        const char *end = arena_printf(run.fake->arena, "-%zu", i);
        CHECK(!strstr(run.events, begin) == !strstr(run.events, end), "%zu: %s", i, run.events);
        CHECK(i < 2 || !strstr(run.events, begin), "%zu: %s", i, run.events); /* two have a place */
        if (result->status == RESULT_DONE)
            done++;
        else
            assert_string_equal(result->message, "not begun: the run's deadline had passed");
    }
    assert_true(done <= 2);
    assert_int_equal(http_double_count_of(run.fake->server, "Action=AttachUserPolicy&"), done);
    aws_double_free(run.fake);
}

/* It has passed before anything could begin: the run ends at once. */
static void test_deadline_before(void **state)
{
    (void)state;
    static const struct http_line script[] = {ASSUME, YES("Action=AttachUserPolicy&")};
    struct err err = {0};
    struct run run = {.fake = aws_double_start_until(script, COUNT(script), 1),
                      .events = "",
                      .late_when = "late"};
    note(&run, "late");
    add(&run, "");
    assert_int_equal(execute(&run, &err), 0);
    assert_string_equal(run.events, "late");
    assert_string_equal(statuses(&run), "pending");
    assert_string_equal(run.results[0].message, "not begun: the run's deadline had passed");
    assert_int_equal(http_double_count(run.fake->server), 0);
    aws_double_free(run.fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),         cmocka_unit_test(test_order),
        cmocka_unit_test(test_failure),         cmocka_unit_test(test_signal),
        cmocka_unit_test(test_signal_before),   cmocka_unit_test(test_places),
        cmocka_unit_test(test_no_credentials),  cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_deadline_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
