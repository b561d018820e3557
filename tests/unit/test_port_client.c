/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "http_double.h"
#include "port/port_catalog.h"
#include "port/port_client.h"
#include "port/port_progress.h"
#include "port/port_run.h"
#include "unit.h"

struct port_world {
    struct arena *arena;
    struct net *net;
    struct http_double *server;
    struct port_environment environment;
    struct port *port;
    struct err err;
};

#define TOKEN                                                                                   \
    {                                                                                           \
        "POST /v1/auth/access_token ", 200, NULL, "{\"accessToken\":\"t0ken\"}", HTTP_ANSWER, 0 \
    }

static struct port_world *world_with(const struct http_line *script, size_t count,
                                     const struct net_options *net)
{
    struct arena *arena = arena_new();
    struct port_world *world = ARENA_NEW(arena, struct port_world);
    world->arena = arena;
    world->server = http_double_start(script, count);
    secret_set(&world->environment.client_id, "id", 2);
    secret_set(&world->environment.client_secret, "s3cret", 6);
    assert_int_equal(net_open(&world->net, net, &world->err), 0);
    assert_int_equal(port_open(world->arena, &world->environment, http_double_url(world->server), world->net,
                               &world->port, &world->err),
                     0);
    return world;
}

static struct port_world *world_of(const struct http_line *script, size_t count)
{
    const struct net_options net = {.user_agent = "unit/1", .backoff_base_ms = 1, .max_attempts = 3};
    return world_with(script, count, &net);
}

/* Before it, nobody looks at what the server was asked. */
static void stop(struct port_world *world)
{
    if (!world->net)
        return;
    net_close(world->net);
    world->net = NULL;
    http_double_stop(world->server);
}

static void end(struct port_world *world)
{
    stop(world);
    port_close(world->port);
    http_double_free(world->server);
    secret_clear(&world->environment.client_id);
    secret_clear(&world->environment.client_secret);
    arena_free(world->arena);
}

static const struct port_request get = {.method = "GET", .path = "/v1/x", .what = "read x"};

static void test_token(void **state)
{
    (void)state;
    const struct http_line script[] = {TOKEN, {"GET /v1/x ", 200, NULL, "{\"a\":1}", HTTP_ANSWER, 2}};
    struct port_world *world = world_of(script, COUNT(script));
    struct port_answer answer;
    for (int i = 0; i < 2; i++)
        assert_int_equal(port_send(world->arena, world->port, &get, &answer, &world->err), 0);
    assert_non_null(json_get(answer.json, "a"));
    stop(world);
    assert_int_equal(http_double_count(world->server), 3);
    assert_non_null(
        strstr(http_double_request(world->server, 0), "{\"clientId\":\"id\",\"clientSecret\":\"s3cret\"}"));
    assert_non_null(strstr(http_double_request(world->server, 1), "Authorization: Bearer t0ken\r\n"));
    end(world);
}

