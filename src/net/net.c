/* SPDX-License-Identifier: Apache-2.0 */
/* The queue and the loop: which request may start when, and what becomes of it. */
#include "net/net.h"

#include "base/map.h"
#include "base/vec.h"
#include "net/exchange.h"
#include "net/retry.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

/* Never longer in one wait: the stop flag is looked at in between. */
enum { POLL_MS = 250 };

struct exchange_list {
    struct exchange *first, *last;
};

struct group {
    struct exchange_list ready;
    struct exchange *waiting; /* until their not_before_ms; few, in no order */
    unsigned in_flight;
    struct pace pace;
    int64_t not_before_ms;
};

struct net {
    struct net_options options;
    CURLM *multi;
    struct arena *arena; /* groups and their names: one for each account */
    struct map groups_by_name;
    struct {
        VEC_FIELDS(struct group *);
    } groups;
    size_t next_group; /* where the next round begins, so that no group is always last */
    size_t queued;
    unsigned in_flight;
};

int64_t net_clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t net_wall_time_s(void) {
    return (int64_t)time(NULL);
}

static uint32_t random_number(void) {
    uint32_t number = 0;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        number = UINT32_MAX / 2; /* jitter is a courtesy, not a secret */
    return number;
}

static unsigned either(unsigned value, unsigned otherwise) {
    return value ? value : otherwise;
}

int net_open(struct net **ret, const struct net_options *options, struct err *err) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, ERR_NET, "libcurl cannot be initialised");
    struct net *net = calloc(1, sizeof *net);
    if (!net)
        out_of_memory();
    net->arena = arena_new();
    net->groups_by_name = map_new(net->arena);
    net->multi = curl_multi_init();
    if (!net->multi)
        out_of_memory();
    net->options = (struct net_options){
        .user_agent = arena_strdup(net->arena, options->user_agent),
        .max_in_flight = either(options->max_in_flight, 100),
        .max_in_flight_per_group = either(options->max_in_flight_per_group, 2),
        .max_attempts = either(options->max_attempts, 8),
        .connect_timeout_ms = either(options->connect_timeout_ms, 10 * 1000),
        .timeout_ms = either(options->timeout_ms, 60 * 1000),
        .backoff_base_ms = either(options->backoff_base_ms, 200),
        .stop_signal = options->stop_signal,
    };
    curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, (long)net->options.max_in_flight);
    *ret = net;
    return 0;
}

static void list_append(struct exchange_list *list, struct exchange *exchange) {
    exchange->next = NULL;
    if (list->last)
        list->last->next = exchange;
    else
        list->first = exchange;
    list->last = exchange;
}

static void list_prepend(struct exchange_list *list, struct exchange *exchange) {
    exchange->next = list->first;
    list->first = exchange;
    if (!list->last)
        list->last = exchange;
}

static struct exchange *list_take(struct exchange_list *list) {
    struct exchange *exchange = list->first;
    if (exchange) {
        list->first = exchange->next;
        if (!list->first)
            list->last = NULL;
    }
    return exchange;
}

void net_close(struct net *net) {
    if (!net)
        return;
    for (size_t i = 0; i < net->groups.count; i++) {
        struct group *group = net->groups.items[i];
        struct exchange *exchange;
        while ((exchange = list_take(&group->ready)))
            exchange_free(exchange);
        while ((exchange = group->waiting)) {
            group->waiting = exchange->next;
            exchange_free(exchange);
        }
    }
    curl_multi_cleanup(net->multi);
    arena_free(net->arena);
    free(net);
    curl_global_cleanup();
}

static struct group *find_group(struct net *net, const char *name) {
    name = name ? name : "";
    struct group *group = map_get(&net->groups_by_name, name);
    if (!group) {
        group = ARENA_NEW(net->arena, struct group);
        map_put(&net->groups_by_name, arena_strdup(net->arena, name), group);
        *VEC_ADD(net->arena, &net->groups) = group;
    }
    return group;
}

static void wait_until(struct exchange *exchange, int64_t not_before_ms) {
    exchange->not_before_ms = not_before_ms;
    exchange->next = exchange->group->waiting;
    exchange->group->waiting = exchange;
}

void net_send(struct net *net, const struct net_request *request) {
    assert(request->method && request->url && request->done);
    struct exchange *exchange = exchange_new(request);
    exchange->group = find_group(net, request->group);
    net->queued++;
    if (request->delay_ms)
        wait_until(exchange, net_clock_ms() + request->delay_ms);
    else
        list_append(&exchange->group->ready, exchange);
}

static bool is_stopping(const struct net *net) {
    return net->options.stop_signal && *net->options.stop_signal;
}

static void hand_over(struct exchange *exchange, const struct net_response *response) {
    exchange->request.done(exchange->request.context, response);
    exchange_free(exchange);
}

/* Ends an exchange of which no attempt is in flight. */
static void fail(struct exchange *exchange, const struct err *err) {
    struct net_response response = {
        .body = "",
        .attempts = exchange->attempts,
        .maybe_sent = exchange->maybe_sent,
        .err = *err,
    };
    hand_over(exchange, &response);
}

/* What waited long enough goes to the front: it was there before the others. */
static void wake_waiting(struct group *group, int64_t now_ms) {
    for (struct exchange **link = &group->waiting; *link;) {
        struct exchange *exchange = *link;
        if (exchange->not_before_ms > now_ms) {
            link = &exchange->next;
            continue;
        }
        *link = exchange->next;
        list_prepend(&group->ready, exchange);
    }
}

