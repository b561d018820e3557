/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/held.h"

#include "base/str.h"
#include "config/ids.h"
#include "config/subject.h"
#include "plan/desired.h"

#include <string.h>

struct holding {
    struct arena *arena;
    struct map seen; /* address of an entry or a team → itself */
    struct held_entries *ret;
};

static void hold(struct holding *holding, const struct team_config *team, const struct access_entry *entry,
                 const struct diag *why)
{
    char *address = arena_alloc(holding->seen.arena, STR_POINTER_SIZE);
    str_of_pointer(entry ? (const void *)entry : (const void *)team, address);
    if (map_get(&holding->seen, address))
        return;
    map_put(&holding->seen, address, address);
    *VEC_ADD(holding->arena, holding->ret) =
        (struct held_entry){.team = team, .entry = entry, .why = why, .reason = why->message};
}

static bool lists(const struct located_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i].text, name))
            return true;
    return false;
}

/* A policy or an account is wrong for everybody who has it. */
static void hold_users_of(struct holding *holding, const struct subject *subject, const struct diag *why)
{
    const struct team_config *team = subject->team;
    for (size_t i = 0; i < team->entries.count; i++) {
        const struct access_entry *entry = &team->entries.items[i];
        if (subject->policy ? lists(&entry->grants, subject->policy->name.text)
                            : lists(&entry->environments, subject->account->environment.text))
            hold(holding, team, entry, why);
    }
}

static void hold_subject(struct holding *holding, const struct config *config, const struct subject *subject,
                         const struct diag *why)
{
    if (subject->entry)
        hold(holding, subject->team, subject->entry, why);
    else if (subject->policy || subject->account)
        hold_users_of(holding, subject, why);
    else if (subject->team)
        hold(holding, subject->team, NULL, why);
    else
        for (size_t i = 0; i < config->count; i++)
            hold(holding, &config->items[i], NULL, why);
}

static void hold_diag(struct holding *holding, const struct subjects *subjects, const struct diag *why)
{
    struct subject subject = subject_find(subjects, why->span);
    hold_subject(holding, subjects->config, &subject, why);
    if (!why->related.file)
        return;
    subject = subject_find(subjects, why->related);
    hold_subject(holding, subjects->config, &subject, why);
}

/* More diagnostics than are kept: what the others are about is not known. */
static bool are_all_kept(const struct diags *diags)
{
    return diags->errors + diags->warnings == diags->count;
}

void held_compare(struct arena *arena, const struct source *base, const struct diags *base_diags,
                  const struct source *head, struct diags *diags, struct held_entries *ret)
{
    if (!base_diags->errors || !diags->errors || !are_all_kept(base_diags) || !are_all_kept(diags))
        return;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct subjects before = subjects_new(scratch, &base->inputs, base->config),
                          after = subjects_new(scratch, &head->inputs, head->config);
    struct holding holding = {.arena = arena, .seen = map_new(scratch), .ret = ret};
    struct map known = map_new(scratch); /* identity → how many the base has */
    for (size_t i = 0; i < base_diags->count; i++) {
        if (base_diags->items[i].severity != DIAG_ERROR)
            continue;
        size_t *count =
            map_put(&known, subject_identity(&before, &base_diags->items[i]), ARENA_NEW(scratch, size_t));
        ++*count;
    }
    for (size_t i = 0; i < diags->count; i++) {
        struct diag *diag = &diags->items[i];
        size_t *count = diag->severity == DIAG_ERROR ? map_get(&known, subject_identity(&after, diag)) : NULL;
        if (!count || !*count)
            continue;
        --*count;
        hold_diag(&holding, &after, diag);
        diag_demote(diags, diag, "; it was so before this change, and is held");
    }
}

/* With one of these, teams are not what their files say. */
static bool hides_teams(const struct diag *diag)
{
    return str_eq(diag->id, ID_TOO_MANY_GRANTS) || str_eq(diag->id, ID_YAML_TOO_MANY_VALUES);
}

bool held_find(struct arena *arena, const struct source *source, const struct diags *diags,
               struct held_entries *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct subjects subjects = subjects_new(scratch, &source->inputs, source->config);
    struct holding holding = {.arena = arena, .seen = map_new(scratch), .ret = ret};
    if (!are_all_kept(diags))
        return false;
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        if (diag->severity != DIAG_ERROR)
            continue;
        if (!subject_find(&subjects, diag->span).team || hides_teams(diag))
            return false;
        hold_diag(&holding, &subjects, diag);
    }
    return true;
}

static bool team_is_held(const struct held_entries *held, const char *team)
{
    for (size_t i = 0; i < held->count; i++)
        if (!held->items[i].entry && str_eq(held->items[i].team->name, team))
            return true;
    return false;
}

static bool team_is_known_in_part(const struct held_entries *held, const char *team)
{
    for (size_t i = 0; i < held->count; i++)
        if (held->items[i].entry && held->items[i].entry->incomplete && str_eq(held->items[i].team->name, team))
            return true;
    return false;
}

/* A configuration of the held entries alone, so that their facts are what the planner would make of them. */
static struct config config_of(struct arena *arena, const struct held_entries *held,
                               const struct config *config)
{
    struct config only = {.settings = config->settings};
    for (size_t i = 0; i < held->count; i++) {
        if (!held->items[i].entry)
            continue;
        struct team_config *team = only.count ? &only.items[only.count - 1] : NULL;
        if (!team || !str_eq(team->name, held->items[i].team->name)) {
            team = VEC_ADD(arena, &only);
            *team = *held->items[i].team;
            team->entries.items = NULL;
            team->entries.count = team->entries.capacity = 0;
        }
        *VEC_ADD(arena, &team->entries) = *held->items[i].entry;
    }
    return only;
}

void held_facts(struct arena *arena, const struct held_entries *held, const struct config *config,
                const struct facts *before, const struct facts *after, struct facts *ret)
{
    struct facts declared = {0};
    if (!held->count)
        return;
    const struct config only = config_of(arena, held, config);
    desired_facts(arena, &only, NULL, 0, &declared);
    for (size_t i = 0; i < declared.count; i++)
        *VEC_ADD(arena, ret) = declared.items[i];
    for (size_t i = 0; i < after->count; i++)
        if (team_is_held(held, after->items[i].team))
            *VEC_ADD(arena, ret) = after->items[i];
    for (size_t i = 0; i < before->count; i++) {
        const struct fact *fact = &before->items[i];
        if (team_is_held(held, fact->team) || facts_find(&declared, fact->identity) ||
            (team_is_known_in_part(held, fact->team) && !facts_find(after, fact->identity)))
            *VEC_ADD(arena, ret) = *fact;
    }
    facts_sort(ret);
}

void held_problems(struct arena *arena, const struct held_entries *held, struct problems *problems)
{
    for (size_t i = 0; i < held->count; i++) {
        const struct held_entry *row = &held->items[i];
        const struct span span = row->entry ? row->entry->span : row->why->span;
        const char *path = span.file ? span.file->path : "the configuration";
        const char *what = row->entry
                               ? arena_printf(arena, "the entry in %s:%u is held", path, (unsigned)span.line)
                               : arena_printf(arena, "all access of team '%s' is held", row->team->name);
        struct problem *problem = problem_add(arena, problems, "held-entry", NULL, NULL, "%s: %s [%s]", what,
                                              row->reason, row->why->id);
        problem->port_run = row->entry ? row->entry->port_run : NULL;
        problem->hint = "mend it: until then it is neither granted, changed nor removed";
    }
}
