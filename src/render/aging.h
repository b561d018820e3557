/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What in a text becomes untrue while nothing happens: "in 4 days 15 hours", "as of …". It stands between two
 * marks while the text is made, so that two plans which differ in nothing else have one hash and one length.
 * The marks are control characters: no writer of escape.h lets one through.
 */
#ifndef IAMLEASE_RENDER_AGING_H
#define IAMLEASE_RENDER_AGING_H

#include "base/buf.h"
#include "base/hash.h"

#define AGING_BEGIN "\001"
#define AGING_END   "\002"

/* The bytes of `marked`; a part between marks counts as the longest there is, so that the clock changes nothing. */
size_t aging_size(const struct buf *marked);

/* The text for people: without the marks. */
void aging_write(struct buf *out, const struct buf *marked);

/* SHA-256 of the text without what stands between marks; writes to `ret` and returns it. */
const char *aging_hash(const struct buf *marked, char ret[static SHA256_HEX_SIZE]);

#endif
