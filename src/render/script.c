/* SPDX-License-Identifier: Apache-2.0 */
#include "render/script.h"

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Latin, and the scripts that Unicode's table of confusable characters (UTS #39) pairs with it most. Scripts
 * that nobody takes for Latin are left out: a word of Latin and Han letters is an ordinary one in Japanese.
 */
static const struct {
    uint32_t first, last;
    const char *script; /* NULL: Latin */
} ranges[] = {
    {'A', 'Z', NULL},
    {'a', 'z', NULL},
    {0xc0, 0x24f, NULL},
    {0x250, 0x2af, "phonetic"},
    {0x370, 0x3ff, "Greek"},
    {0x400, 0x52f, "Cyrillic"},
    {0x531, 0x58f, "Armenian"},
    {0x10a0, 0x10ff, "Georgian"},
    {0x13a0, 0x13ff, "Cherokee"},
    {0x1c80, 0x1c8f, "Cyrillic"},
    {0x1d00, 0x1dbf, "phonetic"},
    {0x1e00, 0x1eff, NULL},
    {0x1f00, 0x1fff, "Greek"},
    {0x2100, 0x214f, "letterlike"},
    {0x2160, 0x2188, "Roman numeral"},
    {0x2c60, 0x2c7f, NULL},
    {0x2c80, 0x2cff, "Coptic"},
    {0x2de0, 0x2dff, "Cyrillic"},
    {0xa4d0, 0xa4ff, "Lisu"},
    {0xa640, 0xa69f, "Cyrillic"},
    {0xa720, 0xa7ff, NULL},
    {0xab70, 0xabbf, "Cherokee"},
    {0xff21, 0xff5a, "fullwidth"},
    {0x1d400, 0x1d7ff, "mathematical"},
};

enum letter { LETTER_NONE, LETTER_LATIN, LETTER_OTHER };

static enum letter letter_of(uint32_t code_point, const char **ret_script)
{
    if (code_point == 0xd7 || code_point == 0xf7) /* the signs of multiplication and division */
        return LETTER_NONE;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code_point < ranges[i].first || code_point > ranges[i].last)
            continue;
        if (ranges[i].script)
            *ret_script = ranges[i].script;
        return ranges[i].script ? LETTER_OTHER : LETTER_LATIN;
    }
    return LETTER_NONE;
}

/*
 * What joins letters to one word for the eye: digits, marks above a letter, the invisible, and what names are
 * made of. A dash does not: a word of two scripts with a dash in it is common where Latin is not.
 */
static bool joins(uint32_t code_point)
{
    return (code_point >= '0' && code_point <= '9') || (code_point >= 0x300 && code_point <= 0x36f) ||
           code_point == '.' || code_point == '_' || code_point == '@' || str_is_invisible(code_point);
}

static bool is_ascii(const char *text, size_t size)
{
    unsigned char all = 0;
    for (size_t i = 0; i < size; i++)
        all |= (unsigned char)text[i];
    return all < 0x80;
}

const char *script_mixed_in(const char *text, size_t size)
{
    const char *other = NULL;
    bool latin = false;
    if (is_ascii(text, size)) /* nearly all texts are */
        return NULL;
    for (size_t at = 0, length; at < size; at += length) {
        uint32_t code_point = 0;
        length = str_decode_utf8(text + at, size - at, &code_point);
        if (!length) { /* no UTF-8: shown as such */
            length = 1;
            continue;
        }
        switch (letter_of(code_point, &other)) {
        case LETTER_LATIN: latin = true; break;
        case LETTER_OTHER: break;
        case LETTER_NONE:
            if (!joins(code_point)) {
                latin = false;
                other = NULL;
            }
        }
        if (latin && other)
            return other;
    }
    return NULL;
}
