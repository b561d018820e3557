/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/str.h"
#include "unit.h"

#include <string.h>

static const struct json *parsed(struct arena *arena, const char *text)
{
    struct json *json = NULL;
    struct err err = {0};
    int rc = json_parse(arena, text, strlen(text), &json, &err);
    CHECK(rc == 0 && err.code == ERR_NONE, "%s: %s", text, err.message);
    return json;
}

static void test_reads_every_kind(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *json =
        parsed(arena, " {\"null\":null,\"yes\":true,\"no\":false,\"number\":-12.5e1,\"\":\"\","
                      "\"text\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\udd11\\\\u0000\","
                      "\"list\":[1,[],{}],\"object\":{\"list\":[\"x\"]}}\n");
    assert_int_equal(json->kind, JSON_OBJECT);
    assert_int_equal(json->count, 8);
    assert_string_equal(json->keys[0], "null");
    assert_int_equal(json_get(json, "null")->kind, JSON_NULL);
    assert_int_equal(json_get(json, "yes")->kind, JSON_BOOL);
    assert_true(json_get(json, "yes")->boolean);
    assert_int_equal(json_get(json, "no")->kind, JSON_BOOL);
    assert_false(json_get(json, "no")->boolean);
    assert_int_equal(json_get(json, "number")->kind, JSON_NUMBER);
    assert_true(json_get(json, "number")->number == -125);
    assert_string_equal(json_get_string(json, ""), "");
    assert_string_equal(json_get_string(json, "text"), "a\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x94\x91\\u0000");
    const struct json *list = json_get(json, "list");
    assert_int_equal(list->kind, JSON_ARRAY);
    assert_int_equal(list->count, 3);
    assert_null(list->keys);
    assert_int_equal(list->items[1].kind, JSON_ARRAY);
    assert_int_equal(list->items[1].count, 0);
    assert_int_equal(list->items[2].kind, JSON_OBJECT);
    assert_string_equal(json_get(json_get(json, "object"), "list")->items[0].string, "x");
}

static void test_get_of_what_is_not_there(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *json = parsed(arena, "{\"list\":[\"key\"],\"number\":1}");
    assert_null(json_get(json, "LIST"));
    assert_null(json_get(json, "lis"));
    assert_null(json_get(NULL, "list"));
    assert_null(json_get(json_get(json, "list"), "key"));
    assert_null(json_get_string(json, "number"));
    assert_null(json_get_string(json, "missing"));
    assert_null(json_get_string(NULL, "missing"));
    assert_int_equal(parsed(arena, "null")->kind, JSON_NULL);
    assert_int_equal(parsed(arena, "\"x\"")->kind, JSON_STRING);
}

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "not JSON at byte 0 of 0"},
        {" ", "not JSON"},
        {"{", "not JSON"},
        {"}", "not JSON"},
        {"[1,]", "not JSON"},
        {"{\"a\":1,}", "not JSON"},
        {"{\"a\"}", "not JSON"},
        {"{a:1}", "not JSON"},
        {"{1:1}", "not JSON"},
        {"'a'", "not JSON"},
        {"\"a", "not JSON"},
        {"\"\\", "not JSON"},
        {"\"\\x41\"", "not JSON"},
        {"\"\\u12\"", "not JSON"},
        {"\"\\ud83d\"", "not JSON"}, /* half a pair */
        {"\"\\ud83d\\u0041\"", "not JSON"},
        {"\"\\udd11\"", "not JSON"},
        {"nul", "not JSON"},
        {"True", "not JSON"},
        {"NaN", "not JSON"},
        {"-", "not JSON"},
        {"+1", "not JSON"},
        {"[1] [2]", "not JSON"},
        {"{}x", "not JSON at byte 2 of 3"},
        {"{} // words", "not JSON"},
        {"\"a\\u0000b\"", "NUL at byte 2"},
        {"\"\\\\\\u0000\"", "NUL"},
        {"{\"a\\u0000\":1,\"a\":2}", "NUL"},
        {"\"\xff\"", "not UTF-8 at byte 1"},
        {"\"\xc0\x80\"", "not UTF-8"},
        {"\"\xed\xa0\x80\"", "not UTF-8"},
        {"\"\xe2\x82", "not UTF-8"},
        {"{\"a\":1,\"a\":1}", "\"a\" stands twice"},
        {"{\"a\":1,\"\\u0061\":1}", "\"a\" stands twice"},
        {"[{\"x\":{\"\":1,\"b\":2,\"\":3}}]", "\"\" stands twice"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct json *json = NULL;
        struct err err = {0};
        CHECK(json_parse(arena, cases[i].text, strlen(cases[i].text), &json, &err) == -1, "%s", cases[i].text);
        CHECK(!json && err.code == ERR_INPUT, "%s", cases[i].text);
        CHECK(strstr(err.message, cases[i].message), "%s: %s", cases[i].text, err.message);
    }
}

