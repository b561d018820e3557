/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "config/yaml.h"
#include "config_run.h"
#include "unit.h"

#include <string.h>

enum { DUMP_MAX = 64 * 1024 };

/* "text"1:3+4, [ … ]1:1+9, { key: value … }; a plain text stands in no quotes. */
static void dump(struct buf *out, const struct yaml_node *node)
{
    if (node->kind == NODE_TEXT) {
        const char *quote = node->plain ? "" : "'";
        buf_addf(out, "%s%s%s", quote, node->text, quote);
    } else {
        buf_add_char(out, node->kind == NODE_LIST ? '[' : '{');
        for (const struct yaml_node *value = node->first; value; value = value->next) {
            if (value->key) {
                dump(out, value->key);
                buf_add_text(out, "=");
            }
            dump(out, value);
            if (value->next)
                buf_add_text(out, " ");
        }
        buf_add_char(out, node->kind == NODE_LIST ? ']' : '}');
    }
    buf_addf(out, "@%u:%u+%u", node->span.line, node->span.column, node->span.length);
}

/* The tree, or the diagnostics where there is none. */
static const char *read_bytes(struct arena *arena, const char *bytes, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);
    memcpy(copy, bytes, size);
    struct source_file file = {.path = "f", .text = copy, .size = size};
    struct diags diags = diags_new(arena);
    struct yaml_node *root;
    bool ok = yaml_parse(arena, &file, &root, &diags);
    if (!ok || diags.count)
        return config_run_diags(arena, &diags);
    if (!root)
        return "nothing";
    struct buf out;
    buf_init(&out, DUMP_MAX);
    dump(&out, root);
    const char *text = arena_strdup(arena, out.bytes);
    buf_free(&out);
    return text;
}

struct yaml_case {
    const char *text, *expected;
};

static void run_cases(const struct yaml_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *got = read_bytes(arena, cases[i].text, strlen(cases[i].text));
        CHECK(strcmp(got, cases[i].expected) == 0, "'%s' gives '%s', not '%s'", cases[i].text, got,
              cases[i].expected);
    }
}

