/* SPDX-License-Identifier: Apache-2.0 */
/* How commands speak: the result on standard output, everything else on standard error, and the job summary
 * of GitHub Actions. */
#ifndef IAMLEASE_CMD_OUTPUT_H
#define IAMLEASE_CMD_OUTPUT_H

#include "cmd/actions.h"
#include "flow/applying.h"
#include "flow/planning.h"
#include "render/render.h"

/* Prints the result. In GitHub Actions nothing in it can be taken for a workflow command. Gives `code`, or 1
 * when it cannot be written. */
int output_result(const struct invocation *invocation, const struct buf *result, int code);

/* A message on standard error; none with --quiet. */
void output_message(const struct invocation *invocation, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says what went wrong and gives the exit code. */
int output_error(const struct invocation *invocation, const struct err *err);

/* What the job summary and a comment say about it. */
void output_error_markdown(struct buf *out, const struct err *err);

/* Diagnostics on standard error; in GitHub Actions also as annotations and in the job summary. */
void output_diags(const struct invocation *invocation, const struct diags *diags);

/* The same as the result of a command that was asked for JSON; gives `code`, or 1 when it cannot be written. */
int output_diags_json(const struct invocation *invocation, const struct diags *diags, int code);

/* Adds a section to the job summary, if there is one. */
void output_summary(const struct invocation *invocation, const struct buf *markdown);

/* A report in the form that was asked for, and the exit code that it means. */
int output_report(const struct invocation *invocation, const struct report *report);

/* Keeps a comment with the report on each merged pull request that it is about; gives the URL of the last, or NULL. */
const char *report_comment(struct invocation *invocation, const struct actions *actions,
                           const struct report *report);

/* Brings Port's catalog up to date where there are credentials of it. Whether that works changes nothing. */
void port_sync_after(struct invocation *invocation, const struct actions *actions, struct repo *repo,
                     const struct report *report);

/* Sets the outputs of apply and cleanup. */
void report_outputs(struct invocation *invocation, const struct report *report, const char *comment_url);

struct style output_style(const struct invocation *invocation);

/*
 * For commands that work with AWS: opens repository, net and, in a job, GitHub's API, and puts them into
 * `run`, which needs `actions` as long as it lives; close_run gives back all but those.
 */
int open_run(struct invocation *invocation, struct actions *actions, struct run *ret, struct err *err);
void close_run(struct run *run);

/* The same where repository and actions are open already, and stay so: close only net. */
int open_run_in(struct invocation *invocation, const struct actions *actions, struct repo *repo,
                struct run *ret, struct err *err);

/* What apply, cleanup and who have in common. */
struct apply_request request_from(const struct invocation *invocation);

/* What validate and plan have in common. */
struct comparison_request comparison_request_from(const struct invocation *invocation,
                                                  const struct actions *actions);

#endif
