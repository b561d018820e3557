/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/profile.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024 };

struct span {
    const char *text;
    size_t size;
};

struct keys {
    bool found; /* the profile */
    struct span access_key_id, secret_access_key, session_token;
};

/* By read(2): a buffer of stdio would keep a copy of the secrets. */
static char *read_file(const char *path, size_t *ret_size, struct err *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char *bytes = malloc(FILE_MAX + 1);
    ssize_t got = 1;
    *ret_size = 0;
    if (!bytes)
        out_of_memory();
    while (file >= 0 && got > 0 && *ret_size <= FILE_MAX) {
        got = read(file, bytes + *ret_size, FILE_MAX + 1 - *ret_size);
        *ret_size += got > 0 ? (size_t)got : 0;
    }
    const char *reason = file < 0 || got < 0 ? strerror(errno) : *ret_size > FILE_MAX ? "too large" : NULL;
    if (file >= 0)
        close(file);
    if (!reason)
        return bytes;
    err_set(err, ERR_USAGE,
            "cannot read the credentials file '%.512s': %s; look at AWS_SHARED_CREDENTIALS_FILE", path,
            reason);
    explicit_bzero(bytes, *ret_size);
    free(bytes);
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct span trim(struct span span)
{
    while (span.size && is_blank(span.text[0]))
        span.text++, span.size--;
    while (span.size && is_blank(span.text[span.size - 1]))
        span.size--;
    return span;
}

static bool span_is(struct span span, const char *text)
{
    return strlen(text) == span.size && memcmp(span.text, text, span.size) == 0;
}

static void take_setting(struct span line, struct keys *keys)
{
    const char *equals = memchr(line.text, '=', line.size);
    if (!equals)
        return;
    size_t length = (size_t)(equals - line.text);
    struct span name = trim((struct span){line.text, length});
    struct span value = trim((struct span){equals + 1, line.size - length - 1});
    if (span_is(name, "aws_access_key_id"))
        keys->access_key_id = value;
    else if (span_is(name, "aws_secret_access_key"))
        keys->secret_access_key = value;
    else if (span_is(name, "aws_session_token"))
        keys->session_token = value;
}

static struct keys find_keys(const char *bytes, size_t size, const char *profile)
{
    struct keys keys = {0};
    bool inside = false;
    for (const char *at = bytes, *end = bytes + size; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        struct span line = trim((struct span){at, (size_t)((newline ? newline : end) - at)});
        at = newline ? newline + 1 : end;
        if (!line.size || line.text[0] == '#' || line.text[0] == ';')
            continue;
        if (line.text[0] == '[') {
            const char *bracket = memchr(line.text, ']', line.size);
            size_t length = bracket ? (size_t)(bracket - line.text) - 1 : 0;
            inside = span_is(trim((struct span){line.text + 1, length}), profile);
            keys.found |= inside;
        } else if (inside) {
            take_setting(line, &keys);
        }
    }
    return keys;
}

int profile_read(struct arena *arena, const char *path, const char *profile, const char **ret_access_key_id,
                 struct secret *ret_secret_access_key, struct secret *ret_session_token, struct err *err)
{
    size_t size;
    char *bytes = read_file(path, &size, err);
    if (!bytes)
        return -1;
    struct keys keys = find_keys(bytes, size, profile);
    int result = 0;
    if (!keys.found)
        result = err_set(err, ERR_USAGE, "there is no profile '%.128s' in '%.512s'; look at AWS_PROFILE",
                         profile, path);
    else if (!keys.access_key_id.size || !keys.secret_access_key.size)
        result = err_set(
            err, ERR_USAGE,
            "profile '%.128s' in '%.512s' lacks aws_access_key_id or aws_secret_access_key: only keys are taken from a "
            "profile, no role_arn, single sign-on or credential_process",
            profile, path);
    else {
        *ret_access_key_id = arena_strndup(arena, keys.access_key_id.text, keys.access_key_id.size);
        secret_set(ret_secret_access_key, keys.secret_access_key.text, keys.secret_access_key.size);
        if (keys.session_token.size)
            secret_set(ret_session_token, keys.session_token.text, keys.session_token.size);
    }
    explicit_bzero(bytes, size);
    free(bytes);
    return result;
}