static void test_trees(void **state)
{
    (void)state;
    static const struct yaml_case cases[] = {
        {"", "nothing"},
        {"# a comment\n\n   # another\n", "nothing"},
        {"---\n", "@2:1+1"},
        {"a", "a@1:1+1"},
        {"a: b", "{a@1:1+1=b@1:4+1}@1:1+4"},
        {"--- # c\na: b\n...\n# end\n", "{a@2:1+1=b@2:4+1}@2:1+4"},
        {"a:\n  - b\n  - 'c d'\n", "{a@1:1+1=[b@2:5+1 'c d'@3:5+5]@2:3+3}@1:1+2"},
        {"{a: [b, \"c\"], d: {}}", "{a@1:2+1=[b@1:6+1 'c'@1:9+3]@1:5+8 d@1:15+1={}@1:18+2}@1:1+20"},
        {"a:\nb: ~\n", "{a@1:1+1=@1:3+1 b@2:1+1=~@2:4+1}@1:1+2"},
        {"no: 012345678901\nyes: 1e3\n", "{no@1:1+2=012345678901@1:5+12 yes@2:1+3=1e3@2:6+3}@1:1+16"},
        /* Columns and lengths are code points; white space at the end of a line does not count. */
        {"\xc3\xa9: '\xe2\x82\xac\xf0\x9f\x98\x80'  \n",
         "{\xc3\xa9@1:1+1='\xe2\x82\xac\xf0\x9f\x98\x80'@1:4+4}@1:1+7"},
        {"a: |\n  b\n  c\n", "{a@1:1+1='b\nc\n'@1:4+1}@1:1+4"},
        {"a: b\n  c\n", "{a@1:1+1=b c@1:4+1}@1:1+4"},
        {"a: \"b\\tc\\u20ac\"\n", "{a@1:1+1='b\tc\xe2\x82\xac'@1:4+12}@1:1+15"},
        {"a: b\r\nc: d\r\n", "{a@1:1+1=b@1:4+1 c@2:1+1=d@2:4+1}@1:1+4"},
        /* A byte order mark is no character of the first line. */
        {"\xef\xbb\xbf"
         "a: b\nc: d\n",
         "{a@1:1+1=b@1:4+1 c@2:1+1=d@2:4+1}@1:1+4"},
        {"'<<': a", "{'<<'@1:1+4=a@1:7+1}@1:1+7"},
        {"a: 'x & y * z ! % @'", "{a@1:1+1='x & y * z ! % @'@1:4+17}@1:1+20"},
    };
    run_cases(cases, COUNT(cases));
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct yaml_case cases[] = {
        {"a: *b\n", "f:1:4+2 yaml-alias\n"},
        {"a: [*]\n", "f:1:5+1 yaml-alias\n"},
        {"a: &b c\n", "f:1:4+4 yaml-anchor\n"},
        {"a: &b [c]\n", "f:1:4+4 yaml-anchor\n"},
        {"&a b: c\n", "f:1:1+1 yaml-anchor\n"},
        {"a: !!str b\n", "f:1:4+7 yaml-tag\n"},
        {"a: ! b\n", "f:1:4+3 yaml-tag\n"},
        {"a: !x!y b\n", "f:1:4+1 yaml-tag\n"},
        {"a: !!map {b: c}\n", "f:1:4+7 yaml-tag\n"},
        {"a:\n  <<: {b: c}\n", "f:2:3+2 yaml-merge-key\n"},
        {"? [a]\n: b\n", "f:1:3+3 yaml-complex-key\n"},
        {"{{a: b}: c}\n", "f:1:2+10 yaml-complex-key\n"},
        {"a: b\n---\nc: d\n", "f:2:1+3 yaml-second-document\n"},
        {"a: b\n...\n# c\n  d: e\n", "f:4:3+4 yaml-second-document\n"},
        {"a: b\n...\n%TAG !a! b\n", "f:3:1+10 yaml-second-document\n"},
        {"%YAML 1.1\n---\na: b\n", "f:1:1+1 yaml-directive\n"},
        {"\xef\xbb\xbf%YAML 1.1\n---\na: b\n", "f:1:1+1 yaml-directive\n"},
        {"# c\n\n%TAG ! a\n---\n", "f:3:1+1 yaml-directive\n"},
        {"a: 1\nb: 2\na: 3\n", "f:3:1+1 duplicate-key\n"},
        {"a: 1\n'a': 2\n\"\\x61\": 3\n", "f:2:1+3 duplicate-key\nf:3:1+6 duplicate-key\n"},
        {"{a: {b: 1, b: 2}, a: 3}", "f:1:12+1 duplicate-key\nf:1:19+1 duplicate-key\n"},
        {"a: b\x01\n", "f:1:5+1 invisible-character\n"},
        {"a: b # \xe2\x80\xae\n", "f:1:8+1 invisible-character\n"},
        {"\xc3\xa9\xe2\x80\x8b: b\n", "f:1:2+1 invisible-character\n"},
        {"a: b\rc: d\n", "f:1:5+1 invisible-character\n"},
        {"a: b\r", "f:1:5+1 invisible-character\n"},
        {"a: \xef\xbf\xbf\n", "f:1:4+1 invisible-character\n"},
        {"a: \xef\xbb\xbf"
         "b\n",
         "f:1:4+1 invisible-character\n"},
        {"a: \"b\\0c\"\n", "f:1:4+6 invisible-character\n"},
        {"a: \"\\u202e\"\n", "f:1:4+8 invisible-character\n"},
        {"a: \"\\N\"\n", "f:1:4+4 invisible-character\n"},
        {"a: \xe9\n", "f:1:4+1 invalid-utf8\n"},
        {"a:\n  \xc0\x80\n", "f:2:3+1 invalid-utf8\n"},
        {"\xff\xfe"
         "a",
         "f:1:1+1 invalid-utf8\n"},
    };
    run_cases(cases, COUNT(cases));
}

