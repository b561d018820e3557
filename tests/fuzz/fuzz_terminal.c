/* SPDX-License-Identifier: Apache-2.0 */
/* Any text on a terminal and in the log of GitHub Actions: it can be seen, commands nothing, and is all there. */
#include "shown.h"

/* What stands there after our words and with white space in front; TrimStart() of the runner knows them all. */
static void require_no_command(const char *line)
{
    static const char *const white[] = {" ",
                                        "\xc2\xa0",
                                        "\xe1\x9a\x80",
                                        "\xe2\x80\x80",
                                        "\xe2\x80\x89",
                                        "\xe2\x80\x8a",
                                        "\xe2\x80\xaf",
                                        "\xe2\x81\x9f",
                                        "\xe3\x80\x80"};
    REQUIRE(!strstr(line, "##["));
    for (size_t i = 0; i < sizeof white / sizeof white[0];) {
        if (str_prefix(line, white[i])) {
            line += strlen(white[i]);
            i = 0;
        } else {
            i++;
        }
    }
    REQUIRE(!str_prefix(line, "::"));
}

/* The same text with each \u{23}, \u{3A}, \u{5B} that the writer put there for a visible character taken back. */
static bool is_written_as(const char *shown, const char *written)
{
    while (*shown) {
        char escape[sizeof "\\u{5B}"];
        snprintf(escape, sizeof escape, "\\u{%X}", (unsigned)(unsigned char)*shown);
        bool broken_up = strchr(":[", *shown) && str_prefix(written, escape);
        if (!broken_up && *shown != *written)
            return false;
        written += broken_up ? strlen(escape) : 1;
        shown++;
    }
    return !*written;
}

static size_t count_code_points(const struct buf *out)
{
    size_t count = 0;
    for (size_t at = 0; at < out->size; at++)
        count += ((unsigned char)out->bytes[at] & 0xc0) != 0x80;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *text = fuzz_text(arena, data, size);
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    escape_terminal(&out, text);
    require_visible(&out, "");
    require_no_command(out.bytes);
    REQUIRE(is_written_as(arena_printf(arena, "%s%s", shown_text(arena, text, ESCAPE_MAX, ""),
                                       shown_remark(arena, text, strlen(text), "")),
                          out.bytes));

    /* Glyph by glyph, as under a caret: the columns are those that were written. */
    buf_clear(&out);
    size_t columns = 0, whole = strlen(text);
    for (size_t at = 0; at < whole;) {
        struct glyph glyph = glyph_read(text + at, whole - at);
        REQUIRE(glyph.size >= 1 && glyph.size <= whole - at);
        size_t width = glyph_write_terminal(&out, text, at, glyph);
        REQUIRE(width == glyph_write_terminal(NULL, text, at, glyph));
        columns += width;
        at += glyph.size;
    }
    require_visible(&out, "");
    REQUIRE(columns == count_code_points(&out));
    REQUIRE(!strstr(out.bytes, "##["));
    buf_free(&out);
    return 0;
}
