/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: one commit of the history, with what it declares. */
#ifndef IAMLEASE_FLOW_HISTORY_STEP_H
#define IAMLEASE_FLOW_HISTORY_STEP_H

#include "flow/source.h"
#include "model/plan.h"

struct step_reader {
    struct arena *arena;
    struct repo *repo;
    struct github *github; /* or NULL */
    const char *root_option;
    const struct source *head; /* loaded before, or NULL: a commit with the same files is not read again */
};

struct step {
    struct source source;
    struct facts facts; /* all that it declares, ended or not; without require_mfa, which a live lease keeps */
    bool readable;      /* its files have no errors */
    bool refused;       /* apply did nothing of it: its settings have errors */
};

/* The commit before the first one. */
struct step step_nothing(struct arena *arena);

/*
 * Reads a commit; `before` is one that was read already, or NULL. With errors in its files ret->readable is
 * false: apply held what they are about and did the rest, or, with ret->refused, did nothing. What can be
 * read of it counts as a removal candidate in any case; source.config is NULL when nothing can.
 */
int step_read(const struct step_reader *reader, const char *commit_id, const struct step *before,
              struct step *ret, struct err *err);

/* Its rules. A commit with errors may hide stricter ones: then no more than the defaults allow. */
struct rules step_rules(const struct step *step);

/*
 * ERR_REFUSED when its files stand elsewhere than those of head: there they would not be seen, and what they
 * declared would not be removed.
 */
int step_check_root(const struct step_reader *reader, const struct step *step, const struct source *head,
                    struct err *err);

#endif
