/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: what starts, what is finished, what is tried again. */
#include "net/net.h"

#include "net/clock.h"
#include "net/queue.h"

#include <assert.h>
#include <stdlib.h>

/* Never longer in one wait: the stop flag is looked at in between. */
enum { POLL_MS = 250 };

struct net {
    struct net_options options;
    CURLM *multi;
    struct arena *arena;
    struct queue queue;
    struct exchange *flying; /* those in flight, in no order */
    unsigned in_flight;      /* how many these are */
    int64_t deadline_ms;     /* INT64_MAX: none */
    int64_t patience_ms; /* what is in flight then is given up, since the stop flag was seen; 0: it was not */
    net_left_place *listener;
    void *listener_context;
};

static unsigned either(unsigned value, unsigned otherwise)
{
    return value ? value : otherwise;
}

int net_open(struct net **ret, const struct net_options *options, struct err *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, ERR_NET, "libcurl cannot be initialised");
    struct net *net = calloc(1, sizeof *net);
    if (!net)
        out_of_memory();
    net->arena = arena_new();
    net->options = (struct net_options){
        .user_agent = arena_strdup(net->arena, options->user_agent),
        .max_in_flight = either(options->max_in_flight, 100),
        .max_in_flight_per_group = either(options->max_in_flight_per_group, 2),
        .max_attempts = either(options->max_attempts, 8),
        .connect_timeout_ms = either(options->connect_timeout_ms, 10 * 1000),
        .timeout_ms = either(options->timeout_ms, 60 * 1000),
        .backoff_base_ms = either(options->backoff_base_ms, 200),
        .stop_signal = options->stop_signal,
        .stop_wait_ms = either(options->stop_wait_ms, 4 * 1000),
        .deadline_s = options->deadline_s,
        .ca_file = options->ca_file ? arena_strdup(net->arena, options->ca_file) : NULL,
    };
    net->deadline_ms = options->deadline_s ? net_clock_ms() + options->deadline_s * INT64_C(1000) : INT64_MAX;
    net->queue = queue_new(net->arena, net->options.max_in_flight_per_group);
    net->multi = curl_multi_init();
    if (!net->multi)
        out_of_memory();
    curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, (long)net->options.max_in_flight);
    *ret = net;
    return 0;
}

void net_close(struct net *net)
{
    if (!net)
        return;
    queue_free(&net->queue);
    curl_multi_cleanup(net->multi);
    arena_free(net->arena);
    free(net);
    curl_global_cleanup();
}

void net_send(struct net *net, const struct net_request *request)
{
    assert(request->method && request->url && request->done && !(request->sigv4 && request->bearer));
    struct exchange *exchange = exchange_new(request);
    exchange->group = queue_group(&net->queue, request->group);
    if (request->delay_ms)
        queue_add_later(&net->queue, exchange, net_clock_ms() + request->delay_ms);
    else
        queue_add(&net->queue, exchange);
}

unsigned net_room(struct net *net, const char *group)
{
    return queue_room(&net->queue, queue_group(&net->queue, group));
}

void net_listen(struct net *net, net_left_place *listener, void *context)
{
    net->listener = listener;
    net->listener_context = context;
}

static void tell_left_place(const struct net *net, const struct group *group)
{
    if (net->listener)
        net->listener(net->listener_context, group->name);
}

static bool is_stopping(const struct net *net)
{
    return net->options.stop_signal && *net->options.stop_signal;
}

bool net_is_late(const struct net *net)
{
    return net->deadline_ms != INT64_MAX && net_clock_ms() >= net->deadline_ms;
}

void net_allow(struct net *net, unsigned seconds)
{
    const int64_t until_ms = net_clock_ms() + seconds * INT64_C(1000);
    if (net->deadline_ms < until_ms)
        net->deadline_ms = until_ms;
}

static void hand_over(struct exchange *exchange, const struct net_response *response)
{
    exchange->request.done(exchange->request.context, response);
    exchange_free(exchange);
}

/* Ends an exchange of which no attempt is in flight. */
static void fail(struct net *net, struct exchange *exchange, enum net_trouble trouble, const struct err *err)
{
    const struct group *group = exchange->group;
    struct net_response response = {
        .body = "",
        .attempts = exchange->attempts,
        .maybe_sent = exchange->maybe_sent,
        .trouble = trouble,
        .err = *err,
    };
    hand_over(exchange, &response);
    tell_left_place(net, group);
}

static void start(struct net *net, struct exchange *exchange, int64_t now_ms)
{
    struct err err = {0};
    if (!net_url_is_allowed(exchange->request.url, NULL))
        err_set(&err, ERR_REFUSED,
                "'%s' is neither https nor http to a loopback address, or its path has '.' or '..'",
                exchange->request.url);
    else if (exchange_start(exchange, net->multi, &net->options, &err) == 0) {
        struct group *group = exchange->group;
        group->in_flight++;
        net->in_flight++;
        exchange->next = net->flying;
        net->flying = exchange;
        group->not_before_ms = now_ms + pace_interval_ms(&group->pace);
        return;
    }
    fail(net, exchange, NET_TROUBLE_REQUEST, &err);
}

static void start_ready(struct net *net)
{
    int64_t now_ms = net_clock_ms();
    struct exchange *exchange;
    while (net->in_flight < net->options.max_in_flight && (exchange = queue_take(&net->queue, now_ms)))
        start(net, exchange, now_ms);
}

