/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"
#include "config/schema.h"

struct settings config_load_settings(struct arena *arena, const struct source_file *file, struct diags *diags)
{
    struct settings settings = settings_defaults();
    struct decoder decoder = {.arena = arena, .diags = diags};
    if (file)
        schema_decode_file(&decoder, FILE_SETTINGS, file, &settings);
    return settings;
}
