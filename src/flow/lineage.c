/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/lineage.h"

#include "base/str.h"
#include "base/time.h"
#include "github/shape.h"

/* A job has 1,000 requests an hour for its repository (facts/github.md §3.2). */
enum { REQUESTS_MAX = 200 };

struct lineage lineage_new(struct arena *arena, struct repo *repo, struct github *github)
{
    return (struct lineage){.arena = arena,
                            .repo = repo,
                            .github = github,
                            .known = map_new(arena),
                            .times = map_new(arena)};
}

static void take_time(struct lineage *lineage, const struct json *commit, const char *id)
{
    const struct json *inner = json_get(commit, "commit"),
                      *committer = inner ? json_get(inner, "committer") : NULL;
    const char *date = committer ? json_get_string(committer, "date") : NULL;
    int64_t *time_s = ARENA_NEW(lineage->arena, int64_t);
    if (date && time_parse_rfc3339(date, time_s))
        map_put(&lineage->times, arena_strdup(lineage->arena, id), time_s);
}

/* One element of the list: its id and its first parent. */
static int take_commit(struct lineage *lineage, const struct json *commit, struct err *err)
{
    const char *id = json_get_string(commit, "sha"), *parent = "";
    const struct json *parents = json_get(commit, "parents");
    bool ok = id && shape_is_id(id) && parents && parents->kind == JSON_ARRAY;
    if (ok && parents->count)
        ok = (parent = json_get_string(&parents->items[0], "sha")) && shape_is_id(parent);
    if (!ok)
        return err_set(err, ERR_INPUT, "cannot read the history: the answer of GitHub has a malformed commit");
    map_put(&lineage->known, arena_strdup(lineage->arena, id), arena_strdup(lineage->arena, parent));
    take_time(lineage, commit, id);
    return 0;
}

/* The commit and what GitHub lists behind it. */
static int ask(struct lineage *lineage, const char *commit_id, struct err *err)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    struct github_answer answer;
    if (!lineage->github)
        return err_set(
            err, ERR_GIT,
            "the history is not complete here: the commit %.12s is missing; fetch all of it (actions/checkout: "
            "fetch-depth: 0), or give the input github-token",
            commit_id);
    if (lineage->requests++ == REQUESTS_MAX)
        return err_set(
            err, ERR_REFUSED,
            "the history that is not in this checkout is too long to ask GitHub for; set fetch-depth: 0 in "
            "actions/checkout");
    const struct github_request request = {
        .method = "GET",
        .path = github_path(scratch, lineage->github, "/commits?sha=%s&per_page=100", commit_id),
        .what = arena_printf(scratch, "read the history before the commit %.12s", commit_id),
        .permission = "contents: read",
    };
    if (github_send(scratch, lineage->github, &request, &answer, err) < 0)
        return -1;
    if (!answer.json || answer.json->kind != JSON_ARRAY)
        return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub is no list", request.what);
    for (size_t i = 0; i < answer.json->count; i++)
        if (take_commit(lineage, &answer.json->items[i], err) < 0)
            return -1;
    if (!map_get(&lineage->known, commit_id))
        return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub is about other commits", request.what);
    return 0;
}

int lineage_first_parent(struct lineage *lineage, const char *commit_id, const char **ret, struct err *err)
{
    struct strings parents = {0};
    if (repo_has_object(lineage->repo, commit_id)) {
        if (repo_parents(lineage->arena, lineage->repo, commit_id, &parents, err) < 0)
            return -1;
        *ret = parents.count ? parents.items[0] : NULL;
        return 0;
    }
    if (!map_get(&lineage->known, commit_id) && ask(lineage, commit_id, err) < 0)
        return -1;
    const char *parent = map_get(&lineage->known, commit_id);
    *ret = *parent ? parent : NULL;
    return 0;
}

int lineage_time(struct lineage *lineage, const char *commit_id, int64_t *ret_s, struct err *err)
{
    if (repo_has_object(lineage->repo, commit_id))
        return repo_commit_time(lineage->repo, commit_id, ret_s, err);
    if (!map_get(&lineage->known, commit_id) && ask(lineage, commit_id, err) < 0)
        return -1;
    const int64_t *known = map_get(&lineage->times, commit_id);
    *ret_s = known ? *known : 0;
    return 0;
}

static void reverse(struct strings *strings)
{
    for (size_t i = 0, j = strings->count; i + 1 < j; i++) {
        const char *swapped = strings->items[i];
        strings->items[i] = strings->items[--j];
        strings->items[j] = swapped;
    }
}

int lineage_between(struct lineage *lineage, const char *from, const char *to, struct strings *ret,
                    struct err *err)
{
    const char *parent;
    for (const char *commit = to; !str_eq(commit, from); commit = parent) {
        strings_add(lineage->arena, ret, commit);
        if (lineage_first_parent(lineage, commit, &parent, err) < 0)
            return -1;
        if (!parent)
            return err_set(err, ERR_REFUSED, "%.12s is not on the first-parent history of %.12s", from, to);
    }
    reverse(ret);
    return 0;
}
