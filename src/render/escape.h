/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One writer for each language that output lands in. Whatever came from outside (YAML, git, AWS, the command
 * line) goes through one of these; what we say ourselves goes through RAW, which takes nothing but a
 * literal.
 *
 * All of them make the invisible visible: control, bidirectional and zero-width characters as \u{202E},
 * bytes that are not UTF-8 as \x{FF}. All but escape_markdown_block cut a text behind ESCAPE_MAX characters
 * and say how many are missing: nothing that we have to show is that long, and a hostile value must not push
 * the rest off the screen. Behind a text with a word of Latin and, say, Cyrillic letters the writers for
 * people say so (script.h).
 */
#ifndef IAMLEASE_RENDER_ESCAPE_H
#define IAMLEASE_RENDER_ESCAPE_H

#include "base/buf.h"

#include <stdint.h>

/* The longest text that is shown whole, in code points; the same for one that stands in a table for information only. */
enum { ESCAPE_MAX = 2048, ESCAPE_EXCERPT_MAX = 200 };

/* Literals only: anything else does not compile. */
#define RAW(out, literal) buf_add((out), "" literal, sizeof(literal) - 1)

/* One character as it is shown on a terminal. Where bytes are no UTF-8 it is the first of them. */
struct glyph {
    size_t size; /* bytes that it takes in the text */
    uint32_t code_point;
    bool valid;   /* UTF-8 */
    bool visible; /* shown as it is; otherwise as \u{…} or \x{…} */
};

/* Reads the first character of `size` bytes, at least one. */
struct glyph glyph_read(const char *bytes, size_t size);

/* Writes what stands for a glyph that is not visible; returns how many columns that takes. `out` may be NULL. */
size_t glyph_write_hidden(struct buf *out, struct glyph glyph);

/*
 * Writes the glyph at text[at] as a terminal may show it; returns how many columns that takes. `out` may be
 * NULL. The bytes in front of it count: "##[" is broken up, because a log of GitHub Actions takes it for a
 * command wherever it stands.
 */
size_t glyph_write_terminal(struct buf *out, const char *text, size_t at, struct glyph glyph);

/* The bytes of the first `max` characters; *ret_missing: how many characters follow. */
size_t escape_shown_size(const char *text, size_t max, size_t *ret_missing);

/* "… (9,000 more characters)", or nothing when none are missing. */
void escape_missing(struct buf *out, size_t missing);

/* " (mixes Latin and Cyrillic letters)" when a word among the first `size` bytes does, otherwise nothing. */
void escape_mixed(struct buf *out, const char *text, size_t size);

/*
 * Terminal: one line, no escape sequences, and nothing that a log of GitHub Actions takes for a command: no
 * "##[", and no "::" at the start.
 */
void escape_terminal(struct buf *out, const char *text);

/*
 * Markdown, a value: always inline code, so that GitHub neither notifies a @mention nor links an address in
 * it. Also in table cells. A value with backticks, pipes, backslashes or hidden characters becomes <code>
 * with character references, which are never structure.
 */
void escape_markdown_code(struct buf *out, const char *text);

/*
 * Markdown, a sentence: words that Markdown or GitHub could read as more than words become inline code, and
 * so does what stands 'in quotes'. Never begins a block. Also in table cells.
 */
void escape_markdown_text(struct buf *out, const char *text);

/* The same, cut behind ESCAPE_EXCERPT_MAX characters: one long description must not push other rows out of sight. */
void escape_markdown_excerpt(struct buf *out, const char *text);

/*
 * The inside of a fenced block; new lines stay. The fence must be longer than markdown_longest_fence() of
 * the same text.
 */
void escape_markdown_block(struct buf *out, const char *text);

/* The length of the longest run of backticks. */
size_t markdown_longest_fence(const char *text);

/*
 * HTML within Markdown, where Markdown's own syntax means nothing: the value of an attribute in quotes; and a
 * value as code, in which GitHub neither notifies nor links.
 */
void escape_html(struct buf *out, const char *text);
void escape_html_code(struct buf *out, const char *text);

/* Markdown, the target of a link: <…>. Whatever has no place in an URL is written as %XX. */
void escape_markdown_url(struct buf *out, const char *url);

/*
 * Data and properties of a workflow command (facts of the runner: ActionCommand.cs), '%' first. New lines of
 * data stay new lines.
 */
void escape_command_data(struct buf *out, const char *text);
void escape_command_property(struct buf *out, const char *text);

#endif
