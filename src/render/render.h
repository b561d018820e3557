/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people and machines read. Pure: structs in, text into a buffer. Everything that came from outside
 * (YAML, git, AWS) is escaped for the language it lands in: one writer per language stands in escape.h, raw
 * text is literals only.
 */
#ifndef IAMLEASE_RENDER_RENDER_H
#define IAMLEASE_RENDER_RENDER_H

#include "base/buf.h"
#include "base/hash.h"
#include "model/imported.h"
#include "model/report.h"

/* How text for a terminal looks. */
struct style {
    bool color;
};

/* Diagnostics for a terminal: "path:line:col: error: message [id]", the source line, a caret, the hint; then a count. */
void render_diags_text(struct buf *out, const struct diags *diags, struct style style);

/* GitHub workflow commands: ::error file=…,line=…,col=…,title=<id>::message; at most 10 errors and 10
 * warnings, then one notice with the count of the rest. */
void render_diags_annotations(struct buf *out, const struct diags *diags);

/*
 * A Markdown section for the job summary: what is wrong, where, what to do. Without errors a plan follows,
 * which needs its room: GitHub throws away a summary over 1 MiB (facts/github.md §1.7).
 */
enum { PLAN_SUMMARY_BYTES_MAX = 1000 * 1000, WARNINGS_SUMMARY_BYTES_MAX = 40 * 1000 };
void render_diags_markdown(struct buf *out, const struct diags *diags);

/* {"format":"iamlease/diagnostics","version":1,"errors":…,"warnings":…,"diagnostics":[…]} */
void render_diags_json(struct buf *out, const struct diags *diags);

void render_plan_text(struct buf *out, const struct plan *plan, struct style style);

struct comment_options {
    size_t max_bytes;        /* what the comment may be without its hidden marker */
    size_t max_rows;         /* of each table, but for what must be shown; 0: any number */
    const char *summary_url; /* of the run's job summary, where all of it stands, or NULL */
};

/* As many bytes leave room for the marker: 65,536 characters is all that some servers take (facts/github.md §3.1). */
enum { COMMENT_BYTES_MAX = 60000 - 256 };

/*
 * The plan as the comment of a pull request. It keeps to the size, and its title counts what is left out.
 * Hidden markers are the affair of who looks for them again. *ret_hash is SHA-256 of the text without what
 * the clock alone changes ("in 4 days", "as of …"): a plan with an equal hash need not be sent again.
 *
 * False: what must be shown (high risk, held rows) does not fit. The plan must fail then, with the sentence
 * of render_plan_overflow(); the text is a comment that says the same, in the place of an older plan.
 */
bool render_plan_comment(struct buf *out, const struct plan *plan, const struct comment_options *options,
                         char ret_hash[static SHA256_HEX_SIZE]);

/* The comment of a pull request whose files are wrong: there is no plan then, and an older one must not stay. */
void render_diags_comment(struct buf *out, const struct diags *diags, const struct comment_options *options,
                          char ret_hash[static SHA256_HEX_SIZE]);

/* "700 changes with high risk or held cannot be shown in 59744 bytes, …": no full stop. */
void render_plan_overflow(struct buf *out, const struct plan *plan, size_t max_bytes);

/* The same for the job summary, within PLAN_SUMMARY_BYTES_MAX; the warnings of the files stand there already. */
bool render_plan_summary(struct buf *out, const struct plan *plan);

/*
 * Workflow commands for what a reader of the pull request must not miss: an error for each problem that fails
 * the plan, a warning for each other problem and each row that is held, a notice for each change beside
 * access with high risk. At most 10 of each kind, those of `diags` (render_diags_annotations) included; then
 * a line with the count of the rest.
 */
void render_plan_annotations(struct buf *out, const struct plan *plan, const struct diags *diags);

/* plan.json: {"format":"iamlease/plan","version":1,…} */
void render_plan_json(struct buf *out, const struct plan *plan);

void render_report_text(struct buf *out, const struct report *report, struct style style);
void render_report_markdown(struct buf *out, const struct report *report);

/*
 * The report as the comment of a pull request, within options->max_bytes (at least 8 KiB): failures and
 * problems first, each whole or not at all; what does not fit is counted. *ret_hash is SHA-256 of the text.
 */
void render_report_comment(struct buf *out, const struct report *report,
                           const struct comment_options *options, char ret_hash[static SHA256_HEX_SIZE]);

/* {"format":"iamlease/report","version":1,…} */
void render_report_json(struct buf *out, const struct report *report);

void render_who_text(struct buf *out, const struct holdings *holdings, struct style style);

/* {"format":"iamlease/who","version":1,…} */
void render_who_json(struct buf *out, const struct holdings *holdings);

/* What was imported, and what was left behind; of a dry run the files themselves, too. */
void render_import_text(struct buf *out, const struct imported *imported, struct style style);

/* {"format":"iamlease/import","version":1,…} */
void render_import_json(struct buf *out, const struct imported *imported);

#endif
