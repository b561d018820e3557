/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/history_step.h"

#include "base/str.h"
#include "plan/desired.h"

struct step step_nothing(struct arena *arena)
{
    struct config *config = ARENA_NEW(arena, struct config);
    *config = (struct config){.settings = settings_defaults()};
    return (struct step){.source = {.name = "nothing", .root = "", .fingerprint = "", .config = config},
                         .readable = true};
}

/* Whether an error stands in the settings, or may: then apply refuses the whole commit. */
static bool settings_are_wrong(const struct source *source, const struct diags *diags)
{
    if (diags->errors + diags->warnings != diags->count)
        return true; /* more than are kept */
    for (size_t i = 0; i < source->inputs.count; i++)
        for (size_t j = 0; source->inputs.items[i].kind == FILE_SETTINGS && j < diags->count; j++)
            if (diags->items[j].severity == DIAG_ERROR &&
                diags->items[j].span.file == source->inputs.items[i].file)
                return true;
    return false;
}

/* What was read of another commit holds for one with the same files. */
static void share_source(const struct source *from, struct source *source)
{
    source->inputs = from->inputs;
    source->texts = from->texts;
    source->config = from->config;
    source->is_sound = from->is_sound;
}

static bool is_like(const struct source *head, const struct source *source)
{
    return head && head->config && head->is_sound && str_eq(head->fingerprint, source->fingerprint);
}

int step_read(const struct step_reader *reader, const char *commit_id, const struct step *before,
              struct step *ret, struct err *err)
{
    struct arena *arena = reader->arena;
    struct err reason;
    struct diags diags = diags_new(arena);
    *ret = (struct step){0};
    if (source_open_commit(arena, reader->repo, reader->github, commit_id, commit_id, reader->root_option,
                           &ret->source, &reason) < 0) {
        ret->source.commit_id = commit_id;
        return reason.code == ERR_REFUSED ? 0 : err_set(err, reason.code, "%s", reason.message);
    }
    if (before && before->readable && str_eq(before->source.fingerprint, ret->source.fingerprint)) {
        share_source(&before->source, &ret->source);
        ret->facts = before->facts;
        ret->readable = true;
        return 0;
    }
    if (is_like(reader->head, &ret->source)) {
        share_source(reader->head, &ret->source);
        ret->readable = true;
        desired_facts(arena, ret->source.config, NULL, 0, &ret->facts);
        return 0;
    }
    if (before && before->source.config && before->source.tree_id)
        ret->source.beside = &before->source;
    if (source_load(arena, reader->repo, &ret->source, &diags, &reason) < 0) {
        ret->source.config = NULL;
        ret->source.inputs = (struct config_inputs){0};
        return reason.code == ERR_REFUSED ? 0 : err_set(err, reason.code, "%s", reason.message);
    }
    ret->source.beside = NULL;
    ret->readable = diags.errors == 0;
    ret->refused = !ret->readable && settings_are_wrong(&ret->source, &diags);
    desired_facts(arena, ret->source.config, NULL, 0, &ret->facts);
    return 0;
}

struct rules step_rules(const struct step *step)
{
    struct rules rules = settings_defaults().rules;
    if (step->source.config &&
        (step->readable || step->source.config->settings.rules.max_days < rules.max_days))
        rules = step->source.config->settings.rules;
    return rules;
}

int step_check_root(const struct step_reader *reader, const struct step *step, const struct source *head,
                    struct err *err)
{
    struct source elsewhere = {0};
    const struct source *found = &step->source;
    struct err ignored;
    struct diags diags = diags_new(reader->arena);
    if (!step->source.tree_id)
        return 0;
    if (source_is_empty(found) && reader->root_option &&
        source_open_commit(reader->arena, reader->repo, reader->github, step->source.commit_id,
                           step->source.commit_id, NULL, &elsewhere, &ignored) == 0) {
        if (source_load(reader->arena, reader->repo, &elsewhere, &diags, err) < 0)
            return -1;
        found = &elsewhere;
    }
    if (source_is_empty(found) || str_eq(found->root, head->root))
        return 0;
    return err_set(
        err, ERR_REFUSED,
        "commit %.12s has its configuration in %s, and %.12s in %s: apply cannot follow a move; apply the state "
        "before the move, move the files in a commit of its own, delete the tag iamlease/applied and run apply "
        "--first-apply",
        step->source.commit_id, *found->root ? found->root : "the top", head->commit_id,
        *head->root ? head->root : "the top");
}
