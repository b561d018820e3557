/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/role_mark.h"

#include "base/str.h"

#include <string.h>

enum { TAG_VALUE_MAX = 256, ESCAPE_SIZE = 3 };

const char role_mark_key[] = "iamlease";
const char role_direct_key[] = "iamlease-direct";

/* IAM API reference, Tag: letters, digits, spaces and these; of the letters we take ASCII's. */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("_.:+-@", c));
}

static const char *escaped(struct arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *value = arena_array(arena, strlen(text) * ESCAPE_SIZE + 1, 1), *to = value;
    for (; *text; text++) {
        if (is_plain(*text)) {
            *to++ = *text;
            continue;
        }
        *to++ = '=';
        *to++ = digits[(unsigned char)*text >> 4];
        *to++ = digits[(unsigned char)*text & 15];
    }
    *to = 0;
    return value;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What stands for a character is read as it; anything else stays as it is. */
static void unescape(char *text)
{
    char *to = text;
    for (; *text; text++) {
        int high = *text == '=' ? digit(text[1]) : -1, low = high >= 0 ? digit(text[2]) : -1;
        *to++ = low >= 0 ? (char)(high * 16 + low) : *text;
        text += low >= 0 ? ESCAPE_SIZE - 1 : 0;
    }
    *to = 0;
}

const char *role_mark_text(struct arena *arena, const char *text)
{
    const char *value = escaped(arena, text);
    return strlen(value) <= TAG_VALUE_MAX ? value : NULL;
}

const char *role_mark_text_of(struct arena *arena, const char *value)
{
    char *text = arena_strdup(arena, value);
    unescape(text);
    return text;
}

const char *role_mark(struct arena *arena, const struct mark *mark)
{
    const char *value = arena_printf(arena, "%s/%s/%s", escaped(arena, mark->owner),
                                     escaped(arena, mark->team), escaped(arena, mark->name));
    if (strlen(value) <= TAG_VALUE_MAX)
        return value;
    return arena_printf(arena,
                        "%s:", mark_limited(arena, value, TAG_VALUE_MAX - 1)); /* still that of a lease */
}

const char *role_mark_prefix(struct arena *arena, const char *owner)
{
    return arena_printf(arena, "%s/", escaped(arena, owner));
}

const char *role_mark_of(struct arena *arena, const char *owner, const struct fact *fact)
{
    return role_mark(arena, &(struct mark){owner, fact->team, mark_copy_of(arena, fact)});
}

bool role_mark_parse(struct arena *arena, const char *value, struct mark *ret)
{
    char *owner = arena_strdup(arena, value), *team = strchr(owner, '/'),
         *name = team ? strchr(team + 1, '/') : NULL;
    if (!name || strchr(name + 1, '/'))
        return false;
    *team++ = 0;
    *name++ = 0;
    unescape(owner);
    unescape(team);
    unescape(name);
    *ret = (struct mark){owner, team, name};
    return *owner && *team && *name;
}

const char *role_mark_kept(struct arena *arena, const struct mark *mark)
{
    const char *value = arena_printf(arena, "%s/%s/%s", escaped(arena, mark->owner),
                                     escaped(arena, mark->team), escaped(arena, mark->name));
    return strlen(value) <= TAG_VALUE_MAX ? value : mark_limited(arena, value, TAG_VALUE_MAX);
}

const char *role_mark_of_entry(struct arena *arena, const char *owner, const struct fact *fact)
{
    return role_mark_kept(arena, &(struct mark){owner, fact->team, fact->principal});
}

bool role_mark_admits(struct arena *arena, const char *value, const char *owner, const struct fact *fact)
{
    return !fact->of_role || (value && str_eq(value, role_mark_of_entry(arena, owner, fact)));
}

bool role_mark_is_kept(struct arena *arena, const char *value, const char *owner, struct mark *ret)
{
    return value && role_mark_parse(arena, value, ret) && str_eq(ret->owner, owner) && !mark_is_lease(ret);
}

bool role_mark_is_lease(struct arena *arena, const char *value, const char *owner, struct mark *ret)
{
    return value && role_mark_parse(arena, value, ret) && str_eq(ret->owner, owner) && mark_is_lease(ret);
}
