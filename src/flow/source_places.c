/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/source_places.h"

const char *const source_folders[SOURCE_FOLDER_COUNT] = {"aws-accounts", "aws-policies", "aws-roles",
                                                         "permanent-access", "temporary-access"};
const char source_roles[] = "aws-roles";
const char source_settings[] = "iamlease.yaml", source_misspelt_settings[] = "iamlease.yml";

const char *source_join(struct arena *arena, const char *root, const char *path)
{
    return *root ? arena_printf(arena, "%s/%s", root, path) : path;
}

void source_add_places(struct arena *arena, const char *root, struct strings *places)
{
    for (size_t i = 0; i < SOURCE_FOLDER_COUNT; i++)
        strings_add(arena, places, source_join(arena, root, source_folders[i]));
    strings_add(arena, places, source_join(arena, root, source_settings));
    strings_add(arena, places, source_join(arena, root, source_misspelt_settings));
}
