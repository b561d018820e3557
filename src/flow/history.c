/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/history.h"

#include "base/str.h"
#include "base/time.h"
#include "config/config.h"
#include "flow/lineage.h"
#include "plan/desired.h"
#include "plan/fuse.h"

#include <string.h>

/* One commit on the way. */
struct step {
    struct source source;
    struct facts facts; /* all that it declares, ended or not */
    bool readable;      /* its files have no errors */
    bool refused;       /* apply did nothing of it */
};

/* The commit that gave a lease its present end, and the rules of the commit before. */
struct introduction {
    const char *commit_id;
    struct rules rules;
};

/* A commit whose removals are held, and the identities that it no longer declares. */
struct blown_commit {
    const char *commit_id, *what;
    struct strings removed;
};

struct walk {
    struct arena *arena;
    struct repo *repo;
    const struct history_request *request;
    struct history *history;
    struct problems *problems;
    struct lineage lineage;
    struct map introductions; /* identity of a lease → struct introduction */
    bool owner_is_known;      /* a commit with access was met: see check_owner() */
    struct {
        VEC_FIELDS(struct blown_commit);
    } blown;
};

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

/*
 * Reads a commit. With errors in its files ret->readable is false: apply held what they are about and did the
 * rest, or, with ret->refused, did nothing. What can be read of it counts as a removal candidate in any case.
 */
