/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/fetching.h"

#include "base/str.h"
#include "github/shape.h"

#include <string.h>

/* A job has 1,000 requests an hour for its repository (facts/github.md §3.2). */
enum { MISSING_MAX = 500, BATCH = 32 };

static const char permission[] = "contents: read";

static int get(struct arena *arena, struct github *github, const char *path, const char *what,
               struct github_answer *ret, struct err *err)
{
    const struct github_request request = {.method = "GET",
                                           .path = path,
                                           .what = what,
                                           .permission = permission};
    return github_send(arena, github, &request, ret, err);
}

/* The id at `key` of an object of the answer. */
static int take_id(const struct json *object, const char *what, const char **ret, struct err *err)
{
    const char *id = json_get_string(object, "sha");
    if (!id || !shape_is_id(id))
        return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub has no id in it", what);
    *ret = id;
    return 0;
}

int fetch_commit_id(struct arena *arena, struct github *github, const char *revision, const char **ret,
                    struct err *err)
{
    struct github_answer answer;
    if (shape_is_id(revision)) {
        *ret = revision;
        return 0;
    }
    if (!shape_is_ref(revision))
        return err_set(err, ERR_GIT,
                       "cannot find the commit '%s' in this checkout, and GitHub only knows names and ids",
                       revision);
    const char *what = arena_printf(arena, "find the commit '%s'", revision);
    const char *path = github_path(arena, github, "/commits/%s?per_page=1", github_escape(arena, revision));
    if (get(arena, github, path, what, &answer, err) < 0)
        return -1;
    return take_id(answer.json, what, ret, err);
}

int fetch_merge_base(struct arena *arena, struct github *github, const char *branch, const char *commit_id,
                     const char **ret, struct err *err)
{
    struct github_answer answer;
    const char *what = arena_printf(arena, "find where '%s' and the commit %.12s parted", branch, commit_id);
    const char *path =
        github_path(arena, github, "/compare/%s...%s?per_page=1", github_escape(arena, branch), commit_id);
    if (get(arena, github, path, what, &answer, err) < 0)
        return answer.status == 404
                   ? err_set(
                         err, ERR_GIT,
                         "cannot %s: they have no common ancestor, or the token may not see them; give --base, or the "
                         "job 'permissions: %s'",
                         what, permission)
                   : -1;
    return take_id(json_get(answer.json, "merge_base_commit"), what, ret, err);
}

int fetch_applied(struct arena *arena, struct github *github, const char **ret, struct err *err)
{
    static const char what[] = "read " APPLIED_REF;
    struct github_answer answer;
    const char *path = github_path(arena, github, "/git/ref/%s", &APPLIED_REF[strlen("refs/")]);
    *ret = NULL;
    if (get(arena, github, path, what, &answer, err) < 0)
        return answer.status == 404 ? 0 : -1;
    const struct json *object = json_get(answer.json, "object");
    const char *type = json_get_string(object, "type");
    if (!type || !str_eq(type, "commit"))
        return err_set(err, ERR_REFUSED, "%s is no plain tag of a commit; 'iamlease apply' makes it",
                       APPLIED_REF);
    return take_id(object, what, ret, err);
}

int fetch_pull_request(struct arena *arena, struct github *github, int64_t number, struct event *ret,
                       struct err *err)
{
    struct github_answer answer;
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/pulls/%lld", (long long)number),
        .what = arena_printf(arena, "read the pull request %lld", (long long)number),
        .permission = "pull-requests: read",
    };
    if (github_send(arena, github, &request, &answer, err) < 0)
        return -1;
    if (event_of_pull_request(arena, answer.json, github_repository(github), ret, err) < 0)
        return err_wrap(err, "cannot %s: the answer of GitHub", request.what);
    return 0;
}

int fetch_tree_of_commit(struct arena *arena, struct repo *repo, struct github *github, const char *commit_id,
                         const char **ret, struct err *err)
{
    struct github_answer answer;
    if (repo_has_object(repo, commit_id))
        return repo_tree_of_commit(arena, repo, commit_id, ret, err);
    const char *what = arena_printf(arena, "read the commit %.12s, which is not in this checkout", commit_id);
    if (get(arena, github, github_path(arena, github, "/git/commits/%s", commit_id), what, &answer, err) < 0)
        return -1;
    return take_id(json_get(answer.json, "tree"), what, ret, err);
}

struct fetching {
    struct arena *arena;
    struct repo *repo;
    struct github *github;
    struct strings blobs; /* ids of those that are missing */
};

