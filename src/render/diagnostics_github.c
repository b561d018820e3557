/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/markdown_parts.h"
#include "render/render.h"

/* What a runner keeps of each kind in one step; more would only stand in the log. */
enum { ANNOTATIONS_MAX = 10 };

static void add_annotation(struct buf *out, const struct diag *diag)
{
    buf_add_text(out, diag->severity == DIAG_ERROR ? "::error " : "::warning ");
    if (diag->span.file) {
        RAW(out, "file=");
        escape_command_property(out, diag->span.file->path);
        if (diag->span.line)
            buf_addf(out, ",line=%u,col=%u", diag->span.line, diag->span.column ? diag->span.column : 1);
        RAW(out, ",");
    }
    RAW(out, "title=");
    escape_command_property(out, diag->id);
    RAW(out, "::");
    escape_command_data(out, diag->message);
    if (diag->hint) {
        RAW(out, "%0A");
        escape_command_data(out, diag->hint);
    }
    RAW(out, "\n");
}

void render_diags_annotations(struct buf *out, const struct diags *diags)
{
    size_t shown[] = {[DIAG_ERROR] = 0, [DIAG_WARNING] = 0};
    for (size_t i = 0; i < diags->count; i++) {
        if (shown[diags->items[i].severity] == ANNOTATIONS_MAX)
            continue;
        shown[diags->items[i].severity]++;
        add_annotation(out, &diags->items[i]);
    }
    size_t errors = diags->errors - shown[DIAG_ERROR], warnings = diags->warnings - shown[DIAG_WARNING];
    if (!errors && !warnings)
        return;
    RAW(out, "::notice title=iamlease::");
    if (errors)
        wording_count(out, errors, "more error", "more errors");
    if (errors && warnings)
        RAW(out, " and ");
    if (warnings)
        wording_count(out, warnings, "more warning", "more warnings");
    RAW(out, " without an annotation; see the log\n");
}

static void add_place(struct buf *out, struct span span)
{
    if (!span.file)
        return;
    escape_markdown_code(out, span.file->path);
    if (span.line)
        buf_addf(out, "<br>line %u, column %u", span.line, span.column);
}

static void add_row(struct buf *out, const struct diag *diag)
{
    buf_add_text(out, diag->severity == DIAG_ERROR ? "| ❌ error | " : "| ⚠️ warning | ");
    add_place(out, diag->span);
    RAW(out, " | ");
    escape_markdown_text(out, diag->message);
    RAW(out, " [");
    escape_markdown_code(out, diag->id);
    RAW(out, "] | ");
    if (diag->hint)
        escape_markdown_text(out, diag->hint);
    RAW(out, " |\n");
}

void render_diags_markdown(struct buf *out, const struct diags *diags)
{
    size_t shown = 0;
    RAW(out, "### iamlease: ");
    if (!diags->errors && !diags->warnings) {
        RAW(out, "the configuration is valid\n");
        return;
    }
    wording_count(out, diags->errors, "error, ", "errors, ");
    wording_count(out, diags->warnings, "warning", "warnings");
    RAW(out, "\n\n| | Where | What is wrong | What to do |\n| :-- | :-- | :-- | :-- |\n");
    for (enum diag_severity severity = DIAG_ERROR; severity <= DIAG_WARNING; severity++) {
        for (size_t i = 0; i < diags->count && shown < MARKDOWN_ROWS_MAX; i++) {
            if (diags->items[i].severity != severity)
                continue;
            add_row(out, &diags->items[i]);
            shown++;
        }
    }
    if (shown < diags->errors + diags->warnings)
        buf_addf(out, "\n… and %zu more.\n", diags->errors + diags->warnings - shown);
}
