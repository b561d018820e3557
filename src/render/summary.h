/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plan says as a whole, counted once for all outputs: whom and what it concerns, what the accounts
 * are called.
 */
#ifndef IAMLEASE_RENDER_SUMMARY_H
#define IAMLEASE_RENDER_SUMMARY_H

#include "base/map.h"
#include "model/report.h"
#include "render/wording.h"

/* The operations of one account. */
struct account_group {
    const char *account_id;
    VEC_FIELDS(size_t); /* indices into plan->operations, in its order */
};

struct summary {
    struct arena *arena;
    const struct delta *delta;
    size_t principals[PRINCIPAL_KIND_COUNT]; /* distinct ones that rows concern, by their kind */
    size_t accounts;
    size_t high_risks; /* rows, and changes beside access */
    size_t held;       /* rows that are held and have no high risk */
    struct map names; /* account id → struct strings: what teams call it, as far as rows and problems say */
    struct map explained; /* kind of row and policy → the first such row */
    struct {
        VEC_FIELDS(struct account_group);
    } groups; /* in the order in which operations first name an account */
};

/* Everything in it lives in `arena` or in `plan`. */
struct summary summary_new(struct arena *arena, const struct plan *plan);

/*
 * Whether a row has to say what its policy allows or how that changes. Asked in the order in which rows are
 * shown: of rows of one kind with one policy and the same change only the first has to; the others refer to
 * it when `*ret_refers`.
 */
bool summary_explains(struct summary *summary, const struct delta_row *row, bool *ret_refers);

/* "3 users, 1 role, 2 accounts" */
void summary_scope(struct buf *out, const struct summary *summary);

/* "prod (345678901234)"; all names that teams have for it, or only the id. */
void summary_account(struct buf *out, const struct language *language, const struct summary *summary,
                     const char *account_id);

/*
 * Where a problem belongs: "payments/dev.x for bert@example.com (IAM user bert) in prod (…)", or its
 * account, which it must have.
 */
void summary_concern(struct buf *out, const struct language *language, const struct summary *summary,
                     const struct problem *problem);

/* Whether apply would do anything. What is held stays as it is; a setting that changes is for later changes. */
bool plan_has_changes(const struct plan *plan);

/* Whether there is nothing that apply would do and nothing that it could not do. */
bool plan_is_quiet(const struct plan *plan);

/* How often each enum result_status stands among the results; all are pending where there are none. */
struct tally {
    size_t counts[RESULT_BLOCKED + 1];
};

struct tally tally_new(const struct report *report);

/* The first line of a report: "apply: 5 done, 1 failed, 2 blocked — 2 accounts". */
void report_headline(struct buf *out, const struct report *report);

/* Where the applied ref stands: "applied: 1a2b3c4 → 5d6e7f8"; false when there is nothing to say. */
bool report_applied(struct buf *out, const struct language *language, const struct report *report);

/* What to do now, in one sentence; NULL when all is done. */
const char *report_next_step(const struct report *report);

#endif
