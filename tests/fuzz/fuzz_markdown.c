/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text in the cell of a Markdown table. What was written is read again by a reader that knows the little
 * that we write (plain words, `code`, <code> with character references) and nothing else: whatever could be
 * more than that to GitHub ends the run. What it reads is the text.
 */
#include "shown.h"

#include <ctype.h>

/* A character that GitHub may take for structure, a mention, a reference or markup when it stands bare. */
static bool is_bare(char c)
{
    return (unsigned char)c >= 0x80 || isalnum((unsigned char)c) || strchr(" .,;:!?()'\"/-+=%", c);
}

/* &#64; moves *at behind it. */
static char read_reference(const char **at)
{
    char *end;
    REQUIRE(str_prefix(*at, "&#") && isdigit((unsigned char)(*at)[2]));
    unsigned long code = strtoul(*at + 2, &end, 10);
    REQUIRE(*end == ';' && code > ' ' && code < 0x7f);
    *at = end + 1;
    return (char)code;
}

/* `…`: one backtick on either side; within it, nothing is markup. */
static void read_span(const char **at, struct buf *text)
{
    const char *end = strchr(*at + 1, '`');
    REQUIRE(end && end > *at + 1 && end[1] != '`');
    REQUIRE((*at)[1] != ' ' && end[-1] != ' '); /* a space there would be taken off */
    for (++*at; *at < end; ++*at) {
        REQUIRE(**at != '|' && **at != '\\');
        buf_add_char(text, **at);
    }
    ++*at;
}

/* Letters, digits, spaces, what means nothing in HTML, and references, up to `end`. */
static void read_references(const char **at, const char *end, struct buf *text)
{
    while (!str_prefix(*at, end) || (!*end && **at)) {
        REQUIRE(**at);
        if (**at == '&') {
            buf_add_char(text, read_reference(at));
            continue;
        }
        REQUIRE((unsigned char)**at >= 0x80 || isalnum((unsigned char)**at) || strchr(" -/", **at));
        buf_add_char(text, *(*at)++);
    }
    *at += strlen(end);
}

/* <code>…</code> */
static void read_element(const char **at, struct buf *text)
{
    *at += strlen("<code>");
    read_references(at, "</code>", text);
}

/* What a bare word must not be: a link, an emoji, a reference to an issue. */
static void require_plain_word(const char *word, size_t size)
{
    static const char emoji[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-";
    for (size_t i = 0; i < size; i++) {
        REQUIRE(!str_prefix(word + i, "://") && !str_prefix(word + i, "www."));
        REQUIRE(strncasecmp(word + i, "gh-", 3) != 0 || !isdigit((unsigned char)word[i + 3]));
        if (word[i] == ':') {
            size_t name = strspn(word + i + 1, emoji);
            REQUIRE(name == 0 || word[i + 1 + name] != ':');
        }
    }
}

static const char *read_cell(struct arena *arena, const struct buf *cell)
{
    struct buf text;
    const char *at = cell->bytes;
    buf_init(&text, SIZE_MAX / 2);
    while (*at) {
        if (*at == '`') {
            read_span(&at, &text);
        } else if (*at == '<') {
            REQUIRE(str_prefix(at, "<code>"));
            read_element(&at, &text);
        } else if (*at == '&') {
            buf_add_char(&text, read_reference(&at));
        } else {
            size_t size = 0;
            while (at[size] && !strchr("`<& ", at[size]))
                REQUIRE(is_bare(at[size++]));
            if (size)
                require_plain_word(at, size);
            size += at[size] == ' ';
            buf_add(&text, at, size);
            at += size;
        }
    }
    const char *read = arena_strndup(arena, text.bytes, text.size);
    buf_free(&text);
    return read;
}

/* A line that begins so is a list, a heading, a quotation, code or an underline, not a sentence. */
static void require_no_block(const char *line)
{
    REQUIRE(!*line || !strchr(" #>-+*=~_|:\t", *line));
    size_t digits = strspn(line, "0123456789");
    REQUIRE(digits == 0 || !line[digits] || !strchr(".)", line[digits]));
}

/* A sentence without what it does not keep: quotes, which become code, and spaces in front. */
static const char *words_of(struct arena *arena, const char *text)
{
    char *copy = arena_alloc(arena, strlen(text) + 1), *end = copy;
    for (text += strspn(text, " '"); *text; text++)
        if (*text != '\'')
            *end++ = *text;
    return copy;
}

/* What a reader is to see, with the remark on the part that is shown. */
static const char *shown_with_remark(struct arena *arena, const char *text, size_t max)
{
    size_t missing, size = escape_shown_size(text, max, &missing);
    return arena_printf(arena, "%s%s", shown_text(arena, text, max, ""),
                        shown_remark(arena, text, size, " ⚠️"));
}

static void check_code(struct arena *arena, const char *text)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    escape_markdown_code(&out, text);
    require_visible(&out, "");
    const char *shown = *text ? shown_with_remark(arena, text, ESCAPE_MAX) : "(empty)";
    REQUIRE(!*text || out.bytes[0] == '`' || out.bytes[0] == '<');
    REQUIRE(str_eq(read_cell(arena, &out), shown));
    buf_free(&out);
}