static void test_refuses_nul_bytes(void **state)
{
    (void)state;
    static const char text[] = "{}\0";
    for (size_t size = 3; size <= sizeof text; size++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct json *json = NULL;
        struct err err = {0};
        assert_int_equal(json_parse(arena, text, size, &json, &err), -1);
        assert_non_null(strstr(err.message, "NUL at byte 2"));
    }
}

/* `size` is the text's end, whatever stands behind it. */
static void test_reads_no_further_than_its_size(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char text[] = {'[', '1', ']', ',', '2'};
    struct json *json = NULL;
    struct err err = {0};
    assert_int_equal(json_parse(arena, text, 3, &json, &err), 0);
    assert_int_equal(json->count, 1);
    assert_int_equal(json_parse(arena, text, sizeof text, &json, &err), -1);
    for (size_t size = 0; size < 3; size++)
        assert_int_equal(json_parse(arena, text, size, &json, &err), -1);
}

static void test_depth(void **state)
{
    (void)state;
    static const struct {
        size_t depth;
        bool object, accepted;
    } cases[] = {
        {63, false, true}, {64, false, true},  {65, false, false},     {64, true, true},
        {65, true, false}, {999, true, false}, {100000, false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct buf text;
        buf_init(&text, 1000000);
        for (size_t j = 0; j < cases[i].depth; j++)
            buf_add_text(&text, !cases[i].object ? "[" : j + 1 < cases[i].depth ? "{\"a\":" : "{");
        for (size_t j = 0; j < cases[i].depth; j++)
            buf_add_text(&text, cases[i].object ? "}" : "]");
        struct json *json = NULL;
        struct err err = {0};
        int rc = json_parse(arena, text.bytes, text.size, &json, &err);
        CHECK((rc == 0) == cases[i].accepted, "%zu: %s", cases[i].depth, err.message);
        CHECK(rc == 0 || err.code == ERR_INPUT, "%zu", cases[i].depth);
        buf_free(&text);
    }
}

/* Many elements and many keys are read in a time that grows as they do. */
static void test_wide(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct buf text;
    buf_init(&text, 4000000);
    buf_add_text(&text, "{\"list\":[0");
    for (int i = 1; i < 50000; i++)
        buf_addf(&text, ",%d", i);
    buf_add_text(&text, "]");
    for (int i = 0; i < 20000; i++)
        buf_addf(&text, ",\"key %d\":%d", i, i);
    buf_add_text(&text, "}");
    const struct json *json = parsed(arena, text.bytes);
    assert_int_equal(json->count, 20001);
    assert_true(json_get(json, "list")->items[49999].number == 49999);
    assert_true(json_get(json, "key 19999")->number == 19999);
    buf_free(&text);
}

static void write_all(struct json_writer *writer)
{
    static const char *words[] = {"one", "two"};
    const struct strings strings = {.items = words, .count = 2}, none = {0};
    json_begin_object(writer);
    json_key_string(writer, "format", "iamlease/plan");
    json_key_int(writer, "version", 1);
    json_key_bool(writer, "yes", true);
    json_key_bool(writer, "no", false);
    json_key_string(writer, "nothing", NULL);
    json_key_time(writer, "ends_at", 1796047200);
    json_key_time(writer, "no_end", 0);
    json_key_strings(writer, "words", &strings);
    json_key_strings(writer, "none", &none);
    json_key(writer, "rows");
    json_begin_array(writer);
    json_begin_object(writer);
    json_end_object(writer);
    json_begin_array(writer);
    json_int(writer, INT64_MIN);
    json_int(writer, INT64_MAX);
    json_end_array(writer);
    json_null(writer);
    json_string(writer, "");
    json_end_array(writer);
    json_end_object(writer);
}

static void test_writes_minified(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 10000);
    struct json_writer writer = json_writer_new(&out, false);
    write_all(&writer);
    assert_string_equal(
        out.bytes, "{\"format\":\"iamlease/plan\",\"version\":1,\"yes\":true,\"no\":false,\"nothing\":null,"
                   "\"ends_at\":\"2026-11-30T14:00:00Z\",\"no_end\":null,\"words\":[\"one\",\"two\"],"
                   "\"none\":[],\"rows\":[{},[-9223372036854775808,9223372036854775807],null,\"\"]}");
    buf_free(&out);
}

