/* SPDX-License-Identifier: Apache-2.0 */
#include "config_run.h"

#include "base/str.h"
#include "unit.h"

#include <string.h>

const struct source_file *config_run_file(struct arena *arena, const char *path, const char *text)
{
    struct source_file *file = ARENA_NEW(arena, struct source_file);
    *file = (struct source_file){.path = path, .text = arena_strdup(arena, text), .size = strlen(text)};
    return file;
}

struct config *config_run(struct arena *arena, const struct text_file files[static TEXT_FILES_MAX],
                          struct diags *diags)
{
    struct config_inputs inputs = {0};
    for (int i = 0; i < TEXT_FILES_MAX && files[i].path; i++) {
        struct config_input input = {.file = config_run_file(arena, files[i].path, files[i].text)};
        assert_int_equal(
            config_classify(arena, files[i].path, files[i].path, &input.kind, &input.team, diags), 1);
        *VEC_ADD(arena, &inputs) = input;
    }
    return config_load(arena, &inputs, diags);
}

const char *config_run_diags(struct arena *arena, struct diags *diags)
{
    diags_sort(diags);
    const char *text = "";
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        text = arena_printf(arena, "%s%s:%u:%u+%u %s%s\n", text,
                            diag->span.file ? diag->span.file->path : "-", diag->span.line, diag->span.column,
                            diag->span.length, diag->id, diag->severity == DIAG_WARNING ? "?" : "");
    }
    return text;
}

const struct diag *config_run_find(const struct diags *diags, const char *id)
{
    for (size_t i = 0; i < diags->count; i++)
        if (str_eq(diags->items[i].id, id))
            return &diags->items[i];
    return NULL;
}
