/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/history.h"

#include "base/str.h"
#include "base/time.h"
#include "plan/desired.h"
#include "plan/fuse.h"

#include <stdlib.h>
#include <string.h>

/* One commit on the way. */
struct step {
    struct source source;
    struct facts facts; /* all that it declares, ended or not */
    bool readable;      /* its files have no errors */
};

/* The commit that gave a lease its present end, and the rules of the commit before. */
struct introduction {
    const char *commit_id;
    struct settings rules;
};

struct walk {
    struct arena *arena;
    struct repo *repo;
    const struct history_request *request;
    struct history *history;
    struct problems *problems;
    struct map introductions; /* identity of a lease → struct introduction */
    struct map removals;      /* identities of facts whose removal is held */
};

/*
 * Reads a commit. With errors in its files ret->readable is false: apply refuses such a commit, so it granted
 * nothing itself, and what can be read of it counts as a removal candidate all the same.
 */
static int read_step(struct walk *walk, const char *commit_id, const struct step *before, struct step *ret,
                     struct err *err)
{
    struct err reason;
    struct diags diags = diags_new(walk->arena);
    *ret = (struct step){0};
    if (source_open(walk->arena, walk->repo, commit_id, walk->request->root_option, &ret->source, &reason) <
        0) {
        ret->source.commit_id = commit_id;
        return reason.code == ERR_REFUSED ? 0 : err_set(err, reason.code, "%s", reason.message);
    }
    if (before && before->readable && str_eq(before->source.fingerprint, ret->source.fingerprint)) {
        ret->source.inputs = before->source.inputs;
        ret->source.config = before->source.config;
        ret->facts = before->facts;
        ret->readable = true;
        return 0;
    }
    if (source_load(walk->arena, walk->repo, &ret->source, &diags, err) < 0)
        return -1;
    ret->readable = diags.errors == 0;
    desired_facts(walk->arena, ret->source.config, ret->source.config->settings.owner, 0, &ret->facts);
    return 0;
}

/* A commit with errors may hold anything; only accounts that can exist are asked. */
static bool is_account_id(const char *text)
{
    return strlen(text) == 12 && strspn(text, "0123456789") == 12;
}

static void remember(struct walk *walk, const struct step *step)
{
    if (!step->source.config)
        return;
    for (size_t i = 0; i < step->facts.count; i++)
        if (is_account_id(step->facts.items[i].account_id))
            *VEC_ADD(walk->arena, &walk->history->candidates) = step->facts.items[i];
    for (size_t i = 0; i < step->source.config->count; i++)
        for (size_t j = 0; j < step->source.config->items[i].accounts.count; j++) {
            const char *account_id = step->source.config->items[i].accounts.items[j].account_id.text;
            if (is_account_id(account_id))
                strings_add_unique(walk->arena, &walk->history->accounts, account_id);
        }
}

static void note_leases(struct walk *walk, const struct step *before, const struct settings *rules,
                        const struct step *after)
{
    for (size_t i = 0; i < after->facts.count; i++) {
        const struct fact *fact = &after->facts.items[i], *old = facts_find(&before->facts, fact->identity);
        if (fact->kind != ACCESS_LEASE || (old && old->ends_at_s >= fact->ends_at_s))
            continue;
        struct introduction *introduction = map_get(&walk->introductions, fact->identity);
        if (!introduction) {
            introduction = ARENA_NEW(walk->arena, struct introduction);
            map_put(&walk->introductions, fact->identity, introduction);
        }
        *introduction = (struct introduction){after->source.commit_id, *rules};
    }
}

static void note_removals(struct walk *walk, const struct step *before, const struct settings *rules,
                          const struct step *after)
{
    const struct history_request *request = walk->request;
    struct fuse fuse =
        fuse_judge(&before->facts, &after->facts, rules, source_is_empty(&after->source), request->now_s);
    if (!fuse.blown ||
        (request->accepted_removals && str_eq(request->accepted_removals, after->source.commit_id)))
        return;
    problem_add(walk->arena, walk->problems, "held-removals", NULL, NULL,
                "commit %.12s %s: none of these is removed", after->source.commit_id,
                fuse_describe(walk->arena, &fuse, rules))
        ->hint = arena_printf(walk->arena, "if that is meant: iamlease apply --accept-removals %s",
                              after->source.commit_id);
    for (size_t i = 0; i < before->facts.count; i++)
        if (!facts_find(&after->facts, before->facts.items[i].identity))
            map_put(&walk->removals, before->facts.items[i].identity, walk);
}

static int compare_facts(const void *left, const void *right)
{
    const struct fact *a = left, *b = right;
    return strcmp(a->identity, b->identity);
}

