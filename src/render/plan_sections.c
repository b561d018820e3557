/* SPDX-License-Identifier: Apache-2.0 */
#include "render/plan_sections.h"

#include "render/escape.h"
#include "render/markdown_parts.h"
#include "render/markdown_rows.h"

/* A list that is longer stands collapsed: the table with the changes must be in sight. */
enum { OPEN_LIST_MAX = 10 };

const enum section_name section_order[SECTION_COUNT] = {
    SECTION_PROBLEMS, SECTION_SIDE,  SECTION_ROWS,       SECTION_DRIFT,
    SECTION_WARNINGS, SECTION_NOTES, SECTION_OPERATIONS, SECTION_DOCUMENTS,
};

static void list_all(struct summary *summary, size_t count, struct body_items *ret)
{
    for (size_t i = 0; i < count; i++)
        *VEC_ADD(summary->arena, ret) = i;
}

static void open_list(struct buf *out, const char *icon, size_t count, const char *one, const char *many)
{
    bool collapsed = count > OPEN_LIST_MAX;
    buf_addf(out, "\n%s%s%s", collapsed ? "<details>\n<summary>" : "", icon, collapsed ? "" : "**");
    wording_count(out, count, one, many);
    buf_add_text(out, collapsed ? "</summary>\n\n" : "**\n\n");
}

static void close_list(struct buf *out, size_t count)
{
    if (count > OPEN_LIST_MAX)
        RAW(out, "\n</details>\n");
}

static void close_nothing(struct buf *out, size_t count)
{
    (void)out;
    (void)count;
}

static void list_problems(const struct plan *plan, struct summary *summary, struct body_items *ret)
{
    list_all(summary, plan->problems.count, ret);
}

static void open_problems(struct buf *out, const struct plan *plan, struct summary *summary, size_t count)
{
    (void)plan;
    (void)summary;
    open_list(out, "❌ ", count, "problem", "problems");
}

static void add_problem(struct buf *out, const struct plan *plan, struct summary *summary, size_t index)
{
    markdown_problem(out, &plan->problems.items[index], summary);
}

static void list_side(const struct plan *plan, struct summary *summary, struct body_items *ret)
{
    list_all(summary, plan->delta.side.count, ret);
}

static bool side_must_be_shown(const struct plan *plan, size_t index)
{
    return plan->delta.side.items[index].risk == RISK_HIGH;
}

static void open_side(struct buf *out, const struct plan *plan, struct summary *summary, size_t count)
{
    (void)plan;
    (void)summary;
    (void)count;
    markdown_side_heading(out);
}

static void add_side(struct buf *out, const struct plan *plan, struct summary *summary, size_t index)
{
    (void)summary;
    markdown_side_change(out, &plan->delta.side.items[index]);
}

static void list_rows(const struct plan *plan, struct summary *summary, struct body_items *ret)
{
    list_all(summary, plan->delta.count, ret);
}

static bool row_must_be_shown(const struct plan *plan, size_t index)
{
    const struct delta_row *row = &plan->delta.items[index];
    return row->risk == RISK_HIGH || row->kind == CHANGE_HOLD;
}

static void open_rows(struct buf *out, const struct plan *plan, struct summary *summary, size_t count)
{
    (void)plan;
    (void)summary;
    (void)count;
    markdown_rows_heading(out);
}

static void add_row(struct buf *out, const struct plan *plan, struct summary *summary, size_t index)
{
    markdown_row(out, &plan->delta.items[index], summary, plan->now_s);
}

static void list_drift(const struct plan *plan, struct summary *summary, struct body_items *ret)
{
    list_all(summary, plan->drift.count, ret);
}

static void open_drift(struct buf *out, const struct plan *plan, struct summary *summary, size_t count)
{
    (void)plan;
    (void)summary;
    markdown_drift_heading(out, count);
}

static void add_drift(struct buf *out, const struct plan *plan, struct summary *summary, size_t index)
{
    (void)summary;
    markdown_drift(out, &plan->drift.items[index]);
}

static void list_warnings(const struct plan *plan, struct summary *summary, struct body_items *ret)
{
    for (size_t i = 0; plan->warnings && i < plan->warnings->count; i++)
        *VEC_ADD(summary->arena, ret) = i;
}

