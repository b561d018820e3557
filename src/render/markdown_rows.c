/* SPDX-License-Identifier: Apache-2.0 */
#include "render/markdown_rows.h"

#include "render/escape.h"
#include "render/wording.h"

void markdown_rows_heading(struct buf *out)
{
    /* A heading is never broken at "&nbsp;": the last column is always as wide as a date. */
    RAW(out, "\n| Change | Who | Gets | Where | Until&nbsp;(UTC) |\n"
             "| :-- | :-- | :-- | :-- | :-- |\n");
}

void markdown_side_heading(struct buf *out)
{
    RAW(out, "\n| Settings and accounts | | Before | After |\n| :-- | :-- | :-- | :-- |\n");
}

static void add_risk(struct buf *out, enum risk risk, const char *note)
{
    if (risk == RISK_HIGH)
        RAW(out, "<br>⚠️ **high risk**");
    if (note) {
        RAW(out, "<br>");
        escape_markdown_text(out, note);
    }
}

static void add_change(struct buf *out, const struct delta_row *row)
{
    static const char symbols[CHANGE_KIND_COUNT] = {
        [CHANGE_HOLD] = '!',   [CHANGE_GRANT] = '+',   [CHANGE_EXTEND] = '~',
        [CHANGE_MODIFY] = '~', [CHANGE_SHORTEN] = '~', [CHANGE_REVOKE] = '-',
    };
    buf_addf(out, "`%c`&nbsp;**%s**", symbols[row->kind], wording_change(row->kind));
    add_risk(out, row->risk, row->note);
}

static void add_policy_lines(struct buf *out, const struct delta_row *row)
{
    struct buf line;
    buf_init(&line, SIZE_MAX / 4);
    for (size_t i = 0; i < POLICY_LINES; i++) {
        buf_clear(&line);
        if (!wording_policy_line(&line, &language_markdown, row, i))
            continue;
        RAW(out, "<br>");
        buf_add(out, line.bytes, line.size);
    }
    buf_free(&line);
}

/* What the grant allows, for who does not know it by its name. */
static void add_allowed(struct buf *out, const struct fact *fact)
{
    struct buf allowed;
    buf_init(&allowed, SIZE_MAX / 4);
    wording_allows(&allowed, &language_markdown, fact);
    if (allowed.size) {
        RAW(out, "<br>allows ");
        buf_add(out, allowed.bytes, allowed.size);
    }
    buf_free(&allowed);
}

static void add_small(struct buf *out, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    RAW(out, "<br><sub>");
    buf_add_text(out, label);
    escape_markdown_excerpt(out, text);
    RAW(out, "</sub>");
}

static void add_grant(struct buf *out, const struct delta_row *row, struct summary *summary)
{
    const struct fact *fact = row_fact(row);
    bool refers, explains = summary_explains(summary, row, &refers);
    wording_grant(out, &language_markdown, fact->team, fact->grant);
    if (explains && row->kind == CHANGE_GRANT)
        add_allowed(out, fact);
    if (explains)
        add_policy_lines(out, row);
    if (refers)
        RAW(out, "<br>the same change as above");
    if (fact->require_mfa)
        RAW(out, "<br>needs MFA");
    add_small(out, "", fact->description);
    add_small(out, "Reason: ", fact->reason);
    add_small(out, "Ticket: ", fact->ticket);
}

void markdown_row(struct buf *out, const struct delta_row *row, struct summary *summary, int64_t now_s)
{
    const struct fact *fact = row_fact(row);
    RAW(out, "| ");
    add_change(out, row);
    RAW(out, " | ");
    wording_holder(out, &language_cell, fact);
    RAW(out, " | ");
    add_grant(out, row, summary);
    RAW(out, " | ");
    wording_account(out, &language_cell, fact->environment, fact->account_id);
    RAW(out, " | ");
    wording_term(out, &language_cell, row, now_s);
    RAW(out, " |\n");
}

static void add_value(struct buf *out, const char *value)
{
    RAW(out, " | ");
    if (value)
        escape_markdown_code(out, value);
    else
        RAW(out, "–");
}

void markdown_side_change(struct buf *out, const struct side_change *change)
{
    char symbol = !change->before ? '+' : !change->after ? '-' : '~';
    buf_addf(out, "| `%c`&nbsp;**", symbol);
    wording_side_kind(out, &language_markdown, change);
    RAW(out, "**");
    add_risk(out, change->risk, change->note);
    RAW(out, " | ");
    escape_markdown_code(out, change->what);
    add_value(out, change->before);
    add_value(out, change->after);
    RAW(out, " |\n");
}
