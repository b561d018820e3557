/* SPDX-License-Identifier: Apache-2.0 */
/* What render/escape.h promises of every writer, apart from its language. */
#ifndef IAMLEASE_FUZZ_SHOWN_H
#define IAMLEASE_FUZZ_SHOWN_H

#include "base/str.h"
#include "render/escape.h"
#include "render/script.h"
#include "require.h"

/* Well formed UTF-8 in which everything can be seen; characters of `allowed` may stand there too. */
static inline void require_visible(const struct buf *out, const char *allowed)
{
    REQUIRE(!out->failed && strlen(out->bytes) == out->size);
    for (size_t at = 0, length; at < out->size; at += length) {
        uint32_t c = 0;
        length = str_decode_utf8(out->bytes + at, out->size - at, &c);
        REQUIRE(length > 0);
        REQUIRE(!str_is_invisible(c) || (c < 0x80 && strchr(allowed, (int)c)));
    }
}

/*
 * What a reader is to see of a text of which at most `max` characters are shown: the hidden as \u{…} and
 * \x{…}, those of `kept` as they are, and how many characters were cut off.
 */
static inline const char *shown_text(struct arena *arena, const char *text, size_t max, const char *kept)
{
    struct buf out;
    size_t rest = strlen(text), count = 0;
    buf_init(&out, SIZE_MAX / 2);
    for (size_t length; rest; text += length, rest -= length, count++) {
        uint32_t c = 0;
        length = str_decode_utf8(text, rest, &c);
        if (length && (!str_is_invisible(c) || (c < 0x80 && strchr(kept, (int)c)))) {
            if (count < max)
                buf_add(&out, text, length);
        } else if (count < max) {
            buf_addf(&out, length ? "\\u{%X}" : "\\x{%X}", length ? c : (unsigned char)*text);
        }
        length = length ? length : 1;
    }
    if (count > max)
        buf_addf(&out, "… (%zu more character%s)", count - max, count - max == 1 ? "" : "s");
    const char *shown = arena_strndup(arena, out.bytes, out.size);
    buf_free(&out);
    return shown;
}

/* What stands behind `size` bytes of a text when a word in them mixes scripts, after `sign`. */
static inline const char *shown_remark(struct arena *arena, const char *text, size_t size, const char *sign)
{
    const char *script = script_mixed_in(text, size);
    return script ? arena_printf(arena, "%s (mixes Latin and %s letters)", sign, script) : "";
}

#endif
