/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes YAML by libyaml's emitter, in block style. A text is written without quotes only where no reader of
 * YAML, of whatever version, can take it for anything but text; all others stand in double quotes. Write on
 * and on; whether all of it worked is asked once, at the end.
 */
#ifndef IAMLEASE_CONFIG_YAML_WRITER_H
#define IAMLEASE_CONFIG_YAML_WRITER_H

#include "base/buf.h"
#include "base/vec.h"

#include <stdint.h>

struct yaml_writer;

/* A document into `out`, which outlives the writer. */
struct yaml_writer *yaml_writer_new(struct buf *out);

/* Ends the document and frees the writer. False when something could not be written: `out` is of no use. */
bool yaml_writer_finish(struct yaml_writer *writer);

void yaml_begin_mapping(struct yaml_writer *writer);
void yaml_end_mapping(struct yaml_writer *writer);
void yaml_begin_list(struct yaml_writer *writer);
void yaml_end_list(struct yaml_writer *writer);

/* A value, or a key. What is not UTF-8, or holds what YAML cannot, fails. */
void yaml_text(struct yaml_writer *writer, const char *text);

/* A key, and its value: a text; a number; a list of texts. */
void yaml_key_text(struct yaml_writer *writer, const char *key, const char *text);
void yaml_key_number(struct yaml_writer *writer, const char *key, int64_t number);
void yaml_key_strings(struct yaml_writer *writer, const char *key, const struct strings *strings);

#endif
