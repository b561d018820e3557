/* SPDX-License-Identifier: Apache-2.0 */
#include "config/shown.h"

#include "base/str.h"

#include <string.h>

enum { SHOWN_MAX = 80 }; /* code points */

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD, for what cannot be shown */
static const char ellipsis[] = "\xe2\x80\xa6";

enum { CODE_POINT_MAX = 4 }; /* bytes, in UTF-8 */

const char *shown(struct arena *arena, const char *text)
{
    char *copy = arena_alloc(arena, SHOWN_MAX * CODE_POINT_MAX + sizeof ellipsis), *end = copy;
    size_t left = strlen(text);
    for (int i = 0; i < SHOWN_MAX && left; i++) {
        uint32_t c;
        size_t length = str_decode_utf8(text, left, &c);
        size_t taken = length ? length : 1;
        if (*text == '\n' || *text == '\t')
            *end++ = ' ';
        else if (!length || str_is_invisible(c))
            end = mempcpy(end, replacement, strlen(replacement));
        else
            end = mempcpy(end, text, length);
        text += taken;
        left -= taken;
    }
    if (left)
        memcpy(end, ellipsis, sizeof ellipsis);
    return copy;
}
