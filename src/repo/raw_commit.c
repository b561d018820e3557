/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/raw_commit.h"

#include "base/str.h"

#include <string.h>

enum { ID_SIZE = 40 };

static bool is_hexadecimal(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!memchr("0123456789abcdefABCDEF", text[i], 22))
            return false;
    return true;
}

/* A line of `key` and an id at *at, which moves behind it. */
static bool read_line(const char **at, const char *end, const char *key, const char **ret_id)
{
    size_t key_size = strlen(key), size = key_size + ID_SIZE + 1;
    if ((size_t)(end - *at) < size || memcmp(*at, key, key_size) != 0 || (*at)[size - 1] != '\n' ||
        !is_hexadecimal(*at + key_size, ID_SIZE))
        return false;
    *ret_id = *at + key_size;
    *at += size;
    return true;
}

static bool begins_with(const char *at, const char *end, const char *key)
{
    size_t size = strlen(key);
    return (size_t)(end - at) >= size && memcmp(at, key, size) == 0;
}

int raw_commit_parents(struct arena *arena, const char *raw, size_t size, struct strings *ret, struct err *err)
{
    static const char parent[] = "parent ";
    const char *end = raw + size, *id;
    struct strings parents = *ret;
    if (!read_line(&raw, end, "tree ", &id))
        return err_set(err, ERR_GIT, "the commit does not begin with a tree");
    while (begins_with(raw, end, parent)) {
        if (!read_line(&raw, end, parent, &id))
            return err_set(err, ERR_GIT, "a parent of the commit is not the id of a git object");
        char *text = arena_strndup(arena, id, ID_SIZE);
        str_to_lower(text);
        strings_add(arena, &parents, text);
    }
    *ret = parents;
    return 0;
}

/* The line of a header that begins with `key`, up to its end; NULL when there is none before the message. */
static const char *find_header(const char *raw, const char *end, const char *key, const char **ret_end)
{
    while (raw < end && *raw != '\n') {
        const char *line_end = memchr(raw, '\n', (size_t)(end - raw));
        if (!line_end)
            return NULL;
        *ret_end = line_end;
        if (begins_with(raw, line_end, key))
            return raw;
        raw = line_end + 1;
    }
    return NULL;
}

int raw_commit_time(const char *raw, size_t size, int64_t *ret_s, struct err *err)
{
    static const int64_t latest = INT64_C(1) << 40;
    const char *end = NULL, *line = find_header(raw, raw + size, "committer ", &end);
    const char *at = end;
    while (line && at > line && *at != '>')
        at--;
    int64_t seconds = 0;
    bool has_digits = false;
    if (line && at > line && end - at > 2 && at[1] == ' ')
        for (at += 2; at < end && *at >= '0' && *at <= '9' && seconds < latest; at++, has_digits = true)
            seconds = seconds * 10 + (*at - '0');
    if (!has_digits || at == end || *at != ' ')
        return err_set(err, ERR_GIT, "the commit does not say when it was made");
    *ret_s = seconds;
    return 0;
}
