/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <assert.h>
#include <string.h>

bool str_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_suffix(const char *text, const char *suffix)
{
    size_t text_size = strlen(text), suffix_size = strlen(suffix);
    return text_size >= suffix_size && str_eq(text + text_size - suffix_size, suffix);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int str_casecmp(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) - lower(*b);
}

void str_to_lower(char *text)
{
    for (; *text; text++)
        *text = (char)lower(*text);
}

char *str_lower(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    str_to_lower(copy);
    return copy;
}

const char *str_of_pointer(const void *pointer, char ret[static STR_POINTER_SIZE])
{
    enum { DIGITS = 2 * sizeof(uintptr_t) }; /* printf takes far longer, and there is a key for every entry */
    static_assert(2 * sizeof(uintptr_t) < STR_POINTER_SIZE, "an address must fit");
    uintptr_t address = (uintptr_t)pointer;
    for (size_t i = DIGITS; i > 0; address /= 16)
        ret[--i] = "0123456789abcdef"[address % 16];
    ret[DIGITS] = 0;
    return ret;
}

bool str_only(const char *text, const char *others)
{
    for (; *text; text++) {
        bool letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
        bool digit = *text >= '0' && *text <= '9';
        const char *other = others;
        while (!letter && !digit && *other && *other != *text)
            other++;
        if (!letter && !digit && !*other)
            return false;
    }
    return true;
}

enum { NEAREST_MAX = 64 };

/* Optimal string alignment distance of two texts of at most NEAREST_MAX bytes. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][NEAREST_MAX + 1];
    for (size_t j = 0; j <= b_size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);
            size_t best = above[j - 1] + !same;
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]) &&
                rows[(i - 2) % 3][j - 2] + 1 < best)
                best = rows[(i - 2) % 3][j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[a_size % 3][b_size];
}

const char *str_nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t size = strlen(word);
    if (size == 0 || size > NEAREST_MAX)
        return NULL;
    size_t limit = size / 3 ? size / 3 : 1, best = limit + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t candidate_size = strlen(candidates[i]);
        if (candidate_size > NEAREST_MAX)
            continue;
        size_t d = distance(word, size, candidates[i], candidate_size);
        if (d < best) {
            best = d;
            nearest = candidates[i];
        }
    }
    return nearest;
}

size_t str_decode_utf8(const char *bytes, size_t size, uint32_t *ret_code_point)
{
    if (size == 0)
        return 0;
    const unsigned char *p = (const unsigned char *)bytes;
    if (p[0] < 0x80) {
        *ret_code_point = p[0];
        return 1;
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = p[0] >= 0xf0 && p[0] < 0xf5   ? 4
                    : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
                    : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                                                  : 0;
    if (length == 0 || length > size)
        return 0;
    uint32_t code_point = p[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code_point = code_point << 6 | (p[i] & 0x3f);
    }
    if (code_point < smallest[length] || code_point > 0x10ffff ||
        (code_point >= 0xd800 && code_point <= 0xdfff))
        return 0;
    *ret_code_point = code_point;
    return length;
}

static bool is_plain(char c)
{
    return c >= ' ' && c <= '~';
}

static const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);

static uint64_t word_at(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Nothing when all eight bytes are plain: a byte's high bit gets set by itself, by adding 1 to 0x7f, or by
 * taking a space from what is smaller. */
static uint64_t not_plain(uint64_t word)
{
    return (word | (word + ones) | (word - ones * ' ')) & high;
}

/* Nothing when none of the eight bytes, all of them ASCII, is `c`. */
static uint64_t has(uint64_t word, char c)
{
    uint64_t others = word ^ ones * (unsigned char)c;
    return (others - ones) & high;
}

size_t str_plain_run(const char *bytes, size_t size)
{
    size_t run = 0;
    while (size - run >= sizeof(uint64_t) && !not_plain(word_at(bytes + run)))
        run += sizeof(uint64_t);
    while (run < size && is_plain(bytes[run]))
        run++;
    return run;
}

size_t str_plain_run_before(const char *bytes, size_t size, const char stops[static 3])
{
    size_t run = 0;
    while (size - run >= sizeof(uint64_t)) {
        uint64_t word = word_at(bytes + run);
        if (not_plain(word) | has(word, stops[0]) | has(word, stops[1]) | has(word, stops[2]))
            break;
        run += sizeof(uint64_t);
    }
    while (run < size && is_plain(bytes[run]) && bytes[run] != stops[0] && bytes[run] != stops[1] &&
           bytes[run] != stops[2])
        run++;
    return run;
}

bool str_is_invisible(uint32_t c)
{
    if (c >= ' ' && c <= '~')
        return false;
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},     {0x34f, 0x34f},
        {0x61c, 0x61c},   {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180e, 0x180e},
        {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
        {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff},
    };
    if (c > 0x1f && c < 0x7f) /* nearly all of them */
        return false;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}
