/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/text_parts.h"

#include <stdio.h>
#include <string.h>

/* How much of a line is shown, and how much of that in front of the place, in columns of the terminal. */
enum { WINDOW = 100, WINDOW_BEFORE = 40, TAB_WIDTH = 4 };

/*
 * A place in a text. Diagnostics are sorted, so it mostly moves forward: a file with a thousand of them is
 * read once.
 */
struct cursor {
    const struct source_file *file;
    uint32_t line, column;
    size_t line_start, offset;
};

/* The size of the line break at `at`, 0 when there is none; those of YAML 1.1, which libyaml counts. */
static size_t line_break(const struct source_file *file, size_t at)
{
    const char *text = file->text + at;
    size_t rest = file->size - at;
    if (rest >= 2 && memcmp(text, "\r\n", 2) == 0)
        return 2;
    if (rest >= 1 && (*text == '\n' || *text == '\r'))
        return 1;
    if (rest >= 2 && memcmp(text, "\xc2\x85", 2) == 0)
        return 2;
    if (rest >= 3 && (memcmp(text, "\xe2\x80\xa8", 3) == 0 || memcmp(text, "\xe2\x80\xa9", 3) == 0))
        return 3;
    return 0;
}

static void cursor_rewind(struct cursor *cursor, const struct source_file *file)
{
    size_t mark = file->size >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0
                      ? 3
                      : 0; /* a byte order mark has no column */
    *cursor = (struct cursor){.file = file, .line = 1, .column = 1, .line_start = mark, .offset = mark};
}

/* Moves to the place, or to the end of its line where that is shorter. False: the file has no such line. */
static bool cursor_seek(struct cursor *cursor, struct span span)
{
    if (cursor->file != span.file || span.line < cursor->line ||
        (span.line == cursor->line && span.column < cursor->column))
        cursor_rewind(cursor, span.file);
    while (cursor->line < span.line || cursor->column < span.column) {
        if (cursor->offset >= span.file->size)
            return cursor->line == span.line;
        size_t step = line_break(span.file, cursor->offset);
        if (step && cursor->line == span.line)
            return true;
        if (step) {
            cursor->line++;
            cursor->column = 1;
            cursor->line_start = cursor->offset + step;
        } else {
            step = glyph_read(span.file->text + cursor->offset, span.file->size - cursor->offset).size;
            cursor->column++;
        }
        cursor->offset += step;
    }
    return true;
}

/* Writes the character at `at` and returns its columns; `out` may be NULL. */
static size_t add_glyph(struct buf *out, const struct source_file *file, size_t at, struct glyph glyph)
{
    if (file->text[at] != '\t')
        return glyph_write_terminal(out, file->text, at, glyph);
    if (out)
        buf_addf(out, "%*s", TAB_WIDTH, "");
    return TAB_WIDTH;
}

/* The start of the character that ends at `at`. */
static size_t step_back(const struct source_file *file, size_t line_start, size_t at)
{
    for (size_t size = 1; size <= 4 && size <= at - line_start; size++)
        if (glyph_read(file->text + at - size, size).size == size &&
            glyph_read(file->text + at - size, size).valid)
            return at - size;
    return at - 1;
}

/* Where the shown part of a line begins: at its start when the place is near to it. */
static size_t window_start(const struct cursor *cursor)
{
    const struct source_file *file = cursor->file;
    size_t at = cursor->offset, width = 0, start = cursor->offset;
    while (at > cursor->line_start && width < WINDOW - TAB_WIDTH * 5) {
        at = step_back(file, cursor->line_start, at);
        width += add_glyph(NULL, file, at, glyph_read(file->text + at, file->size - at));
        if (width <= WINDOW_BEFORE)
            start = at;
    }
    return at == cursor->line_start ? at : start;
}

