/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "render/escape.h"
#include "render/render.h"
#include "render/report_parts.h"

enum { PIECE_MAX = 16 * 1024 * 1024, END_MAX = 4096 }; /* of one part; of what stands at the end */

struct comment {
    struct buf *out;
    size_t room;     /* bytes that may be filled */
    size_t left_out; /* items, notes and tables that did not fit */
    struct buf piece;
};

/* What was written into the piece goes out when it fits as a whole. */
static void flush(struct comment *comment)
{
    if (!comment->piece.failed && comment->out->size + comment->piece.size <= comment->room)
        buf_add(comment->out, comment->piece.bytes, comment->piece.size);
    else
        comment->left_out++;
    buf_free(&comment->piece);
    buf_init(&comment->piece, PIECE_MAX);
}

static void add_failures(struct comment *comment, const struct report *report, const struct summary *summary)
{
    size_t count = tally_new(report).counts[RESULT_FAILED];
    if (!count)
        return;
    RAW(&comment->piece, "\n❌ **");
    wording_count(&comment->piece, count, "failure", "failures");
    RAW(&comment->piece, "**\n\n");
    flush(comment);
    for (size_t i = 0; i < report->plan->operations.count; i++)
        if (report->results[i].status == RESULT_FAILED) {
            report_failure(&comment->piece, &report->plan->operations.items[i], &report->results[i], summary);
            flush(comment);
        }
}

static void add_problems(struct comment *comment, const struct report *report, const struct summary *summary)
{
    const struct problems *problems = &report->plan->problems;
    if (!problems->count)
        return;
    RAW(&comment->piece, "\n❌ **");
    wording_count(&comment->piece, problems->count, "problem", "problems");
    RAW(&comment->piece, "**\n\n");
    flush(comment);
    for (size_t i = 0; i < problems->count; i++) {
        markdown_problem(&comment->piece, &problems->items[i], summary);
        flush(comment);
    }
}

static void add_left_out(struct comment *comment, const char *summary_url)
{
    if (!comment->left_out)
        return;
    buf_addf(comment->out, "\n… %zu more part%s did not fit: ", comment->left_out,
             comment->left_out == 1 ? "" : "s");
    RAW(comment->out, "all of it is in ");
    if (summary_url) {
        RAW(comment->out, "[the job summary](");
        escape_markdown_text(comment->out, summary_url);
        RAW(comment->out, ")\n");
    } else {
        RAW(comment->out, "the job summary\n");
    }
}

void render_report_comment(struct buf *out, const struct report *report,
                           const struct comment_options *options, char ret_hash[static SHA256_HEX_SIZE])
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct summary summary = summary_new(arena, report->plan);
    struct comment comment = {.out = out, .room = options->max_bytes - END_MAX};
    const char *next = report_next_step(report);
    buf_init(&comment.piece, PIECE_MAX);
    RAW(out, "### iamlease ");
    report_headline(out, report);
    RAW(out, "\n");
    add_failures(&comment, report, &summary);
    add_problems(&comment, report, &summary);
    if (next) {
        RAW(&comment.piece, "\n**Next:** ");
        buf_add_text(&comment.piece, next);
        RAW(&comment.piece, "\n");
        flush(&comment);
    }
    markdown_notices(&comment.piece, &report->plan->notices);
    flush(&comment);
    markdown_operations(&comment.piece, report->plan, &summary, report->results);
    flush(&comment);
    add_left_out(&comment, options->summary_url);
    report_end(out, report);
    buf_free(&comment.piece);
    sha256_hex(out->bytes, out->size, ret_hash);
}
