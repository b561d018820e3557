/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"
#include "flow/starter.h"

enum { TEXT_MAX = 64 * 1024 };

static void write_json(struct buf *out, const struct starter_files *files)
{
    struct json_writer writer = json_writer_new(out, true);
    json_begin_object(&writer);
    json_key_string(&writer, "format", "iamlease/init");
    json_key_int(&writer, "version", 1);
    json_key(&writer, "files");
    json_begin_array(&writer);
    for (size_t i = 0; i < files->count; i++) {
        json_begin_object(&writer);
        json_key_string(&writer, "path", files->items[i].path);
        json_key_bool(&writer, "written", files->items[i].is_written);
        json_key_string(&writer, "reason", files->items[i].reason);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    buf_add_char(out, '\n');
}

static void write_text(struct buf *out, const struct starter_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct starter_file *file = &files->items[i];
        if (file->is_written)
            buf_addf(out, "written     %s\n", file->path);
        else
            buf_addf(out, "left alone  %s (%s)\n", file->path, file->reason);
    }
}

/* What is left to do, for whom it is news. */
static void say_what_is_next(const struct invocation *invocation, const struct starter_files *files)
{
    bool any = false;
    for (size_t i = 0; i < files->count; i++)
        any = any || files->items[i].is_written;
    if (!any) {
        output_message(invocation, "nothing to write: everything is there");
        return;
    }
    if (!invocation->options.action)
        output_message(invocation,
                       "the workflows use OWNER/iamlease@REF: put the repository and the commit of the "
                       "action there, or give them with --action");
    output_message(invocation,
                   "next: write the files of a team, run 'iamlease validate', open a pull request");
}

int cmd_init(struct invocation *invocation)
{
    struct err err;
    struct repo *repo CLEANUP(repo_closep) = NULL;
    const struct starter_request request = {.root_option = invocation->options.config_root,
                                            .action = invocation->options.action};
    struct starter_files files;
    struct buf text;
    if (repo_open(&repo, invocation->options.repo, &err) < 0)
        return output_error(invocation, &err);
    int rc = starter_write(invocation->arena, repo, &request, &files, &err);
    if (rc < 0 && !files.count)
        return output_error(invocation, &err);
    buf_init(&text, TEXT_MAX);
    if (invocation->options.json)
        write_json(&text, &files);
    else
        write_text(&text, &files);
    int code = output_result(invocation, &text, EXIT_DONE);
    buf_free(&text);
    if (rc < 0)
        return output_error(invocation, &err);
    say_what_is_next(invocation, &files);
    return code;
}