/* What head declares and must not be granted, and what it no longer declares and must not be removed. */
static void hold(struct walk *walk, const struct facts *head)
{
    struct facts *held = &walk->history->held;
    char limit_text[TIME_TEXT_SIZE], end_text[TIME_TEXT_SIZE];
    for (size_t i = 0; i < head->count; i++) {
        const struct fact *fact = &head->items[i];
        const struct introduction *introduction = map_get(&walk->introductions, fact->identity);
        int64_t limit_s = introduction ? settings_latest_end(&introduction->rules, walk->request->now_s) : 0;
        if (!introduction || fact->kind != ACCESS_LEASE || fact->ends_at_s <= limit_s)
            continue;
        problem_add(
            walk->arena, walk->problems, "held-limit", fact->account_id, fact,
            "the lease ends at %s, later than %s, the latest end that the rules before commit %.12s allow",
            time_format(fact->ends_at_s, end_text), time_format(limit_s, limit_text), introduction->commit_id)
            ->hint = "end it earlier; a change cannot raise the limits that it is judged by";
        *VEC_ADD(walk->arena, held) = *fact;
    }
    struct map added = map_new(walk->arena);
    for (size_t i = 0; i < walk->history->candidates.count; i++) {
        const struct fact *fact = &walk->history->candidates.items[i];
        if (!map_get(&walk->removals, fact->identity) || facts_find(head, fact->identity) ||
            map_get(&added, fact->identity))
            continue;
        map_put(&added, fact->identity, walk);
        *VEC_ADD(walk->arena, held) = *fact;
    }
    if (held->count)
        qsort(held->items, held->count, sizeof *held->items, compare_facts);
}

/* The walk begins at the applied commit: all that it declared may be in AWS. */
static int begin_at_applied(struct walk *walk, struct step *ret, struct strings *commits, struct err *err)
{
    const char *applied = walk->request->applied, *head = walk->request->head->commit_id;
    if (repo_first_parents(walk->arena, walk->repo, applied, head, commits, err) < 0) {
        if (err->code != ERR_REFUSED)
            return -1;
        return err_set(
            err, ERR_REFUSED,
            "%s is at %.12s, and that commit is not on the first-parent history of %.12s: apply the default branch, "
            "or, if it was rewritten on purpose, see what %.12s granted and set the tag to the commit whose access "
            "stands in AWS (git tag -f iamlease/applied COMMIT)",
            APPLIED_REF, applied, head, applied);
    }
    if (read_step(walk, applied, NULL, ret, err) < 0)
        return -1;
    if (ret->readable && source_check_owner(&ret->source, walk->request->head, err) < 0)
        return -1;
    walk->history->applied = ret->facts;
    remember(walk, ret);
    if (!ret->readable)
        problem_add(
            walk->arena, walk->problems, "history-unreadable", NULL, NULL,
            "the configuration of commit %.12s, which %s names, has errors: what it granted is known in part only",
            applied, APPLIED_REF)
            ->hint =
            "compare with 'iamlease who', remove by hand what is not declared, then set the tag to a commit that was "
            "applied and can be read (git tag -f iamlease/applied COMMIT)";
    return 0;
}

/* Nothing was applied yet: head is judged by the rules of its first parent, if that has any. */
static int begin_at_head(struct walk *walk, struct settings *ret_rules, struct strings *commits,
                         struct err *err)
{
    const struct source *head = walk->request->head;
    struct strings parents = {0};
    struct step parent;
    *ret_rules = head->config->settings;
    strings_add(walk->arena, commits, head->commit_id);
    if (repo_parents(walk->arena, walk->repo, head->commit_id, &parents, err) < 0)
        return -1;
    if (!parents.count || !repo_has_object(walk->repo, parents.items[0]))
        return 0;
    if (read_step(walk, parents.items[0], NULL, &parent, err) < 0)
        return -1;
    if (parent.readable && !source_is_empty(&parent.source))
        *ret_rules = parent.source.config->settings;
    return 0;
}

int history_load(struct arena *arena, struct repo *repo, const struct history_request *request,
                 struct history *ret, struct problems *problems, struct err *err)
{
    struct walk walk = {
        .arena = arena,
        .repo = repo,
        .request = request,
        .history = ret,
        .problems = problems,
        .introductions = map_new(arena),
        .removals = map_new(arena),
    };
    struct strings commits = {0};
    struct settings rules;
    struct step before = {0}, after = {0};
    *ret = (struct history){0};
    if ((request->applied ? begin_at_applied(&walk, &before, &commits, err)
                          : begin_at_head(&walk, &rules, &commits, err)) < 0)
        return -1;
    if (request->applied)
        rules = before.readable ? before.source.config->settings : request->head->config->settings;
    for (size_t i = 0; i < commits.count; i++) {
        if (read_step(&walk, commits.items[i], &before, &after, err) < 0)
            return -1;
        remember(&walk, &after);
        if (!after.readable)
            continue; /* judged together with the next commit that can be read */
        note_leases(&walk, &before, &rules, &after);
        if (request->applied)
            note_removals(&walk, &before, &rules, &after);
        rules = after.source.config->settings;
        before = after;
    }
    hold(&walk, &before.facts);
    return 0;
}
