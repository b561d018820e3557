/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/input_names.h"

#include "base/buf.h"
#include "cmd/option_table.h"

#include <string.h>

/* The size of "--NAME" at the start of the text when it is an option that a variable gave, else 0. */
static size_t input_at(const struct options *options, const char *text)
{
    if (strncmp(text, "--", 2) != 0)
        return 0;
    size_t size = strspn(text + 2, "abcdefghijklmnopqrstuvwxyz-");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strlen(option_rows[i].name) == size && strncmp(option_rows[i].name, text + 2, size) == 0)
            return options->given & UINT64_C(1) << i ? 0 : size + 2;
    return 0;
}

struct err err_for_a_job(const struct options *options, const struct err *err)
{
    struct err ret = {.code = err->code};
    struct buf text;
    if (strstr(err->message, "the input "))
        return *err;
    buf_init(&text, 2 * ERR_MESSAGE_MAX);
    for (const char *rest = err->message; *rest;) {
        size_t size = rest == err->message || rest[-1] == ' ' ? input_at(options, rest) : 0;
        if (size > 0) {
            buf_add_text(&text, "the input ");
            buf_add(&text, rest + 2, size - 2);
            rest += size;
        } else {
            buf_add_char(&text, *rest++);
        }
    }
    snprintf(ret.message, sizeof ret.message, "%s", text.bytes);
    buf_free(&text);
    return ret;
}
