/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of every kind of file. */
#ifndef IAMLEASE_CONFIG_SCHEMA_H
#define IAMLEASE_CONFIG_SCHEMA_H

#include "config/decode.h"

/*
 * Reads and decodes one file into `target`: a struct settings for FILE_SETTINGS, otherwise the struct
 * team_config of its team. An empty file declares nothing. False when it is not YAML that is read here, or
 * when all files together have too many values, so that `target` does not say what the file says.
 */
bool schema_decode_file(struct decoder *decoder, enum file_kind kind, const struct source_file *file,
                        void *target);

#endif
