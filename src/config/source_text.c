/* SPDX-License-Identifier: Apache-2.0 */
#include "config/source_text.h"

#include "base/str.h"
#include "config/ids.h"

#include <string.h>

static const char bom[] = "\xef\xbb\xbf";
enum { BOM_SIZE = sizeof bom - 1 };

/* Reading goes from line to line: where it is, and what was seen of the line so far. */
struct scan {
    struct source_text *text;
    struct diags *diags;
    size_t offset;    /* from the start of the file */
    uint32_t column;  /* code points in front of `offset` on its line */
    uint32_t visible; /* code points of the line up to its last one that is no white space */
    bool first;       /* nothing of the line was seen yet, but for a byte order mark */
    bool blank;       /* only white space so far */
    bool content;     /* a line with content was seen: no directive can come any more */
};

static struct span here(const struct scan *scan)
{
    return (struct span){.file = scan->text->file,
                         .line = (uint32_t)scan->text->count,
                         .column = scan->column + 1,
                         .length = 1};
}

static void begin_line(struct arena *arena, struct scan *scan)
{
    VEC_ADD(arena, scan->text)->offset = (uint32_t)scan->offset;
    scan->column = 0;
    scan->visible = 0;
    scan->first = true;
    scan->blank = true;
}

static void end_line(struct scan *scan)
{
    scan->text->items[scan->text->count - 1].length = scan->visible;
}

static bool refuse_character(const struct scan *scan, uint32_t c)
{
    struct diag *diag;
    if (c == 0)
        diag = diag_error(scan->diags, here(scan), ID_INVISIBLE_CHARACTER, "a NUL byte: this is no text file");
    else
        diag = diag_error(scan->diags, here(scan), ID_INVISIBLE_CHARACTER, "invisible character U+%04X",
                          (unsigned)c);
    diag_hint(scan->diags, diag, "remove it: what a reviewer sees must be what is read");
    return false;
}

/*
 * The same for as many plain characters as stand at `offset`; false when there is none, or when the first of
 * them has to be looked at.
 */
static bool take_plain(struct scan *scan)
{
    const char *at = scan->text->file->text + scan->offset;
    size_t run = str_plain_run(at, scan->text->file->size - scan->offset), blanks = 0, visible = run;
    if (!run || (*at == '%' && scan->first && !scan->content))
        return false;
    while (scan->blank && blanks < run && at[blanks] == ' ')
        blanks++;
    if (scan->blank && blanks < run) {
        scan->blank = false;
        scan->content |= at[blanks] != '#';
    }
    while (visible && at[visible - 1] == ' ')
        visible--;
    if (visible)
        scan->visible = scan->column + (uint32_t)visible;
    scan->first = false;
    scan->offset += run;
    scan->column += (uint32_t)run;
    return true;
}

/* Judges the character at `offset`, which is not a line end. */
static bool take_character(struct scan *scan, uint32_t c, size_t length)
{
    const struct source_file *file = scan->text->file;
    bool ends_line = c == '\r' && scan->offset + 1 < file->size && file->text[scan->offset + 1] == '\n';
    bool noncharacter = (c & 0xfffe) == 0xfffe;
    if ((str_is_invisible(c) && c != '\t' && !ends_line) || noncharacter)
        return refuse_character(scan, c);
    if (c == '%' && scan->first && !scan->content) {
        struct diag *diag =
            diag_error(scan->diags, here(scan), ID_YAML_DIRECTIVE, "YAML directives are not allowed");
        diag_hint(scan->diags, diag, "remove this line");
        return false;
    }
    if (scan->blank && c != ' ' && c != '\t' && !ends_line) {
        scan->blank = false;
        scan->content |= c != '#';
    }
    scan->first = false;
    scan->offset += length;
    scan->column++;
    if (c != ' ' && c != '\t' && !ends_line)
        scan->visible = scan->column;
    return true;
}

/* One character, whatever it is. */
static bool take_next(struct scan *scan)
{
    const struct source_file *file = scan->text->file;
    uint32_t c;
    size_t length = str_decode_utf8(file->text + scan->offset, file->size - scan->offset, &c);
    if (length) {
        scan->text->ascii &= length == 1;
        return take_character(scan, c, length);
    }
    struct diag *diag =
        diag_error(scan->diags, here(scan), ID_INVALID_UTF8, "a byte that is not UTF-8: 0x%02X",
                   (unsigned)(unsigned char)file->text[scan->offset]);
    diag_hint(scan->diags, diag, "save the file as UTF-8");
    return false;
}

bool source_text_open(struct arena *arena, const struct source_file *file, struct source_text *ret,
                      struct diags *diags)
{
    *ret = (struct source_text){.file = file, .bytes = file->text, .size = file->size, .ascii = true};
    if (file->size > SOURCE_TEXT_MAX) {
        struct diag *diag =
            diag_error(diags, (struct span){.file = file}, ID_FILE_TOO_LARGE,
                       "the file has %zu bytes; at most %d are read", file->size, SOURCE_TEXT_MAX);
        diag_hint(diags, diag, "split it by team");
        return false;
    }
    struct scan scan = {.text = ret, .diags = diags};
    begin_line(arena, &scan);
    if (file->size >= BOM_SIZE && memcmp(file->text, bom, BOM_SIZE) == 0) {
        ret->bytes += BOM_SIZE;
        ret->size -= BOM_SIZE;
        scan.offset = BOM_SIZE;
    }
    while (scan.offset < file->size) {
        if (file->text[scan.offset] == '\n') {
            end_line(&scan);
            scan.offset++;
            begin_line(arena, &scan);
        } else if (!take_plain(&scan) && !take_next(&scan)) {
            return false;
        }
    }
    end_line(&scan);
    return true;
}

struct span source_text_span(const struct source_text *text, size_t line, size_t column, size_t length)
{
    if (line >= text->count)
        line = text->count - 1;
    size_t line_length = text->items[line].length;
    if (length == 0)
        length = column < line_length ? line_length - column : 1;
    return (struct span){.file = text->file,
                         .line = (uint32_t)line + 1,
                         .column = (uint32_t)column + 1,
                         .length = (uint32_t)length};
}

const char *source_text_at(const struct source_text *text, size_t line, size_t column)
{
    const char *end = text->file->text + text->file->size;
    if (line >= text->count)
        return end;
    const char *at = line == 0 ? text->bytes : text->file->text + text->items[line].offset;
    for (size_t i = 0; i < column && at < end && *at != '\n'; i++) {
        uint32_t c;
        at += str_decode_utf8(at, (size_t)(end - at), &c); /* never 0: source_text_open() has read it all */
    }
    return at;
}
