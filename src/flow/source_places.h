/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: where in a repository configuration stands. */
#ifndef IAMLEASE_FLOW_SOURCE_PLACES_H
#define IAMLEASE_FLOW_SOURCE_PLACES_H

#include "base/vec.h"

/* A file of configuration beyond this is refused (DESIGN §2). */
enum { SOURCE_FILE_MAX = 1024 * 1024 };

enum { SOURCE_FOLDER_COUNT = 5 };
extern const char *const source_folders[SOURCE_FOLDER_COUNT];
extern const char source_settings[], source_misspelt_settings[], source_roles[];

/* "root/path", or "path" when the root is "". */
const char *source_join(struct arena *arena, const char *root, const char *path);

/* The places where configuration can be: those of a work tree are hashed, those of a commit fetched, and
 * nothing else. */
void source_add_places(struct arena *arena, const char *root, struct strings *places);

#endif
