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
