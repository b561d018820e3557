/* SPDX-License-Identifier: Apache-2.0 */
#include "render/aging.h"
#include "render/escape.h"
#include "render/plan_body.h"
#include "render/render.h"
#include "render/summary.h"
#include "render/wording.h"

void render_plan_overflow(struct buf *out, const struct plan *plan, size_t max_bytes)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    const struct summary summary = summary_new(arena, plan);
    wording_count(out, summary.high_risks + summary.held, "change", "changes");
    buf_addf(out,
             " with high risk or held cannot be shown in %zu bytes, and none of them may be left out; "
             "split the pull request",
             max_bytes);
}

/* What stands in the place of a plan that must not be cut any further. */
static void add_overflow(struct buf *out, const struct plan *plan, size_t max_bytes)
{
    RAW(out, "### iamlease plan: too long to be reviewed\n\n❌ ");
    render_plan_overflow(out, plan, max_bytes);
    RAW(out, ".\n\n<sub>");
    wording_sides(out, &language_markdown, plan);
    RAW(out, "</sub>\n");
}

static bool write_body(struct buf *out, const struct plan *plan, const struct body_limits *limits,
                       char ret_hash[static SHA256_HEX_SIZE])
{
    struct buf marked;
    buf_init(&marked, SIZE_MAX / 4);
    bool fits = plan_body_write(&marked, plan, limits);
    if (!fits)
        add_overflow(&marked, plan, limits->max_bytes);
    aging_hash(&marked, ret_hash);
    aging_write(out, &marked);
    buf_free(&marked);
    return fits;
}

bool render_plan_comment(struct buf *out, const struct plan *plan, const struct comment_options *options,
                         char ret_hash[static SHA256_HEX_SIZE])
{
    const struct body_limits limits = {
        .max_bytes = options->max_bytes,
        .max_items = options->max_rows ? options->max_rows : SIZE_MAX,
        .rest_url = options->summary_url,
        .rest_where = options->summary_url ? "job summary" : NULL,
    };
    return write_body(out, plan, &limits, ret_hash);
}

bool render_plan_summary(struct buf *out, const struct plan *plan)
{
    char hash[SHA256_HEX_SIZE];
    const struct body_limits limits = {.max_bytes = PLAN_SUMMARY_BYTES_MAX,
                                       .max_items = SIZE_MAX,
                                       .rest_where = "--json"};
    struct plan shown = *plan;
    shown.warnings = NULL;
    return write_body(out, &shown, &limits, hash);
}
