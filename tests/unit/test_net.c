/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/str.h"
#include "http_double.h"
#include "net/net.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static int stop_flag;

/* What `done` saw. */
struct seen {
    unsigned calls;
    struct net_response response;
    char body[256], request_id[64];
};

static void note(void *context, const struct net_response *response)
{
    struct seen *seen = context;
    seen->calls++;
    seen->response = *response;
    snprintf(seen->body, sizeof seen->body, "%s", response->body);
    snprintf(seen->request_id, sizeof seen->request_id, "%s",
             response->request_id ? response->request_id : "");
}

static struct net *open_net(void)
{
    struct err err = {0};
    struct net *net = NULL;
    stop_flag = 0;
    struct net_options options = {.user_agent = "unit/1",
                                  .max_attempts = 4,
                                  .backoff_base_ms = 1,
                                  .stop_signal = &stop_flag};
    assert_int_equal(net_open(&net, &options, &err), 0);
    return net;
}

/* Sends one request to a server that follows the script, and runs until it is answered. */
static struct http_double *exchange(const struct http_line *script, size_t count, struct net_request request,
                                    struct seen *seen)
{
    struct http_double *server = http_double_start(script, count);
    struct net *net = open_net();
    struct err err = {0};
    request.url = http_double_url(server);
    request.done = note;
    request.context = seen;
    net_send(net, &request);
    assert_int_equal(net_run(net, &err), 0);
    net_close(net);
    http_double_stop(server);
    assert_int_equal(seen->calls, 1);
    return server;
}

static void test_an_answer(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 200, "x-amzn-RequestId: 01-ab\r\n", "hello", HTTP_ANSWER, 0}};
    const struct net_header headers[] = {{"X-One", "1"}, {"X-Two", "2"}};
    struct secret secret = {0}, token = {0};
    secret_set(&secret, "secret-key", 10);
    secret_set(&token, "the-token", 9);
    struct seen seen = {0};
    struct http_double *server = exchange(script, COUNT(script),
                                          (struct net_request){.method = "POST",
                                                               .headers = headers,
                                                               .header_count = COUNT(headers),
                                                               .body = "a=b",
                                                               .body_size = 3,
                                                               .sigv4 = "aws:amz:us-east-1:iam",
                                                               .access_key_id = "AKID",
                                                               .secret_access_key = &secret,
                                                               .session_token = &token},
                                          &seen);
    assert_int_equal(seen.response.status, 200);
    assert_int_equal(seen.response.err.code, ERR_NONE);
    assert_int_equal(seen.response.attempts, 1);
    assert_string_equal(seen.body, "hello");
    assert_string_equal(seen.request_id, "01-ab");
    const char *request = http_double_request(server, 0);
    static const char *const parts[] = {"POST / HTTP/1.1\r\n",
                                        "\r\nX-One: 1\r\n",
                                        "\r\nX-Two: 2\r\n",
                                        "\r\nUser-Agent: unit/1\r\n",
                                        "\r\nX-Amz-Security-Token: the-token\r\n",
                                        "Credential=AKID/",
                                        "/us-east-1/iam/aws4_request",
                                        "\r\n\r\na=b"};
    for (size_t i = 0; i < COUNT(parts); i++)
        CHECK(strstr(request, parts[i]), "%s", parts[i]);
    assert_null(strstr(request, "secret-key"));
    http_double_free(server);
    secret_clear(&secret);
    secret_clear(&token);
}

static void test_methods(void **state)
{
    (void)state;
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        const struct http_line script[] = {
            {methods[i], 404, "X-GitHub-Request-Id: A:1\r\n", "no", HTTP_ANSWER, 0}};
        struct seen seen = {0};
        struct http_double *server =
            exchange(script, COUNT(script), (struct net_request){.method = methods[i]}, &seen);
        assert_int_equal(seen.response.status, 404);
        assert_string_equal(seen.request_id, "A:1");
        CHECK(str_prefix(http_double_request(server, 0), methods[i]), "%s", methods[i]);
        assert_null(strstr(http_double_request(server, 0), "Authorization"));
        http_double_free(server);
    }
}

