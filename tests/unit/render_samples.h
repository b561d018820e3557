/* SPDX-License-Identifier: Apache-2.0 */
/* A plan, a report and holdings as they look on an ordinary day, for the tests of render. */
#ifndef IAMLEASE_TESTS_RENDER_SAMPLES_H
#define IAMLEASE_TESTS_RENDER_SAMPLES_H

#include "base/time.h"
#include "model/report.h"

/* 2025-11-26T09:00:00Z */
#define SAMPLE_NOW INT64_C(1764147600)

/* Everything in it lives in the arena. Four rows of four kinds, two accounts, five operations, one problem, one notice. */
struct plan *sample_plan(struct arena *arena);

/* The plan's report: one operation of each status; one more is done. */
struct report *sample_report(struct arena *arena, struct plan *plan);

/* A lease, one that has ended, and something that is not declared. */
struct holdings *sample_holdings(struct arena *arena);

/* A plan of nothing but one granted fact, whose every text is `hostile`. */
struct plan *hostile_plan(struct arena *arena, const char *hostile);

#endif
