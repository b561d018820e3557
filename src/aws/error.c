/* SPDX-License-Identifier: Apache-2.0 */
/* The error in an answer, made fit to be shown. */
#include "aws/answer.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RAW_MAX = 64 * 1024 };

struct raw_error {
    struct buf code, message;
    bool has_code, has_message;
};

static void keep_first(bool *has, struct buf *buf, const char *text)
{
    if (!*has)
        buf_add(buf, text, strnlen(text, RAW_MAX));
    *has = true;
}

static void visit(void *context, enum element_event event, const char *path, const char *text)
{
    struct raw_error *raw = context;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (event == ELEMENT_END && str_eq(name, "Code"))
        keep_first(&raw->has_code, &raw->code, text);
    else if (event == ELEMENT_END && str_eq(name, "Message"))
        keep_first(&raw->has_message, &raw->message, text);
}

/* Ends the text where the signed request begins. */
static void cut_at_first_line(struct buf *text)
{
    size_t blank = strspn(text->bytes, " \t\r\n"), length = strcspn(text->bytes + blank, "\r\n");
    const char *request = strstr(text->bytes, "The Canonical String");
    if (request && (size_t)(request - text->bytes) < blank + length)
        length = (size_t)(request - text->bytes) - blank;
    memmove(text->bytes, text->bytes + blank, length);
    text->bytes[text->size = length] = 0;
}

static void hide(struct buf *text, const struct secret *secret)
{
    enum { SHORT = 8 }; /* no secret of AWS is that short, and "***" for each "a" would help nobody */
    if (!secret || secret->size < SHORT)
        return;
    char *found;
    while ((found = strstr(text->bytes, secret_reveal(secret)))) {
        char *rest = found + secret->size;
        memcpy(found, "***", 3);
        memmove(found + 3, rest, strlen(rest) + 1);
        text->size -= secret->size - 3;
    }
}

/* Copies whole code points that can be seen, and a space for each row of those that cannot, as long as there is room. */
static void clean(const struct buf *text, char *ret, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < text->size;) {
        uint32_t code_point = 0;
        size_t length = str_decode_utf8(text->bytes + i, text->size - i, &code_point);
        bool visible = length && code_point >= ' ' && !str_is_invisible(code_point);
        const char *shown = visible ? text->bytes + i : " ";
        size_t shown_length = visible ? length : 1;
        i += length ? length : 1;
        if (!visible && (used == 0 || ret[used - 1] == ' '))
            continue;
        if (used + shown_length >= room)
            break;
        memcpy(ret + used, shown, shown_length);
        used += shown_length;
    }
    while (used && (ret[used - 1] == ' ' || ret[used - 1] == '.'))
        used--; /* the message stands within a sentence */
    ret[used] = 0;
}

void aws_error_read(const char *body, size_t size, const struct secret *const *secrets, size_t secret_count,
                    struct aws_error *ret)
{
    struct raw_error raw = {0};
    buf_init(&raw.code, RAW_MAX);
    buf_init(&raw.message, RAW_MAX);
    (void)answer_read(body, size, visit, &raw); /* what came before the break is better than nothing */
    for (size_t i = 0; i < secret_count; i++)
        hide(&raw.message, secrets[i]);
    cut_at_first_line(&raw.message);
    clean(&raw.message, ret->message, sizeof ret->message);
    clean(&raw.code, ret->code, sizeof ret->code);
    if (!str_only(ret->code, "._:-"))
        ret->code[0] = 0;
    explicit_bzero(raw.message.bytes, raw.message.capacity);
    buf_free(&raw.code);
    buf_free(&raw.message);
}