static void test_transient_answers_are_tried_again(void **state)
{
    (void)state;
    const struct http_line script[] = {
        {NULL, 503, NULL, "busy", HTTP_ANSWER, 0},
        {NULL, 429, NULL, "slower", HTTP_ANSWER, 0},
        {NULL, 200, NULL, "ok", HTTP_ANSWER, 0},
    };
    struct seen seen = {0};
    struct http_double *server = exchange(script, COUNT(script), (struct net_request){.method = "GET"}, &seen);
    assert_int_equal(seen.response.status, 200);
    assert_int_equal(seen.response.attempts, 3);
    assert_string_equal(seen.body, "ok");
    http_double_free(server);

    const struct http_line always[] = {{NULL, 500, NULL, "broken", HTTP_ANSWER, 99}};
    struct seen gave_up = {0};
    server = exchange(always, COUNT(always), (struct net_request){.method = "GET"}, &gave_up);
    assert_int_equal(gave_up.response.status, 500);
    assert_int_equal(gave_up.response.attempts, 4);
    assert_string_equal(gave_up.body, "broken");
    assert_int_equal(http_double_count(server), 4);
    http_double_free(server);
}

static enum net_verdict final_always(void *context, const struct net_response *response, int64_t *wait_ms)
{
    (void)context, (void)response, (void)wait_ms;
    return NET_FINAL;
}

static void test_the_callers_classifier_decides(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 503, NULL, "busy", HTTP_ANSWER, 99}};
    struct seen seen = {0};
    struct http_double *server = exchange(
        script, COUNT(script), (struct net_request){.method = "GET", .classify = final_always}, &seen);
    assert_int_equal(seen.response.status, 503);
    assert_int_equal(seen.response.attempts, 1);
    http_double_free(server);
}

/* Throttled once, with a wait of its own and a look at the headers. */
static enum net_verdict wait_a_little(void *context, const struct net_response *response, int64_t *wait_ms)
{
    struct seen *seen = context;
    if (response->status != 403)
        return NET_FINAL;
    assert_string_equal(response->link, "<https://a.example.com>; rel=\"next\"");
    assert_int_equal(response->limits.retry_after_s, 7);
    assert_int_equal(response->limits.remaining, 0);
    assert_int_equal(response->limits.reset_s, 1764147600);
    assert_int_equal(*wait_ms, 7000);
    *wait_ms = seen->calls + 30;
    return NET_THROTTLED;
}

static void test_the_callers_classifier_says_how_long_to_wait(void **state)
{
    (void)state;
    const struct http_line script[] = {
        {NULL, 403,
         "Retry-After: 7\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1764147600\r\n"
         "Link: <https://a.example.com>; rel=\"next\"\r\n",
         "slower", HTTP_ANSWER, 0},
        {NULL, 200, NULL, "done", HTTP_ANSWER, 0}};
    struct seen seen = {0};
    int64_t start_ms = net_clock_ms();
    struct http_double *server = exchange(
        script, COUNT(script), (struct net_request){.method = "GET", .classify = wait_a_little}, &seen);
    assert_string_equal(seen.body, "done");
    assert_true(net_clock_ms() - start_ms >= 30);
    assert_true(net_clock_ms() - start_ms < 7000);
    assert_null(seen.response.link);
    assert_int_equal(seen.response.limits.remaining, -1);
    http_double_free(server);
}

static void test_a_bearer_token_goes_with_every_attempt(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 503, NULL, "busy", HTTP_ANSWER, 0},
                                       {NULL, 200, NULL, "done", HTTP_ANSWER, 0}};
    const struct net_header headers[] = {{"X-One", "1"}};
    struct secret token = {0};
    secret_set(&token, "t0ken", 5);
    struct seen seen = {0};
    struct http_double *server = exchange(script, COUNT(script),
                                          (struct net_request){.method = "GET",
                                                               .headers = headers,
                                                               .header_count = COUNT(headers),
                                                               .bearer = &token},
                                          &seen);
    for (size_t i = 0; i < 2; i++) {
        assert_non_null(strstr(http_double_request(server, i), "\r\nAuthorization: Bearer t0ken\r\n"));
        assert_non_null(strstr(http_double_request(server, i), "\r\nX-One: 1\r\n"));
    }
    http_double_free(server);
    secret_clear(&token);
}

