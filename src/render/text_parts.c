/* SPDX-License-Identifier: Apache-2.0 */
#include "render/text_parts.h"

#include "render/escape.h"

#include <assert.h>

void paint_begin(struct buf *out, struct style style, enum paint paint)
{
    static const char *const sequences[] = {
        [PAINT_BOLD] = "\033[1m",   [PAINT_DIM] = "\033[2m",     [PAINT_RED] = "\033[1;31m",
        [PAINT_GREEN] = "\033[32m", [PAINT_YELLOW] = "\033[33m", [PAINT_BLUE] = "\033[34m",
    };
    if (style.color)
        buf_add_text(out, sequences[paint]);
}

void paint_end(struct buf *out, struct style style)
{
    if (style.color)
        RAW(out, "\033[0m");
}

void text_heading(struct buf *out, struct style style, size_t count, const char *one, const char *many)
{
    paint_begin(out, style, PAINT_BOLD);
    wording_count(out, count, one, many);
    paint_end(out, style);
}

void text_context(struct buf *out, struct style style, const struct plan *plan)
{
    paint_begin(out, style, PAINT_DIM);
    wording_context(out, &language_terminal, plan);
    paint_end(out, style);
    RAW(out, "\n");
}

void text_digest(struct buf *out, struct style style, const struct plan *plan)
{
    if (!plan->digest)
        return;
    paint_begin(out, style, PAINT_DIM);
    RAW(out, "digest ");
    escape_terminal(out, plan->digest);
    paint_end(out, style);
    RAW(out, "\n");
}

enum { WIDTH_MAX = 72, CELL_BYTES_MAX = 1024 * 1024 }; /* ESCAPE_MAX keeps every cell far below */

static size_t text_width(const struct buf *text)
{
    size_t width = 0;
    for (size_t i = 0; i < text->size; i++)
        width += ((unsigned char)text->bytes[i] & 0xc0) != 0x80;
    return width;
}

/* Writes a cell to the scratch buffer and returns its width. */
static size_t write_cell(struct columns *columns, size_t row, size_t column)
{
    buf_clear(&columns->scratch);
    columns->cell(&columns->scratch, columns->table, row, column);
    return text_width(&columns->scratch);
}

void columns_init(struct columns *columns, size_t count, text_cell *cell, const void *table, size_t rows)
{
    assert(count <= COLUMNS_MAX);
    *columns = (struct columns){.table = table, .cell = cell, .count = count};
    buf_init(&columns->scratch, CELL_BYTES_MAX);
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < count; column++) {
            size_t width = write_cell(columns, row, column);
            if (width > columns->widths[column] && width <= WIDTH_MAX)
                columns->widths[column] = width;
        }
    }
}

void columns_free(struct columns *columns)
{
    buf_free(&columns->scratch);
}

void columns_print(struct columns *columns, struct buf *out, size_t row)
{
    size_t gap = 0;
    for (size_t column = 0; column < columns->count; column++) {
        size_t width = write_cell(columns, row, column);
        if (width)
            buf_addf(out, "%*s", (int)gap, "");
        buf_add(out, columns->scratch.bytes, columns->scratch.size);
        size_t rest = columns->widths[column] > width ? columns->widths[column] - width : 0;
        gap = (width ? 0 : gap) + rest + (columns->widths[column] ? 2 : 0);
    }
}

void text_problems(struct buf *out, struct style style, const struct problems *problems,
                   const struct summary *summary)
{
    if (!problems->count)
        return;
    RAW(out, "\n");
    text_heading(out, style, problems->count, "problem", "problems");
    RAW(out, "\n");
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        RAW(out, "  ");
        paint_begin(out, style, PAINT_RED);
        RAW(out, "✗");
        paint_end(out, style);
        RAW(out, " ");
        escape_terminal(out, problem->message);
        RAW(out, " [");
        escape_terminal(out, problem->id);
        RAW(out, "]\n");
        if (problem->fact || problem->account_id) {
            RAW(out, "    concerns:   ");
            summary_concern(out, &language_terminal, summary, problem);
            RAW(out, "\n");
        }
        if (problem->hint) {
            RAW(out, "    what to do: ");
            escape_terminal(out, problem->hint);
            RAW(out, "\n");
        }
    }
}

void text_notices(struct buf *out, struct style style, const struct notices *notices)
{
    if (!notices->count)
        return;
    RAW(out, "\n");
    paint_begin(out, style, PAINT_BOLD);
    RAW(out, "Notes");
    paint_end(out, style);
    RAW(out, "\n");
    for (size_t i = 0; i < notices->count; i++) {
        RAW(out, "  • ");
        escape_terminal(out, notices->items[i]);
        RAW(out, "\n");
    }
}

static enum paint paint_of_symbol(const char *symbol)
{
    return symbol[0] == '+' ? PAINT_GREEN : symbol[0] == '-' ? PAINT_RED : PAINT_YELLOW;
}

void text_operation(struct buf *out, struct style style, const struct operation *operation)
{
    const char *symbol = operation_info(operation->kind)->symbol;
    paint_begin(out, style, paint_of_symbol(symbol));
    buf_add_text(out, symbol);
    paint_end(out, style);
    RAW(out, " ");
    wording_operation(out, &language_terminal, operation);
    paint_begin(out, style, PAINT_DIM);
    RAW(out, " — ");
    escape_terminal(out, operation->reason);
    paint_end(out, style);
}

static void add_status(struct buf *out, struct style style, const struct result *result)
{
    static const enum paint paints[] = {
        [RESULT_PENDING] = PAINT_DIM,
        [RESULT_DONE] = PAINT_GREEN,
        [RESULT_FAILED] = PAINT_RED,
        [RESULT_BLOCKED] = PAINT_YELLOW,
    };
    paint_begin(out, style, paints[result->status]);
    buf_addf(out, "%-7s", result_status_name(result->status));
    paint_end(out, style);
    RAW(out, "  ");
}

void text_operations(struct buf *out, struct style style, const struct plan *plan,
                     const struct summary *summary, const struct result *results)
{
    if (!plan->operations.count)
        return;
    RAW(out, "\n");
    text_heading(out, style, plan->operations.count, "operation", "operations");
    if (plan->operations_implied)
        RAW(out, ", worked out from the base; AWS was not read");
    RAW(out, "\n");
    for (size_t i = 0; i < summary->groups.count; i++) {
        const struct account_group *group = &summary->groups.items[i];
        RAW(out, "  ");
        summary_account(out, &language_terminal, summary, group->account_id);
        RAW(out, "\n");
        for (size_t j = 0; j < group->count; j++) {
            RAW(out, "    ");
            if (results)
                add_status(out, style, &results[group->items[j]]);
            text_operation(out, style, &plan->operations.items[group->items[j]]);
            RAW(out, "\n");
        }
    }
}
