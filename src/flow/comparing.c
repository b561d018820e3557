/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/comparing.h"

#include "base/str.h"
#include "config/config.h"
#include "flow/affected.h"

/* Who names teams must hear when there is none of that name, so all are read then. */
static int find_affected(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                         struct comparison *comparison, struct err *err)
{
    struct affected *affected = ARENA_NEW(arena, struct affected);
    comparison->head.beside = &comparison->base;
    if (!request->affected_only || request->teams->count)
        return 0;
    if (affected_teams(arena, repo, &comparison->base, &comparison->head, affected, err) < 0)
        return -1;
    if (affected->all)
        return 0;
    comparison->base.only = comparison->head.only = &affected->teams;
    comparison->base.decoded = comparison->head.decoded = &affected->decoded;
    if (!affected->all_accounts)
        comparison->base.only_accounts = comparison->head.only_accounts = &affected->accounts;
    return 0;
}

/* Finds both sides and opens them, the head first: trouble with it is what a reader understands at once. */
static int open_sides(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                      struct comparison *ret, struct err *err)
{
    struct sides sides;
    struct github *github = request->sides.github;
    if (sides_find(arena, repo, &request->sides, &sides, err) < 0)
        return -1;
    const char *root = request->root_option;
    int rc = str_eq(sides.head, REPO_WORKTREE)
                 ? source_open(arena, repo, sides.head, root, &ret->head, err)
                 : source_open_commit(arena, repo, github, sides.head, sides.head_name, root, &ret->head, err);
    if (rc < 0 || source_check_root(arena, repo, &ret->head, root, err) < 0)
        return -1;
    ret->base = source_empty(sides.base_name);
    if (sides.base &&
        source_open_commit(arena, repo, github, sides.base, sides.base_name, root, &ret->base, err) < 0)
        return -1;
    if (sides.notice)
        strings_add(arena, &ret->notices, sides.notice);
    return 0;
}

int compare_open(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                 struct comparison *ret, struct err *err)
{
    *ret = (struct comparison){.repo = repo};
    return open_sides(arena, repo, request, ret, err) < 0 || find_affected(arena, repo, request, ret, err) < 0
               ? -1
               : 0;
}

/* The head's mapping, the base's rules; and these by account. */
static void bind_rules(struct arena *arena, struct comparison *comparison)
{
    const struct config *base = comparison->base.config, *head = comparison->head.config;
    comparison->settings = head->settings;
    if (!source_is_empty(&comparison->base))
        comparison->settings.rules = base->settings.rules;
    config_account_rules(arena, &comparison->settings.rules, base, head, &comparison->accounts);
}

int compare_settle(struct arena *arena, const struct comparison_request *request,
                   struct comparison *comparison, struct err *err)
{
    const struct source *base = &comparison->base, *head = &comparison->head;
    struct strings known = {0};
    if (!source_is_empty(base) && !source_is_empty(head) && !str_eq(base->root, head->root))
        return err_set(err, ERR_REFUSED,
                       "the configuration moves from %s to %s of the repository; a change cannot move it",
                       *base->root ? base->root : "the top", *head->root ? head->root : "the top");
    for (size_t i = 0; i < head->config->count; i++)
        strings_add(arena, &known, head->config->items[i].name);
    for (size_t i = 0; i < base->config->count; i++)
        strings_add(arena, &known, base->config->items[i].name);
    strings_sort_unique(&known);
    if (team_check_names(request->teams, &known, err) < 0)
        return -1;
    bind_rules(arena, comparison);
    return 0;
}

struct judge compare_judge(const struct comparison *comparison, int64_t now_s)
{
    return (struct judge){.rules = &comparison->settings.rules,
                          .accounts = &comparison->accounts,
                          .before =
                              source_is_empty(&comparison->base) ? NULL : &comparison->base.config->settings,
                          .now_s = now_s};
}

int compare_whole(struct arena *arena, const struct comparison_request *request,
                  struct comparison *comparison, struct diags *diags, struct err *err)
{
    struct diags base_diags = diags_new(arena);
    struct source *base = &comparison->base, *head = &comparison->head;
    if (source_load(arena, comparison->repo, base, &base_diags, err) < 0 ||
        source_load(arena, comparison->repo, head, diags, err) < 0)
        return -1;
    if (source_is_empty(base) && source_is_empty(head) && !diags->errors)
        return source_refuse_empty(head, err);
    if (compare_settle(arena, request, comparison, err) < 0 ||
        (!base_diags.errors && source_check_owner(base, head, err) < 0))
        return -1;
    if (base_diags.errors)
        strings_add(arena, &comparison->notices,
                    arena_printf(arena, "the base %s has %zu error%s: what it grants is known in part only",
                                 base->name, base_diags.errors, base_diags.errors == 1 ? "" : "s"));
    const struct judge judge = compare_judge(comparison, request->now_s);
    config_judge(head->config, &judge, diags);
    config_check_names(base->config, head->config, request->now_s, diags);
    if (diags->errors) { /* otherwise nobody asks what was wrong before */
        config_judge(base->config, &judge, &base_diags);
        config_check_names(base->config, base->config, request->now_s, &base_diags);
    }
    diags_sort(diags);
    held_compare(arena, base, &base_diags, head, diags, &comparison->held);
    return 0;
}

int flow_compare(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                 struct comparison *ret, struct diags *diags, struct err *err)
{
    return compare_open(arena, repo, request, ret, err) < 0 ||
                   compare_whole(arena, request, ret, diags, err) < 0
               ? -1
               : 0;
}
