/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "render/render.h"
#include "render_checks.h"
#include "unit.h"

#include <string.h>

struct fixture {
    struct arena *arena;
    struct diags diags;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = ARENA_NEW(arena, struct fixture);
    fixture->arena = arena;
    fixture->diags = diags_new(arena);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

static const struct source_file *new_file(struct fixture *fixture, const char *path, const char *text)
{
    struct source_file *file = ARENA_NEW(fixture->arena, struct source_file);
    *file = (struct source_file){path, text, strlen(text)};
    return file;
}

static struct span at(const struct source_file *file, uint32_t line, uint32_t column, uint32_t length)
{
    return (struct span){file, line, column, length};
}

typedef void diags_renderer(struct buf *out, const struct diags *diags);

static void plain_text(struct buf *out, const struct diags *diags)
{
    render_diags_text(out, diags, (struct style){false});
}

static const char *render(struct fixture *fixture, diags_renderer *renderer)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    renderer(&out, &fixture->diags);
    return rendered(fixture->arena, &out);
}

static void test_caret_and_hint(void **state)
{
    struct fixture *fixture = *state;
    const struct source_file *file =
        new_file(fixture, "aws-policies/pay.yaml",
                 "aws-policies:\n  dev.read-only:\n    description: x\n    managd_policies: []\n");
    struct diag *diag =
        diag_error(&fixture->diags, at(file, 4, 5, 15), "unknown-key", "unknown key '%s'", "managd_policies");
    diag_hint(&fixture->diags, diag, "did you mean 'managed_policies'?");
    diag_warning(&fixture->diags, at(NULL, 0, 0, 0), "no-teams", "there is no team");
    assert_string_equal(render(fixture, plain_text),
                        "aws-policies/pay.yaml:4:5: error: unknown key 'managd_policies' [unknown-key]\n"
                        " 4 |     managd_policies: []\n"
                        "   |     ^~~~~~~~~~~~~~~\n"
                        "   = did you mean 'managed_policies'?\n"
                        "warning: there is no team [no-teams]\n"
                        "1 error, 1 warning\n");
}

static void test_nothing(void **state)
{
    assert_string_equal(render(*state, plain_text), "");
    assert_string_equal(render(*state, render_diags_annotations), "");
    assert_non_null(strstr(render(*state, render_diags_markdown), "the configuration is valid"));
}

/* Only the lines that show source and caret. */
static void check_snippet(void **state, const char *text, struct span span, const char *expected)
{
    struct fixture *fixture = *state;
    fixture->diags = diags_new(fixture->arena);
    span.file = new_file(fixture, "f", text);
    diag_error(&fixture->diags, span, "id", "m");
    const char *output = strchr(render(fixture, plain_text), '\n') + 1;
    size_t size = strlen(output) - strlen("1 error\n");
    assert_string_equal(arena_strndup(fixture->arena, output, size), expected);
}

static void test_columns(void **state)
{
    check_snippet(state, "ä: 東京 x", at(NULL, 1, 7, 1), " 1 | ä: 東京 x\n   |       ^\n");
    check_snippet(state, "a\tb: c", at(NULL, 1, 3, 1), " 1 | a    b: c\n   |      ^\n");
    check_snippet(state, "\tb", at(NULL, 1, 1, 1), " 1 |     b\n   | ^~~~\n");
    check_snippet(state, "x\xe2\x80\xaey", at(NULL, 1, 2, 2), " 1 | x\\u{202E}y\n   |  ^~~~~~~~~\n");
    check_snippet(state, "x\xff\xfe y", at(NULL, 1, 3, 1), " 1 | x\\x{FF}\\x{FE} y\n   |        ^~~~~~\n");
    check_snippet(state, "\xef\xbb\xbfkey: v", at(NULL, 1, 1, 3), " 1 | key: v\n   | ^~~\n");
}

static void test_lines(void **state)
{
    check_snippet(state,
                  "a\r\nb\rc\xc2\x85"
                  "d\xe2\x80\xa8"
                  "e",
                  at(NULL, 5, 1, 1), " 5 | e\n   | ^\n");
    check_snippet(state, "a\r\nb", at(NULL, 1, 1, 9), " 1 | a\n   | ^\n");
    check_snippet(state, "abc\n", at(NULL, 1, 4, 1), " 1 | abc\n   |    ^\n");
    check_snippet(state, "abc\n", at(NULL, 1, 99, 1), " 1 | abc\n   |    ^\n");
    check_snippet(state, "abc\n", at(NULL, 2, 1, 1), " 2 | \n   | ^\n");
    check_snippet(state, "abc\n", at(NULL, 3, 1, 1), "");
    check_snippet(state, "", at(NULL, 1, 1, 1), " 1 | \n   | ^\n");
    check_snippet(state, "", at(NULL, 0, 0, 0), "");
}

