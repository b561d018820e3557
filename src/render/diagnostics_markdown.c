/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/render.h"
#include "render/wording.h"

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

static void add_title(struct buf *out, const struct diags *diags, size_t missing, const char *rest_url)
{
    RAW(out, "### iamlease: ");
    if (!diags->errors && !diags->warnings) {
        RAW(out, "the configuration is valid\n");
        return;
    }
    wording_errors(out, diags->errors, diags->warnings);
    if (missing)
        buf_addf(out, " — %zu of them not shown here", missing);
    if (missing && rest_url) {
        RAW(out, ", see the [job summary](");
        escape_markdown_url(out, rest_url);
        RAW(out, ")");
    }
    RAW(out, "\n");
}

/* Errors first, then warnings, as long as they fit; returns how many. */
static size_t add_rows(struct buf *out, const struct diags *diags, size_t max_bytes)
{
    size_t shown = 0;
    bool full = false;
    struct buf row;
    buf_init(&row, SIZE_MAX / 4);
    for (enum diag_severity severity = DIAG_ERROR; severity <= DIAG_WARNING; severity++) {
        for (size_t i = 0; i < diags->count && !full; i++) {
            if (diags->items[i].severity != severity)
                continue;
            buf_clear(&row);
            add_row(&row, &diags->items[i]);
            full = out->size + row.size > max_bytes;
            if (full)
                break;
            buf_add(out, row.bytes, row.size);
            shown++;
        }
    }
    buf_free(&row);
    return shown;
}

static void write_within(struct buf *out, const struct diags *diags, size_t max_bytes, const char *rest_url)
{
    size_t total = diags->errors + diags->warnings;
    struct buf title, rows;
    buf_init(&title, SIZE_MAX / 4);
    buf_init(&rows, SIZE_MAX / 4);
    add_title(&title, diags, total, rest_url); /* the longest that it can be */
    if (total)
        RAW(&rows, "\n| | Where | What is wrong | What to do |\n| :-- | :-- | :-- | :-- |\n");
    size_t shown = add_rows(&rows, diags, max_bytes > title.size ? max_bytes - title.size : 0);
    add_title(out, diags, total - shown, rest_url);
    buf_add(out, rows.bytes, rows.size);
    buf_free(&rows);
    buf_free(&title);
}

void render_diags_markdown(struct buf *out, const struct diags *diags)
{
    write_within(out, diags, diags->errors ? PLAN_SUMMARY_BYTES_MAX : WARNINGS_SUMMARY_BYTES_MAX, NULL);
}

void render_diags_comment(struct buf *out, const struct diags *diags, const struct comment_options *options,
                          char ret_hash[static SHA256_HEX_SIZE])
{
    struct buf text;
    buf_init(&text, SIZE_MAX / 4);
    write_within(&text, diags, options->max_bytes, options->summary_url);
    sha256_hex(text.bytes, text.size, ret_hash);
    buf_add(out, text.bytes, text.size);
    buf_free(&text);
}
