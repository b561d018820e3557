/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"

#include "base/str.h"
#include "render/script.h"

#include <stdio.h>
#include <string.h>

struct glyph glyph_read(const char *bytes, size_t size)
{
    struct glyph glyph = {.size = 1};
    size_t length = str_decode_utf8(bytes, size, &glyph.code_point);
    if (length == 0) {
        glyph.code_point = (unsigned char)bytes[0];
        return glyph;
    }
    glyph.size = length;
    glyph.valid = true;
    glyph.visible = !str_is_invisible(glyph.code_point);
    return glyph;
}

size_t glyph_write_hidden(struct buf *out, struct glyph glyph)
{
    char text[sizeof "\\u{FFFFFFFF}"];
    int length = snprintf(text, sizeof text, glyph.valid ? "\\u{%X}" : "\\x{%X}", (unsigned)glyph.code_point);
    if (out)
        buf_add(out, text, (size_t)length);
    return (size_t)length;
}

/* Whether text[at] is the bracket of "##[". */
static bool opens_command(const char *text, size_t at)
{
    return at >= 2 && text[at] == '[' && text[at - 1] == '#' && text[at - 2] == '#';
}

size_t glyph_write_terminal(struct buf *out, const char *text, size_t at, struct glyph glyph)
{
    if (!glyph.visible || opens_command(text, at))
        return glyph_write_hidden(out, glyph);
    if (out)
        buf_add(out, text + at, glyph.size);
    return 1;
}

size_t escape_shown_size(const char *text, size_t max, size_t *ret_missing)
{
    size_t size = strlen(text), shown = 0, count = 0, at = 0;
    for (; at < size; count++) {
        if (count == max)
            shown = at;
        at += glyph_read(text + at, size - at).size;
    }
    *ret_missing = count > max ? count - max : 0;
    return *ret_missing ? shown : size;
}

void escape_missing(struct buf *out, size_t missing)
{
    if (missing)
        buf_addf(out, "… (%zu more character%s)", missing, missing == 1 ? "" : "s");
}

void escape_mixed(struct buf *out, const char *text, size_t size)
{
    const char *script = script_mixed_in(text, size);
    if (script)
        buf_addf(out, " (mixes Latin and %s letters)", script);
}

/*
 * How a language writes a character that it would take for its own; false: it has no objection, the bytes
 * can stand.
 */
typedef bool escape_char(struct buf *out, const char *text, size_t at);

static void escape_with(struct buf *out, const char *text, escape_char *escape)
{
    size_t missing, size = escape_shown_size(text, ESCAPE_MAX, &missing);
    for (size_t at = 0; at < size;) {
        struct glyph glyph = glyph_read(text + at, size - at);
        if (!escape(out, text, at)) {
            if (glyph.visible)
                buf_add(out, text + at, glyph.size);
            else
                glyph_write_hidden(out, glyph);
        }
        at += glyph.size;
    }
    escape_missing(out, missing);
}

/* Whether "::" stands at text[at] and nothing but white space, of whatever kind, in front of it. */
static bool starts_command(const char *text, size_t at)
{
    if (text[at] != ':' || text[at + 1] != ':')
        return false;
    for (size_t i = 0; i < at; i++)
        if (text[i] > ' ' && text[i] < 0x7f)
            return false;
    return true;
}

static bool escape_terminal_char(struct buf *out, const char *text, size_t at)
{
    if (!opens_command(text, at) && !starts_command(text, at))
        return false;
    buf_addf(out, "\\u{%X}", (unsigned)text[at]);
    return true;
}

/*
 * Whether a text of printable ASCII, as most are, has nothing in it to escape: no bracket that could open a
 * command, and in front something that is neither a space nor the colon of one.
 */
static bool can_stand(const char *text, size_t size)
{
    return size <= ESCAPE_MAX && *text != ' ' && *text != ':' && str_plain_run(text, size) == size &&
           !memchr(text, '[', size);
}

void escape_terminal(struct buf *out, const char *text)
{
    size_t size = strlen(text);
    if (can_stand(text, size)) {
        buf_add(out, text, size);
        return;
    }
    escape_with(out, text, escape_terminal_char);
    escape_mixed(out, text, size);
}

static bool escape_data_char(struct buf *out, const char *text, size_t at)
{
    switch (text[at]) {
    case '%': RAW(out, "%25"); return true;
    case '\r': RAW(out, "%0D"); return true;
    case '\n': RAW(out, "%0A"); return true;
    default: return false;
    }
}

static bool escape_property_char(struct buf *out, const char *text, size_t at)
{
    switch (text[at]) {
    case ':': RAW(out, "%3A"); return true;
    case ',': RAW(out, "%2C"); return true;
    default: return escape_data_char(out, text, at);
    }
}

void escape_command_data(struct buf *out, const char *text)
{
    escape_with(out, text, escape_data_char);
    escape_mixed(out, text, strlen(text));
}

void escape_command_property(struct buf *out, const char *text)
{
    escape_with(out, text, escape_property_char);
}