static void check_sentence(struct arena *arena, const char *text, size_t max,
                           void (*write)(struct buf *out, const char *text))
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    write(&out, text);
    require_visible(&out, "");
    require_no_block(out.bytes);
    REQUIRE(str_eq(words_of(arena, read_cell(arena, &out)),
                   words_of(arena, shown_with_remark(arena, text, max))));
    buf_free(&out);
}

/* In the value of an attribute, and as an element. */
static void check_html(struct arena *arena, const char *text)
{
    struct buf out, read;
    buf_init(&out, SIZE_MAX / 2);
    buf_init(&read, SIZE_MAX / 2);
    escape_html(&out, text);
    require_visible(&out, "");
    /* How many characters are missing is told in our own words. */
    size_t missing, size = escape_shown_size(text, ESCAPE_MAX, &missing);
    const char *at =
        arena_strndup(arena, out.bytes, missing ? (size_t)(strrchr(out.bytes, '(') - out.bytes) : out.size);
    read_references(&at, "", &read);
    const char *shown = shown_text(arena, arena_strndup(arena, text, size), ESCAPE_MAX, "");
    REQUIRE(str_eq(read.bytes, missing ? arena_printf(arena, "%s… ", shown) : shown));

    struct buf element;
    buf_init(&element, SIZE_MAX / 2);
    escape_html_code(&element, text);
    REQUIRE(
        str_eq(element.bytes, arena_printf(arena, "<code>%s</code>%s", *text ? out.bytes : "&#40;empty&#41;",
                                           shown_remark(arena, text, strlen(text), ""))));
    buf_free(&element);
    buf_free(&read);
    buf_free(&out);
}

/* <…>, in which each byte is itself or %XX. */
static void check_url(const char *url)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    escape_markdown_url(&out, url);
    const char *at = out.bytes;
    REQUIRE(*at++ == '<');
    for (; *url; url++) {
        char code[4];
        snprintf(code, sizeof code, "%%%02X", (unsigned)(unsigned char)*url);
        if (*at == *url && (*at == '%' || !str_prefix(at, code))) {
            REQUIRE((isalnum((unsigned char)*at) && (unsigned char)*at < 0x80) || strchr("-._~/:?=&%#", *at));
            at++;
        } else {
            REQUIRE(str_prefix(at, code));
            at += 3;
        }
    }
    REQUIRE(str_eq(at, ">"));
    buf_free(&out);
}

/* No line of a block closes its fence. */
static void check_block(struct arena *arena, const char *text)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    escape_markdown_block(&out, text);
    require_visible(&out, "\n");
    REQUIRE(str_eq(out.bytes, shown_text(arena, text, SIZE_MAX, "\n")));
    size_t longest = markdown_longest_fence(text);
    for (const char *at = out.bytes; (at = strchr(at, '`')); at += strspn(at, "`"))
        REQUIRE(strspn(at, "`") <= longest);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *text = fuzz_text(arena, data, size);
    check_code(arena, text);
    check_sentence(arena, text, ESCAPE_MAX, escape_markdown_text);
    check_sentence(arena, text, ESCAPE_EXCERPT_MAX, escape_markdown_excerpt);
    check_html(arena, text);
    check_url(text);
    check_block(arena, text);
    return 0;
}
