/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files by which a step tells the runner something: outputs and the job summary (facts/github.md §1.7). A
 * malformed file fails the step, and one output written into another would be a lie, so nothing is written
 * that is not certain to be read as it is meant.
 */
#ifndef IAMLEASE_GITHUB_OUTPUTS_H
#define IAMLEASE_GITHUB_OUTPUTS_H

#include "base/buf.h"
#include "base/err.h"

/* What GitHub takes of the summaries of one step, and of the outputs of one job, in bytes. */
enum { SUMMARY_MAX = 1024 * 1024, OUTPUTS_MAX = 1024 * 1024 };

struct output {
    const char *name;  /* letters, digits, '-' and '_' (asserted) */
    const char *value; /* anything but NUL; NULL: the output is left out */
};

/* A random delimiter: no value can know it. */
enum { DELIMITER_SIZE = sizeof "iamlease_" + 32 };
const char *outputs_delimiter(char ret[static DELIMITER_SIZE]);

/*
 * Writes outputs in the form with a delimiter into a buffer. ERR_REFUSED: a value holds the delimiter, is not
 * UTF-8, or all of them together are too long; then nothing is written.
 */
int outputs_write(struct buf *out, const struct output *outputs, size_t count, const char *delimiter,
                  struct err *err);

/* Appends outputs to the file at `path`, which is GITHUB_OUTPUT. */
int outputs_append(const char *path, const struct output *outputs, size_t count, struct err *err);

/*
 * Appends Markdown to the job summary at `path`, GITHUB_STEP_SUMMARY, and an empty line. What does not fit
 * any more is cut at the end of a line, and a last line counts what is missing: a longer summary would not be
 * shown at all.
 */
int summary_append(const char *path, const char *markdown, size_t size, struct err *err);

#endif
