/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/mark.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"
#include "base/time.h"
#include "policy/document.h"

#include <assert.h>
#include <string.h>

enum {
    DESCRIPTION_MAX = 1000, /* IAM's limit, in characters */
    NAME_MAX_SIZE = 128,    /* IAM's limit for policy names */
    ROLE_NAME_MAX = 64,     /* IAM's limit for names of roles */
    ROLE_NAME_MIN = 32,     /* less room than that says nothing to a reader */
    NAME_HASH_SIZE = 16,    /* hex digits at the end of a name that was too long */
    SID_HASH_SIZE = 10,
};

static const char mark_begin[] = "[iamlease ";

/* IAM's pattern of descriptions (facts of the API model): Latin-1 without control characters. */
static bool is_describable(uint32_t c)
{
    return (c >= 0x20 && c <= 0x7e) || (c >= 0xa1 && c <= 0xff);
}

/* Adds at most `max` characters of `text`: others than IAM takes are left out, line breaks and tabs become spaces. */
static void add_describable(struct buf *out, const char *text, size_t max)
{
    size_t rest = strlen(text);
    while (rest && max) {
        uint32_t c = 0;
        size_t length = str_decode_utf8(text, rest, &c);
        if (c == '\t' || c == '\n' || c == '\r') {
            buf_add_char(out, ' ');
            max--;
        } else if (length && is_describable(c)) {
            buf_add(out, text, length);
            max--;
        }
        length = length ? length : 1;
        text += length;
        rest -= length;
    }
}

/* At most `max` characters of it, without spaces at the end. */
static const char *describable(struct arena *arena, const char *description, size_t max)
{
    struct buf out;
    buf_init(&out, DESCRIPTION_MAX * 4);
    add_describable(&out, description, max);
    while (out.size && out.bytes[out.size - 1] == ' ')
        out.size--;
    const char *words = arena_strndup(arena, out.bytes, out.size);
    buf_free(&out);
    return words;
}

const char *mark_description(struct arena *arena, const char *description, const struct mark *mark)
{
    const char *text = arena_printf(arena, "%s%s/%s/%s]", mark_begin, mark->owner, mark->team, mark->name);
    size_t room = strlen(text) + 1 < DESCRIPTION_MAX ? DESCRIPTION_MAX - strlen(text) - 1 : 0;
    const char *words = describable(arena, description, room);
    return arena_printf(arena, "%s%s%s", words, *words ? " " : "", text);
}

const char *mark_plain_description(struct arena *arena, const char *description)
{
    return describable(arena, description, DESCRIPTION_MAX);
}

/* A part of a mark: at least one character, none that could end the part or the mark, none that a reader cannot see. */
static bool is_part(const char *text)
{
    size_t rest = strlen(text);
    if (rest == 0 || strpbrk(text, "[]/ "))
        return false;
    while (rest) {
        uint32_t c = 0;
        size_t length = str_decode_utf8(text, rest, &c);
        if (length == 0 || str_is_invisible(c))
            return false;
        text += length;
        rest -= length;
    }
    return true;
}

/* The last "[iamlease " of a text, or NULL. */
static const char *last_start(const char *text)
{
    const char *last = NULL;
    for (const char *p = text; (p = strstr(p, mark_begin)); p++)
        last = p;
    return last;
}

size_t mark_own_size(const char *description)
{
    const char *start = last_start(description);
    return start ? (size_t)(start - description) : strlen(description);
}

bool mark_parse(struct arena *arena, const char *description, struct mark *ret)
{
    const char *start = last_start(description);
    if (!start || !str_suffix(start, "]") || (start != description && start[-1] != ' '))
        return false;
    char *owner = arena_strdup(arena, start + strlen(mark_begin));
    owner[strlen(owner) - 1] = 0;
    char *team = strchr(owner, '/'), *name = team ? strchr(team + 1, '/') : NULL;
    if (!name)
        return false;
    *team++ = 0;
    *name++ = 0;
    if (!is_part(owner) || !is_part(team) || !is_part(name))
        return false;
    *ret = (struct mark){.owner = owner, .team = team, .name = name};
    return true;
}

const char *mark_sid_prefix(struct arena *arena, const char *owner)
{
    char hex[SHA256_HEX_SIZE];
    return arena_printf(arena, "iamlease%.*s", SID_HASH_SIZE, sha256_hex(owner, strlen(owner), hex));
}

bool mark_is_on_document(const struct document *document, const char *sid_prefix)
{
    const char *sid = document->count ? document->items[0].sid : NULL;
    if (!sid || !str_prefix(sid, sid_prefix))
        return false;
    char next = sid[strlen(sid_prefix)];
    return next >= '0' && next <= '9';
}

