/* SPDX-License-Identifier: Apache-2.0 */
/* Typed configuration back to files: what `import` writes. */
#ifndef IAMLEASE_CONFIG_FILE_TEXT_H
#define IAMLEASE_CONFIG_FILE_TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "model/configuration.h"

/* The kinds that are written, in the order in which a reader wants them. */
enum { WRITTEN_KIND_COUNT = 5 };
extern const enum file_kind file_written_kinds[WRITTEN_KIND_COUNT];

/* "aws-accounts": the folder of a kind of file, which is also its one key; not of the settings. */
const char *file_folder(enum file_kind kind);

/* Whether the team declares anything that stands in such a file. */
bool file_is_needed(const struct team_config *team, enum file_kind kind);

/*
 * What the team declares in a file of that kind, as YAML behind `comment` (lines that begin with '#', or "").
 * The text is read again by the loader and compared: what comes out is what was meant. ERR_REFUSED: the file would
 * be larger than one may be. ERR_INPUT: something in it cannot be written so that it is read alike; says what.
 */
int file_text(struct arena *arena, const struct team_config *team, enum file_kind kind, const char *path,
              const char *comment, const char *partition, const char **ret_text, struct err *err);

/* Whether two teams declare the same in files of that kind, value by value and in that order; places and the
 * teams' names do not matter. */
bool file_same(const struct team_config *a, const struct team_config *b, enum file_kind kind);

#endif
