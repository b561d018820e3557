/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/render.h"
#include "render/text_parts.h"

/* The operation, and below it "NoSuchEntity: message (3 attempts, request 4f…)". */
static void add_failure(struct buf *out, struct style style, const struct report *report, size_t index,
                        const struct summary *summary)
{
    const struct operation *operation = &report->plan->operations.items[index];
    const struct result *result = &report->results[index];
    RAW(out, "  ");
    paint_begin(out, style, PAINT_RED);
    RAW(out, "✗");
    paint_end(out, style);
    RAW(out, " ");
    wording_operation(out, &language_terminal, operation);
    RAW(out, " in ");
    summary_account(out, &language_terminal, summary, operation->account_id);
    RAW(out, "\n    ");
    if (result->error_code) {
        escape_terminal(out, result->error_code);
        RAW(out, ": ");
    }
    escape_terminal(out, result->message ? result->message : "no answer");
    RAW(out, " (");
    wording_count(out, result->attempts, "attempt", "attempts");
    if (result->request_id) {
        RAW(out, ", request ");
        escape_terminal(out, result->request_id);
    }
    RAW(out, ")\n");
}

static void add_failures(struct buf *out, struct style style, const struct report *report,
                         const struct summary *summary)
{
    size_t count = tally_new(report).counts[RESULT_FAILED];
    if (!count)
        return;
    RAW(out, "\n");
    text_heading(out, style, count, "failure", "failures");
    RAW(out, "\n");
    for (size_t i = 0; i < report->plan->operations.count; i++)
        if (report->results[i].status == RESULT_FAILED)
            add_failure(out, style, report, i, summary);
}

void render_report_text(struct buf *out, const struct report *report, struct style style)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct summary summary = summary_new(arena, report->plan);
    const char *next = report_next_step(report);
    paint_begin(out, style, PAINT_BOLD);
    report_headline(out, report);
    paint_end(out, style);
    RAW(out, "\n");
    text_context(out, style, report->plan);
    if (report_applied(out, &language_terminal, report))
        RAW(out, "\n");
    add_failures(out, style, report, &summary);
    text_problems(out, style, &report->plan->problems, &summary);
    text_notices(out, style, &report->plan->notices);
    text_operations(out, style, report->plan, &summary, report->results);
    if (next) {
        RAW(out, "\nNext: ");
        buf_add_text(out, next);
        RAW(out, "\n");
    }
}
