/* SPDX-License-Identifier: Apache-2.0 */
/* Drift in a plan: as text, as rows in Markdown, as JSON. */
#include "render/escape.h"
#include "render/json_parts.h"
#include "render/markdown_rows.h"
#include "render/text_parts.h"

enum { KIND_WIDTH = 21 };

void text_drift(struct buf *out, struct style style, const struct drift *drift)
{
    if (!drift->count)
        return;
    RAW(out, "\n");
    text_heading(out, style, drift->count, "difference between AWS and what was applied",
                 "differences between AWS and what was applied");
    RAW(out, "\n");
    for (size_t i = 0; i < drift->count; i++) {
        const struct drift_row *row = &drift->items[i];
        RAW(out, "  ");
        paint_begin(out, style, PAINT_YELLOW);
        buf_addf(out, "%-*s", KIND_WIDTH, wording_drift_kind(row->kind));
        paint_end(out, style);
        RAW(out, "  ");
        wording_drift(out, &language_terminal, row);
        RAW(out, " in ");
        wording_account(out, &language_terminal, row->environment, row->account_id);
        RAW(out, "\n");
    }
}

void markdown_drift_heading(struct buf *out, size_t count)
{
    RAW(out, "\n<details open>\n<summary>");
    wording_count(out, count, "difference", "differences");
    RAW(out,
        " between AWS and what was applied</summary>\n\n| What | Object | Account |\n| :-- | :-- | :-- |\n");
}

void markdown_drift(struct buf *out, const struct drift_row *row)
{
    buf_addf(out, "| %s | ", wording_drift_kind(row->kind));
    wording_drift(out, &language_markdown, row);
    RAW(out, " | ");
    wording_account(out, &language_cell, row->environment, row->account_id);
    RAW(out, " |\n");
}

void json_drift(struct json_writer *writer, const struct drift *drift)
{
    json_key(writer, "drift");
    json_begin_array(writer);
    for (size_t i = 0; i < drift->count; i++) {
        const struct drift_row *row = &drift->items[i];
        const struct operation *operation = row->operation;
        json_begin_object(writer);
        json_key_string(writer, "kind", drift_kind_name(row->kind));
        json_key_string(writer, "account_id", row->account_id);
        json_key_string(writer, "environment", row->environment);
        json_key_string(writer, "lease_id", row->lease_id);
        json_principal(writer, operation ? operation->principal_kind : PRINCIPAL_USER,
                       operation ? operation->principal : NULL, NULL);
        json_key_string(writer, "policy_name", operation ? operation->policy_name : NULL);
        json_key_string(writer, "policy_arn", operation ? operation->policy_arn : NULL);
        json_key_string(writer, "message", row->message);
        json_end_object(writer);
    }
    json_end_array(writer);
}