static void open_warnings(struct buf *out, const struct plan *plan, struct summary *summary, size_t count)
{
    (void)plan;
    (void)summary;
    open_list(out, "⚠️ ", count, "warning", "warnings");
}

static void add_warning(struct buf *out, const struct plan *plan, struct summary *summary, size_t index)
{
    (void)summary;
    markdown_warning(out, &plan->warnings->items[index]);
}

static void list_notes(const struct plan *plan, struct summary *summary, struct body_items *ret)
{
    list_all(summary, plan->notices.count, ret);
}

static void open_notes(struct buf *out, const struct plan *plan, struct summary *summary, size_t count)
{
    (void)plan;
    (void)summary;
    open_list(out, "", count, "note", "notes");
}

static void add_note(struct buf *out, const struct plan *plan, struct summary *summary, size_t index)
{
    (void)summary;
    markdown_notice(out, plan->notices.items[index]);
}

/* Account by account. */
static void list_operations(const struct plan *plan, struct summary *summary, struct body_items *ret)
{
    (void)plan;
    for (size_t i = 0; i < summary->groups.count; i++)
        for (size_t j = 0; j < summary->groups.items[i].count; j++)
            *VEC_ADD(summary->arena, ret) = summary->groups.items[i].items[j];
}

static void open_operations(struct buf *out, const struct plan *plan, struct summary *summary, size_t count)
{
    (void)count;
    RAW(out, "\n<details>\n<summary>");
    markdown_operations_title(out, plan, summary);
    RAW(out, "</summary>\n\n| Account | Operation | Reason |\n| :-- | :-- | :-- |\n");
}

static void add_operation(struct buf *out, const struct plan *plan, struct summary *summary, size_t index)
{
    markdown_operation(out, &plan->operations.items[index], summary, NULL);
}

static void close_details(struct buf *out, size_t count)
{
    (void)count;
    RAW(out, "\n</details>\n");
}

static void list_documents(const struct plan *plan, struct summary *summary, struct body_items *ret)
{
    struct body_items operations = {0};
    list_operations(plan, summary, &operations);
    for (size_t i = 0; i < operations.count; i++)
        if (markdown_has_document(&plan->operations.items[operations.items[i]]))
            *VEC_ADD(summary->arena, ret) = operations.items[i];
}

static void open_documents(struct buf *out, const struct plan *plan, struct summary *summary, size_t count)
{
    (void)plan;
    (void)summary;
    RAW(out, "\n");
    if (count == 1) /* it has a title of its own */
        return;
    RAW(out, "<details>\n<summary>");
    wording_count(out, count, "policy document", "policy documents");
    RAW(out, "</summary>\n");
}

static void add_document(struct buf *out, const struct plan *plan, struct summary *summary, size_t index)
{
    markdown_document(out, &plan->operations.items[index], summary);
}

static void close_documents(struct buf *out, size_t count)
{
    if (count > 1)
        close_details(out, count);
}

const struct section_kind section_kinds[SECTION_COUNT] = {
    [SECTION_PROBLEMS] = {"problem", "problems", list_problems, NULL, open_problems, add_problem, close_list},
    [SECTION_SIDE] = {"setting or account", "settings or accounts", list_side, side_must_be_shown, open_side,
                      add_side, close_nothing},
    [SECTION_ROWS] = {"row", "rows", list_rows, row_must_be_shown, open_rows, add_row, close_nothing},
    [SECTION_DRIFT] = {"difference", "differences", list_drift, NULL, open_drift, add_drift, close_details},
    [SECTION_WARNINGS] = {"warning", "warnings", list_warnings, NULL, open_warnings, add_warning, close_list},
    [SECTION_NOTES] = {"note", "notes", list_notes, NULL, open_notes, add_note, close_list},
    [SECTION_OPERATIONS] = {"operation", "operations", list_operations, NULL, open_operations, add_operation,
                            close_details},
    [SECTION_DOCUMENTS] = {"policy document", "policy documents", list_documents, NULL, open_documents,
                           add_document, close_documents},
};
