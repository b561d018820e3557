/* SPDX-License-Identifier: Apache-2.0 */
#include "github/shape.h"

#include "base/str.h"

#include <string.h>

enum { ID_DIGITS = 40, TEXT_MAX = 255 };

bool shape_is_id(const char *text)
{
    return strlen(text) == ID_DIGITS && strspn(text, "0123456789abcdef") == ID_DIGITS;
}

/* Of the characters that GitHub allows there; "." and ".." are no names. */
static bool is_name(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!strchr("-_.", text[i]) && !(text[i] >= '0' && text[i] <= '9') &&
            !(text[i] >= 'a' && text[i] <= 'z') && !(text[i] >= 'A' && text[i] <= 'Z'))
            return false;
    return size && !(text[0] == '.' && (size == 1 || (size == 2 && text[1] == '.')));
}

bool shape_is_repository(const char *text)
{
    const char *slash = strchr(text, '/');
    return slash && strlen(text) <= TEXT_MAX && is_name(text, (size_t)(slash - text)) &&
           is_name(slash + 1, strlen(slash + 1));
}

bool shape_is_login(const char *text)
{
    return *text && strlen(text) <= TEXT_MAX && str_only(text, "-_[]");
}

bool shape_is_ref(const char *text)
{
    size_t size = strlen(text);
    if (!size || size > TEXT_MAX || *text == '-' || *text == '/' || text[size - 1] == '/' ||
        strstr(text, "..") || strstr(text, "//") || strstr(text, "@{") || str_suffix(text, ".lock"))
        return false;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f || strchr("~^:?*[\\", text[i]))
            return false;
    return true;
}
