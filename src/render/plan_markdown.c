/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/markdown_parts.h"
#include "render/render.h"

/* A heading is never broken at "&nbsp;": the last column is always as wide as a date. */
#define HEADING                                              \
    "\n| Change | Who | Gets | Where | Until&nbsp;(UTC) |\n" \
    "| :-- | :-- | :-- | :-- | :-- |\n"

/* Rows with high risk are never left out; they stand first. */
static size_t rows_shown(const struct delta *delta, const struct summary *summary)
{
    size_t most = summary->high_risks > MARKDOWN_ROWS_MAX ? summary->high_risks : MARKDOWN_ROWS_MAX;
    return delta->count < most ? delta->count : most;
}

static void add_title(struct buf *out, const struct plan *plan, const struct summary *summary)
{
    size_t shown = rows_shown(&plan->delta, summary);
    RAW(out, "### iamlease plan: ");
    if (plan->delta.count)
        wording_changes(out, &plan->delta);
    else if (plan->operations.count)
        RAW(out, "nobody's access changes, AWS is put right");
    else
        RAW(out, "nothing to change");
    if (plan->problems.count) {
        RAW(out, ", ");
        wording_count(out, plan->problems.count, "problem", "problems");
    }
    if (shown < plan->delta.count)
        buf_addf(out, " (%zu of %zu rows shown)", shown, plan->delta.count);
    RAW(out, "\n");
    if (plan->delta.count) {
        RAW(out, "\n");
        summary_scope(out, summary);
        if (summary->high_risks) {
            RAW(out, " · ⚠️ **");
            wording_count(out, summary->high_risks, "row", "rows");
            RAW(out, " with high risk**");
        }
        RAW(out, "\n");
    }
}

static void add_list(struct buf *out, const char *what, const struct strings *strings, const char *account_id)
{
    if (!strings->count)
        return;
    buf_addf(out, "<br>%s ", what);
    wording_list(out, &language_markdown, strings, account_id);
}

static void add_change(struct buf *out, const struct delta_row *row)
{
    static const char symbols[CHANGE_KIND_COUNT] = {
        [CHANGE_HOLD] = '!',   [CHANGE_GRANT] = '+',   [CHANGE_EXTEND] = '~',
        [CHANGE_MODIFY] = '~', [CHANGE_SHORTEN] = '~', [CHANGE_REVOKE] = '-',
    };
    buf_addf(out, "`%c`&nbsp;**%s**", symbols[row->kind], change_kind_name(row->kind));
    if (row->risk == RISK_HIGH)
        RAW(out, "<br>⚠️ **high risk**");
    if (row->note) {
        RAW(out, "<br>");
        escape_markdown_text(out, row->note);
    }
}

static void add_grant(struct buf *out, const struct delta_row *row)
{
    const struct fact *fact = row_fact(row);
    wording_grant(out, &language_markdown, fact->team, fact->grant);
    if (fact->description && *fact->description) {
        RAW(out, "<br><sub>");
        escape_markdown_excerpt(out, fact->description);
        RAW(out, "</sub>");
    }
    add_list(out, "gains", &row->actions_gained, fact->account_id);
    add_list(out, "gains", &row->policies_gained, fact->account_id);
    add_list(out, "loses", &row->actions_lost, fact->account_id);
    add_list(out, "loses", &row->policies_lost, fact->account_id);
}

static void add_row(struct buf *out, const struct delta_row *row, int64_t now_s)
{
    const struct fact *fact = row_fact(row);
    RAW(out, "| ");
    add_change(out, row);
    RAW(out, " | ");
    wording_principal(out, &language_cell, fact->principal_kind, fact->principal, fact->declared_as);
    RAW(out, " | ");
    add_grant(out, row);
    RAW(out, " | ");
    wording_account(out, &language_cell, fact->environment, fact->account_id);
    RAW(out, " | ");
    wording_term(out, &language_cell, row, now_s);
    RAW(out, " |\n");
}

void render_plan_markdown(struct buf *out, const struct plan *plan)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct summary summary = summary_new(arena, plan);
    size_t shown = rows_shown(&plan->delta, &summary);
    add_title(out, plan, &summary);
    markdown_problems(out, &plan->problems, &summary);
    if (shown)
        RAW(out, HEADING);
    for (size_t i = 0; i < shown; i++)
        add_row(out, &plan->delta.items[i], plan->now_s);
    markdown_notices(out, &plan->notices);
    markdown_operations(out, plan, &summary, NULL);
    markdown_documents(out, plan, &summary);
    markdown_footer(out, plan);
}
