/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of render hold every output against. */
#ifndef IAMLEASE_TESTS_RENDER_CHECKS_H
#define IAMLEASE_TESTS_RENDER_CHECKS_H

#include "base/arena.h"
#include "base/buf.h"

/* Texts that try to be more than text in every language that we write; NULL stands behind the last. */
extern const char *const hostile_texts[];

/* What `out` holds, in the arena; frees the buffer and fails the test when it failed. */
const char *rendered(struct arena *arena, struct buf *out);

/* How often `part` stands in `text`. */
size_t occurrences(const char *text, const char *part);

/* Fails unless `markdown` keeps to what we write: inline code apart, no mention, no markup, no HTML but ours. */
void assert_markdown_harmless(const char *markdown);

/* Fails unless `text` is printable UTF-8 in lines, and no line is a workflow command of either syntax. */
void assert_terminal_harmless(const char *text);

#endif