static int read_step(struct walk *walk, const char *commit_id, const struct step *before, struct step *ret,
                     struct err *err)
{
    struct err reason;
    struct diags diags = diags_new(walk->arena);
    *ret = (struct step){0};
    if (source_open_commit(walk->arena, walk->repo, walk->request->github, commit_id, commit_id,
                           walk->request->root_option, &ret->source, &reason) < 0) {
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
    if (source_load(walk->arena, walk->repo, &ret->source, &diags, &reason) < 0) {
        ret->source.config = NULL;
        ret->source.inputs = (struct config_inputs){0};
        return reason.code == ERR_REFUSED ? 0 : err_set(err, reason.code, "%s", reason.message);
    }
    ret->readable = diags.errors == 0;
    ret->refused = !ret->readable && settings_are_wrong(&ret->source, &diags);
    desired_facts(walk->arena, ret->source.config, NULL, 0, &ret->facts);
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

static void note_leases(struct walk *walk, const struct step *before, const struct rules *rules,
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

/* `before` has no configuration where nothing was applied before. */
static void note_account_rules(struct walk *walk, const struct step *before, const struct rules *rules,
                               const struct step *after)
{
    struct all_account_rules step = {0};
    config_account_rules(walk->arena, rules, before->source.config, after->source.config, &step);
    account_rules_join(walk->arena, &walk->history->account_rules, &step);
}

static void note_removals(struct walk *walk, const struct step *before, const struct rules *rules,
                          const struct step *after)
{
    const struct history_request *request = walk->request;
    struct fuse fuse = fuse_judge(&before->facts, &after->facts, NULL, rules, source_is_empty(&after->source),
                                  request->now_s);
    if (!fuse.blown ||
        (request->accepted_removals && str_eq(request->accepted_removals, after->source.commit_id)))
        return;
    struct blown_commit *blown = VEC_ADD(walk->arena, &walk->blown);
    blown->commit_id = after->source.commit_id;
    blown->what = fuse_describe(walk->arena, &fuse, rules);
    for (size_t i = 0; i < before->facts.count; i++)
        if (!facts_find(&after->facts, before->facts.items[i].identity))
            strings_add(walk->arena, &blown->removed, before->facts.items[i].identity);
}

/* Leases of head that end later than the rules before them allow. */
static void hold_leases(struct walk *walk, const struct facts *head)
{
    char limit_text[TIME_TEXT_SIZE], end_text[TIME_TEXT_SIZE];
    for (size_t i = 0; i < head->count; i++) {
        const struct fact *fact = &head->items[i];
        const struct introduction *introduction = map_get(&walk->introductions, fact->identity);
        int64_t limit_s = introduction ? rules_latest_end(&introduction->rules, walk->request->now_s) : 0;
        if (!introduction || fact->kind != ACCESS_LEASE || fact->ends_at_s <= limit_s)
            continue;
        struct problem *problem = problem_add(
            walk->arena, walk->problems, "held-limit", fact->account_id, fact,
            "the lease ends at %s, later than %s, the latest end that the rules before commit %.12s allow",
            time_format(fact->ends_at_s, end_text), time_format(limit_s, limit_text), introduction->commit_id);
        problem->hint = "end it earlier; a change cannot raise the limits that it is judged by";
        *VEC_ADD(walk->arena, &walk->history->held) = *fact;
    }
}

/* Removals of a commit that blew its fuse, unless head declares the facts again. Every version of them is held. */
static void hold_removals(struct walk *walk, const struct facts *head)
{
    struct map held = map_new(walk->arena);
    for (size_t i = 0; i < walk->blown.count; i++) {
        const struct blown_commit *blown = &walk->blown.items[i];
        size_t missing = 0;
        for (size_t j = 0; j < blown->removed.count; j++)
            if (!facts_find(head, blown->removed.items[j])) {
                map_put(&held, blown->removed.items[j], walk);
                missing++;
            }
        if (!missing)
            continue;
        struct problem *problem =
            problem_add(walk->arena, walk->problems, "held-removals", NULL, NULL,
                        "commit %.12s %s: none of these is removed", blown->commit_id, blown->what);
        problem->hint = arena_printf(walk->arena, "if that is meant: iamlease apply --accept-removals %s",
                                     blown->commit_id);
    }
    for (size_t i = 0; held.count && i < walk->history->candidates.count; i++) {
        const struct fact *fact = &walk->history->candidates.items[i];
        if (map_get(&held, fact->identity))
            *VEC_ADD(walk->arena, &walk->history->held) = *fact;
    }
}

static void hold(struct walk *walk, const struct facts *head)
{
    struct facts *held = &walk->history->held;
    hold_leases(walk, head);
    hold_removals(walk, head);
    facts_sort(held);
}

/*
 * The files of an earlier commit must stand where head's stand: elsewhere they would not be seen, and what
 * they declared would not be removed.
 */
static int check_root(struct walk *walk, const struct step *step, struct err *err)
{
    const struct source *head = walk->request->head;
    struct source elsewhere = {0};
    const struct source *found = &step->source;
    struct err ignored;
    struct diags diags = diags_new(walk->arena);
    if (!step->source.tree_id)
        return 0;
    if (source_is_empty(found) && walk->request->root_option &&
        source_open_commit(walk->arena, walk->repo, walk->request->github, step->source.commit_id,
                           step->source.commit_id, NULL, &elsewhere, &ignored) == 0) {
        if (source_load(walk->arena, walk->repo, &elsewhere, &diags, err) < 0)
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

/*
 * The first commit that declares access decides whose mark may stand in AWS, also when its apply was killed
 * half-way. Those behind it with another owner were refused, and granted nothing.
 */
static int check_owner(struct walk *walk, const struct step *step, struct err *err)
{
    if (walk->owner_is_known || step->refused || !step->source.config || !step->facts.count)
        return 0;
    walk->owner_is_known = true;
    return source_check_owner(&step->source, walk->request->head, err);
}

/* The rules of a commit. One with errors may hide stricter ones: then no more than the defaults allow. */
static struct rules rules_of(const struct step *step)
{
    struct rules rules = settings_defaults().rules;
    if (step->source.config &&
        (step->readable || step->source.config->settings.rules.max_days < rules.max_days))
        rules = step->source.config->settings.rules;
    return rules;
}

/* The walk begins at the applied commit: all that it declared may be in AWS. */
static int begin_at_applied(struct walk *walk, struct step *ret, struct strings *commits, struct err *err)
{
    const char *applied = walk->request->applied, *head = walk->request->head->commit_id;
    if (lineage_between(&walk->lineage, applied, head, commits, err) < 0) {
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
    if (check_root(walk, ret, err) < 0 || check_owner(walk, ret, err) < 0)
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
static int begin_at_head(struct walk *walk, struct rules *ret_rules, struct strings *commits, struct err *err)
{
    const struct source *head = walk->request->head;
    const char *parent_id;
    struct step parent;
    *ret_rules = head->config->settings.rules;
    strings_add(walk->arena, commits, head->commit_id);
    if (lineage_first_parent(&walk->lineage, head->commit_id, &parent_id, err) < 0)
        return -1;
    if (!parent_id || (!walk->request->github && !repo_has_object(walk->repo, parent_id)))
        return 0;
    if (read_step(walk, parent_id, NULL, &parent, err) < 0)
        return -1;
    if (source_is_empty(&parent.source) && parent.readable)
        return 0;
    *ret_rules = rules_of(&parent);
    *VEC_ADD(walk->arena, &walk->history->notices) = arena_printf(
        walk->arena,
        "this is the first apply, but commit %.12s declared access before: if that was applied once, what it granted and %.12s "
        "no longer declares is still there",
        parent_id, head->commit_id);
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
        .lineage = lineage_new(arena, repo, request->github),
        .introductions = map_new(arena),
    };
    struct strings commits = {0};
    struct rules rules;
    struct step before = {0}, after = {0};
    struct facts last; /* of head, when the walk is over */
    bool changed = false;
    *ret = (struct history){0};
    if ((request->applied ? begin_at_applied(&walk, &before, &commits, err)
                          : begin_at_head(&walk, &rules, &commits, err)) < 0)
        return -1;
    if (request->applied)
        rules = rules_of(&before);
    last = before.facts;
    for (size_t i = 0; i < commits.count; i++) {
        if (read_step(&walk, commits.items[i], &before, &after, err) < 0)
            return -1;
        if (check_root(&walk, &after, err) < 0 || check_owner(&walk, &after, err) < 0)
            return -1;
        if (before.readable && after.readable && str_eq(after.source.fingerprint, before.source.fingerprint))
            continue; /* this commit changed something else */
        remember(&walk, &after);
        bool is_head = i + 1 == commits.count;
        if (!after.source.config || (!after.readable && !is_head))
            continue; /* judged together with the next commit that can be read */
        changed = true;
        note_account_rules(&walk, &before, &rules, &after);
        note_leases(&walk, &before, &rules, &after);
        if (request->applied)
            note_removals(&walk, &before, &rules, &after);
        last = after.facts;
        rules = after.source.config->settings.rules;
        before = after;
    }
    if (!changed)
        config_account_rules(arena, &request->head->config->settings.rules, NULL, request->head->config,
                             &ret->account_rules);
    hold(&walk, &last);
    return 0;
}