static void refuse_queued(struct net *net)
{
    struct err err;
    enum net_trouble trouble = is_stopping(net) ? NET_TROUBLE_STOPPED : NET_TROUBLE_DEADLINE;
    for (struct exchange *exchange; (exchange = queue_take_any(&net->queue));) {
        const char *when =
            exchange->maybe_sent ? "sent again, and what became of the attempt before is not known" : "sent";
        if (trouble == NET_TROUBLE_STOPPED)
            err_set(&err, ERR_STOPPED, "stopped by a signal before it was %s", when);
        else
            err_set(&err, ERR_NET, "the deadline of %u seconds passed before it was %s",
                    net->options.deadline_s, when);
        fail(net, exchange, trouble, &err);
    }
}

/* Whether, and as what, the outcome of an attempt is worth another one. */
static enum net_verdict judge(const struct net *net, const struct exchange *exchange, CURLcode code,
                              bool lost, const struct net_response *response, int64_t *wait_ms)
{
    const struct net_request *request = &exchange->request;
    enum net_verdict verdict = NET_FINAL;
    unsigned attempts_max = net->options.max_attempts;
    if (code == CURLE_OK) {
        verdict = request->classify ? request->classify(request->context, response, wait_ms)
                                    : retry_verdict(response->status);
    } else if (!lost || request->retry_lost_answer) {
        enum failure failure = retry_failure(code);
        verdict = failure == FAILURE_FINAL ? NET_FINAL : NET_RETRY;
        if (failure == FAILURE_UNREACHABLE && attempts_max > ATTEMPTS_UNREACHABLE)
            attempts_max = ATTEMPTS_UNREACHABLE;
        if (response->trouble == NET_TROUBLE_ENDLESS && attempts_max > ATTEMPTS_ENDLESS)
            attempts_max = ATTEMPTS_ENDLESS;
    }
    bool is_over = is_stopping(net) || net_is_late(net);
    return exchange->attempts < attempts_max && !is_over ? verdict : NET_FINAL;
}

static void try_later(struct net *net, struct exchange *exchange, bool throttled, int64_t retry_after_ms)
{
    struct group *group = exchange->group;
    int64_t wait_ms =
        retry_wait_ms(net->options.backoff_base_ms, exchange->attempts, throttled, clock_random());
    if (wait_ms < retry_after_ms)
        wait_ms = retry_after_ms;
    int64_t not_before_ms = net_clock_ms() + wait_ms;
    if (throttled) {
        /* The bucket is the account's: the others of the group would only drain it further. */
        pace_throttled(&group->pace);
        group->not_before_ms = not_before_ms;
    }
    exchange_end_attempt(exchange);
    queue_add_later(&net->queue, exchange, not_before_ms);
}

/* What the server asks for, as far as it is bearable. */
static int64_t retry_after_ms(CURL *easy)
{
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
    return seconds > WAIT_MAX_MS / 1000 ? WAIT_MAX_MS : seconds * 1000;
}

static void land(struct net *net, struct exchange *exchange)
{
    struct exchange **place = &net->flying;
    while (*place != exchange)
        place = &(*place)->next;
    *place = exchange->next;
    exchange->next = NULL;
    exchange->group->in_flight--;
    net->in_flight--;
}

static void finish(struct net *net, struct exchange *exchange, CURLcode code)
{
    int64_t asked_ms = retry_after_ms(exchange->easy);
    struct net_response response;
    struct group *group = exchange->group;
    bool lost = exchange_finish(exchange, net->multi, code, &response);
    land(net, exchange);

    enum net_verdict verdict = judge(net, exchange, code, lost, &response, &asked_ms);
    if (verdict != NET_FINAL) {
        try_later(net, exchange, verdict == NET_THROTTLED, asked_ms);
    } else {
        if (response.status >= 200 && response.status <= 299)
            pace_succeeded(&group->pace);
        hand_over(exchange, &response);
    }
    tell_left_place(net, group);
}

/* Lets libcurl work; returns whether something was finished. */
static bool perform(struct net *net)
{
    int running, messages;
    if (curl_multi_perform(net->multi, &running) == CURLM_OUT_OF_MEMORY)
        out_of_memory();
    bool finished = false;
    for (CURLMsg *message; (message = curl_multi_info_read(net->multi, &messages));) {
        char *private = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        finish(net, (struct exchange *)(void *)private, message->data.result);
        finished = true;
    }
    return finished;
}

/*
 * GitHub's runner kills what does not end some seconds after its signal (facts/github.md §1.5), and a report
 * must be written until then: what was sent and is not answered by now counts as lost.
 */
static void give_up(struct net *net)
{
    int64_t now_ms = net_clock_ms();
    if (!net->patience_ms)
        net->patience_ms = now_ms + net->options.stop_wait_ms;
    while (net->flying && now_ms >= net->patience_ms) {
        struct exchange *exchange = net->flying;
        snprintf(exchange->attempt->detail, sizeof exchange->attempt->detail,
                 "none came in the %u ms after a signal", net->options.stop_wait_ms);
        finish(net, exchange, CURLE_OPERATION_TIMEDOUT);
    }
}

/* How long nothing can start for lack of time, at most POLL_MS. */
static int poll_ms(const struct net *net)
{
    int64_t now_ms = net_clock_ms(), latest_ms = now_ms + POLL_MS;
    if (net->in_flight >= net->options.max_in_flight)
        return POLL_MS;
    int64_t due_ms = queue_next_ms(&net->queue, latest_ms);
    return due_ms > now_ms ? (int)(due_ms - now_ms) : 0;
}

int net_run(struct net *net, struct err *err)
{
    for (;;) {
        if (is_stopping(net) || net_is_late(net))
            refuse_queued(net);
        else
            start_ready(net);
        if (is_stopping(net))
            give_up(net);
        if (!net->in_flight && !net->queue.count)
            break;
        if (!perform(net))
            curl_multi_poll(net->multi, NULL, 0, poll_ms(net), NULL);
    }
    return is_stopping(net) ? err_set(err, ERR_STOPPED, "stopped by a signal") : 0;
}