/* The character over the caret. */
static char marked(const char *output)
{
    const char *source = strchr(output, '\n') + 1, *carets = strchr(source, '\n') + 1;
    size_t column = (size_t)(strchr(carets, '^') - carets);
    for (; column; column--)
        source += (unsigned char)*source >= 0xe0 ? 3 : 1;
    return *source;
}

static void test_long_lines(void **state)
{
    struct fixture *fixture = *state;
    enum { SIZE = 5000 };
    static const uint32_t columns[] = {1, 30, 79, 80, 81, 100, 101, 2500, SIZE - 1, SIZE};
    for (size_t i = 0; i < COUNT(columns); i++) {
        char *text = arena_alloc(fixture->arena, SIZE + 1);
        memset(text, 'a', SIZE);
        text[columns[i] - 1] = 'X';
        fixture->diags = diags_new(fixture->arena);
        diag_error(&fixture->diags, at(new_file(fixture, "f", text), 1, columns[i], 1), "id", "m");
        const char *output = render(fixture, plain_text);
        assert_int_equal(marked(output), 'X');
        assert_true(strlen(output) < 400);
    }
}

/* Places in any order, on one line and on several, find their line. */
static void test_order(void **state)
{
    struct fixture *fixture = *state;
    const struct source_file *one = new_file(fixture, "one", "a b\nc d\n"),
                             *two = new_file(fixture, "two", "e f\n");
    diag_error(&fixture->diags, at(one, 2, 3, 1), "id", "m");
    diag_error(&fixture->diags, at(one, 2, 1, 1), "id", "m");
    diag_error(&fixture->diags, at(one, 1, 3, 1), "id", "m");
    diag_error(&fixture->diags, at(two, 1, 3, 1), "id", "m");
    diag_error(&fixture->diags, at(two, 1, 3, 1), "id", "m");
    const char *output = render(fixture, plain_text);
    assert_int_equal(occurrences(output, " 2 | c d\n   |   ^\n"), 1);
    assert_int_equal(occurrences(output, " 2 | c d\n   | ^\n"), 1);
    assert_int_equal(occurrences(output, " 1 | a b\n   |   ^\n"), 1);
    assert_int_equal(occurrences(output, " 1 | e f\n   |   ^\n"), 2);
}

static void test_more_than_kept(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < DIAG_MAX + 7; i++)
        diag_error(&fixture->diags, at(NULL, 0, 0, 0), "id", "m");
    for (size_t i = 0; i < 3; i++)
        diag_warning(&fixture->diags, at(NULL, 0, 0, 0), "id", "m");
    const char *text = render(fixture, plain_text);
    assert_non_null(strstr(text, "1007 errors, 3 warnings; 10 of them are not shown\n"));
    assert_non_null(strstr(render(fixture, render_diags_markdown), "### iamlease: 1007 errors, 3 warnings — "));
    assert_non_null(strstr(render(fixture, render_diags_annotations), "997 more errors and 3 more warnings"));
}

/* Both keep to their size, whatever stands in them, and say how much is missing. */
static void test_markdown_limits(void **state)
{
    struct fixture *fixture = *state;
    const struct comment_options options = {.max_bytes = 5000, .summary_url = "https://github.com/o/r"};
    char hash[SHA256_HEX_SIZE];
    struct buf out;
    for (size_t i = 0; i < 300; i++)
        diag_warning(&fixture->diags, at(NULL, 0, 0, 0), "w", "%0400zu", i);
    size_t size = strlen(render(fixture, render_diags_markdown));
    assert_true(size <= WARNINGS_SUMMARY_BYTES_MAX && size > WARNINGS_SUMMARY_BYTES_MAX - 1000);
    diag_error(&fixture->diags, at(NULL, 0, 0, 0), "e", "the error");
    assert_true(strlen(render(fixture, render_diags_markdown)) > 300 * 400);
    buf_init(&out, SIZE_MAX / 4);
    render_diags_comment(&out, &fixture->diags, &options, hash);
    assert_true(out.size <= 5000 && out.size > 4000);
    const char *title =
        arena_printf(fixture->arena,
                     "### iamlease: 1 error, 300 warnings — %zu of them not shown here, see the [job summary]("
                     "<https://github.com/o/r>)\n\n| | Where",
                     300 - occurrences(out.bytes, "⚠️ warning"));
    assert_int_equal(strncmp(out.bytes, title, strlen(title)), 0);
    assert_non_null(strstr(out.bytes, "| ❌ error |  | the error [`e`] |  |\n")); /* errors stand first */
    buf_free(&out);
}

