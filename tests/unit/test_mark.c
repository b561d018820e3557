/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "base/str.h"
#include "policy/mark.h"
#include "unit.h"

#include <string.h>

static size_t characters(const char *text)
{
    size_t count = 0;
    for (uint32_t c; *text; count++) {
        size_t length = str_decode_utf8(text, strlen(text), &c);
        assert_true(length > 0);
        text += length;
    }
    return count;
}

static const struct mark plain = {"default", "payments", "dev.read-only"};

#define MARK "[iamlease default/payments/dev.read-only]"

static void test_description(void **state)
{
    (void)state;
    static const struct {
        const char *description, *expected;
    } cases[] = {
        {"", MARK},
        {"Read only", "Read only " MARK},
        {"Read only  ", "Read only " MARK},
        {"  ", MARK},
        {"\n\t", MARK},
        {"two\nlines\tand a tab\r\n", "two lines and a tab " MARK},
        {"caf\xc3\xa9 \xc3\xbf\xc2\xa1", "caf\xc3\xa9 \xc3\xbf\xc2\xa1 " MARK},
        {"no \xe2\x82\xac, \xf0\x9f\x94\x91, \xc2\xa0, \xc2\x85, \x07 or \x7f", "no , , , ,  or " MARK},
        {"bad \xff\xc3 bytes", "bad  bytes " MARK},
        {"[iamlease other/team/name]", "[iamlease other/team/name] " MARK},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *text = mark_description(arena, cases[i].description, &plain);
        /* what is left out leaves its surroundings, but no space in front of the mark but ours */
        CHECK(str_eq(text, cases[i].expected), "\"%s\" became \"%s\"", cases[i].description, text);
        struct mark mark;
        CHECK(mark_parse(arena, text, &mark), "%s", text);
        CHECK(str_eq(mark.owner, "default") && str_eq(mark.team, "payments") &&
                  str_eq(mark.name, "dev.read-only"),
              "%s", text);
    }
}

static void test_long_descriptions_are_cut(void **state)
{
    (void)state;
    static const char *const letters[] = {"x", "\xc3\xa9", "y "};
    for (size_t i = 0; i < COUNT(letters); i++)
        for (size_t count = 930; count < 1010; count++) {
            CLEANUP(arena_freep) struct arena *arena = arena_new();
            const char *description = "";
            char *text = arena_alloc(arena, count * 2 + 1);
            for (size_t j = 0; j < count; j++)
                memcpy(text + j * strlen(letters[i]), letters[i], strlen(letters[i]));
            description = mark_description(arena, text, &plain);
            struct mark mark;
            CHECK(characters(description) <= 1000, "%zu of %s", count, letters[i]);
            CHECK(mark_parse(arena, description, &mark), "%zu of %s", count, letters[i]);
            CHECK(str_suffix(description, " " MARK), "%zu of %s", count, letters[i]);
            if (i < 2) /* as much as there is room for */
                CHECK(characters(description) == (count + 42 < 1000 ? count + 42 : 1000), "%zu of %s", count,
                      letters[i]);
        }
}

/* A mark that leaves hardly any room: the words go, the mark stays whole. */
static void test_a_long_mark_is_not_cut(void **state)
{
    (void)state;
    for (size_t size = 995; size < 1003; size++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        char *name = arena_alloc(arena, size);
        memset(name, 'n', size - strlen("[iamlease a/b/]"));
        const struct mark mark = {"a", "b", name};
        const char *description = mark_description(arena, "words", &mark);
        size_t expected = size < 999 ? 1000 : size; /* a space and one character of the words need two */
        CHECK(strlen(description) == expected, "%zu: %zu", size, strlen(description));
        CHECK(str_suffix(description, "nn]"), "%zu", size);
        struct mark read;
        CHECK(mark_parse(arena, description, &read) && str_eq(read.name, name), "%zu", size);
    }
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *description;
        const char *owner, *team, *name; /* owner NULL: no mark */
    } cases[] = {
        {"words " MARK, "default", "payments", "dev.read-only"},
        {MARK, "default", "payments", "dev.read-only"},
        {"[iamlease a/b/c]", "a", "b", "c"},
        {"[iamlease x/y/z] [iamlease a/b/c]", "a", "b", "c"},
        {"[iamlease  [iamlease a/b/c]", "a", "b", "c"},
        {"", NULL, NULL, NULL},
        {"words", NULL, NULL, NULL},
        {MARK " ", NULL, NULL, NULL},
        {MARK ".", NULL, NULL, NULL},
        {MARK "]", NULL, NULL, NULL},
        {"words" MARK, NULL, NULL, NULL}, /* nothing of ours is glued to a word */
        {"[[iamlease a/b/c]", NULL, NULL, NULL},
        {"[IAMLEASE a/b/c]", NULL, NULL, NULL},
        {"iamlease a/b/c]", NULL, NULL, NULL},
        {"[iamlease a/b/c", NULL, NULL, NULL},
        {"[iamlease a/b]", NULL, NULL, NULL},
        {"[iamlease a]", NULL, NULL, NULL},
        {"[iamlease ]", NULL, NULL, NULL},
        {"[iamlease]", NULL, NULL, NULL},
        {"[iamlease a/b/c/d]", NULL, NULL, NULL},
        {"[iamlease /b/c]", NULL, NULL, NULL},
        {"[iamlease a//c]", NULL, NULL, NULL},
        {"[iamlease a/b/]", NULL, NULL, NULL},
        {"[iamlease //]", NULL, NULL, NULL},
        {"[iamlease  a/b/c]", NULL, NULL, NULL},
        {"[iamlease a/b/c ]", NULL, NULL, NULL},
        {"[iamlease a/b/c d]", NULL, NULL, NULL},
        {"[iamlease a/b/c[d]", NULL, NULL, NULL},
        {"[iamlease a/b/c\n]", NULL, NULL, NULL},
        {"[iamlease a/b/c\xe2\x80\xae]", NULL, NULL, NULL},
        {"[iamlease a/b/c\xff]", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct mark mark = {"untouched", NULL, NULL};
        CHECK(mark_parse(arena, cases[i].description, &mark) == (cases[i].owner != NULL), "%s",
              cases[i].description);
        if (cases[i].owner)
            CHECK(str_eq(mark.owner, cases[i].owner) && str_eq(mark.team, cases[i].team) &&
                      str_eq(mark.name, cases[i].name),
                  "%s", cases[i].description);
        else
            CHECK(str_eq(mark.owner, "untouched"), "%s", cases[i].description);
    }
}

