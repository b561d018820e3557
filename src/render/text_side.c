/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/text_parts.h"

enum { COLUMN_KIND, COLUMN_WHAT, COLUMN_VALUES, COLUMN_COUNT };

static void write_value(struct buf *out, const char *value)
{
    if (value)
        escape_terminal(out, value);
    else
        RAW(out, "nothing");
}

static void write_cell(struct buf *out, const void *table, size_t row, size_t column)
{
    const struct delta *delta = table;
    const struct side_change *change = &delta->side.items[row];
    switch (column) {
    case COLUMN_KIND: wording_side_kind(out, &language_terminal, change); break;
    case COLUMN_WHAT: escape_terminal(out, change->what); break;
    default:
        write_value(out, change->before);
        RAW(out, " → ");
        write_value(out, change->after);
    }
}

static void add_remark(struct buf *out, struct style style, const struct side_change *change)
{
    if (change->risk != RISK_HIGH && !change->note)
        return;
    RAW(out, "    ");
    paint_begin(out, style, change->risk == RISK_HIGH ? PAINT_RED : PAINT_YELLOW);
    if (change->risk == RISK_HIGH)
        RAW(out, "! high risk");
    if (change->risk == RISK_HIGH && change->note)
        RAW(out, ": ");
    if (change->note)
        escape_terminal(out, change->note);
    paint_end(out, style);
    RAW(out, "\n");
}

void text_side_changes(struct buf *out, struct style style, const struct delta *delta)
{
    struct columns columns;
    if (!delta->side.count)
        return;
    RAW(out, "\n");
    text_heading(out, style, delta->side.count, "change of settings or accounts",
                 "changes of settings or accounts");
    RAW(out, "\n");
    columns_init(&columns, COLUMN_COUNT, write_cell, delta, delta->side.count);
    for (size_t i = 0; i < delta->side.count; i++) {
        RAW(out, "  ");
        columns_print(&columns, out, i);
        RAW(out, "\n");
        add_remark(out, style, &delta->side.items[i]);
    }
    columns_free(&columns);
}