static void test_syntax_errors_have_their_place(void **state)
{
    (void)state;
    static const struct yaml_case cases[] = {
        {"a:\n\tb: c\n", "f:2:1+1 yaml-syntax\n"},
        {"a:\n  b: 'c\n  d: e\n", "f:2:6+1 yaml-syntax\n"},
        {"a:\n  b: \"c\n", "f:2:6+1 yaml-syntax\n"},
        {"a: b: c\n", "f:1:5+1 yaml-syntax\n"},
        {"a:\n  b \"c\"\n  d: e\n", "f:3:4+1 yaml-syntax\n"},
        {"a: 1\n  b: 2\n", "f:2:4+1 yaml-syntax\n"},
        {"a:\n  b: 'c'\n d: e\n", "f:3:2+1 yaml-syntax\n"},
        {"a: [b, c\nd: e\n", "f:1:4+1 yaml-syntax\n"},
        {"a: [\n", "f:1:5+1 yaml-syntax\n"},
        {"a: [\n\n", "f:2:1+1 yaml-syntax\n"},
        {"a: {b: c\n", "f:1:4+1 yaml-syntax\n"},
        {"a: @b\n", "f:1:4+1 yaml-syntax\n"},
        {"a: `b\n", "f:1:4+1 yaml-syntax\n"},
        {"a: \"\\q\"\n", "f:1:5+1 yaml-syntax\n"},
        {"a: - b\n", "f:1:4+1 yaml-syntax\n"},
        {"a:\n  - b\n  c: d\n", "f:3:3+1 yaml-syntax\n"},
        {"a: |x\n", "f:1:5+1 yaml-syntax\n"},
        {"a: ? b\n", "f:1:4+1 yaml-syntax\n"},
        {"\xef\xbb\xbf"
         "a: @b\n",
         "f:1:4+1 yaml-syntax\n"},
    };
    run_cases(cases, COUNT(cases));
}

static void test_every_syntax_error_says_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message, *hint;
    } cases[] = {
        {"a:\n\tb: c\n", "a tab cannot indent a line", "use spaces"},
        {"a: 'b\n", "this quote is never closed", "close it with the same quote"},
        {"a: \"C:\\Users\"\n", "unknown escape in a text in double quotes",
         "double the '\\', or use single quotes"},
        {"a: \"\\ud800\"\n", "unknown escape in a text in double quotes",
         "double the '\\', or use single quotes"},
        {"a: b: c\n", "a ':' cannot stand here", "a text that holds ': ' must be in quotes"},
        {"a:\n  b \"c\"\n  d: e\n", "a ':' cannot stand here",
         "look at the line above: is it 'key: value', with a space, and indented like this one?"},
        {"a: @b\n", "a text cannot begin with '@'", "put the text in quotes"},
        {"a: [*]\n", "a text that begins with '*' must be in quotes", "write \"*\""},
        {"a: b\n- c\n", "a key was expected here",
         "indent all keys of a mapping alike, and close every quote on its line"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags = diags_new(arena);
        struct yaml_node *root;
        assert_false(yaml_parse(arena, config_run_file(arena, "f", cases[i].text), &root, &diags));
        assert_int_equal(diags.count, 1);
        assert_string_equal(diags.items[0].message, cases[i].message);
        assert_string_equal(diags.items[0].hint, cases[i].hint);
    }
}

static void test_a_nul_byte(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_string_equal(read_bytes(arena, "a: b\0c\n", 7), "f:1:5+1 invisible-character\n");
    assert_string_equal(read_bytes(arena, "\0", 1), "f:1:1+1 invisible-character\n");
    assert_string_equal(read_bytes(arena, "\0a\0:\0 \0b", 8), "f:1:1+1 invisible-character\n");
}

