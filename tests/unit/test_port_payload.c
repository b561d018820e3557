/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_payload.h"
#include "unit.h"

#include <string.h>

/* `name` and its text are the only input; the text becomes a string of JSON. */
static int read_input(struct arena *arena, const char *name, const char *text, struct port_payload *ret,
                      struct err *err)
{
    struct json values[1] = {{.kind = JSON_STRING, .string = text}};
    const char *keys[1] = {name};
    const struct json inputs = {.kind = JSON_OBJECT, .items = values, .keys = keys, .count = 1};
    return port_payload_read(arena, &inputs, ret, err);
}

static void test_shapes(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct port_payload payload;
    struct err err;
    assert_int_equal(read_input(arena, "port_payload",
                                "{\"context\":{\"entity\":\"arn\",\"runId\":\"r_1\"},\"payload\":{},"
                                "\"trigger\":{\"by\":{\"user\":{\"email\":\"b@x.y\"}}}}",
                                &payload, &err),
                     0);
    assert_string_equal(payload.run_id, "r_1");
    assert_string_equal(payload.entity, "arn");
    assert_string_equal(payload.requester, "b@x.y");
    assert_int_equal(read_input(arena, "port_context",
                                "{\"entity\":{\"identifier\":\"arn\"},\"runId\":\"r-2\","
                                "\"trigger\":{\"by\":{\"user\":{\"email\":\"b@x.y\"}}}}",
                                &payload, &err),
                     0);
    assert_string_equal(payload.run_id, "r-2");
    assert_string_equal(payload.entity, "arn");
    assert_string_equal(payload.requester, "b@x.y");
    /* An automation has no user. */
    assert_int_equal(read_input(arena, "port_context",
                                "{\"entity\":{\"identifier\":\"e\"},\"runId\":\"r_3\",\"trigger\":{\"by\":{}}}",
                                &payload, &err),
                     0);
    assert_null(payload.requester);
    arena_free(arena);
}

static void test_malformed(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "7",
        "null",
        "{}",
        "{\"runId\":7}",
        "{\"runId\":null}",
        "{\"runId\":\"\"}",
        "{\"runId\":\"a/b\"}",
        "{\"runId\":\"a b\"}",
        "{\"runId\":\"a\\nb\"}",
        "{\"runId\":\"a\\u0000b\"}",
        "{\"runId\":\"$(id)\"}",
        "{\"runId\":\"..\"}",
        "{\"runId\":\"r_1\",\"runId\":\"r_2\"}",
        "{\"runId\":{\"x\":\"r_1\"}}",
        "{\"runId\":\"12345678901234567890123456789012345678901234567890123456789012345\"}",
        "{\"runId\":\"r_1\"} x",
    };
    struct arena *arena = arena_new();
    struct port_payload payload;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct err err = {0};
        CHECK(read_input(arena, "port_context", texts[i], &payload, &err) == -1 && err.code == ERR_INPUT,
              "%s", texts[i]);
    }
    struct err err;
    assert_int_equal(read_input(arena, "other", "{\"runId\":\"r_1\"}", &payload, &err), -1);
    assert_int_equal(port_payload_read(arena, NULL, &payload, &err), -1);
    char *long_text = arena_alloc(arena, PORT_INPUT_MAX + 2);
    memset(long_text, ' ', PORT_INPUT_MAX + 1);
    assert_int_equal(read_input(arena, "port_context", long_text, &payload, &err), -1);
    assert_non_null(strstr(err.message, "longer than"));
    arena_free(arena);
}

/* Of two that disagree nobody could say which is meant. */
static void test_both(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct port_payload payload;
    struct err err;
    struct json values[2] = {{.kind = JSON_STRING, .string = "{\"context\":{\"runId\":\"r_1\"}}"},
                             {.kind = JSON_STRING, .string = "{\"runId\":\"r_1\"}"}};
    const char *keys[2] = {"port_payload", "port_context"};
    const struct json inputs = {.kind = JSON_OBJECT, .items = values, .keys = keys, .count = 2};
    assert_int_equal(port_payload_read(arena, &inputs, &payload, &err), -1);
    values[0].string = "";
    assert_int_equal(port_payload_read(arena, &inputs, &payload, &err), 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
