/* SPDX-License-Identifier: Apache-2.0 */
#include "merge_world.h"

#include "plan/desired.h"
#include "unit.h"

static struct step step_of(struct world *world, const char *yaml, const char *commit_id)
{
    struct arena *arena = world->arena;
    struct step step = step_nothing(arena);
    struct text_file files[TEXT_FILES_MAX] = {0};
    struct diags diags = diags_new(arena);
    if (!yaml)
        return step;
    world_files(arena, yaml, files);
    for (size_t i = 0; i < TEXT_FILES_MAX && files[i].path; i++) {
        struct config_input input = {.file = config_run_file(arena, files[i].path, files[i].text)};
        assert_int_equal(
            config_classify(arena, files[i].path, files[i].path, &input.kind, &input.team, &diags), 1);
        *VEC_ADD(arena, &step.source.inputs) = input;
    }
    step.source.commit_id = commit_id;
    step.source.config = config_load(arena, &step.source.inputs, &diags);
    assert_int_equal(diags.errors, 0);
    desired_facts(arena, step.source.config, &world->rules, 0, &step.facts);
    step.readable = true;
    return step;
}

struct merge_world *merge_world_new(struct world *world, const char *before, const char *after)
{
    struct merge_world *made = ARENA_NEW(world->arena, struct merge_world);
    *made = (struct merge_world){
        .before = step_of(world, before, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        .after = step_of(world, after, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
        .reader = {.arena = world->arena},
        .pull = {.number = 7, .head_id = "cccccccccccccccccccccccccccccccccccccccc", .is_merged = true},
    };
    made->merge = (struct merge){.before = &made->before,
                                 .after = &made->after,
                                 .rules = step_rules(before ? &made->before : &made->after),
                                 .no_pull = "no pull request is known"};
    merge_describe(world->arena, NULL, &made->merge);
    return made;
}
