/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: the files of both sides of a change, read and decoded team by team (team_walk.h). */
#ifndef IAMLEASE_FLOW_TEAM_FILES_H
#define IAMLEASE_FLOW_TEAM_FILES_H

#include "config/config.h"
#include "flow/source.h"

enum side { BASE, HEAD, SIDE_COUNT };

/* One side while it is read. */
struct side_reader {
    struct source *source;
    struct config *config;
    struct config_reader *config_reader;
    struct config_inputs inputs; /* sorted */
    struct diags diags;
    size_t next;  /* place of the next team's first file in `inputs` */
    size_t teams; /* how many teams were met */
};

struct team_reader {
    struct arena *arena; /* what is kept: settings, accounts, diagnostics, what files are called */
    struct repo *repo;
    struct side_reader sides[SIDE_COUNT];
    struct {
        VEC_FIELDS(struct source_file *);
    } files;           /* of the team that is read: their texts go when it is done */
    size_t remembered; /* bytes that were read since the repository forgot */
    bool lost;         /* a file does not say what it says */
};

/* The files of one team on both sides, one after the other by kind. */
struct team_files {
    const char *name;
    struct config_input *items[SIDE_COUNT];
    size_t counts[SIDE_COUNT];
    struct team_config *teams[SIDE_COUNT]; /* NULL: not there */
};

/* What a team brings, while it is read. */
struct team_memory {
    struct arena *arena;
    size_t found; /* diagnostics of the head before it */
};

/* Lists the files of a side and reads its settings. */
int team_reader_open(struct team_reader *reader, enum side at, struct source *source, struct err *err);

/* No error so far, on either side. */
bool team_reader_is_clean(const struct team_reader *reader);

/* Back to the first team, and on to the next one by name, of either side; false behind the last one. */
void team_reader_rewind(struct team_reader *reader);
bool team_reader_next(struct team_reader *reader, struct team_files *ret);

/* Whether a file of the team is not the same on both sides. */
bool team_files_change(const struct team_files *files);

/*
 * A team is begun, some of its files are read into `arena`, and it is ended: of its policies and entries
 * nothing stays then. Texts live in its memory.
 */
struct team_memory team_reader_begin(struct team_reader *reader);
int team_reader_read(struct team_reader *reader, const struct team_files *files, bool accounts,
                     struct arena *arena, struct team_memory *memory, struct err *err);
void team_reader_end(struct team_reader *reader, struct team_memory *memory, const struct team_files *files);

/* Has the repository forget what was read, when that is much. */
void team_reader_forget(struct team_reader *reader, size_t remembered_max);

#endif