/* The line, cut to the window; returns where the caret stands and how long it is, in columns. */
static void add_source(struct buf *out, const struct cursor *cursor, size_t length, size_t *ret_caret,
                       size_t *ret_caret_width)
{
    const struct source_file *file = cursor->file;
    size_t at = window_start(cursor), width = 0;
    if (at > cursor->line_start) {
        RAW(out, "…");
        width = 1;
    }
    *ret_caret = width;
    *ret_caret_width = 0;
    for (size_t marked = 0; at < file->size && !line_break(file, at);) {
        struct glyph glyph = glyph_read(file->text + at, file->size - at);
        if (width + add_glyph(NULL, file, at, glyph) > WINDOW) {
            RAW(out, "…");
            break;
        }
        size_t columns = add_glyph(out, file, at, glyph);
        if (at >= cursor->offset && marked < length) {
            marked++;
            *ret_caret_width += columns;
        } else if (at < cursor->offset) {
            *ret_caret = width + columns;
        }
        width += columns;
        at += glyph.size;
    }
    if (*ret_caret_width == 0)
        *ret_caret_width = 1;
}

static void add_gutter(struct buf *out, struct style style, int width, uint32_t line)
{
    paint_begin(out, style, PAINT_BLUE);
    if (line)
        buf_addf(out, " %*u |", width, line);
    else
        buf_addf(out, " %*s |", width, "");
    paint_end(out, style);
}

static void add_snippet(struct buf *out, struct style style, const struct diag *diag, struct cursor *cursor,
                        int width)
{
    size_t caret, caret_width;
    if (!cursor_seek(cursor, diag->span))
        return;
    add_gutter(out, style, width, diag->span.line);
    RAW(out, " ");
    add_source(out, cursor, diag->span.length, &caret, &caret_width);
    RAW(out, "\n");
    add_gutter(out, style, width, 0);
    buf_addf(out, " %*s", (int)caret, "");
    paint_begin(out, style, diag->severity == DIAG_ERROR ? PAINT_RED : PAINT_YELLOW);
    RAW(out, "^");
    while (--caret_width)
        RAW(out, "~");
    paint_end(out, style);
    RAW(out, "\n");
}

static void add_first_line(struct buf *out, struct style style, const struct diag *diag)
{
    paint_begin(out, style, PAINT_BOLD);
    if (diag->span.file) {
        escape_terminal(out, diag->span.file->path);
        if (diag->span.line)
            buf_addf(out, ":%u:%u", diag->span.line, diag->span.column);
        RAW(out, ": ");
    }
    paint_end(out, style);
    paint_begin(out, style, diag->severity == DIAG_ERROR ? PAINT_RED : PAINT_YELLOW);
    buf_add_text(out, diag->severity == DIAG_ERROR ? "error:" : "warning:");
    paint_end(out, style);
    RAW(out, " ");
    escape_terminal(out, diag->message);
    RAW(out, " [");
    escape_terminal(out, diag->id);
    RAW(out, "]\n");
}

static void add_diag(struct buf *out, struct style style, const struct diag *diag, struct cursor *cursor)
{
    bool has_place = diag->span.file && diag->span.line;
    int width = has_place ? snprintf(NULL, 0, "%u", diag->span.line) : 1;
    add_first_line(out, style, diag);
    if (has_place)
        add_snippet(out, style, diag, cursor, width);
    if (diag->hint) {
        buf_addf(out, " %*s = ", width, "");
        escape_terminal(out, diag->hint);
        RAW(out, "\n");
    }
}

void render_diags_text(struct buf *out, const struct diags *diags, struct style style)
{
    struct cursor cursor = {0};
    size_t total = diags->errors + diags->warnings;
    if (!total)
        return;
    for (size_t i = 0; i < diags->count; i++)
        add_diag(out, style, &diags->items[i], &cursor);
    wording_errors(out, diags->errors, diags->warnings);
    if (total > diags->count)
        buf_addf(out, "; %zu of them are not shown", total - diags->count);
    RAW(out, "\n");
}
