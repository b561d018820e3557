/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/form.h"

#include "base/arena.h"

#include <string.h>

void form_begin(struct buf *form, const char *action, const char *version)
{
    buf_add_text(form, "Action=");
    buf_add_text(form, action);
    form_add(form, "Version", version);
}

static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

void form_add(struct buf *form, const char *key, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    buf_add_char(form, '&');
    buf_add_text(form, key);
    buf_add_char(form, '=');
    while (*value) {
        size_t plain = strspn(value, unreserved);
        buf_add(form, value, plain);
        value += plain;
        for (; *value && !strchr(unreserved, *value); value++) {
            unsigned byte = (unsigned char)*value;
            if (byte == ' ')
                buf_add_char(form, '+');
            else
                buf_add(form, (const char[]){'%', digits[byte / 16], digits[byte % 16]}, 3);
        }
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const char *document_decode(struct arena *arena, const char *text)
{
    if (text[strspn(text, " \t\r\n")] != '%')
        return text;
    char *decoded = arena_alloc(arena, strlen(text) + 1);
    size_t size = 0;
    for (const char *c = text; *c; c++) {
        if (*c != '%') {
            decoded[size++] = *c;
            continue;
        }
        int high = hex_digit(c[1]), low = high < 0 ? -1 : hex_digit(c[2]);
        if (low < 0 || (high == 0 && low == 0))
            return text;
        decoded[size++] = (char)(high * 16 + low);
        c += 2;
    }
    return decoded;
}
