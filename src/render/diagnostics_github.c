/* SPDX-License-Identifier: Apache-2.0 */
#include "render/annotations.h"
#include "render/escape.h"
#include "render/markdown_parts.h"
#include "render/render.h"

void render_diags_annotations(struct buf *out, const struct diags *diags)
{
    struct annotations annotations = {0};
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        annotations_add(&annotations, out,
                        diag->severity == DIAG_ERROR ? ANNOTATION_ERROR : ANNOTATION_WARNING, diag->span,
                        diag->id, diag->message, diag->hint);
    }
    /* Those that were only counted have no element. */
    annotations.left_out[ANNOTATION_ERROR] = diags->errors - annotations.shown[ANNOTATION_ERROR];
    annotations.left_out[ANNOTATION_WARNING] = diags->warnings - annotations.shown[ANNOTATION_WARNING];
    annotations_finish(&annotations, out);
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