/* Reset before an answer, or in the middle of one: the request may have done its work. */
static void test_lost_answers(void **state)
{
    (void)state;
    static const enum http_fault faults[] = {HTTP_DROP, HTTP_CUT};
    for (size_t i = 0; i < COUNT(faults); i++) {
        const struct http_line script[] = {
            {NULL, 200, NULL, "half of this", faults[i], 0},
            {NULL, 200, NULL, "whole", HTTP_ANSWER, 0},
        };
        struct seen once = {0}, again = {0};
        struct net_request request = {.method = "POST", .body = "x", .body_size = 1};
        struct http_double *server = exchange(script, COUNT(script), request, &once);
        assert_int_equal(once.response.status, 0);
        assert_int_equal(once.response.err.code, ERR_NET);
        assert_true(once.response.maybe_sent);
        assert_int_equal(http_double_count(server), 1);
        http_double_free(server);

        request.retry_lost_answer = true;
        server = exchange(script, COUNT(script), request, &again);
        assert_int_equal(again.response.status, 200);
        assert_string_equal(again.body, "whole");
        assert_int_equal(again.response.attempts, 2);
        http_double_free(server);
    }
}

static void test_no_connection(void **state)
{
    (void)state;
    struct http_double *server = http_double_start(NULL, 0);
    char url[64];
    snprintf(url, sizeof url, "%s/secret/path?x", http_double_url(server));
    http_double_stop(server);
    http_double_free(server);
    struct net *net = open_net();
    struct err err = {0};
    struct seen seen = {0};
    net_send(net, &(struct net_request){.method = "GET", .url = url, .done = note, .context = &seen});
    assert_int_equal(net_run(net, &err), 0);
    assert_int_equal(seen.response.err.code, ERR_NET);
    assert_false(seen.response.maybe_sent);
    assert_int_equal(seen.response.attempts, 4);
    assert_non_null(strstr(seen.response.err.message, "no answer from http://127.0.0.1:"));
    assert_null(strstr(seen.response.err.message, "secret"));
    net_close(net);
}

static void test_a_forbidden_url_is_never_asked(void **state)
{
    (void)state;
    struct net *net = open_net();
    struct err err = {0};
    struct seen seen = {0};
    net_send(net, &(struct net_request){.method = "GET",
                                        .url = "http://127.0.0.1.evil.com/",
                                        .done = note,
                                        .context = &seen});
    assert_int_equal(net_run(net, &err), 0);
    assert_int_equal(seen.response.err.code, ERR_REFUSED);
    assert_int_equal(seen.response.attempts, 0);
    net_close(net);
}

static void test_redirects_are_answers(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 302, "Location: https://evil.example/\r\n", "", HTTP_ANSWER, 0}};
    struct seen seen = {0};
    struct http_double *server = exchange(script, COUNT(script), (struct net_request){.method = "GET"}, &seen);
    assert_int_equal(seen.response.status, 302);
    http_double_free(server);
}

static void test_too_large_a_body(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 200, NULL, "0123456789", HTTP_ANSWER, 99}};
    struct seen seen = {0};
    struct http_double *server =
        exchange(script, COUNT(script),
                 (struct net_request){.method = "GET", .max_body_size = 9, .retry_lost_answer = true}, &seen);
    assert_int_equal(seen.response.err.code, ERR_INPUT);
    assert_int_equal(seen.response.attempts, 1);
    http_double_free(server);
}

/* --- sinks --- */

static void sink_reset(void *context)
{
    buf_clear(context);
}

static bool sink_write(void *context, const char *bytes, size_t size)
{
    buf_add(context, bytes, size);
    return !strstr(((struct buf *)context)->bytes, "refuse");
}

static void test_a_sink_takes_the_body_of_a_success(void **state)
{
    (void)state;
    const struct http_line script[] = {
        {NULL, 500, NULL, "not for the sink", HTTP_ANSWER, 0},
        {NULL, 200, NULL, "cut off in the middle", HTTP_CUT, 0},
        {NULL, 200, NULL, "whole", HTTP_ANSWER, 0},
    };
    struct buf bytes;
    buf_init(&bytes, 1000);
    struct net_sink sink = {.reset = sink_reset, .write = sink_write, .context = &bytes};
    struct net_request request = {.method = "GET", .retry_lost_answer = true, .sink = &sink};
    struct seen seen = {0};
    struct http_double *server = exchange(script, COUNT(script), request, &seen);
    assert_int_equal(seen.response.status, 200);
    assert_string_equal(seen.body, "");
    assert_string_equal(bytes.bytes, "whole");
    http_double_free(server);

    const struct http_line refused[] = {{NULL, 200, NULL, "refuse this", HTTP_ANSWER, 99}};
    struct seen failed = {0};
    server = exchange(refused, COUNT(refused), request, &failed);
    assert_int_equal(failed.response.err.code, ERR_INPUT);
    assert_int_equal(failed.response.attempts, 1);
    http_double_free(server);

    const struct http_line denied[] = {{NULL, 403, NULL, "no", HTTP_ANSWER, 0}};
    struct seen refusal = {0};
    server = exchange(denied, COUNT(denied), request, &refusal);
    assert_string_equal(refusal.body, "no");
    assert_string_equal(bytes.bytes, "");
    http_double_free(server);
    buf_free(&bytes);
}

