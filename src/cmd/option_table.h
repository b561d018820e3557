/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/cmd only: the rows of the option table. A new option is a member of struct options and a row here. */
#ifndef IAMLEASE_CMD_OPTION_TABLE_H
#define IAMLEASE_CMD_OPTION_TABLE_H

#include "cmd/invocation.h"

enum option_kind {
    OPTION_FLAG,
    OPTION_REQUEST, /* a flag that asks for something else than the command: no variable stands for it */
    OPTION_TEXT,
    OPTION_TEXTS
};

struct option_row {
    const char *name;
    char letter; /* 0: none */
    enum option_kind kind;
    size_t offset;        /* of the member of struct options */
    const char *commands; /* names between spaces, or "*": all */
    const char *value;    /* what stands for the value in the help; NULL for a flag */
    const char *help;
};

enum { OPTION_COUNT = 54, OPTION_NAME_MAX = 64 };

extern const struct option_row option_rows[OPTION_COUNT];

static inline bool option_takes_value(const struct option_row *row)
{
    return row->kind == OPTION_TEXT || row->kind == OPTION_TEXTS;
}

/* Puts a value, for flags whatever it is, into the member of the row; texts are kept, not copied. */
void option_store(struct arena *arena, struct options *options, const struct option_row *row,
                  const char *value);

/* Whether the command has that option. */
bool option_belongs_to(const struct option_row *row, const struct command *command);

#endif