/* The first 10 digits of the owner's SHA-256; sha256sum agrees. */
static void test_sid_prefix(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_string_equal(mark_sid_prefix(arena, "default"), "iamlease37a8eec1ce");
    assert_string_not_equal(mark_sid_prefix(arena, "other"), mark_sid_prefix(arena, "default"));
    assert_true(str_only(mark_sid_prefix(arena, "a/b c"), ""));
}

static void test_mark_on_a_document(void **state)
{
    (void)state;
    static const struct {
        const char *sid;
        bool ours;
    } cases[] = {
        {"iamlease0123456789"
         "1",
         true},
        {"iamlease0123456789"
         "9x",
         true},
        {"iamlease0123456789"
         "12",
         true},
        {"iamlease0123456789", false},
        {"iamlease0123456789"
         "a",
         false},
        {"iamlease0123456788"
         "1",
         false},
        {"xiamlease0123456789"
         "1",
         false},
        {"Iamlease0123456789"
         "1",
         false},
        {"iamlease", false},
        {"", false},
        {NULL, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct statement statements[2] = {{.sid = cases[i].sid}, {.sid = "iamlease01234567891"}};
        struct document document = {.items = statements, .count = 2};
        CHECK(mark_is_on_document(&document, "iamlease0123456789") == cases[i].ours, "%s",
              cases[i].sid ? cases[i].sid : "no Sid");
    }
    struct document empty = {0};
    assert_false(mark_is_on_document(&empty, "iamlease0123456789"));
}

static void test_read_inline(void **state)
{
    (void)state;
#define INLINE(sid)                                   \
    "{\"Version\":\"2012-10-17\",\"Statement\":{" sid \
    "\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"
    static const struct {
        const char *json;
        bool ours;
    } cases[] = {
        {INLINE("\"Sid\":\"iamlease01234567891\","), true},
        {INLINE("\"Sid\":\"iamlease0123456788\","), false},
        {INLINE(""), false},
        {INLINE("\"Sid\":\"iamlease01234567891\",\"Principal\":\"*\","), false},
        {"{\"Version\":\"2012-10-17\",\"Statement\":[]}", false},
        {"iamlease01234567891", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document document;
        CHECK(mark_read_inline(arena, cases[i].json, "iamlease0123456789", &document) == cases[i].ours, "%s",
              cases[i].json);
        CHECK(!cases[i].ours || document.count == 1, "%s", cases[i].json);
    }
}

static void test_names(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_string_equal(mark_policy_name(arena, "payments", "dev.read-only"), "payments-dev-read-only");
    assert_string_equal(mark_policy_name(arena, "a_b", "x"), "a_b-x");
    assert_string_equal(mark_policy_name(arena, "a", "..x.."), "a---x--");
    assert_string_equal(mark_inline_name(arena, "payments", "dev.break-glass", "bert.b@example.com", 0),
                        "temp-payments-dev-break-glass-bert.b@example.com");
    assert_string_equal(mark_inline_name(arena, "payments", "dev.fix", "bert", 1796047200),
                        "temp-payments-dev-fix-bert-20261130T140000Z");
    const struct fact fact = {.team = "payments", .grant = "dev.fix", .principal = "bert"};
    assert_string_equal(mark_lease_name(arena, &fact), "temp-payments-dev-fix-bert");
}

/* Names up to 128 characters are whole; longer ones keep their beginning and differ by a hash of the whole. */
static void test_long_names(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char long_name[300];
    for (size_t size = 110; size < sizeof long_name; size++) {
        memset(long_name, 'a', size);
        long_name[size] = 0;
        const char *name = mark_policy_name(arena, "team", long_name);
        const char *whole = arena_printf(arena, "team-%s", long_name);
        assert_int_equal(strlen(name), strlen(whole) < 128 ? strlen(whole) : 128);
        if (strlen(whole) <= 128) {
            assert_string_equal(name, whole);
            continue;
        }
        char hex[SHA256_HEX_SIZE];
        assert_memory_equal(name, whole, 111);
        assert_int_equal(name[111], '-');
        assert_memory_equal(name + 112, sha256_hex(whole, strlen(whole), hex), 16);
        long_name[size - 1] = 'b';
        assert_string_not_equal(mark_policy_name(arena, "team", long_name), name);
        assert_int_equal(strlen(mark_inline_name(arena, "team", long_name, "bert", 0)), 128);
        assert_string_not_equal(mark_inline_name(arena, "team", long_name, "bert", 0),
                                mark_inline_name(arena, "team", long_name, "berta", 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_description),
        cmocka_unit_test(test_long_descriptions_are_cut),
        cmocka_unit_test(test_a_long_mark_is_not_cut),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_sid_prefix),
        cmocka_unit_test(test_mark_on_a_document),
        cmocka_unit_test(test_read_inline),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
