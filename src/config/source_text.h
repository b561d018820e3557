/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of a configuration file before anybody reads YAML in it: UTF-8, without characters that nobody
 * sees, and where its lines begin. A byte order mark is no character of the first line: no editor shows it.
 */
#ifndef IAMLEASE_CONFIG_SOURCE_TEXT_H
#define IAMLEASE_CONFIG_SOURCE_TEXT_H

#include "base/diag.h"

#include <stdbool.h>

/* The largest file that is read, in bytes. */
enum { SOURCE_TEXT_MAX = 1024 * 1024 };

struct source_line {
    uint32_t offset; /* bytes from the start of the file */
    uint32_t length; /* code points, white space at the end left out */
};

struct source_text {
    const struct source_file *file;
    const char *bytes; /* what YAML is in: the file without its byte order mark */
    size_t size;
    bool ascii;                     /* every character of it is one byte */
    VEC_FIELDS(struct source_line); /* never empty */
};

/*
 * Looks at every character of `file`. False, with one diagnostic at the first of them, for a file over
 * SOURCE_TEXT_MAX, bytes that are not UTF-8, characters that are invisible (str_is_invisible; tabs and line
 * ends are fine, a carriage return only in front of a newline), and YAML directives, of which libyaml
 * compares each with all others.
 */
bool source_text_open(struct arena *arena, const struct source_file *file, struct source_text *ret,
                      struct diags *diags);

/* A place as libyaml counts: lines and columns from 0. `length` 0: to the end of the line. */
struct span source_text_span(const struct source_text *text, size_t line, size_t column, size_t length);

/* The byte at such a place; behind the end of the line, its newline or the NUL that follows the file. */
const char *source_text_at(const struct source_text *text, size_t line, size_t column);

#endif
