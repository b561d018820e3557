/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/render.h"
#include "render/text_parts.h"

/* What each kind of change looks like in front of its row. */
static const struct {
    const char *label;
    enum paint paint;
} labels[CHANGE_KIND_COUNT] = {
    [CHANGE_HOLD] = {"! held   ", PAINT_RED},       [CHANGE_GRANT] = {"+ grant  ", PAINT_GREEN},
    [CHANGE_EXTEND] = {"~ extend ", PAINT_YELLOW},  [CHANGE_MODIFY] = {"~ change ", PAINT_YELLOW},
    [CHANGE_SHORTEN] = {"~ shorten", PAINT_YELLOW}, [CHANGE_REVOKE] = {"- revoke ", PAINT_RED},
};

enum { COLUMN_WHO, COLUMN_WHAT, COLUMN_WHERE, COLUMN_TERM, COLUMN_COUNT };

static void write_cell(struct buf *out, const void *table, size_t row, size_t column)
{
    const struct plan *plan = table;
    const struct fact *fact = row_fact(&plan->delta.items[row]);
    const struct language *language = &language_terminal;
    switch (column) {
    case COLUMN_WHO: wording_holder(out, language, fact); break;
    case COLUMN_WHAT: wording_grant(out, language, fact->team, fact->grant); break;
    case COLUMN_WHERE: wording_account(out, language, fact->environment, fact->account_id); break;
    default: wording_term(out, language, &plan->delta.items[row], plan->now_s); break;
    }
}

/* What a policy allows more or less, below its row. */
static void add_policy_lines(struct buf *out, const struct delta_row *row)
{
    struct buf line;
    buf_init(&line, SIZE_MAX / 4);
    for (size_t i = 0; i < POLICY_LINES; i++) {
        buf_clear(&line);
        if (!wording_policy_line(&line, &language_terminal, row, i))
            continue;
        RAW(out, "             ");
        buf_add(out, line.bytes, line.size);
        RAW(out, "\n");
    }
    buf_free(&line);
}

/* What was asked for beside the grant itself. */
static void add_wishes(struct buf *out, const struct fact *fact)
{
    const char *separator = "             ";
    if (fact->require_mfa) {
        buf_addf(out, "%sneeds MFA", separator);
        separator = "; ";
    }
    if (fact->reason && *fact->reason) {
        buf_addf(out, "%sreason: ", separator);
        escape_terminal(out, fact->reason);
        separator = "; ";
    }
    if (fact->ticket && *fact->ticket) {
        buf_addf(out, "%sticket ", separator);
        escape_terminal(out, fact->ticket);
        separator = "; ";
    }
    if (*separator == ';')
        RAW(out, "\n");
}

static void add_allowed(struct buf *out, const struct fact *fact)
{
    struct buf allowed;
    buf_init(&allowed, SIZE_MAX / 4);
    wording_allows(&allowed, &language_terminal, fact);
    if (allowed.size) {
        RAW(out, "             allows ");
        buf_add(out, allowed.bytes, allowed.size);
        RAW(out, "\n");
    }
    buf_free(&allowed);
}

static void add_policy(struct buf *out, const struct delta_row *row, struct summary *summary)
{
    bool refers;
    if (summary_explains(summary, row, &refers)) {
        if (row->kind == CHANGE_GRANT)
            add_allowed(out, row->after);
        add_policy_lines(out, row);
    } else if (refers) {
        RAW(out, "             the same change as above\n");
    }
}

static void add_remarks(struct buf *out, struct style style, const struct delta_row *row,
                        struct summary *summary)
{
    if (row->risk == RISK_HIGH || row->note) {
        RAW(out, "             ");
        paint_begin(out, style, row->risk == RISK_HIGH ? PAINT_RED : PAINT_YELLOW);
        if (row->risk == RISK_HIGH)
            RAW(out, "! high risk");
        if (row->risk == RISK_HIGH && row->note)
            RAW(out, ": ");
        if (row->note)
            escape_terminal(out, row->note);
        paint_end(out, style);
        RAW(out, "\n");
    }
    add_policy(out, row, summary);
    add_wishes(out, row_fact(row));
}

static void add_rows(struct buf *out, struct style style, const struct plan *plan, struct summary *summary)
{
    struct columns columns;
    columns_init(&columns, COLUMN_COUNT, write_cell, plan, plan->delta.count);
    for (size_t i = 0; i < plan->delta.count; i++) {
        const struct delta_row *row = &plan->delta.items[i];
        RAW(out, "  ");
        paint_begin(out, style, labels[row->kind].paint);
        buf_add_text(out, labels[row->kind].label);
        paint_end(out, style);
        RAW(out, "  ");
        columns_print(&columns, out, i);
        RAW(out, "\n");
        add_remarks(out, style, row, summary);
    }
    columns_free(&columns);
}

/* The line that has to be enough for who reads only one. */
static void add_headline(struct buf *out, struct style style, const struct plan *plan,
                         const struct summary *summary)
{
    paint_begin(out, style, PAINT_BOLD);
    if (plan->delta.count || plan->delta.side.count) {
        RAW(out, "Plan: ");
        wording_changes(out, &plan->delta);
    } else if (plan->operations.count) {
        RAW(out, "Plan: nobody's access changes, ");
        wording_count(out, plan->operations.count, "operation puts", "operations put");
        RAW(out, " AWS right");
    } else {
        buf_add_text(out, plan->problems.count ? "Nothing to change" : "Nothing to change.");
    }
    if (plan->problems.count) {
        RAW(out, ", ");
        wording_count(out, plan->problems.count, "problem", "problems");
    }
    if (plan->delta.count) {
        RAW(out, " — ");
        summary_scope(out, summary);
    }
    paint_end(out, style);
    if (summary->high_risks) {
        paint_begin(out, style, PAINT_RED);
        buf_addf(out, " — %zu with high risk", summary->high_risks);
        paint_end(out, style);
    }
    RAW(out, "\n");
}

static void add_next_step(struct buf *out, const struct plan *plan)
{
    if (plan_is_quiet(plan))
        return;
    RAW(out, "\nNext: ");
    if (plan->problems.count) {
        buf_add_text(out, plan->problems.count == 1 ? "solve the problem above" : "solve the problems above");
        RAW(out, "; until then `iamlease apply` does the rest and ends with exit code 1.\n");
    } else if (plan->head_id) {
        RAW(out, "after the merge, `iamlease apply` carries this out.\n");
    } else {
        RAW(out, "commit this and open a pull request; after the merge, `iamlease apply` carries it out.\n");
    }
}

void render_plan_text(struct buf *out, const struct plan *plan, struct style style)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct summary summary = summary_new(arena, plan);
    add_headline(out, style, plan, &summary);
    text_context(out, style, plan);
    text_digest(out, style, plan);
    text_side_changes(out, style, &plan->delta);
    if (plan->delta.count) {
        RAW(out, "\n");
        add_rows(out, style, plan, &summary);
    }
    text_problems(out, style, &plan->problems, &summary);
    text_drift(out, style, &plan->drift);
    text_notices(out, style, &plan->notices);
    text_operations(out, style, plan, &summary, NULL);
    add_next_step(out, plan);
}
