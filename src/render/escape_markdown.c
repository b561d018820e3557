/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/script.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether `size` bytes can stand between single backticks, in a table cell too. */
static bool fits_backticks(const char *text, size_t size)
{
    if (text[0] == ' ' || text[size - 1] == ' ')
        return false;
    for (size_t at = 0; at < size;) {
        struct glyph glyph = glyph_read(text + at, size - at);
        if (!glyph.visible || text[at] == '`' || text[at] == '|' || text[at] == '\\')
            return false;
        at += glyph.size;
    }
    return true;
}

/*
 * Every ASCII character as a character reference that could mean anything in Markdown or HTML: a reference is
 * never structure.
 */
static void add_referenced(struct buf *out, const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        struct glyph glyph = glyph_read(text + at, size - at);
        if (!glyph.visible)
            buf_addf(out, "&#92;%c&#123;%X&#125;", glyph.valid ? 'u' : 'x', (unsigned)glyph.code_point);
        else if (is_letter(text[at]) || is_digit(text[at]) || strchr(" -/", text[at]))
            buf_add(out, text + at, glyph.size);
        else
            buf_addf(out, "&#%u;", (unsigned)glyph.code_point);
        at += glyph.size;
    }
}

static void add_code(struct buf *out, const char *text, size_t size)
{
    if (size == 0) {
        RAW(out, "(empty)");
    } else if (fits_backticks(text, size)) {
        RAW(out, "`");
        buf_add(out, text, size);
        RAW(out, "`");
    } else {
        RAW(out, "<code>");
        add_referenced(out, text, size);
        RAW(out, "</code>");
    }
}

/* Behind a text of `size` shown bytes: what a reader would not see. */
static void add_remarks(struct buf *out, const char *text, size_t size, size_t missing)
{
    escape_missing(out, missing);
    if (!script_mixed_in(text, size))
        return;
    RAW(out, " ⚠️");
    escape_mixed(out, text, size);
}

void escape_markdown_code(struct buf *out, const char *text)
{
    size_t missing, size = escape_shown_size(text, ESCAPE_MAX, &missing);
    add_code(out, text, size);
    add_remarks(out, text, size, missing);
}

void escape_html(struct buf *out, const char *text)
{
    size_t missing, size = escape_shown_size(text, ESCAPE_MAX, &missing);
    add_referenced(out, text, size);
    escape_missing(out, missing);
}

void escape_html_code(struct buf *out, const char *text)
{
    RAW(out, "<code>");
    escape_html(out, *text ? text : "(empty)");
    RAW(out, "</code>");
    escape_mixed(out, text, strlen(text));
}

void escape_markdown_url(struct buf *out, const char *url)
{
    RAW(out, "<");
    for (; *url; url++) {
        if ((is_letter(*url) && (unsigned char)*url < 0x80) || is_digit(*url) || strchr("-._~/:?=&%#", *url))
            buf_add_char(out, *url);
        else
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)*url);
    }
    RAW(out, ">");
}

/* Punctuation that means nothing within a line. */
static bool is_plain(char c)
{
    return is_letter(c) || is_digit(c) || strchr(" .,;:!?()'\"/-+=%", c);
}

/* "GH-26" is a link to issue 26, and leaves a trace there. */
static bool names_issue(const char *word, size_t size)
{
    for (size_t at = 0; at + 3 < size; at++)
        if ((word[at] | 0x20) == 'g' && (word[at + 1] | 0x20) == 'h' && word[at + 2] == '-' &&
            is_digit(word[at + 3]))
            return true;
    return false;
}

/* A word that GitHub could turn into something: a link, an emoji, a mention, or markup of any kind. */
static bool word_is_risky(const char *word, size_t size)
{
    size_t colons = 0;
    for (size_t at = 0; at < size;) {
        struct glyph glyph = glyph_read(word + at, size - at);
        if (!glyph.visible || !is_plain(word[at]))
            return true;
        colons += word[at] == ':';
        at += glyph.size;
    }
    return colons > 1 || memmem(word, size, "://", 3) || memmem(word, size, "www.", 4) ||
           names_issue(word, size);
}

/*
 * The place of the quote that closes the one at text[0], or 0. An apostrophe closes nothing: something must
 * end behind it.
 */
static size_t closing_quote(const char *text, size_t size)
{
    for (size_t at = 2; at < size; at++)
        if (text[at] == '\'' && (at + 1 == size || strchr(" .,;:!?)", text[at + 1])))
            return at;
    return 0;
}

/*
 * A word without what could start a block: before the first letter of a text, punctuation is written as a
 * reference.
 */
static void add_plain(struct buf *out, const char *text, size_t size, bool *begun)
{
    for (size_t at = 0; at < size; at++) {
        *begun = *begun || is_letter(text[at]);
        if (*begun || is_digit(text[at]))
            buf_add_char(out, text[at]);
        else
            buf_addf(out, "&#%u;", (unsigned)(unsigned char)text[at]);
    }
}

/* A risky word; brackets and full stops around it are not part of it. */
static void add_risky(struct buf *out, const char *word, size_t size, bool *begun)
{
    size_t first = 0, last = size;
    while (first + 1 < last && strchr("(.,;:!?)", word[first]))
        first++;
    while (last > first + 1 && strchr(".,;:!?)", word[last - 1]))
        last--;
    add_plain(out, word, first, begun);
    add_code(out, word + first, last - first);
    *begun = true;
    add_plain(out, word + last, size - last, begun);
}

static void add_text(struct buf *out, const char *text, size_t max)
{
    size_t missing, size = escape_shown_size(text, max, &missing);
    bool begun = false, first = true;
    for (size_t at = 0; at < size;) {
        size_t quote = text[at] == '\'' ? closing_quote(text + at, size - at) : 0;
        if (quote) {
            add_code(out, text + at + 1, quote - 1);
            begun = true;
            first = false;
            at += quote + 1;
            continue;
        }
        const char *space = memchr(text + at, ' ', size - at);
        size_t word = space ? (size_t)(space - text) - at : size - at;
        if (word_is_risky(text + at, word))
            add_risky(out, text + at, word, &begun);
        else
            add_plain(out, text + at, word, &begun);
        first = first && word == 0;
        if (space && !first)
            RAW(out, " ");
        at += word + (space != NULL);
    }
    add_remarks(out, text, size, missing);
}

void escape_markdown_text(struct buf *out, const char *text)
{
    add_text(out, text, ESCAPE_MAX);
}

void escape_markdown_excerpt(struct buf *out, const char *text)
{
    add_text(out, text, ESCAPE_EXCERPT_MAX);
}

void escape_markdown_block(struct buf *out, const char *text)
{
    for (size_t at = 0, size = strlen(text); at < size;) {
        struct glyph glyph = glyph_read(text + at, size - at);
        if (glyph.visible || text[at] == '\n')
            buf_add(out, text + at, glyph.size);
        else
            glyph_write_hidden(out, glyph);
        at += glyph.size;
    }
}

size_t markdown_longest_fence(const char *text)
{
    size_t longest = 0, run = 0;
    for (; *text; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}
