/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render_checks.h"
#include "unit.h"

#include <string.h>

typedef void writer(struct buf *out, const char *text);

struct expectation {
    const char *text, *expected;
};

static void check(writer *write, const struct expectation *expectations, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf out;
        buf_init(&out, SIZE_MAX / 4);
        write(&out, expectations[i].text);
        assert_string_equal(out.bytes, expectations[i].expected);
        buf_free(&out);
    }
}

#define CHECK_ALL(write, expectations) check(write, expectations, COUNT(expectations))

static void test_terminal(void **state)
{
    static const struct expectation expectations[] = {
        {"bert@example.com", "bert@example.com"},
        {"Zoë 東京", "Zoë 東京"},
        {"a\nb\tc\033[31m", "a\\u{A}b\\u{9}c\\u{1B}[31m"},
        {"x\xe2\x80\xaey", "x\\u{202E}y"},
        {"\xff\xe2\x80", "\\x{FF}\\x{E2}\\x{80}"},
        {"##[error]x #[ok]", "##\\u{5B}error]x #[ok]"},
        {"::error::x", "\\u{3A}:error::x"},
        {" \xc2\xa0::x", " \xc2\xa0\\u{3A}:x"},
        {"arn:aws:iam::aws:policy/X", "arn:aws:iam::aws:policy/X"},
        {"", ""},
    };
    (void)state;
    CHECK_ALL(escape_terminal, expectations);
}

static void test_markdown_code(void **state)
{
    static const struct expectation expectations[] = {
        {"bert@example.com", "`bert@example.com`"},
        {"a<b>&c", "`a<b>&c`"},
        {"a|b", "<code>a&#124;b</code>"},
        {"`@x`", "<code>&#96;&#64;x&#96;</code>"},
        {"\\|", "<code>&#92;&#124;</code>"},
        {"x\ny", "<code>x&#92;u&#123;A&#125;y</code>"},
        {" x", "<code> x</code>"},
        {"", "(empty)"},
    };
    (void)state;
    CHECK_ALL(escape_markdown_code, expectations);
}

static void test_markdown_text(void **state)
{
    static const struct expectation expectations[] = {
        {"unknown grant 'dev.x', see the docs", "unknown grant `dev.x`, see the docs"},
        {"it doesn't exist in bert's file", "it doesn't exist in bert's file"},
        {"allows s3:* (iam:*).", "allows `s3:*` (`iam:*`)."},
        {"by @octocat, for #12", "by `@octocat`, for `#12`"},
        {"for GH-12, not gh-pages", "for `GH-12`, not gh-pages"},
        {"'x':@octocat", "`x`:`@octocat`"},
        {"- item", "&#45; item"},
        {"1. one", "1&#46; one"},
        {"  two  spaces", "two  spaces"},
        {"# heading", "`#` heading"},
        {"see https://x.example.", "see `https://x.example`."},
        {"a :tada: now", "a :`tada`: now"},
        {"a b\nc", "a <code>b&#92;u&#123;A&#125;c</code>"},
        {"", ""},
    };
    (void)state;
    CHECK_ALL(escape_markdown_text, expectations);
}

static void test_workflow_command(void **state)
{
    static const struct expectation data[] = {
        {"100%\r\n::error::x, y", "100%25%0D%0A::error::x, y"},
        {"%0A", "%250A"},
        {"\033", "\\u{1B}"},
    };
    static const struct expectation properties[] = {
        {"a:b,c%\n", "a%3Ab%2Cc%25%0A"},
    };
    (void)state;
    CHECK_ALL(escape_command_data, data);
    CHECK_ALL(escape_command_property, properties);
}

static void test_block(void **state)
{
    static const struct expectation expectations[] = {
        {"{\n  \"a\": \"```\"\n}", "{\n  \"a\": \"```\"\n}"},
        {"x\r\t\xff", "x\\u{D}\\u{9}\\x{FF}"},
    };
    (void)state;
    CHECK_ALL(escape_markdown_block, expectations);
    assert_int_equal(markdown_longest_fence("a ` b ```` c ``"), 4);
    assert_int_equal(markdown_longest_fence(""), 0);
}