/* --- stopping --- */

struct chain {
    struct net *net;
    const char *url;
    struct seen first, second;
};

/* A signal comes while the first is in flight; what it sends is not sent any more. */
static void stop_and_send(void *context, const struct net_response *response)
{
    struct chain *chain = context;
    note(&chain->first, response);
    stop_flag = 15;
    net_send(
        chain->net,
        &(struct net_request){.method = "GET", .url = chain->url, .done = note, .context = &chain->second});
}

static bool take_all(void *context, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)context += size;
    return true;
}

static void start_anew(void *context)
{
    *(size_t *)context = 0;
}

static void test_answers_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct http_line line;
        enum net_trouble trouble;
        const char *says;
        unsigned attempts;
    } cases[] = {
        {"a web page",
         {NULL, 200, NULL, " <!DOCTYPE html><p>Sign in", HTTP_ANSWER, 9},
         NET_TROUBLE_HTML,
         "is a web page",
         1},
        {"huge",
         {NULL, 200, NULL, "0123456789012345678901234567890123456789", HTTP_ANSWER, 9},
         NET_TROUBLE_HUGE,
         "larger than 32 bytes",
         1},
        {"cut", {NULL, 200, NULL, "<a><b></b></a>", HTTP_CUT, 9}, NET_TROUBLE_CUT, "broke off", 4},
        {"without end",
         {NULL, 200, NULL, NULL, HTTP_TRICKLE, 9},
         NET_TROUBLE_ENDLESS,
         "did not come to its end",
         3},
        {"dropped", {NULL, 200, NULL, NULL, HTTP_DROP, 9}, NET_TROUBLE_CONNECTION, "no answer from", 4},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t taken = 0;
        const struct net_sink sink = {start_anew, take_all, &taken};
        struct http_double *server = http_double_start(&cases[i].line, 1);
        struct net_options options = {.user_agent = "unit/1",
                                      .max_attempts = 4,
                                      .backoff_base_ms = 1,
                                      .timeout_ms = 100};
        struct net_request request = {.method = "GET",
                                      .url = http_double_url(server),
                                      .retry_lost_answer = true,
                                      .sink = &sink,
                                      .max_body_size = 32,
                                      .done = note};
        struct seen seen = {0};
        struct net *net;
        struct err err = {0};
        request.context = &seen;
        assert_int_equal(net_open(&net, &options, &err), 0);
        net_send(net, &request);
        assert_int_equal(net_run(net, &err), 0);
        CHECK(seen.calls == 1 && seen.response.status == 0 && seen.response.trouble == cases[i].trouble,
              "%s: %d, %s", cases[i].name, (int)seen.response.trouble, seen.response.err.message);
        CHECK(strstr(seen.response.err.message, cases[i].says), "%s: %s", cases[i].name,
              seen.response.err.message);
        CHECK(seen.response.attempts == cases[i].attempts, "%s: %u", cases[i].name, seen.response.attempts);
        net_close(net);
        http_double_stop(server);
        http_double_free(server);
    }
}

static void test_web_pages(void **state)
{
    (void)state;
    assert_true(net_is_html("\r\n <!doctype HTML>", 19));
    assert_true(net_is_html("<html lang=en>", 14));
    assert_false(net_is_html("<?xml version='1.0'?><a/>", 25));
    assert_false(net_is_html("<htm", 4));
    assert_false(net_is_html("", 0));
}

