/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "unit.h"

#include <string.h>

static void test_beginnings_and_ends(void **state)
{
    (void)state;
    assert_true(str_eq("", ""));
    assert_true(str_eq("a", "a"));
    assert_false(str_eq("a", "A"));
    assert_true(str_prefix("payments", ""));
    assert_true(str_prefix("payments", "pay"));
    assert_true(str_prefix("pay", "pay"));
    assert_false(str_prefix("pa", "pay"));
    assert_true(str_suffix("payments", ""));
    assert_true(str_suffix("payments", "ments"));
    assert_true(str_suffix("pay", "pay"));
    assert_false(str_suffix("ay", "pay"));
    assert_false(str_suffix("pay.", "pay"));
}

static void test_casecmp(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int sign;
    } cases[] = {
        {"", "", 0},      {"aws:CurrentTime", "AWS:currenttime", 0},
        {"a", "B", -1},   {"B", "a", 1},
        {"ab", "a", 1},   {"A", "ab", -1},
        {"[", "a", -1},   {"@", "`", -1},               /* neighbours of the letters are no letters */
        {"[", "{", -1},   {"\xc3\x89", "\xc3\xa9", -1}, /* É and é */
        {"\xff", "a", 1}, {"z", "Z", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int order = str_casecmp(cases[i].a, cases[i].b), back = str_casecmp(cases[i].b, cases[i].a);
        CHECK((order > 0) - (order < 0) == cases[i].sign, "%s %s", cases[i].a, cases[i].b);
        CHECK((back > 0) - (back < 0) == -cases[i].sign, "%s %s", cases[i].b, cases[i].a);
    }
}

/* Two texts have one lower case exactly when they are equal regardless of case; other letters stay. */
static void test_lower(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char text[] = "[AZaz]@`\xc3\x89";
    assert_string_equal(str_lower(arena, text), "[azaz]@`\xc3\x89");
    assert_string_equal(text, "[AZaz]@`\xc3\x89");
    str_to_lower(text);
    assert_string_equal(text, "[azaz]@`\xc3\x89");
    assert_string_equal(str_lower(arena, ""), "");
}

/* The first byte that is not plain ends it, wherever it stands. */
static void test_plain_run(void **state)
{
    (void)state;
    static const char plain[] = " ~abcdefghijklmnopqrstuvwxyz0123456789";
    static const char others[] = {0,    1,          '\t',       '\n',       0x1f,
                                  0x7f, (char)0x80, (char)0xa0, (char)0xc3, (char)0xff};
    assert_int_equal(str_plain_run("", 0), 0);
    for (size_t size = 0; size < sizeof plain; size++) {
        CHECK(str_plain_run(plain, size) == size, "%zu", size);
        for (size_t at = 0; at < size; at++)
            for (size_t i = 0; i < sizeof others; i++) {
                char text[sizeof plain];
                memcpy(text, plain, size);
                text[at] = others[i];
                CHECK(str_plain_run(text, size) == at, "%zu: %zu, %02x", size, at, (unsigned char)others[i]);
            }
    }
}

static void test_plain_run_before(void **state)
{
    (void)state;
    static const char plain[] = " ~abcdefghijklmnopqrstuvwxyz!#$%&'()*+,-./0123456789:;<=>?@]^_`{|}";
    static const char stops[] = "\"\\[",
                      others[] = {'"', '\\', '[', 0, '\n', 0x7f, (char)0xa2, (char)0xdc, (char)0xdb};
    assert_int_equal(str_plain_run_before("", 0, stops), 0);
    for (size_t size = 0; size < sizeof plain; size++) {
        CHECK(str_plain_run_before(plain, size, stops) == size, "%zu", size);
        for (size_t at = 0; at < size; at++)
            for (size_t i = 0; i < sizeof others; i++) {
                char text[sizeof plain];
                memcpy(text, plain, size);
                text[at] = others[i];
                CHECK(str_plain_run_before(text, size, stops) == at, "%zu: %zu, %02x", size, at,
                      (unsigned char)others[i]);
            }
    }
}

static void test_pointer(void **state)
{
    (void)state;
    static const int things[2];
    char first[STR_POINTER_SIZE], second[STR_POINTER_SIZE], again[STR_POINTER_SIZE];
    assert_ptr_equal(str_of_pointer(&things[0], first), first);
    assert_string_not_equal(first, str_of_pointer(&things[1], second));
    assert_string_equal(first, str_of_pointer(&things[0], again));
}

static void test_only(void **state)
{
    (void)state;
    assert_true(str_only("", ""));
    assert_true(str_only("azAZ09", ""));
    assert_false(str_only("a-b", ""));
    assert_true(str_only("a-b_c", "_-"));
    assert_false(str_only("a b", "_-"));
    assert_false(str_only("caf\xc3\xa9", "_-"));
    assert_true(str_only("+=,.@-", "+=,.@-"));
    static const char neighbours[] = "/:@[`{";
    for (size_t i = 0; i < strlen(neighbours); i++)
        CHECK(!str_only((const char[]){neighbours[i], 0}, ""), "%c", neighbours[i]);
}

