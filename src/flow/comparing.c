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

int flow_compare(struct arena *arena, struct repo *repo, const struct comparison_request *request,
                 struct comparison *ret, struct diags *diags, struct err *err)
{
    struct diags base_diags = diags_new(arena);
    *ret = (struct comparison){.repo = repo};
    if (open_sides(arena, repo, request, ret, err) < 0 || find_affected(arena, repo, request, ret, err) < 0 ||
        source_load(arena, repo, &ret->base, &base_diags, err) < 0 ||
        source_load(arena, repo, &ret->head, diags, err) < 0)
        return -1;
    bool base_is_empty = source_is_empty(&ret->base);
    if (base_is_empty && source_is_empty(&ret->head) && !diags->errors)
        return source_refuse_empty(&ret->head, err);
    if (!base_is_empty && !source_is_empty(&ret->head) && !str_eq(ret->base.root, ret->head.root))
        return err_set(err, ERR_REFUSED,
                       "the configuration moves from %s to %s of the repository; a change cannot move it",
                       *ret->base.root ? ret->base.root : "the top",
                       *ret->head.root ? ret->head.root : "the top");
    if (!base_diags.errors && source_check_owner(&ret->base, &ret->head, err) < 0)
        return -1;
    struct strings known = {0};
    for (size_t i = 0; i < ret->head.config->count; i++)
        strings_add(arena, &known, ret->head.config->items[i].name);
    for (size_t i = 0; i < ret->base.config->count; i++)
        strings_add(arena, &known, ret->base.config->items[i].name);
    strings_sort_unique(&known);
    if (team_check_names(request->teams, &known, err) < 0)
        return -1;
    if (base_diags.errors)
        strings_add(arena, &ret->notices,
                    arena_printf(arena, "the base %s has %zu error%s: what it grants is known in part only",
                                 ret->base.name, base_diags.errors, base_diags.errors == 1 ? "" : "s"));
    ret->settings = ret->head.config->settings;
    if (!base_is_empty)
        ret->settings.rules = ret->base.config->settings.rules;
    config_account_rules(arena, &ret->settings.rules, ret->base.config, ret->head.config, &ret->accounts);
    const struct judge judge = {.rules = &ret->settings.rules,
                                .accounts = &ret->accounts,
                                .before = base_is_empty ? NULL : &ret->base.config->settings,
                                .now_s = request->now_s};
    config_judge(ret->head.config, &judge, diags);
    if (diags->errors) /* otherwise nobody asks what was wrong before */
        config_judge(ret->base.config, &judge, &base_diags);
    diags_sort(diags);
    held_compare(arena, &ret->base, &base_diags, &ret->head, diags, &ret->held);
    return 0;
}
