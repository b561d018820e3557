/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a file of YAML, as far as its bytes tell without reading it as YAML. */
#ifndef IAMLEASE_FLOW_RAW_TEXT_H
#define IAMLEASE_FLOW_RAW_TEXT_H

#include "flow/source.h"

#include <stdint.h>

enum { ACCOUNT_ID_DIGITS = 12 };

/*
 * The text of a file of at most `max_size` bytes. *ret is NULL when nothing can be concluded from it: it is
 * larger, no plain file, holds a NUL (as UTF-16 does), or a backslash, by which YAML spells any character.
 */
int raw_text_read(struct arena *arena, struct repo *repo, const struct tree_entry *entry, size_t max_size,
                  const char **ret, struct err *err);

/*
 * Steps to the next run of exactly as many digits as an account id has, and gives its value; false at the
 * end. Whatever YAML makes of such a text, each account id that it holds stands in it like this.
 */
bool raw_text_next_account(const char **at, uint64_t *ret);

/* Whether the ARN of a managed policy may stand in it that belongs to an account, not to AWS. */
bool raw_text_names_customer_policy(const char *text);

#endif
