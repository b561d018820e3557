/* SPDX-License-Identifier: Apache-2.0 */
#include "render_checks.h"

#include "base/str.h"
#include "unit.h"

#include <string.h>

/* A name of 10,000 characters. */
#define TEN(text) text text text text text text text text text text
#define LONG_NAME TEN(TEN(TEN("nnnnnnnnnn")))

const char *const hostile_texts[] = {
    "@octocat",
    "(@octocat) '@octocat':@octocat @octo/cat",
    "<img src=x onerror=alert(1)><!-- --></code></details>",
    "a|b\\|c\\\\|d",
    "`@octocat` ```` `",
    "**bold** __x__ ~~y~~ [l](http://evil.example) ![i](x)",
    "www.evil.example https://evil.example mailto:x@y.z",
    "# heading",
    "- item",
    "    code",
    "1. one",
    "> quote",
    "=====",
    "a\n\n# heading\n| x |\n",
    "```\n@octocat\n```",
    "::add-mask::x",
    "\n::add-mask::x",
    "##[error]x ##[add-mask]y",
    "\r::stop-commands::t",
    "$x$ $`y`$ :tada: #12 GH-12",
    "\001 \002 \001in 4 days\002",
    "\u0430dmin",
    "safe \xe2\x80\xae txt.evil \xe2\x80\x8b \xef\xbb\xbf \xc2\xad",
    "\033]0;title\007\033[2J\x7f\xc2\x9b",
    "\xff\xfe\xc0\x80\xed\xa0\x80 \xe2\x80",
    "%0A::error::x %25",
    " ",
    "",
    "&lt;&#64;octocat",
    "{\"a\":[\"```\",{}]}",
    LONG_NAME,
    NULL,
};

const char *rendered(struct arena *arena, struct buf *out)
{
    assert_false(out->failed);
    const char *text = arena_strndup(arena, out->bytes, out->size);
    buf_free(out);
    return text;
}

size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

/* The end of the fence that opens at `at` and starts a line, or `at` when there is none. */
static const char *skip_fence(const char *markdown, const char *at)
{
    if (at != markdown && at[-1] != '\n')
        return at;
    size_t length = strspn(at, "`");
    if (length < 3)
        return at;
    char fence[64] = "\n";
    assert_true(length < sizeof fence - 2);
    memcpy(fence + 1, at, length);
    fence[length + 1] = '\n';
    const char *end = strstr(at, fence);
    assert_non_null(end);
    return end + length + 1;
}

void assert_markdown_harmless(const char *markdown)
{
    static const char *const tags[] = {"<br>",
                                       "<sub>",
                                       "</sub>",
                                       "<code>",
                                       "</code>",
                                       "<details>",
                                       "</details>",
                                       "<summary>",
                                       "</summary>",
                                       "<code title=\"",
                                       "<https://github.com/"};
    bool in_code = false;
    for (const char *at = markdown; *at; at++) {
        at = in_code ? at : skip_fence(markdown, at);
        if (*at == '`') {
            in_code = !in_code;
            continue;
        }
        assert_false(in_code && *at == '\n');
        if (in_code || *at != '<') {
            assert_true(in_code || !*at || !strchr("@$\\", *at));
            continue;
        }
        size_t known = 0;
        for (size_t i = 0; i < COUNT(tags); i++)
            known += str_prefix(at, tags[i]);
        assert_int_equal(known, 1);
    }
    assert_false(in_code);
}

void assert_terminal_harmless(const char *text)
{
    for (size_t at = 0, size = strlen(text), step; at < size; at += step) {
        uint32_t c = 0;
        step = str_decode_utf8(text + at, size - at, &c);
        assert_int_not_equal(step, 0);
        assert_true(c == '\n' || !str_is_invisible(c));
    }
    assert_null(strstr(text, "##["));
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += strspn(line, "\n ");
        assert_false(str_prefix(line, "::"));
    }
}
