/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which URLs may be asked. The grammar is narrower than that of RFC 3986 on purpose: what two parsers could
 * read in two ways is refused before libcurl sees it.
 */
#include "base/str.h"
#include "net/net.h"

#include <string.h>

/* "0" to "255" without leading zeros, followed by `end`; returns what follows, or NULL. */
static const char *skip_octet(const char *text, char end)
{
    unsigned value = 0;
    size_t digits = 0;
    for (; text[digits] >= '0' && text[digits] <= '9' && digits < 4; digits++)
        value = value * 10 + (unsigned)(text[digits] - '0');
    bool is_octet = digits >= 1 && value <= 255 && (digits == 1 || text[0] != '0');
    return is_octet && text[digits] == end ? text + digits + 1 : NULL;
}

static bool is_loopback_host(const char *host)
{
    if (str_eq(host, "localhost") || str_eq(host, "[::1]"))
        return true;
    if (!str_prefix(host, "127."))
        return false;
    const char *rest = skip_octet(host + 4, '.');
    rest = rest ? skip_octet(rest, '.') : NULL;
    return rest && skip_octet(rest, '\0');
}

static bool is_host(const char *host)
{
    size_t length = strlen(host);
    if (host[0] == '[')
        return length > 3 && host[length - 1] == ']' &&
               strspn(host + 1, "0123456789abcdefABCDEF:.") == length - 2;
    return length > 0 && str_only(host, ".-") && host[0] != '.' && host[0] != '-';
}

static bool is_port(const char *text, size_t length)
{
    unsigned port = 0;
    if (length < 1 || length > 5)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    return port >= 1 && port <= 65535;
}

/* Splits "host:port" and copies the host; false when either is malformed. */
static bool read_authority(const char *text, size_t length, char host[static 256])
{
    const char *bracket = text[0] == '[' ? memchr(text, ']', length) : NULL;
    size_t from = bracket ? (size_t)(bracket - text) : 0;
    const char *colon = memchr(text + from, ':', length - from);
    size_t host_length = colon ? (size_t)(colon - text) : length;
    if (host_length >= 256 || (colon && !is_port(colon + 1, length - host_length - 1)))
        return false;
    memcpy(host, text, host_length);
    host[host_length] = 0;
    return is_host(host);
}

/* The length of a dot, also of an escaped one; 0: it is none. */
static size_t dot_size(const char *text)
{
    return text[0] == '.' ? 1 : text[0] == '%' && text[1] == '2' && (text[2] | 0x20) == 'e' ? 3 : 0;
}

/* "." or ".." among the segments: whoever resolves it asks for something else than what was written. */
static bool has_dot_segment(const char *path)
{
    while (*path == '/') {
        const char *end = ++path;
        for (int i = 0; i < 2; i++)
            end += dot_size(end);
        if (end > path && (!*end || *end == '/' || *end == '?'))
            return true;
        path += strcspn(path, "/?");
    }
    return false;
}

bool net_url_is_allowed(const char *url, bool *ret_loopback)
{
    bool ignored;
    bool *loopback = ret_loopback ? ret_loopback : &ignored;
    *loopback = false;
    bool is_https = str_prefix(url, "https://");
    if (!is_https && !str_prefix(url, "http://"))
        return false;
    const char *authority = url + (is_https ? strlen("https://") : strlen("http://"));
    size_t length = strcspn(authority, "/?");
    for (const char *c = authority; *c; c++)
        if (*c <= ' ' || *c >= 0x7f || strchr("\"<>\\^`{|}#", *c))
            return false;
    char host[256];
    if (!read_authority(authority, length, host) || has_dot_segment(authority + length))
        return false;
    *loopback = is_loopback_host(host);
    return is_https || *loopback;
}
