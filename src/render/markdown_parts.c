/* SPDX-License-Identifier: Apache-2.0 */
#include "render/markdown_parts.h"

#include "render/escape.h"

static void add_left_out(struct buf *out, size_t count, const char *what)
{
    if (count)
        buf_addf(out, "\n… and %zu more %s.\n", count, what);
}

void markdown_problem(struct buf *out, const struct problem *problem, const struct summary *summary)
{
    RAW(out, "- ");
    escape_markdown_text(out, problem->message);
    RAW(out, " [");
    escape_markdown_code(out, problem->id);
    RAW(out, "]");
    if (problem->fact || problem->account_id) {
        RAW(out, "<br>Concerns ");
        summary_concern(out, &language_markdown, summary, problem);
    }
    if (problem->hint) {
        RAW(out, "<br>**What to do:** ");
        escape_markdown_text(out, problem->hint);
    }
    RAW(out, "\n");
}

void markdown_problems(struct buf *out, const struct problems *problems, const struct summary *summary)
{
    size_t shown = problems->count < MARKDOWN_ROWS_MAX ? problems->count : MARKDOWN_ROWS_MAX;
    if (!shown)
        return;
    RAW(out, "\n❌ **");
    wording_count(out, problems->count, "problem", "problems");
    RAW(out, "**\n\n");
    for (size_t i = 0; i < shown; i++)
        markdown_problem(out, &problems->items[i], summary);
    add_left_out(out, problems->count - shown, "problems");
}

void markdown_warning(struct buf *out, const struct diag *diag)
{
    RAW(out, "- ");
    if (diag->span.file) {
        escape_markdown_code(out, diag->span.file->path);
        buf_addf(out, diag->span.line ? " line %u: " : ": ", (unsigned)diag->span.line);
    }
    escape_markdown_text(out, diag->message);
    RAW(out, " [");
    escape_markdown_code(out, diag->id);
    RAW(out, "]");
    if (diag->hint) {
        RAW(out, "<br>");
        escape_markdown_text(out, diag->hint);
    }
    RAW(out, "\n");
}

void markdown_notice(struct buf *out, const char *notice)
{
    RAW(out, "- ");
    escape_markdown_text(out, notice);
    RAW(out, "\n");
}

void markdown_notices(struct buf *out, const struct notices *notices)
{
    size_t shown = notices->count < MARKDOWN_ROWS_MAX ? notices->count : MARKDOWN_ROWS_MAX;
    if (shown)
        RAW(out, "\n**Notes**\n\n");
    for (size_t i = 0; i < shown; i++)
        markdown_notice(out, notices->items[i]);
    add_left_out(out, notices->count - shown, "notes");
}

static void add_status(struct buf *out, enum result_status status)
{
    static const char *const icons[] = {
        [RESULT_PENDING] = "⏸️",
        [RESULT_DONE] = "✅",
        [RESULT_FAILED] = "❌",
        [RESULT_BLOCKED] = "⛔",
    };
    buf_addf(out, "%s %s | ", icons[status], result_status_name(status));
}

void markdown_operation(struct buf *out, const struct operation *operation, const struct summary *summary,
                        const struct result *result)
{
    RAW(out, "| ");
    if (result)
        add_status(out, result->status);
    summary_account(out, &language_cell, summary, operation->account_id);
    buf_addf(out, " | `%s` ", operation_info(operation->kind)->symbol);
    wording_operation(out, &language_markdown, operation);
    RAW(out, " | ");
    escape_markdown_text(out, operation->reason);
    RAW(out, " |\n");
}

void markdown_operations_title(struct buf *out, const struct plan *plan, const struct summary *summary)
{
    wording_count(out, plan->operations.count, "operation", "operations");
    RAW(out, " in ");
    wording_count(out, summary->groups.count, "account", "accounts");
    if (plan->operations_implied)
        RAW(out, ", worked out from the base; AWS was not read");
}

void markdown_operations(struct buf *out, const struct plan *plan, const struct summary *summary,
                         const struct result *results)
{
    if (!plan->operations.count)
        return;
    RAW(out, "\n<details>\n<summary>");
    markdown_operations_title(out, plan, summary);
    RAW(out, "</summary>\n\n");
    if (results)
        RAW(out, "| Result | Account | Operation | Reason |\n| :-- | :-- | :-- | :-- |\n");
    else
        RAW(out, "| Account | Operation | Reason |\n| :-- | :-- | :-- |\n");
    size_t shown = 0;
    for (size_t i = 0; i < summary->groups.count; i++) {
        const struct account_group *group = &summary->groups.items[i];
        for (size_t j = 0; j < group->count && shown < MARKDOWN_ROWS_MAX; j++, shown++) {
            size_t index = group->items[j];
            markdown_operation(out, &plan->operations.items[index], summary, results ? &results[index] : NULL);
        }
    }
    add_left_out(out, plan->operations.count - shown, "operations; `--json` has all of them");
    RAW(out, "\n</details>\n");
}

void markdown_footer(struct buf *out, const struct plan *plan)
{
    RAW(out, "\n<sub>");
    wording_context(out, &language_markdown, plan);
    RAW(out, "</sub>\n");
}
