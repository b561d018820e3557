/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is held because its files are wrong (DESIGN §2, "Validation is aware of the diff"): not granted, not
 * changed, not removed.
 */
#ifndef IAMLEASE_FLOW_HELD_H
#define IAMLEASE_FLOW_HELD_H

#include "flow/source.h"
#include "model/plan.h"

struct held_entry {
    const struct team_config *team;
    const struct access_entry *entry; /* NULL: all that the team has */
    const struct diag *why;
    const char *reason; /* its message, as it was found */
};

struct held_entries {
    VEC_FIELDS(struct held_entry); /* each entry and each team once, for the first diagnostic that holds it */
};

/*
 * Compares what is wrong on both sides: a diagnostic of `head` that `base` has too, about the same values,
 * becomes a warning, and what it is about is held. What is in head only stays an error.
 */
void held_compare(struct arena *arena, const struct source *base, const struct diags *base_diags,
                  const struct source *head, struct diags *diags, struct held_entries *ret);

/*
 * Holds what every error of a source is about: it is merged already, and nobody can refuse it any more. False
 * when one is about more than a team, or when there are more than are kept: then nothing can be told, and
 * `ret` is not used.
 */
bool held_find(struct arena *arena, const struct source *source, const struct diags *diags,
               struct held_entries *ret);

/*
 * The facts that are held: what held entries declare, and every fact of a held team in `before` or `after`;
 * of a team with an entry that is only known in part, also all that it had `before` and has no more. Sorted,
 * added to those in `ret`.
 */
void held_facts(struct arena *arena, const struct held_entries *held, const struct config *config,
                const struct facts *before, const struct facts *after, struct facts *ret);

/* A row for each, which says why. */
void held_problems(struct arena *arena, const struct held_entries *held, struct problems *problems);

#endif
