/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people and machines read. Pure: structs in, text into a buffer. Everything that came from outside
 * (YAML, git, AWS) is escaped for the language it lands in: one writer per language stands in escape.h, raw
 * text is literals only.
 */
#ifndef IAMLEASE_RENDER_RENDER_H
#define IAMLEASE_RENDER_RENDER_H

#include "base/buf.h"
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

/* A Markdown section for the job summary: what is wrong, where, what to do. */
void render_diags_markdown(struct buf *out, const struct diags *diags);

/* {"format":"iamlease/diagnostics","version":1,"errors":…,"warnings":…,"diagnostics":[…]} */
void render_diags_json(struct buf *out, const struct diags *diags);

void render_plan_text(struct buf *out, const struct plan *plan, struct style style);
void render_plan_markdown(struct buf *out, const struct plan *plan);

/* plan.json: {"format":"iamlease/plan","version":1,…} */
void render_plan_json(struct buf *out, const struct plan *plan);

void render_report_text(struct buf *out, const struct report *report, struct style style);
void render_report_markdown(struct buf *out, const struct report *report);

/* {"format":"iamlease/report","version":1,…} */
void render_report_json(struct buf *out, const struct report *report);

void render_who_text(struct buf *out, const struct holdings *holdings, struct style style);

/* {"format":"iamlease/who","version":1,…} */
void render_who_json(struct buf *out, const struct holdings *holdings);

#endif
