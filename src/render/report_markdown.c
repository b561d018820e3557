/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "render/escape.h"
#include "render/markdown_parts.h"
#include "render/render.h"
#include "render/report_parts.h"

void report_failure(struct buf *out, const struct operation *operation, const struct result *result,
                    const struct summary *summary)
{
    RAW(out, "- ");
    wording_operation(out, &language_markdown, operation);
    RAW(out, " in ");
    summary_account(out, &language_markdown, summary, operation->account_id);
    RAW(out, "<br>");
    if (result->error_code) {
        escape_markdown_code(out, result->error_code);
        RAW(out, ": ");
    }
    escape_markdown_text(out, result->message ? result->message : "no answer");
    RAW(out, " (");
    wording_count(out, result->attempts, "attempt", "attempts");
    if (result->request_id) {
        RAW(out, ", request ");
        escape_markdown_code(out, result->request_id);
    }
    RAW(out, ")\n");
}

static void add_failures(struct buf *out, const struct report *report, const struct summary *summary)
{
    const struct operations *operations = &report->plan->operations;
    size_t count = tally_new(report).counts[RESULT_FAILED], shown = 0;
    if (!count)
        return;
    RAW(out, "\n❌ **");
    wording_count(out, count, "failure", "failures");
    RAW(out, "**\n\n");
    for (size_t i = 0; i < operations->count && shown < MARKDOWN_ROWS_MAX; i++) {
        if (report->results[i].status != RESULT_FAILED)
            continue;
        report_failure(out, &operations->items[i], &report->results[i], summary);
        shown++;
    }
    if (shown < count)
        buf_addf(out, "\n… and %zu more failures.\n", count - shown);
}

void report_end(struct buf *out, const struct report *report)
{
    char text[TIME_TEXT_SIZE];
    RAW(out, "\n");
    if (report_applied(out, &language_markdown, report))
        RAW(out, "\n\n");
    if (!report->dry_run && !report->stopped)
        buf_addf(out, "last sweep for access that has ended: %s\n", time_format(report->plan->now_s, text));
    markdown_footer(out, report->plan);
}

void render_report_markdown(struct buf *out, const struct report *report)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct summary summary = summary_new(arena, report->plan);
    const char *next = report_next_step(report);
    RAW(out, "### iamlease ");
    report_headline(out, report);
    RAW(out, "\n");
    add_failures(out, report, &summary);
    markdown_problems(out, &report->plan->problems, &summary);
    if (next) {
        RAW(out, "\n**Next:** ");
        buf_add_text(out, next);
        RAW(out, "\n");
    }
    markdown_notices(out, &report->plan->notices);
    markdown_operations(out, report->plan, &summary, report->results);
    report_end(out, report);
}
