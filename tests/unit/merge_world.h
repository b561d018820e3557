/* SPDX-License-Identifier: Apache-2.0 */
/* A merge from one configuration of plan_world.h to another, without git and without GitHub. */
#ifndef IAMLEASE_UNIT_MERGE_WORLD_H
#define IAMLEASE_UNIT_MERGE_WORLD_H

#include "flow/merges.h"
#include "plan_world.h"

struct merge_world {
    struct step before, after;
    struct step_reader reader;
    struct pull pull; /* number 7 */
    struct merge merge;
};

/* Judged by the rules of the first; `before` NULL: nothing was there. */
struct merge_world *merge_world_new(struct world *world, const char *before, const char *after);

#endif
