/* SPDX-License-Identifier: Apache-2.0 */
#include "render/aging.h"

#include <stdint.h>

/* "<br>in 3652058 days 23 hours", each space of it "&nbsp;", is shorter; so is an instant. */
enum { PART_MAX = 64 };

size_t aging_size(const struct buf *marked)
{
    size_t size = 0;
    bool aging = false;
    for (size_t i = 0; i < marked->size; i++) {
        if (marked->bytes[i] == AGING_BEGIN[0]) {
            aging = true;
            size += PART_MAX;
        } else if (marked->bytes[i] == AGING_END[0]) {
            aging = false;
        } else {
            size += !aging;
        }
    }
    return size;
}

void aging_write(struct buf *out, const struct buf *marked)
{
    for (size_t i = 0; i < marked->size; i++)
        if (marked->bytes[i] != AGING_BEGIN[0] && marked->bytes[i] != AGING_END[0])
            buf_add_char(out, marked->bytes[i]);
}

const char *aging_hash(const struct buf *marked, char ret[static SHA256_HEX_SIZE])
{
    struct buf lasting;
    bool aging = false;
    buf_init(&lasting, SIZE_MAX / 4);
    for (size_t i = 0; i < marked->size; i++) {
        if (marked->bytes[i] == AGING_BEGIN[0])
            aging = true;
        else if (marked->bytes[i] == AGING_END[0])
            aging = false;
        else if (!aging)
            buf_add_char(&lasting, marked->bytes[i]);
    }
    sha256_hex(lasting.bytes, lasting.size, ret);
    buf_free(&lasting);
    return ret;
}
