/* SPDX-License-Identifier: Apache-2.0 */
#include "config/shown.h"

#include "base/str.h"

#include <string.h>

enum { SHOWN_MAX = 80 }; /* code points */

const char *shown(struct arena *arena, const char *text) {
    size_t size = strlen(text), end = 0;
    for (int i = 0; i < SHOWN_MAX; i++) {
        uint32_t c;
        size_t length = str_decode_utf8(text + end, size - end, &c);
        if (!length)
            return text;
        end += length;
    }
    return end == size ? text : arena_printf(arena, "%.*s…", (int)end, text);
}
