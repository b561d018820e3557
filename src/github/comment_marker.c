/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "base/str.h"
#include "github/comment.h"

#include <assert.h>
#include <string.h>

enum { KEY_MAX = 128, HASH_MAX = SHA256_HEX_SIZE - 1 };

static_assert(KEY_MAX + HASH_MAX + sizeof "<!-- iamlease:  -->\n" <= COMMENT_MARKER_MAX,
              "the marker has its room");

static bool is_hash(const char *text, size_t size)
{
    return size >= 1 && size <= HASH_MAX && strspn(text, "0123456789abcdef") >= size;
}

/*
 * A key in an HTML comment must not end it, and must not be two keys: what is not a letter, a digit or one of
 * "._/" becomes %XX; so does a '-' behind another.
 */
static const char *write_key(struct arena *arena, const char *key)
{
    static const char digits[] = "0123456789ABCDEF";
    char *written = arena_alloc(arena, 3 * strlen(key) + 1), *to = written;
    char hex[SHA256_HEX_SIZE];
    if (!*key) /* the top of the repository */
        return ".";
    for (const char *from = key; *from; from++) {
        char letter[2] = {*from, 0};
        bool plain = str_only(letter, "._/") || (*from == '-' && (to == written || to[-1] != '-'));
        *to++ = plain ? *from : '%';
        if (!plain) {
            *to++ = digits[(unsigned char)*from >> 4];
            *to++ = digits[(unsigned char)*from & 15];
        }
    }
    *to = 0;
    if (to - written <= KEY_MAX)
        return written;
    return arena_printf(arena, "sha256/%s", sha256_hex(key, strlen(key), hex));
}

const char *comment_marker(struct arena *arena, const char *key, const char *hash)
{
    assert(is_hash(hash, strlen(hash)));
    return arena_printf(arena, "<!-- iamlease:%s %s -->", write_key(arena, key), hash);
}

const char *comment_hash(struct arena *arena, const char *body, const char *key)
{
    const char *start = arena_printf(arena, "<!-- iamlease:%s ", write_key(arena, key));
    if (!str_prefix(body, start))
        return NULL;
    const char *hash = body + strlen(start);
    size_t size = strcspn(hash, " \r\n");
    const char *end = hash + size;
    if (!is_hash(hash, size) || !str_prefix(end, " -->"))
        return NULL;
    end += strlen(" -->");
    if (*end && *end != '\n' && *end != '\r') /* somebody edited it on the web: lines end in \r\n then */
        return NULL;
    return arena_strndup(arena, hash, size);
}