static void test_annotations(void **state)
{
    struct fixture *fixture = *state;
    const struct source_file *file = new_file(fixture, "a,b:c%.yaml", "x");
    diag_hint(&fixture->diags,
              diag_error(&fixture->diags, at(file, 4, 7, 1), "unknown-key", "100%% wrong\n::error::x"),
              "do y");
    diag_warning(&fixture->diags, at(file, 0, 0, 0), "whole-file", "w");
    diag_error(&fixture->diags, at(NULL, 0, 0, 0), "nowhere", "n");
    assert_string_equal(
        render(fixture, render_diags_annotations),
        "::error file=a%2Cb%3Ac%25.yaml,line=4,col=7,title=unknown-key::100%25 wrong%0A::error::x%0Ado y\n"
        "::warning file=a%2Cb%3Ac%25.yaml,title=whole-file::w\n"
        "::error title=nowhere::n\n");
}

static void test_annotation_limit(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < 12; i++)
        diag_error(&fixture->diags, at(NULL, 0, 0, 0), "id", "m");
    for (size_t i = 0; i < 11; i++)
        diag_warning(&fixture->diags, at(NULL, 0, 0, 0), "id", "m");
    const char *output = render(fixture, render_diags_annotations);
    assert_int_equal(occurrences(output, "::error "), 10);
    assert_int_equal(occurrences(output, "::warning "), 10);
    assert_int_equal(occurrences(output, "::notice "), 1);
    assert_non_null(strstr(output, "2 more errors and 1 more warning "));
}

static void test_hostile(void **state)
{
    struct fixture *fixture = *state;
    size_t count = 0;
    for (; hostile_texts[count]; count++) {
        const struct source_file *file = new_file(fixture, hostile_texts[count], hostile_texts[count]);
        struct diag *diag = diag_error(&fixture->diags, at(file, 1, 2, 3), "id", "'%s'", hostile_texts[count]);
        diag_hint(&fixture->diags, diag, "%s", hostile_texts[count]);
    }
    assert_terminal_harmless(render(fixture, plain_text));
    const char *markdown = render(fixture, render_diags_markdown);
    assert_markdown_harmless(markdown);
    assert_int_equal(occurrences(markdown, "|"), 5 * (count + 2));
    const char *annotations = render(fixture, render_diags_annotations);
    assert_int_equal(occurrences(annotations, "\n"), 11);
    assert_int_equal(occurrences(annotations, "\r"), 0);
}

static void test_json(void **state)
{
    struct fixture *fixture = *state;
    const struct source_file *file = new_file(fixture, "a.yaml", "x");
    diag_error(&fixture->diags, at(file, 1, 2, 3), "unknown-key", "m \xff");
    diag_hint(&fixture->diags, diag_warning(&fixture->diags, at(NULL, 0, 0, 0), "id", "w"), "h");
    const char *output = render(fixture, render_diags_json);
    struct json *json;
    struct err err = {0};
    assert_int_equal(json_parse(fixture->arena, output, strlen(output), &json, &err), 0);
    assert_string_equal(json_get_string(json, "format"), "iamlease/diagnostics");
    assert_true(json_get(json, "errors")->number == 1 && json_get(json, "warnings")->number == 1);
    const struct json *items = json_get(json, "diagnostics");
    assert_int_equal(items->count, 2);
    const struct json *place = json_get(&items->items[0], "place");
    assert_string_equal(json_get_string(place, "file"), "a.yaml");
    assert_true(json_get(place, "line")->number == 1 && json_get(place, "column")->number == 2);
    assert_int_equal(json_get(&items->items[1], "place")->kind, JSON_NULL);
    assert_string_equal(json_get_string(&items->items[1], "severity"), "warning");
    assert_string_equal(json_get_string(&items->items[1], "hint"), "h");
}

static void test_color(void **state)
{
    struct fixture *fixture = *state;
    struct buf out;
    diag_error(&fixture->diags, at(new_file(fixture, "a.yaml", "x"), 1, 1, 1), "id", "m");
    buf_init(&out, SIZE_MAX / 4);
    render_diags_text(&out, &fixture->diags, (struct style){true});
    const char *output = rendered(fixture->arena, &out);
    assert_non_null(strstr(output, "\033[1;31merror:\033[0m m [id]"));
    assert_null(strchr(render(fixture, plain_text), '\033'));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_caret_and_hint),  TEST(test_nothing),
        TEST(test_columns),         TEST(test_lines),
        TEST(test_long_lines),      TEST(test_order),
        TEST(test_more_than_kept),  TEST(test_annotations),
        TEST(test_markdown_limits), TEST(test_annotation_limit),
        TEST(test_hostile),         TEST(test_json),
        TEST(test_color),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