static void test_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"environments", "grants", "users", "expiration_date", "roles", ""};
    static const char long_word[] =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; /* 65 */
    static const char *const long_words[] = {long_word, long_word + 1};
    static const struct {
        const char *word, *nearest;
    } cases[] = {
        {"grants", "grants"},
        {"grnats", "grants"}, /* swapped neighbours are one mistake */
        {"gratns", "grants"},
        {"Grants", "grants"},
        {"GRANTS", "grants"},
        {"grant", "grants"},
        {"grantss", "grants"},
        {"user", "users"},
        {"rules", "roles"},
        {"enviroment", "environments"},
        {"environnements", "environments"},
        {"expires", NULL},
        {"expiration", NULL},
        {"expiration-date", "expiration_date"},
        {"xyz", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *nearest = str_nearest(cases[i].word, words, COUNT(words));
        CHECK((nearest == NULL) == (cases[i].nearest == NULL), "%s: %s", cases[i].word,
              nearest ? nearest : "none");
        CHECK(!nearest || str_eq(nearest, cases[i].nearest), "%s: %s", cases[i].word, nearest);
    }
    assert_null(str_nearest("grants", words, 0));
    assert_null(str_nearest(long_word, long_words, 2));
    assert_ptr_equal(str_nearest(long_word + 1, long_words, 2), long_word + 1);
    assert_ptr_equal(str_nearest(long_word + 3, long_words, 2), long_word + 1);
}

/* The nearest of several, and the first of those that are equally near. */
static void test_nearest_of_several(void **state)
{
    (void)state;
    static const char *const words[] = {"dev.read-only", "dev.read-write", "prod.read-only", "dev.read-onlx"};
    assert_string_equal(str_nearest("dev.readonly", words, COUNT(words)), "dev.read-only");
    assert_string_equal(str_nearest("prod.readonly", words, COUNT(words)), "prod.read-only");
    assert_string_equal(str_nearest("dev.read-onl", words, COUNT(words)), "dev.read-only");
}

static void test_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size, length;
        uint32_t code_point;
    } cases[] = {
        {"", 0, 0, 0},
        {"", 1, 1, 0},
        {"a", 1, 1, 'a'},
        {"\x7f", 1, 1, 0x7f},
        {"\xc2\x80", 2, 2, 0x80},
        {"\xdf\xbf", 2, 2, 0x7ff},
        {"\xe0\xa0\x80", 3, 3, 0x800},
        {"\xed\x9f\xbf", 3, 3, 0xd7ff},
        {"\xee\x80\x80", 3, 3, 0xe000},
        {"\xef\xbf\xbf", 3, 3, 0xffff},
        {"\xf0\x90\x80\x80", 4, 4, 0x10000},
        {"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
        {"\xe2\x82\xac rest", 8, 3, 0x20ac},
        {"\xe2\x82\xac", 2, 0, 0}, /* cut off */
        {"\xe2\x82", 2, 0, 0},
        {"\xe2\x82 ", 3, 0, 0},
        {"\xf0\x9f\x94", 3, 0, 0},
        {"\xc3", 1, 0, 0},
        {"\x80", 1, 0, 0}, /* a continuation by itself */
        {"\xbf\xbf", 2, 0, 0},
        {"\xc0\x80", 2, 0, 0}, /* overlong */
        {"\xc1\xbf", 2, 0, 0},
        {"\xe0\x9f\xbf", 3, 0, 0},
        {"\xf0\x8f\xbf\xbf", 4, 0, 0},
        {"\xed\xa0\x80", 3, 0, 0}, /* surrogates */
        {"\xed\xbf\xbf", 3, 0, 0},
        {"\xf4\x90\x80\x80", 4, 0, 0}, /* beyond U+10FFFF */
        {"\xf5\x80\x80\x80", 4, 0, 0},
        {"\xff\xff\xff\xff", 4, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t code_point = 0;
        size_t length = str_decode_utf8(cases[i].bytes, cases[i].size, &code_point);
        CHECK(length == cases[i].length, "case %zu: %zu", i, length);
        CHECK(code_point == cases[i].code_point, "case %zu: %x", i, code_point);
    }
}

static void test_invisible(void **state)
{
    (void)state;
    static const uint32_t invisible[] = {0,      '\n',   0x1f,   0x7f,   0x85,   0x9f,    0xad,
                                         0x34f,  0x61c,  0x115f, 0x1160, 0x17b4, 0x180e,  0x200b,
                                         0x200d, 0x200f, 0x2028, 0x202a, 0x202e, 0x2060,  0x2066,
                                         0x2069, 0x3164, 0xfeff, 0xffa0, 0xfffb, 0xe0001, 0xe007f};
    static const uint32_t visible[] = {' ',    '~',    0xa0,   0xac,   0xae,   0xe9,
                                       0x300,  0x200a, 0x2010, 0x2027, 0x202f, 0x205f,
                                       0x2070, 0x20ac, 0x3042, 0xfe0f, 0xfffd, 0x1f511};
    for (size_t i = 0; i < COUNT(invisible); i++)
        CHECK(str_is_invisible(invisible[i]), "U+%04X", invisible[i]);
    for (size_t i = 0; i < COUNT(visible); i++)
        CHECK(!str_is_invisible(visible[i]), "U+%04X", visible[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beginnings_and_ends),
        cmocka_unit_test(test_casecmp),
        cmocka_unit_test(test_lower),
        cmocka_unit_test(test_plain_run),
        cmocka_unit_test(test_plain_run_before),
        cmocka_unit_test(test_pointer),
        cmocka_unit_test(test_only),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_nearest_of_several),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_invisible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