/* Every writer but that of blocks keeps hostile texts on one line, in UTF-8, without anything invisible, and
 * not too long. */
static void test_hostile(void **state)
{
    static writer *const writers[] = {escape_terminal, escape_markdown_code, escape_markdown_text,
                                      escape_command_data, escape_command_property};
    (void)state;
    for (size_t i = 0; hostile_texts[i]; i++) {
        for (size_t j = 0; j < COUNT(writers); j++) {
            struct buf out;
            buf_init(&out, SIZE_MAX / 4);
            writers[j](&out, hostile_texts[i]);
            for (size_t at = 0; at < out.size;) {
                struct glyph glyph = glyph_read(out.bytes + at, out.size - at);
                assert_true(glyph.visible);
                at += glyph.size;
            }
            assert_true(out.size < 2 * ESCAPE_MAX);
            if (writers[j] == escape_markdown_code || writers[j] == escape_markdown_text) {
                assert_null(strchr(out.bytes, '|'));
                assert_markdown_harmless(out.bytes);
            }
            buf_free(&out);
        }
    }
}

static void test_html(void **state)
{
    static const struct expectation texts[] = {
        {"</summary>\"a' & @x", "&#60;/summary&#62;&#34;a&#39; &#38; &#64;x"},
        {"x\n\n# y", "x&#92;u&#123;A&#125;&#92;u&#123;A&#125;&#35; y"},
    };
    static const struct expectation codes[] = {{"a-b", "<code>a-b</code>"},
                                               {"", "<code>&#40;empty&#41;</code>"}};
    (void)state;
    CHECK_ALL(escape_html, texts);
    CHECK_ALL(escape_html_code, codes);
}

static void test_url(void **state)
{
    static const struct expectation expectations[] = {
        {"https://github.com/o/r/actions/runs/1?pr=2#s", "<https://github.com/o/r/actions/runs/1?pr=2#s>"},
        {"https://x/> [y](z)\n\"\\", "<https://x/%3E%20%5By%5D%28z%29%0A%22%5C>"},
        {"\xc3\xa9", "<%C3%A9>"},
    };
    (void)state;
    CHECK_ALL(escape_markdown_url, expectations);
}

static void test_mixed_scripts(void **state)
{
    static const struct {
        writer *write;
        struct expectation expectation;
    } cases[] = {
        {escape_terminal, {"\u0430dmin", "\u0430dmin (mixes Latin and Cyrillic letters)"}},
        {escape_markdown_code, {"\u0430dmin", "`\u0430dmin` ⚠️ (mixes Latin and Cyrillic letters)"}},
        {escape_markdown_text, {"by \u0430dmin", "by \u0430dmin ⚠️ (mixes Latin and Cyrillic letters)"}},
        {escape_command_data, {"\u0430dmin", "\u0430dmin (mixes Latin and Cyrillic letters)"}},
        {escape_html_code, {"\u0430dmin", "<code>\u0430dmin</code> (mixes Latin and Cyrillic letters)"}},
        {escape_command_property, {"\u0430dmin", "\u0430dmin"}}, /* the name of a file must stay one */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check(cases[i].write, &cases[i].expectation, 1);
}

static void test_cut(void **state)
{
    char text[ESCAPE_MAX + 3];
    struct buf out;
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    buf_init(&out, SIZE_MAX / 4);
    escape_terminal(&out, text);
    assert_string_equal(out.bytes + ESCAPE_MAX, "… (2 more characters)");
    buf_clear(&out);
    text[ESCAPE_MAX] = 0;
    escape_terminal(&out, text);
    assert_string_equal(out.bytes, text);
    buf_clear(&out);
    text[ESCAPE_EXCERPT_MAX + 1] = 0;
    escape_markdown_excerpt(&out, text);
    assert_string_equal(out.bytes + ESCAPE_EXCERPT_MAX, "… (1 more character)");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terminal),      cmocka_unit_test(test_markdown_code),
        cmocka_unit_test(test_markdown_text), cmocka_unit_test(test_workflow_command),
        cmocka_unit_test(test_block),         cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_html),          cmocka_unit_test(test_url),
        cmocka_unit_test(test_mixed_scripts), cmocka_unit_test(test_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
