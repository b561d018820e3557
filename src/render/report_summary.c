/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "render/escape.h"
#include "render/summary.h"

struct tally tally_new(const struct report *report)
{
    struct tally tally = {0};
    for (size_t i = 0; i < report->plan->operations.count; i++)
        tally.counts[report->results ? report->results[i].status : RESULT_PENDING]++;
    return tally;
}

static void add_results(struct buf *out, const struct tally *tally, bool late)
{
    buf_addf(out, "%zu done", tally->counts[RESULT_DONE]);
    if (tally->counts[RESULT_FAILED])
        buf_addf(out, ", %zu failed", tally->counts[RESULT_FAILED]);
    if (tally->counts[RESULT_BLOCKED])
        buf_addf(out, ", %zu blocked", tally->counts[RESULT_BLOCKED]);
    if (tally->counts[RESULT_PENDING])
        buf_addf(out, ", %zu pending%s", tally->counts[RESULT_PENDING],
                 late ? " (not begun: the run's deadline had passed)" : "");
}

void report_headline(struct buf *out, const struct report *report)
{
    struct tally tally = tally_new(report);
    size_t operations = report->plan->operations.count, problems = report->plan->problems.count;
    buf_addf(out, "%s%s%s: ", report->command, report->dry_run ? ", dry run" : "",
             report->stopped ? ", stopped by a signal" : "");
    if (!operations) {
        buf_add_text(out, problems ? "nothing was done" : "nothing to do");
    } else if (report->dry_run) {
        wording_count(out, operations, "operation", "operations");
        RAW(out, " would run, nothing was written");
    } else {
        add_results(out, &tally, report_is_late(report));
    }
    if (problems) {
        RAW(out, ", ");
        wording_count(out, problems, "problem", "problems");
    }
    if (!report->accounts)
        return;
    RAW(out, " — ");
    wording_count(out, report->accounts, "account", "accounts");
}

bool report_applied(struct buf *out, const struct language *language, const struct report *report)
{
    const char *before = report->applied_before, *after = report->applied_after;
    if (!before && !after)
        return false;
    RAW(out, "applied: ");
    if (before && after && !str_eq(before, after)) {
        wording_commit(out, language, NULL, before);
        RAW(out, " → ");
        wording_commit(out, language, NULL, after);
        return true;
    }
    bool is_complete = report_is_clean(report) || report->dry_run;
    if (is_complete)
        buf_add_text(out, before ? "at " : "now at ");
    else
        buf_add_text(out, before ? "stays at " : "not complete, begins at ");
    wording_commit(out, language, NULL, after ? after : before);
    return true;
}

const char *report_next_step(const struct report *report)
{
    struct tally tally = tally_new(report);
    if (report->stopped)
        return "run it again: it goes on where this run stopped.";
    if (tally.counts[RESULT_FAILED])
        return "put right what failed and run it again: it does only what is left.";
    if (report_is_late(report))
        return "run it again: it goes on where this run ended; or give it more time with --deadline.";
    if (report->plan->problems.count)
        return "solve the problems above and run it again.";
    if (report->dry_run && report->plan->operations.count)
        return "run it without --dry-run to do this.";
    return NULL;
}