static void test_nothing_starts_after_the_deadline(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 200, NULL, "in time", HTTP_ANSWER, 0},
                                       {NULL, 503, NULL, "", HTTP_ANSWER, 99}};
    struct http_double *server = http_double_start(script, COUNT(script));
    struct net_options options = {.user_agent = "unit/1",
                                  .deadline_s = 1,
                                  .max_attempts = 99,
                                  .backoff_base_ms = 50};
    struct seen first = {0}, second = {0}, late = {0};
    struct net_request request = {.method = "GET", .url = http_double_url(server), .group = "a", .done = note};
    struct net *net;
    struct err err = {0};
    assert_int_equal(net_open(&net, &options, &err), 0);
    request.context = &first;
    net_send(net, &request);
    request.context = &second; /* would be tried for minutes */
    net_send(net, &request);
    request.context = &late;
    request.delay_ms = 60 * 1000;
    net_send(net, &request);
    assert_int_equal(net_run(net, &err), 0);
    assert_string_equal(first.body, "in time");
    assert_true(second.calls == 1 && late.calls == 1 && late.response.attempts == 0);
    assert_int_equal(late.response.trouble, NET_TROUBLE_DEADLINE);
    assert_int_equal(late.response.err.code, ERR_NET);
    assert_string_equal(late.response.err.message, "the deadline of 1 seconds passed before it was sent");
    assert_false(late.response.maybe_sent);
    assert_true(net_is_late(net));
    net_allow(net, 60); /* last words */
    assert_false(net_is_late(net));
    net_close(net);
    http_double_stop(server);
    http_double_free(server);
}

static void test_a_signal_stops_what_was_not_sent(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 200, NULL, "ok", HTTP_ANSWER, 99}};
    struct http_double *server = http_double_start(script, COUNT(script));
    struct chain chain = {.net = open_net(), .url = http_double_url(server)};
    struct seen delayed = {0};
    struct err err = {0};
    net_send(
        chain.net,
        &(struct net_request){.method = "GET", .url = chain.url, .done = stop_and_send, .context = &chain});
    net_send(chain.net, &(struct net_request){.method = "GET",
                                              .url = chain.url,
                                              .delay_ms = 60 * 60 * 1000,
                                              .done = note,
                                              .context = &delayed});
    assert_int_equal(net_run(chain.net, &err), -1);
    assert_int_equal(err.code, ERR_STOPPED);
    assert_int_equal(chain.first.response.status, 200);
    assert_int_equal(chain.second.response.err.code, ERR_STOPPED);
    assert_false(chain.second.response.maybe_sent);
    assert_int_equal(delayed.response.err.code, ERR_STOPPED);
    net_close(chain.net);
    http_double_stop(server);
    assert_int_equal(http_double_count(server), 1);
    http_double_free(server);
}

static void stop_when_done(void *context, const struct net_response *response)
{
    note(context, response);
    stop_flag = 2;
}

/* The answer to an attempt was lost, and a signal comes before the next one: it may have been done all the same. */
static void test_a_signal_after_a_lost_answer(void **state)
{
    (void)state;
    const struct http_line script[] = {{"GET /lost", 200, NULL, "", HTTP_DROP, 99},
                                       {"GET /last", 200, NULL, "ok", HTTP_ANSWER, 1}};
    struct http_double *server = http_double_start(script, COUNT(script));
    struct net_options options = {.user_agent = "unit/1",
                                  .max_in_flight_per_group = 1,
                                  .max_attempts = 99,
                                  .backoff_base_ms = 20 * 1000,
                                  .stop_signal = &stop_flag};
    struct seen lost = {0}, last = {0};
    char url[128];
    struct net_request request = {.method = "GET",
                                  .url = url,
                                  .retry_lost_answer = true,
                                  .done = note,
                                  .context = &lost};
    struct net *net;
    struct err err = {0};
    stop_flag = 0;
    assert_int_equal(net_open(&net, &options, &err), 0);
    snprintf(url, sizeof url, "%s/lost", http_double_url(server));
    net_send(net, &request);
    snprintf(url, sizeof url, "%s/last", http_double_url(server));
    request.done = stop_when_done;
    request.context = &last;
    net_send(net, &request);
    assert_int_equal(net_run(net, &err), -1);
    assert_string_equal(last.body, "ok");
    assert_int_equal(lost.calls, 1);
    assert_int_equal(lost.response.trouble, NET_TROUBLE_STOPPED);
    assert_int_equal(lost.response.err.code, ERR_STOPPED);
    assert_true(lost.response.attempts >= 1 && lost.response.maybe_sent);
    assert_string_equal(lost.response.err.message,
                        "stopped by a signal before it was sent again, and what became of "
                        "the attempt before is not known");
    net_close(net);
    http_double_stop(server);
    http_double_free(server);
}