static int add_tree(struct fetching *fetching, const char *tree_id, const struct json *answer, struct err *err)
{
    const struct json *list = json_get(answer, "tree"), *truncated = json_get(answer, "truncated");
    if (!list || list->kind != JSON_ARRAY || (truncated && truncated->boolean))
        return err_set(err, ERR_INPUT,
                       "the folder with the tree %.12s has too many entries for GitHub's API; set "
                       "fetch-depth: 2 in actions/checkout",
                       tree_id);
    struct tree_record *records = arena_array(fetching->arena, list->count, sizeof *records);
    for (size_t i = 0; i < list->count; i++) {
        const struct json *entry = &list->items[i];
        records[i] = (struct tree_record){json_get_string(entry, "mode"), json_get_string(entry, "path"),
                                          json_get_string(entry, "sha")};
        if (!records[i].mode || !records[i].name || !records[i].id)
            return err_set(err, ERR_INPUT, "the git tree %.12s that came has a malformed entry", tree_id);
    }
    return repo_add_tree(fetching->repo, tree_id, records, list->count, err);
}

static int need_tree(struct fetching *fetching, const char *tree_id, struct err *err)
{
    struct arena *arena = fetching->arena;
    struct github_answer answer;
    if (repo_has_object(fetching->repo, tree_id))
        return 0;
    const char *what = arena_printf(arena, "read the tree %.12s, which is not in this checkout", tree_id);
    if (get(arena, fetching->github, github_path(arena, fetching->github, "/git/trees/%s", tree_id), what,
            &answer, err) < 0)
        return -1;
    return add_tree(fetching, tree_id, answer.json, err);
}

static void need_blob(struct fetching *fetching, const char *blob_id)
{
    if (fetching->blobs.count <= MISSING_MAX && !repo_has_object(fetching->repo, blob_id))
        strings_add_unique(fetching->arena, &fetching->blobs, blob_id);
}

static int need_folder(struct fetching *fetching, const char *tree_id, struct err *err)
{
    struct tree_entries entries = {0};
    if (need_tree(fetching, tree_id, err) < 0 ||
        repo_list_tree(fetching->arena, fetching->repo, tree_id, &entries, err) < 0)
        return -1;
    for (size_t i = 0; i < entries.count; i++)
        if (entries.items[i].kind == ENTRY_FILE && str_suffix(entries.items[i].name, ".yaml"))
            need_blob(fetching, entries.items[i].id);
    return 0;
}

/* Walks "a/b/c" down from the tree, folder by folder. */
static int need_place(struct fetching *fetching, const char *tree_id, const char *place, struct err *err)
{
    struct arena *arena = fetching->arena;
    for (const char *slash = strchr(place, '/');; slash = strchr(slash + 1, '/')) {
        const struct tree_entry *entry;
        const char *path = slash ? arena_strndup(arena, place, (size_t)(slash - place)) : place;
        if (repo_find_entry(arena, fetching->repo, tree_id, path, &entry, err) < 0)
            return -1;
        if (!entry)
            return 0;
        if (entry->kind == ENTRY_FILE && !slash)
            need_blob(fetching, entry->id);
        if (entry->kind != ENTRY_FOLDER)
            return 0;
        if (!slash)
            return need_folder(fetching, entry->id, err);
        if (need_tree(fetching, entry->id, err) < 0)
            return -1;
    }
}

/* A few at a time: an answer can be as large as a file may be. */
static int fetch_blobs(struct fetching *fetching, struct err *err)
{
    for (size_t from = 0; from < fetching->blobs.count; from += BATCH) {
        struct arena *scratch CLEANUP(arena_freep) = arena_new();
        struct github_request requests[BATCH];
        struct github_answer answers[BATCH];
        size_t rest = fetching->blobs.count - from, count = rest < BATCH ? rest : BATCH;
        const char **ids = fetching->blobs.items + from;
        for (size_t i = 0; i < count; i++)
            requests[i] = (struct github_request){
                .method = "GET",
                .path = github_path(scratch, fetching->github, "/git/blobs/%s", ids[i]),
                .what = arena_printf(scratch, "read the file %.12s, which is not in this checkout", ids[i]),
                .permission = permission,
                .raw = true,
            };
        if (github_send_all(scratch, fetching->github, requests, count, answers, err) < 0)
            return -1;
        for (size_t i = 0; i < count; i++)
            if (repo_add_blob(fetching->repo, ids[i], answers[i].text, answers[i].size, err) < 0)
                return -1;
    }
    return 0;
}

int fetch_places(struct arena *arena, struct repo *repo, struct github *github, const char *tree_id,
                 const struct strings *places, struct err *err)
{
    struct fetching fetching = {.arena = arena, .repo = repo, .github = github};
    if (need_tree(&fetching, tree_id, err) < 0)
        return -1;
    for (size_t i = 0; i < places->count; i++)
        if (need_place(&fetching, tree_id, places->items[i], err) < 0)
            return -1;
    if (fetching.blobs.count > MISSING_MAX)
        return err_set(
            err, ERR_REFUSED,
            "more than %d files of the configuration are not in this checkout, too many to ask GitHub for; "
            "set fetch-depth: 2 in actions/checkout, without filter and sparse-checkout",
            MISSING_MAX);
    return fetch_blobs(&fetching, err);
}
