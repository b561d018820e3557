/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/merge_judging.h"

#include "base/str.h"
#include "config/config.h"
#include "config/ids.h"
#include "flow/held.h"

#include <string.h>

static const struct failure *failure_of(struct arena *arena, const struct diag *diag)
{
    struct failure *failure = ARENA_NEW(arena, struct failure);
    *failure = (struct failure){
        .id = str_eq(diag->id, ID_EXPIRY_TOO_FAR) ? "held-limit" : "held-rules",
        .why = diag->hint && *diag->hint
                   ? arena_printf(arena, "%s [%s]; %s", diag->message, diag->id, diag->hint)
                   : arena_printf(arena, "%s [%s]", diag->message, diag->id),
    };
    return failure;
}

/* Windows that touch become one lease: what is wrong with one of them is wrong with the grant. */
static const char *grant_of(struct arena *arena, const struct fact *fact)
{
    return arena_strndup(arena, fact->identity, fact->grant_length);
}

static void add_failing(struct judged_merge *judged, const struct held_entry *entry)
{
    struct arena *arena = judged->reader->arena;
    const struct merge *merge = judged->merge;
    const struct held_entries one = {.items = (struct held_entry *)(uintptr_t)entry, .count = 1};
    struct facts facts = {0};
    const struct failure *failure = failure_of(arena, entry->why);
    held_facts(arena, &one, merge->after->source.config, &merge->before->facts, &merge->after->facts, &facts);
    for (size_t i = 0; i < facts.count; i++)
        map_put(&judged->failing, grant_of(arena, &facts.items[i]), (struct failure *)(uintptr_t)failure);
}

static const struct diag *first_error(const struct diags *diags)
{
    for (size_t i = 0; i < diags->count; i++)
        if (diags->items[i].severity == DIAG_ERROR)
            return &diags->items[i];
    return NULL;
}

/*
 * All rules, with the clock of now. What was wrong before the merge, too, counts: a plan says that it is
 * held, and what the merge leaves as it was is not judged.
 */
static void judge_rules(struct judged_merge *judged, int64_t now_s)
{
    struct arena *arena = judged->reader->arena;
    const struct merge *merge = judged->merge;
    const struct source *before = &merge->before->source, *after = &merge->after->source;
    struct diags *diags = ARENA_NEW(arena, struct diags);
    struct held_entries failing = {0};
    const struct judge judge = {.rules = &merge->rules,
                                .accounts = &merge->binding,
                                .before = source_is_empty(before) ? NULL : &before->config->settings,
                                .now_s = now_s};
    *diags = diags_new(arena);
    config_judge(after->config, &judge, diags);
    if (!diags->errors)
        return;
    if (held_find(arena, after, diags, &failing)) {
        for (size_t i = 0; i < failing.count; i++)
            add_failing(judged, &failing.items[i]);
        return;
    }
    const struct diag *first = first_error(diags);
    struct failure *more = ARENA_NEW(arena, struct failure);
    *more = (struct failure){.id = "held-rules", .why = "more is wrong with it than can be told apart"};
    judged->whole = first ? failure_of(arena, first) : more;
}

static void add_named(struct judged_merge *judged, const char *name)
{
    strings_add(judged->reader->arena, &judged->named, name);
}

/* "bert", "bert@example.com": an account at GitHub may have either name. */
static void add_person(struct judged_merge *judged, const char *name)
{
    add_named(judged, name);
    add_named(judged, arena_strndup(judged->reader->arena, name, strcspn(name, "@")));
}

static const char *role_key(struct arena *arena, const struct fact *fact)
{
    return arena_printf(arena, "%s/%s", fact->account_id, str_lower(arena, fact->principal));
}

/* Whoever a role of aws-roles trusts gains what it gains. `gaining`: see role_key(). */
static void find_trusted(struct judged_merge *judged, const struct map *gaining)
{
    struct arena *arena = judged->reader->arena;
    const struct facts *facts = &judged->merge->after->facts;
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        const struct role_decl *role = fact->policy->role;
        if (!role || !map_get(gaining, role_key(arena, fact)))
            continue;
        for (size_t j = 0; j < role->trust.count; j++)
            for (size_t k = 0; k < role->trust.items[j].principals.count; k++) {
                const char *arn = role->trust.items[j].principals.items[k].text, *slash = strrchr(arn, '/');
                add_person(judged, slash ? slash + 1 : arn);
            }
    }
}

static void find_named(struct judged_merge *judged)
{
    struct arena *arena = judged->reader->arena;
    const struct merge *merge = judged->merge;
    struct map gaining = map_new(arena);
    for (size_t i = 0; i < merge->after->facts.count; i++) {
        const struct fact *fact = &merge->after->facts.items[i],
                          *before = facts_find(&merge->before->facts, fact->identity);
        if (before && fact_is_within(judged->widening, fact, before))
            continue;
        add_named(judged, fact->principal);
        add_person(judged, fact->declared_as);
        if (fact->principal_kind == PRINCIPAL_ROLE)
            map_put(&gaining, role_key(arena, fact), judged);
    }
    find_trusted(judged, &gaining);
    strings_sort_unique(&judged->named);
}

void merge_judge(const struct step_reader *reader, const struct merge *merge, const struct strings *accepted,
                 int64_t now_s, struct widening *widening, struct judged_merge *ret)
{
    *ret = (struct judged_merge){.reader = reader,
                                 .merge = merge,
                                 .widening = widening,
                                 .failing = map_new(reader->arena)};
    ret->accepted = accepted && strings_contain(accepted, merge->digest);
    if (!ret->accepted)
        judge_rules(ret, now_s);
}

const char *merge_lacks_approvals(struct judged_merge *judged, const char *account_id)
{
    const struct account_rules *rules = account_rules_find(&judged->merge->binding, account_id);
    if (judged->merge->judges_itself || !rules || rules->approvals < 1)
        return NULL;
    if (!judged->counted) {
        find_named(judged);
        judged->approvals = approvals_find(judged->reader, judged->merge, &judged->named);
        judged->counted = true;
    }
    if ((int64_t)judged->approvals.count >= rules->approvals)
        return NULL;
    return arena_printf(judged->reader->arena, "account %s needs %lld approval%s, and it has %zu: %s",
                        account_id, (long long)rules->approvals, rules->approvals == 1 ? "" : "s",
                        judged->approvals.count, judged->approvals.why);
}

static const struct failure *lacks_approvals(struct judged_merge *judged, const struct fact *fact)
{
    const char *why = merge_lacks_approvals(judged, fact->account_id);
    if (!why)
        return NULL;
    struct failure *failure = ARENA_NEW(judged->reader->arena, struct failure);
    *failure = (struct failure){.id = "held-approval", .why = why, .is_approval = true};
    return failure;
}

const struct failure *merge_failure(struct judged_merge *judged, const struct fact *fact)
{
    if (judged->accepted)
        return NULL;
    if (judged->whole)
        return judged->whole;
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct failure *failure = map_get(&judged->failing, grant_of(scratch, fact));
    return failure ? failure : lacks_approvals(judged, fact);
}
