/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: how much a row of the delta matters, and what a reader must know beside it. */
#ifndef IAMLEASE_PLAN_DELTA_NOTES_H
#define IAMLEASE_PLAN_DELTA_NOTES_H

#include "model/plan.h"
#include "plan/sharing.h"
#include "plan/undo.h"

struct delta_judge {
    struct arena *arena, *scratch; /* what rows hold, and all else */
    struct map administrative;     /* address of a policy → yes or no */
    struct undo_rules undo;
    struct sharing sharing;
};

/* Fills risk, can_undo_its_end and note of a row whose kind and policy changes are known. */
void delta_judge_row(struct delta_judge *judge, struct delta_row *row);

#endif