static void start(struct net *net, struct exchange *exchange, int64_t now_ms) {
    struct err err = {0};
    if (!net_url_is_allowed(exchange->request.url, NULL))
        err_set(&err, ERR_REFUSED, "'%s' is neither https nor http to a loopback address",
                exchange->request.url);
    else if (exchange_start(exchange, net->multi, &net->options, &err) == 0) {
        struct group *group = exchange->group;
        group->in_flight++;
        net->in_flight++;
        group->not_before_ms = now_ms + pace_interval_ms(&group->pace);
        return;
    }
    fail(exchange, &err);
}

static void start_group(struct net *net, struct group *group, int64_t now_ms) {
    wake_waiting(group, now_ms);
    while (net->in_flight < net->options.max_in_flight &&
           group->in_flight < net->options.max_in_flight_per_group && group->not_before_ms <= now_ms) {
        struct exchange *exchange = list_take(&group->ready);
        if (!exchange)
            return;
        net->queued--;
        start(net, exchange, now_ms);
    }
}

static void start_ready(struct net *net) {
    int64_t now_ms = net_clock_ms();
    size_t count = net->groups.count, first = net->next_group++;
    for (size_t i = 0; i < count && net->queued && net->in_flight < net->options.max_in_flight; i++)
        start_group(net, net->groups.items[(first + i) % count], now_ms);
}

static void refuse_queued(struct net *net) {
    struct err err;
    err_set(&err, ERR_STOPPED, "stopped by a signal before it was sent");
    for (size_t i = 0; i < net->groups.count; i++) {
        struct group *group = net->groups.items[i];
        wake_waiting(group, INT64_MAX);
        struct exchange *exchange;
        while ((exchange = list_take(&group->ready))) {
            net->queued--;
            fail(exchange, &err);
        }
    }
}

/* Whether, and as what, the outcome of an attempt is worth another one. */
static enum net_verdict judge(const struct net *net, const struct exchange *exchange, CURLcode code,
                              bool lost, const struct net_response *response) {
    const struct net_request *request = &exchange->request;
    enum net_verdict verdict = NET_FINAL;
    unsigned attempts_max = net->options.max_attempts;
    if (code == CURLE_OK) {
        verdict = request->classify ? request->classify(request->context, response)
                                    : retry_verdict(response->status);
    } else if (!lost || request->retry_lost_answer) {
        enum failure failure = retry_failure(code);
        verdict = failure == FAILURE_FINAL ? NET_FINAL : NET_RETRY;
        if (failure == FAILURE_UNREACHABLE && attempts_max > ATTEMPTS_UNREACHABLE)
            attempts_max = ATTEMPTS_UNREACHABLE;
    }
    return exchange->attempts < attempts_max && !is_stopping(net) ? verdict : NET_FINAL;
}

static void finish(struct net *net, struct exchange *exchange, CURLcode code) {
    struct group *group = exchange->group;
    curl_off_t retry_after_s = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    struct net_response response;
    bool lost = exchange_finish(exchange, net->multi, code, &response);
    group->in_flight--;
    net->in_flight--;

    enum net_verdict verdict = judge(net, exchange, code, lost, &response);
    if (verdict == NET_FINAL) {
        if (response.status >= 200 && response.status <= 499)
            pace_succeeded(&group->pace);
        hand_over(exchange, &response);
        return;
    }
    bool throttled = verdict == NET_THROTTLED;
    int64_t wait_ms =
        retry_wait_ms(net->options.backoff_base_ms, exchange->attempts, throttled, random_number());
    if (retry_after_s > WAIT_MAX_MS / 1000)
        retry_after_s = WAIT_MAX_MS / 1000;
    if (retry_after_s * 1000 > wait_ms)
        wait_ms = retry_after_s * 1000;
    int64_t not_before_ms = net_clock_ms() + wait_ms;
    if (throttled) {
        /* The bucket is the account's: the others of the group would only drain it further. */
        pace_throttled(&group->pace);
        group->not_before_ms = not_before_ms;
    }
    exchange_end_attempt(exchange);
    wait_until(exchange, not_before_ms);
    net->queued++;
}

/* How long nothing can start for lack of time: a wait is over, or a paced group may go on. */
static int next_poll_ms(const struct net *net) {
    int64_t now_ms = net_clock_ms(), due_ms = now_ms + POLL_MS;
    if (net->in_flight >= net->options.max_in_flight)
        return POLL_MS;
    for (size_t i = 0; i < net->groups.count && net->queued; i++) {
        const struct group *group = net->groups.items[i];
        if (group->in_flight >= net->options.max_in_flight_per_group)
            continue;
        if (group->ready.first && group->not_before_ms < due_ms)
            due_ms = group->not_before_ms;
        for (const struct exchange *exchange = group->waiting; exchange; exchange = exchange->next)
            if (exchange->not_before_ms < due_ms)
                due_ms = exchange->not_before_ms;
    }
    return due_ms > now_ms ? (int)(due_ms - now_ms) : 0;
}

/* Lets libcurl work; returns whether something was finished. */
static bool perform(struct net *net) {
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

int net_run(struct net *net, struct err *err) {
    for (;;) {
        if (is_stopping(net))
            refuse_queued(net);
        else
            start_ready(net);
        if (!net->in_flight && !net->queued)
            break;
        if (!perform(net))
            curl_multi_poll(net->multi, NULL, 0, next_poll_ms(net), NULL);
    }
    return is_stopping(net) ? err_set(err, ERR_STOPPED, "stopped by a signal") : 0;
}
