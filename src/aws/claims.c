/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/claims.h"

#include "base/json.h"
#include "base/str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_MIN = 4, TOKEN_MAX = 20000, CLAIM_SIZE = 200 };

bool claims_is_token(const char *text, size_t size)
{
    size_t dots = 0;
    for (size_t i = 0; i < size; i++) {
        const char letter[] = {text[i], 0};
        if (!text[i] || !str_only(letter, "-_."))
            return false;
        dots += text[i] == '.';
    }
    return size >= TOKEN_MIN && size <= TOKEN_MAX && dots == 2;
}

/* The value of a digit of base64url (RFC 4648 §5), or -1. */
static int digit_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* Decodes up to the first other character; `ret` has room for three quarters of the text. Returns the size. */
static size_t decode(const char *text, char *ret)
{
    uint32_t bits = 0;
    unsigned count = 0;
    size_t size = 0;
    for (int value; (value = digit_value(*text)) >= 0; text++) {
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            ret[size++] = (char)(bits >> count & 0xff);
        }
    }
    return size;
}

/* What stands in a token is the other side's: nothing in it may act on a terminal or on a log. */
static void show(const char *text, char ret[static CLAIM_SIZE])
{
    size_t used = 0;
    for (; *text && used + 1 < CLAIM_SIZE; text++)
        ret[used++] = *text >= ' ' && *text < 0x7f && *text != '\'' ? *text : '?';
    ret[used] = 0;
}

/* The text of a claim; of a list, its first. */
static const char *claim(const struct json *payload, const char *name)
{
    const struct json *value = json_get(payload, name);
    if (value && value->kind == JSON_ARRAY && value->count)
        value = &value->items[0];
    return value && value->kind == JSON_STRING ? value->string : "(none)";
}

void claims_describe(const struct secret *token, char ret[static CLAIMS_SIZE])
{
    const char *text = secret_reveal(token), *dot = strchr(text, '.');
    struct err ignored;
    struct json *payload = NULL;
    ret[0] = 0;
    if (!dot)
        return;
    struct arena *arena = arena_new();
    char *bytes = arena_array(arena, strlen(dot), 1);
    size_t size = decode(dot + 1, bytes);
    if (json_parse(arena, bytes, size, &payload, &ignored) == 0 && payload->kind == JSON_OBJECT) {
        char sub[CLAIM_SIZE], aud[CLAIM_SIZE], iss[CLAIM_SIZE];
        show(claim(payload, "sub"), sub);
        show(claim(payload, "aud"), aud);
        show(claim(payload, "iss"), iss);
        snprintf(ret, CLAIMS_SIZE, "sub '%s', aud '%s', iss '%s'", sub, aud, iss);
    }
    arena_free(arena);
}
