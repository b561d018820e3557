/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics: what is wrong in the user's files, as data with a place. render/diagnostics prints them with
 * the source line and a caret; a stable `id` names the kind.
 */
#ifndef IAMLEASE_BASE_DIAG_H
#define IAMLEASE_BASE_DIAG_H

#include "base/vec.h"

#include <stdint.h>

/* The text of one file as it was read; it lives at least as long as every span that points into it. */
struct source_file {
    const char *path; /* relative to the top of the repository, with '/' */
    const char *text; /* `size` bytes, followed by NUL; may hold anything */
    size_t size;
};

/* A place in a file. Lines and columns count from 1, columns in code points; line 0: the file as a whole. */
struct span {
    const struct source_file *file; /* NULL: no place */
    uint32_t line, column;
    uint32_t length; /* code points on that line, at least 1 */
};

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

struct diag {
    enum diag_severity severity;
    const char *id; /* static text such as "unknown-grant" */
    struct span span;
    struct span related; /* another place that it is about, or none */
    const char *message; /* one sentence, no full stop; may hold user text: escape it for the output language */
    const char *hint;    /* what to do, or NULL */
};

/* Beyond this many, diagnostics are only counted: hostile files must not fill the memory. */
enum { DIAG_MAX = 1000 };

struct diags {
    struct arena *arena;
    VEC_FIELDS(struct diag);
    size_t errors, warnings; /* all, those that were not kept included */
};

struct diags diags_new(struct arena *arena);

/* Add one; they return the new element, to which a hint can be given with diag_hint, or NULL when it is only counted. */
struct diag *diag_error(struct diags *diags, struct span span, const char *id, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct diag *diag_warning(struct diags *diags, struct span span, const char *id, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Gives a diagnostic its hint: what to do. `diag` may be NULL. */
void diag_hint(struct diags *diags, struct diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Names another place that a diagnostic is about, such as the first of two that collide. `diag` may be NULL. */
void diag_relate(struct diag *diag, struct span related);

/* An error of the past that must not stop a change: it becomes a warning, and `remark` ends its message. */
void diag_demote(struct diags *diags, struct diag *diag, const char *remark);

/* Sorts by path, line and column, errors and warnings together; equal places keep their order. */
void diags_sort(struct diags *diags);

#endif
