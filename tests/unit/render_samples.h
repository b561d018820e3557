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

/* 64 hexadecimal digits. */
#define SAMPLE_DIGEST "3f1c2b4a5968778695a4b3c2d1e0f0010203040506070809a0b0c0d0e0f01112"

/* Adds a digest, a row that is held, an ad-hoc grant with a window and MFA to a group, and two side changes. */
void sample_add_new_things(struct arena *arena, struct plan *plan);

/* The plan's report: one operation of each status; one more is done. */
struct report *sample_report(struct arena *arena, struct plan *plan);

/* A lease, one that has ended, and something that is not declared. */
struct holdings *sample_holdings(struct arena *arena);

/* A plan of nothing but one granted fact, whose every text is `hostile`. */
struct plan *hostile_plan(struct arena *arena, const char *hostile);

/* A plan of so many rows of high and of low risk, each with an operation that writes a document, and one problem. */
struct plan *large_plan(struct arena *arena, size_t high, size_t low);

#endif