bool mark_read_inline(struct arena *arena, const char *json, const char *sid_prefix, struct document *ret)
{
    struct err ignored;
    *ret = (struct document){0};
    return document_parse(arena, json, strlen(json), ret, &ignored) == 0 &&
           mark_is_on_document(ret, sid_prefix);
}

static const char *dashed(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *c = copy; *c; c++)
        if (*c == '.')
            *c = '-';
    return copy;
}

const char *mark_limited(struct arena *arena, const char *name, size_t max)
{
    size_t size = strlen(name);
    char hex[SHA256_HEX_SIZE];
    assert(max > NAME_HASH_SIZE + 1);
    if (size <= max)
        return name;
    return arena_printf(arena, "%.*s-%.*s", (int)max - NAME_HASH_SIZE - 1, name, NAME_HASH_SIZE,
                        sha256_hex(name, size, hex));
}

static const char *limited(struct arena *arena, const char *name)
{
    return mark_limited(arena, name, NAME_MAX_SIZE);
}

const char *mark_policy_name(struct arena *arena, const char *team, const char *policy)
{
    return limited(arena, arena_printf(arena, "%s-%s", team, dashed(arena, policy)));
}

const char *mark_start(int64_t starts_at_s, char ret[static MARK_START_SIZE])
{
    char text[TIME_TEXT_SIZE], *to = ret;
    for (const char *from = time_format(starts_at_s, text); *from; from++)
        if (*from != '-' && *from != ':')
            *to++ = *from;
    *to = 0;
    return ret;
}

static const char *whole_lease_name(struct arena *arena, const char *team, const char *grant,
                                    const char *principal, int64_t starts_at_s)
{
    char start[MARK_START_SIZE] = "";
    if (starts_at_s)
        mark_start(starts_at_s, start);
    return arena_printf(arena, "temp-%s-%s-%s%s%s", team, dashed(arena, grant), principal, *start ? "-" : "",
                        start);
}

const char *mark_inline_name(struct arena *arena, const char *team, const char *grant, const char *principal,
                             int64_t starts_at_s)
{
    return limited(arena, whole_lease_name(arena, team, grant, principal, starts_at_s));
}

const char *mark_lease_name(struct arena *arena, const struct fact *fact)
{
    return mark_inline_name(arena, fact->team, fact->grant, fact->principal, fact->starts_at_s);
}

const char *mark_copy_name(struct arena *arena, const struct fact *fact, size_t number)
{
    const char *name = mark_lease_name(arena, fact);
    return number > 1 ? limited(arena, arena_printf(arena, "%s-%zu", name, number)) : name;
}

const char *mark_role_name(struct arena *arena, const char *path, const struct fact *fact)
{
    const char *name = whole_lease_name(arena, fact->team, fact->grant, fact->principal, fact->starts_at_s);
    const size_t path_size = strlen(path);
    const bool leaves_room = path_size + ROLE_NAME_MIN <= ROLE_NAME_MAX;
    return mark_limited(arena, name, leaves_room ? ROLE_NAME_MAX - path_size : ROLE_NAME_MAX);
}

const char *mark_copy_of(struct arena *arena, const struct fact *fact)
{
    char start[MARK_START_SIZE] = "";
    if (fact->starts_at_s)
        mark_start(fact->starts_at_s, start);
    return arena_printf(arena, "%s:%s:%s%s%s", fact->grant, principal_kind_name(fact->principal_kind),
                        fact->principal, *start ? ":" : "", start);
}

bool mark_is_lease(const struct mark *mark)
{
    return strchr(mark->name, ':') != NULL;
}

const char *mark_grant(struct arena *arena, const struct mark *mark)
{
    return arena_strndup(arena, mark->name, strcspn(mark->name, ":"));
}

const char *mark_ad_hoc(struct arena *arena, const struct statement *statement)
{
    struct strings actions = {0}, resources = {0};
    for (size_t i = 0; i < statement->actions.count; i++)
        strings_add(arena, &actions, str_lower(arena, statement->actions.items[i]));
    for (size_t i = 0; i < statement->resources.count; i++)
        strings_add(arena, &resources, statement->resources.items[i]);
    strings_sort_unique(&actions);
    strings_sort_unique(&resources);
    struct buf text;
    char hex[SHA256_HEX_SIZE];
    buf_init(&text, 16U * 1024 * 1024); /* more than a file can hold */
    for (size_t i = 0; i < actions.count; i++)
        buf_addf(&text, "%s\n", actions.items[i]);
    for (size_t i = 0; i < resources.count; i++)
        buf_addf(&text, "\n%s", resources.items[i]);
    const char *name = arena_printf(arena, "adhoc-%.12s", sha256_hex(text.bytes, text.size, hex));
    buf_free(&text);
    return name;
}