/* A signal comes with the first bytes of an answer that never ends. */
static bool stop_and_take(void *context, const char *bytes, size_t size)
{
    stop_flag = 15;
    return take_all(context, bytes, size);
}

static void test_an_answer_that_does_not_come_after_a_signal(void **state)
{
    (void)state;
    const struct http_line script[] = {{NULL, 200, NULL, NULL, HTTP_TRICKLE, 9}};
    size_t taken = 0;
    const struct net_sink sink = {start_anew, stop_and_take, &taken};
    struct http_double *server = http_double_start(script, COUNT(script));
    struct net_options options = {.user_agent = "unit/1", .stop_signal = &stop_flag, .stop_wait_ms = 100};
    struct seen seen = {0};
    struct net *net;
    struct err err = {0};
    stop_flag = 0;
    assert_int_equal(net_open(&net, &options, &err), 0);
    net_send(net, &(struct net_request){.method = "POST",
                                        .url = http_double_url(server),
                                        .sink = &sink,
                                        .max_body_size = 1024 * 1024,
                                        .done = note,
                                        .context = &seen});
    assert_int_equal(net_run(net, &err), -1);
    assert_int_equal(err.code, ERR_STOPPED);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.response.status, 0);
    assert_true(seen.response.maybe_sent);
    assert_int_equal(seen.response.attempts, 1);
    assert_non_null(strstr(seen.response.err.message, "100 ms after a signal"));
    net_close(net);
    http_double_stop(server);
    http_double_free(server);
}

/* Sixty requests of five groups: each is answered once, whatever is throttled on the way. */
static void test_many(void **state)
{
    (void)state;
    enum { MANY = 60 };
    static const char *const groups[] = {"1", "2", "3", "4", "5"};
    const struct http_line script[] = {
        {NULL, 200, NULL, "", HTTP_ANSWER, 10},
        {NULL, 429, NULL, "", HTTP_ANSWER, 3},
        {NULL, 200, NULL, "", HTTP_DROP, 3},
        {NULL, 200, NULL, "", HTTP_ANSWER, 99},
    };
    struct http_double *server = http_double_start(script, COUNT(script));
    struct net *net = open_net();
    struct seen seen[MANY] = {0};
    struct err err = {0};
    for (size_t i = 0; i < MANY; i++)
        net_send(net, &(struct net_request){.method = "GET",
                                            .url = http_double_url(server),
                                            .group = groups[i % COUNT(groups)],
                                            .retry_lost_answer = true,
                                            .done = note,
                                            .context = &seen[i]});
    assert_int_equal(net_run(net, &err), 0);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(seen[i].calls, 1);
        assert_int_equal(seen[i].response.status, 200);
    }
    net_close(net);
    http_double_stop(server);
    assert_int_equal(http_double_count(server), MANY + 6);
    http_double_free(server);
}

static void test_what_is_queued_can_be_dropped(void **state)
{
    (void)state;
    struct net *net = open_net();
    struct seen seen = {0};
    net_send(
        net,
        &(struct net_request){.method = "GET", .url = "https://localhost/", .done = note, .context = &seen});
    net_close(net);
    net_close(NULL);
    assert_int_equal(seen.calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_transient_answers_are_tried_again),
        cmocka_unit_test(test_the_callers_classifier_decides),
        cmocka_unit_test(test_the_callers_classifier_says_how_long_to_wait),
        cmocka_unit_test(test_a_bearer_token_goes_with_every_attempt),
        cmocka_unit_test(test_lost_answers),
        cmocka_unit_test(test_no_connection),
        cmocka_unit_test(test_a_forbidden_url_is_never_asked),
        cmocka_unit_test(test_redirects_are_answers),
        cmocka_unit_test(test_too_large_a_body),
        cmocka_unit_test(test_a_sink_takes_the_body_of_a_success),
        cmocka_unit_test(test_answers_that_are_none),
        cmocka_unit_test(test_web_pages),
        cmocka_unit_test(test_nothing_starts_after_the_deadline),
        cmocka_unit_test(test_a_signal_stops_what_was_not_sent),
        cmocka_unit_test(test_a_signal_after_a_lost_answer),
        cmocka_unit_test(test_an_answer_that_does_not_come_after_a_signal),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_what_is_queued_can_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