/* `unit`, repeated until `size` bytes are full. */
static const char *repeat(struct arena *arena, const char *prefix, const char *unit, size_t size)
{
    size_t used = strlen(prefix), length = strlen(unit);
    char *text = arena_alloc(arena, size + 1);
    memcpy(text, prefix, used);
    for (; used + length <= size; used += length)
        memcpy(text + used, unit, length);
    memset(text + used, ' ', size - used);
    return text;
}

/* Each of these took minutes or the whole memory if it were read to the end; a test program has two minutes. */
static void test_hostile_nesting_ends_at_once(void **state)
{
    (void)state;
    enum { MIB = 1024 * 1024 };
    static const struct {
        const char *prefix, *unit, *expected;
    } cases[] = {
        {"", "[", "f:1:33+1 yaml-too-deep\n"},
        {"a: ", "[", "f:1:35+1 yaml-too-deep\n"},
        {"", "[\n", "f:33:1+1 yaml-too-deep\n"},
        {"", "{a: ", "f:1:129+1 yaml-too-deep\n"},
        {"", "- ", "f:1:65+1 yaml-too-deep\n"},
        {"a:\n", "- ", "f:2:63+1 yaml-too-deep\n"},
        {"", "{", "f:1:2+1048575 yaml-complex-key\n"},
        {"", "? ", "f:1:3+1048573 yaml-complex-key\n"},
        {"[", "[],", "f:1:599999+1 yaml-too-many-values\n"},
        {"", "%TAG !a! b\n", "f:1:1+1 yaml-directive\n"},
        {"a: b\n...\n", "%TAG !a! b\n", "f:3:1+10 yaml-second-document\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *text = repeat(arena, cases[i].prefix, cases[i].unit, MIB);
        const char *got = read_bytes(arena, text, MIB);
        CHECK(strcmp(got, cases[i].expected) == 0, "'%s' gives '%s'", cases[i].unit, got);
    }
}

static void test_the_deepest_that_is_read(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char text[2 * YAML_DEPTH_MAX + 3];
    memset(text, '[', YAML_DEPTH_MAX);
    memset(text + YAML_DEPTH_MAX, ']', YAML_DEPTH_MAX);
    assert_true(*read_bytes(arena, text, 2 * YAML_DEPTH_MAX) == '[');
    memset(text, '[', YAML_DEPTH_MAX + 1);
    memset(text + YAML_DEPTH_MAX + 1, ']', YAML_DEPTH_MAX + 1);
    assert_string_equal(read_bytes(arena, text, 2 * YAML_DEPTH_MAX + 2), "f:1:33+1 yaml-too-deep\n");
}

static void test_the_largest_file(void **state)
{
    (void)state;
    enum { MIB = 1024 * 1024 };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *text = repeat(arena, "a: b", "\n", MIB + 1);
    assert_string_equal(read_bytes(arena, text, MIB), "{a@1:1+1=b@1:4+1}@1:1+4");
    assert_string_equal(read_bytes(arena, text, MIB + 1), "f:0:0+0 file-too-large\n");
}

static void test_null(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool plain, null;
    } cases[] = {{"", true, true},      {"~", true, true},      {"null", true, true},   {"Null", true, true},
                 {"NULL", true, true},  {"", false, false},     {"null", false, false}, {"nUll", true, false},
                 {"none", true, false}, {"false", true, false}, {"0", true, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct yaml_node node = {.kind = NODE_TEXT, .plain = cases[i].plain, .text = cases[i].text};
        CHECK(yaml_is_null(&node) == cases[i].null, "'%s'", cases[i].text);
    }
    assert_false(yaml_is_null(&(struct yaml_node){.kind = NODE_LIST, .plain = true}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_syntax_errors_have_their_place),
        cmocka_unit_test(test_every_syntax_error_says_what_to_do),
        cmocka_unit_test(test_a_nul_byte),
        cmocka_unit_test(test_hostile_nesting_ends_at_once),
        cmocka_unit_test(test_the_deepest_that_is_read),
        cmocka_unit_test(test_the_largest_file),
        cmocka_unit_test(test_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