static void test_writes_pretty(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 10000);
    struct json_writer writer = json_writer_new(&out, true);
    write_all(&writer);
    assert_string_equal(out.bytes, "{\n"
                                   "  \"format\": \"iamlease/plan\",\n"
                                   "  \"version\": 1,\n"
                                   "  \"yes\": true,\n"
                                   "  \"no\": false,\n"
                                   "  \"nothing\": null,\n"
                                   "  \"ends_at\": \"2026-11-30T14:00:00Z\",\n"
                                   "  \"no_end\": null,\n"
                                   "  \"words\": [\n"
                                   "    \"one\",\n"
                                   "    \"two\"\n"
                                   "  ],\n"
                                   "  \"none\": [],\n"
                                   "  \"rows\": [\n"
                                   "    {},\n"
                                   "    [\n"
                                   "      -9223372036854775808,\n"
                                   "      9223372036854775807\n"
                                   "    ],\n"
                                   "    null,\n"
                                   "    \"\"\n"
                                   "  ]\n"
                                   "}\n");
    buf_free(&out);
}

static void test_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "\"\""},
        {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
        {"\n\t\r\x01\x1f\x7f", "\"\\n\\u0009\\u000d\\u0001\\u001f\\u007f\""},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91\""},
        {"\xff", "\"\xef\xbf\xbd\""},
        {"a\xc3", "\"a\xef\xbf\xbd\""},
        {"a\xc3z", "\"a\xef\xbf\xbdz\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc0\x80\"", "\"\xef\xbf\xbd\xef\xbf\xbd\\\"\""},
        {"\xe2\x82\"", "\"\xef\xbf\xbd\xef\xbf\xbd\\\"\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out;
        buf_init(&out, 1000);
        struct json_writer writer = json_writer_new(&out, false);
        json_string(&writer, cases[i].text);
        CHECK(str_eq(out.bytes, cases[i].json), "case %zu: %s", i, out.bytes);
        buf_clear(&out);
        writer = json_writer_new(&out, false);
        json_begin_object(&writer);
        json_key_bool(&writer, cases[i].text, true);
        json_end_object(&writer);
        CHECK(strncmp(out.bytes + 1, cases[i].json, strlen(cases[i].json)) == 0, "case %zu: %s", i, out.bytes);
        buf_free(&out);
    }
}

/* Whatever bytes a text has, what is written can be read; what was UTF-8 is read as it was. */
static void test_any_text_can_be_read_again(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int i = 0; i < 2000; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        char text[20] = {0};
        bool utf8 = true;
        for (size_t j = 0; j < sizeof text - 1; j++) {
            random = random * 1664525 + 1013904223;
            text[j] = (char)(i % 2 ? random >> 24 : random >> 25);
        }
        uint32_t c;
        for (size_t at = 0, length; at < strlen(text) && utf8; at += length) {
            length = str_decode_utf8(text + at, strlen(text + at), &c);
            utf8 = length > 0;
        }
        struct buf out;
        buf_init(&out, 1000);
        struct json_writer writer = json_writer_new(&out, i % 3 == 0);
        json_string(&writer, text);
        const struct json *json = parsed(arena, out.bytes);
        assert_int_equal(json->kind, JSON_STRING);
        if (utf8)
            assert_string_equal(json->string, text);
        buf_free(&out);
    }
}

static void test_writes_32_levels(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct buf out;
    buf_init(&out, 10000);
    struct json_writer writer = json_writer_new(&out, true);
    for (int i = 0; i < 16; i++) {
        json_begin_array(&writer);
        json_begin_object(&writer);
        json_key(&writer, "k");
    }
    json_int(&writer, 1);
    for (int i = 0; i < 16; i++) {
        json_end_object(&writer);
        json_end_array(&writer);
    }
    const struct json *json = parsed(arena, out.bytes);
    assert_int_equal(json->count, 1);
    buf_free(&out);
}

/* What was read is written as it was, in one line. */
static void test_value(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,-2,true,false,null,\"x\\\"\\n\"],\"b\":{\"c\":{}},\"d\":[]}";
    struct arena *arena = arena_new();
    struct json *json;
    struct err err;
    struct buf out;
    buf_init(&out, 1024);
    assert_int_equal(json_parse(arena, text, strlen(text), &json, &err), 0);
    struct json_writer writer = json_writer_new(&out, false);
    json_value(&writer, json);
    assert_string_equal(out.bytes, text);
    static const char numbers[] = "[0.5,1e300]";
    assert_int_equal(json_parse(arena, numbers, strlen(numbers), &json, &err), 0);
    buf_clear(&out);
    writer = json_writer_new(&out, false);
    json_value(&writer, json);
    assert_string_equal(out.bytes, "[\"0.5\",\"1.0000000000000001e+300\"]");
    buf_clear(&out);
    writer = json_writer_new(&out, false);
    json_value(&writer, NULL);
    assert_string_equal(out.bytes, "null");
    buf_free(&out);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_every_kind),
        cmocka_unit_test(test_get_of_what_is_not_there),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_refuses_nul_bytes),
        cmocka_unit_test(test_reads_no_further_than_its_size),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_writes_minified),
        cmocka_unit_test(test_writes_pretty),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_any_text_can_be_read_again),
        cmocka_unit_test(test_writes_32_levels),
        cmocka_unit_test(test_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
