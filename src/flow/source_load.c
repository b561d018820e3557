/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a source hold, and their configuration. */
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "config/ids.h"
#include "flow/source.h"
#include "flow/source_places.h"

#include <string.h>

/* All files of a source beyond these are refused: one file alone cannot fill the memory, many could. */
enum { MIB = 1024 * 1024, BYTES_MAX = 64 * MIB };

static int count_bytes(struct source *source, size_t more, struct err *err)
{
    source->bytes += more;
    if (source->bytes <= BYTES_MAX)
        return 0;
    return err_set(err, ERR_REFUSED, "the files of the configuration in '%s' are larger than %d MiB together",
                   source->name, BYTES_MAX / MIB);
}

/* What git-lfs leaves in place of a file. */
static bool is_lfs_pointer(const char *text)
{
    return str_prefix(text, "version https://git-lfs.github.com/spec/");
}

/* Of a file that is there but says nothing. */
static void refuse_size(struct config_input *input, struct diags *diags)
{
    struct diag *diag = diag_error(diags, (struct span){.file = input->file}, ID_FILE_TOO_LARGE,
                                   "the file is larger than %d bytes", SOURCE_FILE_MAX);
    diag_hint(diags, diag, "split the team into several");
    input->unreadable = true;
}

static void refuse_lfs_pointer(struct config_input *input, struct diags *diags)
{
    struct diag *diag =
        diag_error(diags, (struct span){.file = input->file, .line = 1, .column = 1, .length = 1},
                   ID_NOT_A_FILE, "this is a pointer of Git LFS, not the file itself");
    diag_hint(diags, diag, "take the file out of Git LFS: remove it from .gitattributes and commit it again");
    input->unreadable = true;
}

/* The bytes, from the same blob where it was read before; false when there are too many. */
static int read_bytes(struct arena *arena, struct repo *repo, const struct source_file *same,
                      struct config_input *input, bool *ret_fits, struct err *err)
{
    struct source_file *file = ARENA_NEW(arena, struct source_file);
    *file = (struct source_file){.path = input->file->path, .text = ""};
    *ret_fits = true;
    if (same && str_eq(same->path, file->path)) {
        input->file = same;
        return 0;
    }
    if (same) {
        file->text = same->text;
        file->size = same->size;
    } else {
        size_t size;
        if (repo_blob_size(repo, input->blob_id, &size, err) < 0)
            return -1;
        *ret_fits = size <= SOURCE_FILE_MAX;
        if (*ret_fits && repo_read_blob(arena, repo, input->blob_id, &file->text, &file->size, err) < 0)
            return -1;
    }
    input->file = file;
    return 0;
}

int source_read(struct arena *arena, struct repo *repo, struct source *source, const struct source_file *same,
                struct config_input *input, struct diags *diags, struct err *err)
{
    bool fits;
    if (input->unreadable)
        return 0;
    if (read_bytes(arena, repo, same, input, &fits, err) < 0)
        return err_wrap(err, "%s", input->file->path);
    if (!fits)
        refuse_size(input, diags);
    else if (count_bytes(source, input->file->size, err) < 0)
        return -1;
    else if (is_lfs_pointer(input->file->text))
        refuse_lfs_pointer(input, diags);
    return 0;
}

int source_load(struct arena *arena, struct repo *repo, struct source *source, struct diags *diags,
                struct err *err)
{
    size_t errors_before = diags->errors;
    source->texts = map_new(arena);
    if (source_list(arena, repo, source, diags, err) < 0)
        return -1;
    for (size_t i = 0; i < source->inputs.count; i++) {
        struct config_input *input = &source->inputs.items[i];
        const struct config_input *same = map_get(&source->texts, input->blob_id);
        if (!same && source->beside)
            same = map_get(&source->beside->texts, input->blob_id);
        if (source_read(arena, repo, source, same ? same->file : NULL, input, diags, err) < 0)
            return -1;
        if (!input->unreadable)
            map_put(&source->texts, input->blob_id, input);
    }
    source->inputs.beside = source->beside ? source->beside->config : NULL;
    source->config = config_load(arena, &source->inputs, diags);
    source->is_sound = diags->errors == errors_before;
    return 0;
}
