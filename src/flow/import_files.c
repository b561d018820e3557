/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/import_files.h"

#include "base/str.h"
#include "base/time.h"
#include "config/config.h"
#include "config/file_text.h"
#include "flow/import_plan.h"
#include "flow/new_file.h"
#include "flow/source_places.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below `top`. */
static const char *path_below(struct arena *arena, const struct import_place *place, enum file_kind kind,
                              const char *team)
{
    return source_join(arena, place->root, arena_printf(arena, "%s/%s.yaml", file_folder(kind), team));
}

const char *import_path(struct arena *arena, const struct import_place *place, enum file_kind kind,
                        const char *team)
{
    return arena_printf(arena, "%s%s", place->shown, path_below(arena, place, kind, team));
}

int import_check_free(struct arena *arena, const struct import_place *place, const char *team, struct err *err)
{
    struct stat there;
    if (stat(place->top, &there) < 0)
        return err_set(err, ERR_IO, "cannot write into '%s': %s", place->top, strerror(errno));
    for (size_t i = 0; i < WRITTEN_KIND_COUNT; i++) {
        const enum file_kind kind = file_written_kinds[i];
        const char *path = arena_printf(arena, "%s/%s", place->top, path_below(arena, place, kind, team));
        if ((kind == FILE_ACCOUNTS && place->has_accounts) || kind == FILE_ROLES)
            continue; /* what people wrote there stays */
        if (lstat(path, &there) == 0)
            return err_set(err, ERR_REFUSED, "'%s' is there, and import overwrites nothing: %s",
                           import_path(arena, place, kind, team),
                           kind == FILE_ACCOUNTS ? "leave out --account, or give another --team or --out"
                                                 : "give another --team or --out");
        if (errno != ENOENT && errno != ENOTDIR)
            return err_set(err, ERR_IO, "cannot look for '%s': %s", import_path(arena, place, kind, team),
                           strerror(errno));
    }
    return 0;
}

static bool is_written(enum file_kind kind)
{
    bool found = false;
    for (size_t i = 0; i < WRITTEN_KIND_COUNT; i++)
        found = found || file_written_kinds[i] == kind;
    return found;
}

/* The files of all, those of this team as they will be. */
static struct config_inputs inputs_with(struct arena *arena, const struct source *source, const char *team,
                                        bool keeps_accounts)
{
    struct config_inputs inputs = {0};
    for (size_t i = 0; i < source->inputs.count; i++) {
        const struct config_input *input = &source->inputs.items[i];
        bool is_other = !is_written(input->kind) || input->kind == FILE_ROLES || !str_eq(input->team, team);
        if (is_other || (keeps_accounts && input->kind == FILE_ACCOUNTS))
            *VEC_ADD(arena, &inputs) = *input;
    }
    return inputs;
}

/* What is wrong somewhere else was so before. */
static bool is_about(const struct diag *diag, const struct config_inputs *inputs, size_t from)
{
    for (size_t i = from; i < inputs->count; i++)
        if (diag->severity == DIAG_ERROR &&
            (diag->span.file == inputs->items[i].file || diag->related.file == inputs->items[i].file))
            return true;
    return false;
}

/* As `validate` reads and judges it; those from `from` on are new. */
static const struct config *validated(const struct run *run, const struct importing_request *request,
                                      const struct config_inputs *inputs, size_t from, struct diags *ret,
                                      struct all_account_rules *ret_rules)
{
    struct diags diags = diags_new(run->arena);
    const struct config *config = config_load(run->arena, inputs, &diags);
    config_account_rules(run->arena, &config->settings.rules, NULL, config, ret_rules);
    const struct judge judge = {.rules = &config->settings.rules,
                                .accounts = ret_rules,
                                .now_s = request->now_s};
    config_judge(config, &judge, &diags);
    config_check_names(config, config, request->now_s, &diags);
    for (size_t i = 0; i < diags.count; i++)
        if (is_about(&diags.items[i], inputs, from)) {
            *VEC_ADD(run->arena, ret) = diags.items[i];
            ret->errors++;
        }
    return config;
}

static const char *comment(struct arena *arena, int64_t now_s)
{
    char instant[TIME_TEXT_SIZE];
    return arena_printf(arena, "# What AWS had at %s, written by 'iamlease import'.\n",
                        time_format(now_s, instant));
}

int import_make_files(const struct run *run, const struct importing_request *request,
                      const struct import_place *place, const struct source *source,
                      const struct observed *observed, const struct team_config *team, bool writes_roles,
                      struct map *unfit, struct diags *diags, bool *ret_is_unfit, struct imported *ret,
                      struct err *err)
{
    struct arena *arena = run->arena;
    struct config_inputs inputs = inputs_with(arena, source, request->team, place->has_accounts);
    const size_t from = inputs.count;
    struct all_account_rules rules = {0};
    for (size_t i = 0; i < WRITTEN_KIND_COUNT; i++) {
        const enum file_kind kind = file_written_kinds[i];
        if (!file_is_needed(team, kind) || (kind == FILE_ACCOUNTS && place->has_accounts))
            continue;
        struct source_file *file = ARENA_NEW(arena, struct source_file);
        file->path = import_path(arena, place, kind, request->team);
        if (file_text(arena, team, kind, file->path, comment(arena, request->now_s),
                      source->config->settings.partition, &file->text, err) < 0)
            return err->code == ERR_REFUSED
                       ? err_set(
                             err, ERR_REFUSED,
                             "%s would be larger than a file may be, and nothing is written: import parts of it "
                             "as several teams, with --account, --users, --roles and --groups",
                             file->path)
                       : err_wrap(err, "nothing is written");
        file->size = strlen(file->text);
        *VEC_ADD(arena, &ret->files) = (struct imported_file){file->path, file->text, file->size};
        *VEC_ADD(arena, &inputs) = (struct config_input){.kind = kind, .team = request->team, .file = file};
    }
    const struct config *config = validated(run, request, &inputs, from, diags, &rules);
    if (diags->errors)
        return err_set(err, ERR_REFUSED, "nothing is written: these files would not pass 'iamlease validate'");
    return import_check_plan(run, request, config, &rules, observed, writes_roles, unfit, ret_is_unfit, ret,
                             err);
}

static int write_one(struct arena *arena, const struct import_place *place, const struct imported_file *file,
                     struct err *err)
{
    const char *name;
    bool is_written = false;
    int folder = new_file_folder(arena, place->top, file->path + strlen(place->shown), &name);
    int rc = folder < 0 ? -1 : new_file_write(folder, name, file->text, &is_written), trouble = errno;
    if (folder >= 0)
        close(folder);
    if (rc < 0)
        return err_set(err, ERR_IO, "cannot write '%s': %s", file->path, strerror(trouble));
    if (!is_written)
        return err_set(err, ERR_REFUSED, "'%s' has come to be meanwhile, and import overwrites nothing",
                       file->path);
    return 0;
}

int import_write_files(struct arena *arena, const struct import_place *place, const struct imported *imported,
                       struct err *err)
{
    for (size_t i = 0; i < imported->files.count; i++) {
        if (write_one(arena, place, &imported->files.items[i], err) == 0)
            continue;
        while (i-- > 0) /* a part would look like the whole */
            unlink(arena_printf(arena, "%s/%s", place->top,
                                imported->files.items[i].path + strlen(place->shown)));
        return -1;
    }
    return 0;
}