/* A token that ended is asked for anew, once; credentials that Port does not take are named, their value is not. */
static void test_refused(void **state)
{
    (void)state;
    const struct http_line ended[] = {TOKEN,
                                      {"GET /v1/x ", 200, NULL, "{}", HTTP_ANSWER, 0},
                                      {"GET /v1/x ", 401, NULL, "{\"error\":\"gone\"}", HTTP_ANSWER, 0},
                                      TOKEN,
                                      {"GET /v1/x ", 200, NULL, "{}", HTTP_ANSWER, 0}};
    struct port_world *world = world_of(ended, COUNT(ended));
    struct port_answer answer;
    for (int i = 0; i < 2; i++)
        assert_int_equal(port_send(world->arena, world->port, &get, &answer, &world->err), 0);
    end(world);
    const struct http_line wrong[] = {{"access_token", 401, NULL, "{\"message\":\"s3cret\"}", HTTP_ANSWER, 0}};
    world = world_of(wrong, COUNT(wrong));
    assert_int_equal(port_send(world->arena, world->port, &get, &answer, &world->err), -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    assert_non_null(strstr(world->err.message, "PORT_CLIENT_ID"));
    assert_null(strstr(world->err.message, "s3cret"));
    end(world);
    static const char *const bodies[] = {
        "{}", "[]", "{\"accessToken\":7}", "{\"accessToken\":\"a b\"}", "{\"accessToken\":\"\"}", "<html>"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const struct http_line odd[] = {{"access_token", 200, NULL, bodies[i], HTTP_ANSWER, 0}};
        world = world_of(odd, COUNT(odd));
        CHECK(port_send(world->arena, world->port, &get, &answer, &world->err) == -1, "%s", bodies[i]);
        end(world);
    }
}

/* What may be repeated is; a line of a log is not, once it may have been taken. */
static void test_trouble(void **state)
{
    (void)state;
    const struct http_line script[] = {
        TOKEN,
        {"GET /v1/x ", 503, NULL, "", HTTP_ANSWER, 0},
        {"GET /v1/x ", 0, NULL, "", HTTP_DROP, 0},
        {"GET /v1/x ", 200, NULL, "{}", HTTP_ANSWER, 0},
        {"/logs ", 0, NULL, "", HTTP_DROP, 0},
        {"/logs ", 503, NULL, "", HTTP_ANSWER, 0},
        {"GET /v1/x ", 422, NULL, "{\"error\":\"a\\nb\",\"message\":\"c\\td\"}", HTTP_ANSWER, 0}};
    struct port_world *world = world_of(script, COUNT(script));
    struct port_answer answer;
    assert_int_equal(port_send(world->arena, world->port, &get, &answer, &world->err), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(port_run_log(world->arena, world->port, "r_1", "m", PORT_GOES_ON, &world->err), -1);
    assert_int_equal(port_send(world->arena, world->port, &get, &answer, &world->err), -1);
    assert_int_equal(world->err.code, ERR_REFUSED);
    assert_string_equal(world->err.message, "cannot read x: Port answered 422 a?b (c?d)");
    end(world);
}

/* A Port that accepts and says nothing, or a byte now and then: each attempt has its end, and there is no other. */
static void test_a_port_that_stalls(void **state)
{
    (void)state;
    static const enum http_fault ways[] = {HTTP_HOLD, HTTP_TRICKLE};
    const struct net_options net = {.user_agent = "unit/1",
                                    .backoff_base_ms = 1,
                                    .max_attempts = 2,
                                    .timeout_ms = 100};
    for (size_t i = 0; i < COUNT(ways); i++) {
        const struct http_line script[] = {{"POST /v1/auth/access_token ", 200, NULL, NULL, ways[i], 9}};
        struct port_world *world = world_with(script, COUNT(script), &net);
        struct port_answer answer;
        CHECK(port_send(world->arena, world->port, &get, &answer, &world->err) == -1, "%zu", i);
        CHECK(world->err.code == ERR_NET, "%zu: %s", i, world->err.message);
        stop(world);
        CHECK(http_double_count(world->server) <= 2, "%zu", i);
        end(world);
    }
}

static void test_usage(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct port_environment environment = {0};
    struct port *port;
    struct err err = {0};
    assert_int_equal(port_open(arena, &environment, "https://api.getport.io", NULL, &port, &err), -1);
    assert_int_equal(err.code, ERR_USAGE);
    secret_set(&environment.client_id, "id", 2);
    secret_set(&environment.client_secret, "a\nb", 3);
    assert_int_equal(port_open(arena, &environment, "https://api.getport.io", NULL, &port, &err), -1);
    secret_set(&environment.client_secret, "ab", 2);
    assert_int_equal(port_open(arena, &environment, "https://api.getport.io", NULL, &port, &err), 0);
    static const char *const urls[] = {"http://api.getport.io", "ftp://x", "", "https://a/?x",
                                       "http://127.0.0.1.x.y"};
    for (size_t i = 0; i < COUNT(urls); i++)
        CHECK(port_open(arena, &environment, urls[i], NULL, &port, &err) == -1, "%s", urls[i]);
    secret_clear(&environment.client_id);
    secret_clear(&environment.client_secret);
    arena_free(arena);
}

/* A run of which something that decides is not known is no run. */
static void test_runs(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int rc;
    } cases[] = {
        {"{\"run\":{\"id\":\"r_1\",\"status\":\"IN_PROGRESS\",\"action\":\"a\"}}", 0},
        {"{\"run\":{\"id\":\"r_1\",\"status\":\"IN_PROGRESS\",\"action\":{\"identifier\":\"a\"}}}", 0},
        {"{\"run\":{\"id\":\"r_2\",\"status\":\"IN_PROGRESS\",\"action\":\"a\"}}", -1},
        {"{\"run\":{\"id\":\"r_1\",\"status\":7,\"action\":\"a\"}}", -1},
        {"{\"run\":{\"id\":\"r_1\",\"status\":\"IN_PROGRESS\"}}", -1},
        {"{\"run\":[]}", -1},
        {"[]", -1},
        {"", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {
            TOKEN,
            {"GET /v1/actions/runs/r_1?version=v2 ", 200, NULL, cases[i].body, HTTP_ANSWER, 0}};
        struct port_world *world = world_of(script, COUNT(script));
        struct port_run run;
        bool found;
        CHECK(port_run_read(world->arena, world->port, "r_1", &run, &found, &world->err) == cases[i].rc, "%s",
              cases[i].body);
        CHECK(found == (cases[i].rc == 0), "%s", cases[i].body);
        end(world);
    }
}

#define SEARCH      "POST /v1/blueprints/provisioned_permissions/entities/search "
#define ENTITY(id)  "{\"identifier\":\"" id "\",\"properties\":{\"owner\":\"o\"}}"
#define LEASE       "0123456789abcdef"
#define PAGE(next)  "{\"entities\":[" ENTITY(LEASE) "," ENTITY("..") "]" next "}"
#define RUNS(after) "GET /v1/actions/runs?version=v2&active=true&blueprint=aws_resource" after " "

static void test_catalog(void **state)
{
    (void)state;
    const struct http_line script[] = {
        TOKEN,
        {SEARCH, 200, NULL,
         "{\"entities\":[{\"identifier\":\"" LEASE
         "\",\"title\":\"t\",\"properties\":{\"owner\":\"o\",\"expiry_time\":"
         "\"2026-06-01T17:00:00.000Z\",\"requester\":\"b@example.com\",\"iam_policy\":{\"Version\":\"2012-10-17\",\"Statement\":"
         "{\"Effect\":\"Allow\",\"Action\":\"s3:a\",\"Resource\":\"*\"}}}},{\"identifier\":7},7,"
         "{\"identifier\":\"f\",\"properties\":{\"owner\":\"another\"}},{\"identifier\":\"g\"}," ENTITY(
             "e") "," ENTITY("..") "," ENTITY("0123456789ABCDEF") "]}",
         HTTP_ANSWER, 0},
        {"DELETE /v1/blueprints/provisioned_permissions/entities/arn%3Aa%2Fb ", 404, NULL, "{}", HTTP_ANSWER,
         0},
        {"DELETE ", 403, NULL, "{}", HTTP_ANSWER, 0},
    };
    struct port_world *world = world_of(script, COUNT(script));
    struct port_entries entries = {0};
    assert_int_equal(port_catalog_list(world->arena, world->port, "o", &entries, &world->err), 0);
    assert_int_equal(entries.count, 1);
    struct port_entry same = {.identifier = LEASE,
                              .title = "t",
                              .requester = "b@example.com",
                              .ends_at_s = 1780333200};
    assert_false(port_entry_is_same(&entries.items[0], &same));
    same.policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"S3:a\"],"
                  "\"Resource\":[\"*\"]}]}";
    assert_true(port_entry_is_same(&entries.items[0], &same));
    entries.items[0].policy = "{}";
    assert_false(port_entry_is_same(&entries.items[0], &same));
    assert_int_equal(port_catalog_remove(world->arena, world->port, "arn:a/b", &world->err), 0);
    assert_int_equal(port_catalog_remove(world->arena, world->port, "e", &world->err), -1);
    assert_int_equal(port_catalog_remove(world->arena, world->port, "..", &world->err), -1); /* not sent */
    end(world);
}

/* Relations are sets: neither their order nor what is named twice is a reason to write. */
static void test_relations(void **state)
{
    (void)state;
    static const char *a[] = {"s3:a"}, *a_b[] = {"s3:a", "s3:b"}, *b_a_a[] = {"s3:b", "s3:a", "s3:a"},
                      *b_b_a[] = {"s3:b", "s3:b", "s3:a"}, *a_a[] = {"s3:a", "s3:a"};
    static const struct {
        const char *const *there, *const *wanted;
        size_t there_count, wanted_count;
        bool is_same;
    } cases[] = {
        {a_b, b_a_a, 2, 3, true}, {b_a_a, a_b, 3, 2, true}, {b_a_a, b_b_a, 3, 3, true},
        {a_a, a_b, 2, 2, false},  {a_b, a_a, 2, 2, false},  {a, a_a, 1, 2, true},
        {a_b, a, 2, 1, false},    {a, a_b, 1, 2, false},    {NULL, a, 0, 1, false},
        {a, NULL, 1, 0, false},   {NULL, NULL, 0, 0, true},
    };
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct port_entry there = {.identifier = LEASE, .resource = "r"}, wanted = there;
        for (size_t j = 0; j < cases[i].there_count; j++)
            strings_add(arena, &there.permissions, cases[i].there[j]);
        for (size_t j = 0; j < cases[i].wanted_count; j++)
            strings_add(arena, &wanted.permissions, cases[i].wanted[j]);
        CHECK(port_entry_is_same(&there, &wanted) == cases[i].is_same, "case %zu", i);
        wanted.resource = NULL; /* what it does not relate to anything is for whoever wrote it */
        CHECK(port_entry_is_same(&there, &wanted), "case %zu", i);
    }
}

/* Page after page; a catalog that names the same page again has no end. */
static void test_pages(void **state)
{
    (void)state;
    const struct http_line script[] = {
        TOKEN,
        {SEARCH, 200, NULL, PAGE(",\"next\":\"n1\""), HTTP_ANSWER, 0},
        {SEARCH, 200, NULL, PAGE(",\"next\":\"n2\""), HTTP_ANSWER, 0},
        {SEARCH, 200, NULL, PAGE(",\"next\":\"\""), HTTP_ANSWER, 0},
        {SEARCH, 200, NULL, PAGE(",\"next\":\"n\""), HTTP_ANSWER, 2},
    };
    struct port_world *world = world_of(script, COUNT(script));
    struct port_entries entries = {0};
    assert_int_equal(port_catalog_list(world->arena, world->port, "o", &entries, &world->err), 0);
    assert_int_equal(entries.count, 3);
    assert_int_equal(port_catalog_list(world->arena, world->port, "o", &entries, &world->err), -1);
    assert_non_null(strstr(world->err.message, "has no end"));
    stop(world);
    assert_null(strstr(http_double_request(world->server, 1), "\"from\""));
    assert_non_null(strstr(http_double_request(world->server, 2), "\"from\":\"n1\""));
    assert_non_null(strstr(http_double_request(world->server, 3), "\"from\":\"n2\""));
    end(world);
}

static struct located actions[] = {{.text = "ask"}};
static const struct located_list asking = {.items = actions, .count = 1};

/* Only runs of these actions that are in progress; who asked is looked up once, and only for them. */
static void test_runs_in_progress(void **state)
{
    (void)state;
    const struct http_line script[] = {
        TOKEN,
        {RUNS(""), 200, NULL,
         "{\"next\":\"a b\",\"runs\":["
         "{\"id\":\"r_1\",\"status\":\"IN_PROGRESS\",\"action\":{\"identifier\":\"ask\"},"
         "\"blueprint\":{\"identifier\":\"aws_resource\"},\"source\":\"UI\",\"createdBy\":\"auth0|1\"},"
         "{\"id\":\"r_2\",\"status\":\"SUCCESS\",\"action\":\"ask\",\"blueprint\":\"aws_resource\"},"
         "{\"id\":\"r_3\",\"status\":\"IN_PROGRESS\",\"action\":\"other\",\"blueprint\":\"aws_resource\"},"
         "{\"id\":\"r_4\",\"status\":\"IN_PROGRESS\",\"action\":\"ask\",\"blueprint\":\"other\"},"
         "{\"id\":\"../x\",\"status\":\"IN_PROGRESS\",\"action\":\"ask\",\"blueprint\":\"aws_resource\"},7]}",
         HTTP_ANSWER, 0},
        {"GET /v1/users ", 200, NULL, "{\"users\":[7,{\"id\":\"auth0|1\",\"email\":\"a@b\"}]}", HTTP_ANSWER, 0},
        {RUNS("&next=a%20b"), 200, NULL,
         "{\"runs\":[{\"id\":\"r_5\",\"status\":\"IN_PROGRESS\",\"action\":\"ask\","
         "\"blueprint\":\"aws_resource\",\"source\":\"API\",\"createdBy\":\"auth0|2\"},"
         "{\"id\":\"r_6\",\"status\":\"IN_PROGRESS\",\"action\":\"ask\","
         "\"blueprint\":\"aws_resource\",\"source\":\"AUTOMATION\",\"createdBy\":\"c@d\"}]}",
         HTTP_ANSWER, 0},
    };
    struct port_world *world = world_of(script, COUNT(script));
    struct port_runs runs = {0};
    assert_int_equal(
        port_runs_in_progress(world->arena, world->port, "aws_resource", &asking, &runs, &world->err), 0);
    assert_int_equal(runs.count, 3);
    assert_string_equal(runs.items[0].requester, "a@b");
    assert_string_equal(runs.items[1].id, "r_5");
    assert_null(runs.items[1].requester);
    assert_null(runs.items[2].requester); /* whose change was the event of an automation */
    end(world);
    static const char *const bodies[] = {"{}", "[]", "{\"runs\":{}}", "{\"runs\":[],\"next\":\"n\"}"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const struct http_line odd[] = {TOKEN,
                                        {"GET /v1/actions/runs?", 200, NULL, bodies[i], HTTP_ANSWER, 2}};
        world = world_of(odd, COUNT(odd));
        CHECK(port_runs_in_progress(world->arena, world->port, "aws_resource", &asking, &runs, &world->err) ==
                  -1,
              "%s", bodies[i]);
        end(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_token),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_trouble),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_catalog),
        cmocka_unit_test(test_a_port_that_stalls),
        cmocka_unit_test(test_relations),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_runs_in_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
