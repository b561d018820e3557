/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/decoded.h"

#include "base/str.h"
#include "config/schema.h"
#include "flow/source_places.h"

/* A change of one team is decoded once; of one of hundreds the memory counts for more. */
enum { KEPT_MAX = 1024 * 1024 };

struct decoded_files decoded_files_new(struct arena *arena)
{
    return (struct decoded_files){.by_blob = map_new(arena)};
}

int decoded_file_read(struct arena *arena, struct arena *scratch, struct repo *repo, enum file_kind kind,
                      const char *path, const struct tree_entry *entry, const char *partition,
                      struct decoded_files *files, const struct decoded_file **ret, struct err *err)
{
    struct arena *own = arena_new();
    struct decoded_file *decoded = ARENA_NEW(own, struct decoded_file);
    struct source_file *file = &decoded->file;
    struct diags diags = diags_new(own);
    struct decoder decoder = {.arena = own, .diags = &diags, .partition = partition};
    *file = (struct source_file){.path = path};
    *ret = NULL;
    int rc = 0;
    if (entry->kind == ENTRY_FILE)
        rc = repo_read_small_blob(own, repo, entry->id, SOURCE_FILE_MAX, &file->text, &file->size, err);
    if (rc == 0 && file->text && schema_decode_file(&decoder, kind, file, &decoded->team) &&
        diags.errors + diags.warnings == 0) {
        decoded->team.sound[kind] = file;
        *ret = decoded;
    }
    bool kept = *ret && files->bytes + file->size <= KEPT_MAX;
    arena_adopt(kept ? arena : scratch, own);
    if (kept) {
        map_put(&files->by_blob, entry->id, decoded);
        files->bytes += file->size;
    }
    return rc;
}

const struct decoded_file *decoded_file_find(const struct decoded_files *files,
                                             const struct config_input *input)
{
    const struct decoded_file *decoded =
        files && input->blob_id ? map_get(&files->by_blob, input->blob_id) : NULL;
    return decoded && str_eq(decoded->file.path, input->file->path) ? decoded : NULL;
}
