/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what GitHub says beside JSON: a header line, a Link header, the body of a comment, a refusal.
 * The first byte chooses which; the others are the input.
 */
#include "base/str.h"
#include "github/comment.h"
#include "github/link.h"
#include "github/outputs.h"
#include "github/refusal.h"
#include "net/headers.h"
#include "require.h"

static void check_header(const char *text, size_t size)
{
    struct headers headers = headers_none();
    headers_take(&headers, text, size);
    REQUIRE(headers.limits.retry_after_s >= -1 && headers.limits.reset_s >= -1 &&
            headers.limits.remaining >= -1);
    REQUIRE(str_only(headers.request_id, "-:_"));
    for (const char *c = headers.link; *c; c++)
        REQUIRE(*c >= ' ' && *c < 0x7f);
    int64_t wait_s = refusal_wait_s(&headers.limits, 1764147600);
    REQUIRE(wait_s >= 1);
}

/* A next page is a part of the header, which calls it so in any letters (RFC 8288), and only its own origin passes. */
static void check_link(struct arena *arena, const char *text)
{
    static const char api[] = "https://api.example.com/v3";
    const char *next = link_next(arena, text);
    if (!next)
        return;
    REQUIRE(strstr(text, arena_printf(arena, "<%s>", next)) && strcasestr(text, "next"));
    REQUIRE(!link_has_origin_of(next, api) || str_prefix(next, "https://api.example.com/"));
}

/* A marker that is found is one that we could have written, on the first line. */
static void check_comment(struct arena *arena, const char *text)
{
    const char *key = text + strcspn(text, "\n");
    key = *key ? key + 1 : "";
    const char *hash = comment_hash(arena, text, key);
    if (hash) {
        const char *marker = comment_marker(arena, key, hash);
        REQUIRE(str_prefix(text, marker));
    }
    const char *marker = comment_marker(arena, key, "0f");
    REQUIRE(strlen(marker) < COMMENT_MARKER_MAX && !strchr(marker, '\n'));
    REQUIRE(strstr(marker + strlen("<!--"), "--") == marker + strlen(marker) - strlen("-->"));
    REQUIRE(str_eq(comment_hash(arena, marker, key), "0f"));
    REQUIRE(!comment_hash(arena, marker, arena_printf(arena, "%sx", key)));
}

static void check_refusal(const char *text, size_t size)
{
    static const long statuses[] = {301, 400, 401, 403, 404, 410, 422, 429, 500, 503};
    const struct github_request request = {.method = "GET", .what = "read it", .permission = "contents: read"};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct err err = {0};
        const struct net_response response = {.status = statuses[i],
                                              .body = text,
                                              .body_size = size,
                                              .limits = {.retry_after_s = -1, .remaining = -1, .reset_s = -1}};
        REQUIRE(refusal_describe(&request, &response, 0, &err) == -1 && err.code != ERR_NONE);
        REQUIRE(str_prefix(err.message, "cannot read it: ") && strlen(err.message) < 600);
        for (const char *c = err.message; *c; c++)
            REQUIRE(*c >= ' ' && *c < 0x7f);
    }
}

/* What the runner reads back is what was written, or nothing was. */
static void check_output(struct arena *arena, const char *text)
{
    struct buf out;
    struct err err;
    const struct output outputs[] = {{"a", text}, {"b", "1"}};
    buf_init(&out, 1024 * 1024);
    if (outputs_write(&out, outputs, 2, "END", &err) == 0) {
        const char *first = strstr(out.bytes, "\nEND\n");
        REQUIRE(str_prefix(out.bytes, "a<<END\n") && first);
        REQUIRE(str_eq(arena_strndup(arena, out.bytes + 7, (size_t)(first - out.bytes - 7)), text));
        REQUIRE(str_eq(first + 5, "b<<END\n1\nEND\n"));
    }
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    if (!size)
        return 0;
    const char *bytes = (const char *)data + 1;
    const char *text = arena_strndup(arena, bytes, strnlen(bytes, size - 1));
    switch (*data) {
    case 'h': check_header(bytes, size - 1); break;
    case 'l': check_link(arena, text); break;
    case 'c': check_comment(arena, text); break;
    case 'r': check_refusal(text, strlen(text)); break;
    case 'o': check_output(arena, text); break;
    default: break;
    }
    return 0;
}
