/* SPDX-License-Identifier: Apache-2.0 */
/* Which accounts the files of aws-accounts name, as far as their bytes tell: there may be a thousand of them. */
#ifndef IAMLEASE_FLOW_ACCOUNT_TEXTS_H
#define IAMLEASE_FLOW_ACCOUNT_TEXTS_H

#include "flow/source.h"

#include <stdint.h>

/* Ids of accounts, as numbers. */
struct account_numbers {
    VEC_FIELDS(uint64_t);
};

/* What one file says. */
struct account_text {
    const char *team;
    size_t from, count; /* in the numbers of all texts */
    bool doubtful;      /* there may be others */
};

struct account_texts {
    struct arena *arena;
    VEC_FIELDS(struct account_text);
    struct account_numbers numbers;
};

/* Reads a file; one from which nothing can be concluded is doubtful. */
int account_texts_add(struct account_texts *texts, struct repo *repo, const char *team,
                      const struct tree_entry *file, struct err *err);

/* The accounts of those teams, sorted. */
struct account_numbers account_texts_of(const struct account_texts *texts, const struct map *teams);

/* Whether a file names one of those accounts. */
bool account_text_has(const struct account_texts *texts, const struct account_text *text,
                      const struct account_numbers *accounts);

#endif
