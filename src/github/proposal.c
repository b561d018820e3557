/* SPDX-License-Identifier: Apache-2.0 */
#include "github/proposal.h"

#include "base/str.h"
#include "github/payload.h"
#include "github/refs.h"
#include "github/shape.h"

enum { BODY_MAX = 16 * 1024 * 1024, URL_MAX = 512 };

static int send_body(struct arena *arena, struct github *github, const char *method, const char *path,
                     const char *what, const char *permission, struct buf *body, struct github_answer *ret,
                     struct err *err)
{
    const struct github_request request = {.method = method,
                                           .path = path,
                                           .body = body->bytes,
                                           .what = what,
                                           .permission = permission};
    int rc = body->failed ? err_set(err, ERR_INPUT, "cannot %s: it is too long", what)
                          : github_send(arena, github, &request, ret, err);
    buf_free(body);
    return rc;
}

static int take_id(const struct json *json, const char *what, const char **ret, struct err *err)
{
    const char *id = json_get_string(json, "sha");
    if (!id || !shape_is_id(id))
        return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub has no id in it", what);
    *ret = id;
    return 0;
}

static int tree_of_commit(struct arena *arena, struct github *github, const char *commit_id, const char **ret,
                          struct err *err)
{
    struct github_answer answer;
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/git/commits/%s", commit_id),
        .what = arena_printf(arena, "read commit %.12s", commit_id),
        .permission = "contents: read",
    };
    if (github_send(arena, github, &request, &answer, err) < 0)
        return -1;
    return take_id(json_get(answer.json, "tree"), request.what, ret, err);
}

static int make_tree(struct arena *arena, struct github *github, const struct proposal *proposal,
                     const char *base_tree, const char **ret, struct err *err)
{
    static const char what[] = "write a tree";
    struct github_answer answer;
    struct buf body;
    buf_init(&body, BODY_MAX);
    struct json_writer writer = json_writer_new(&body, false);
    json_begin_object(&writer);
    json_key_string(&writer, "base_tree", base_tree);
    json_key(&writer, "tree");
    json_begin_array(&writer);
    json_begin_object(&writer);
    json_key_string(&writer, "path", proposal->path);
    json_key_string(&writer, "mode", "100644");
    json_key_string(&writer, "type", "blob");
    json_key_string(&writer, "content", proposal->text);
    json_end_object(&writer);
    json_end_array(&writer);
    json_end_object(&writer);
    if (send_body(arena, github, "POST", github_path(arena, github, "/git/trees"), what, "contents: write",
                  &body, &answer, err) < 0)
        return -1;
    return take_id(answer.json, what, ret, err);
}

static int make_commit(struct arena *arena, struct github *github, const struct proposal *proposal,
                       const char *tree_id, const char **ret, struct err *err)
{
    static const char what[] = "write a commit";
    struct github_answer answer;
    struct buf body;
    buf_init(&body, BODY_MAX);
    struct json_writer writer = json_writer_new(&body, false);
    json_begin_object(&writer);
    json_key_string(&writer, "message", proposal->message);
    json_key_string(&writer, "tree", tree_id);
    json_key(&writer, "parents");
    json_begin_array(&writer);
    json_string(&writer, proposal->base_id);
    json_end_array(&writer);
    json_end_object(&writer);
    if (send_body(arena, github, "POST", github_path(arena, github, "/git/commits"), what, "contents: write",
                  &body, &answer, err) < 0)
        return -1;
    return take_id(answer.json, what, ret, err);
}

/* The branch of a run that was cut off has another commit of the same: it is replaced. */
static int set_branch(struct arena *arena, struct github *github, const struct proposal *proposal,
                      const char *commit_id, struct err *err)
{
    const char *ref = arena_printf(arena, "refs/heads/%s", proposal->branch);
    bool exists;
    if (refs_create(arena, github, ref, commit_id, &exists, err) == 0)
        return 0;
    return exists ? refs_replace(arena, github, ref, commit_id, err) : -1;
}

static int take_pull(const struct json *json, struct proposed *ret, struct err *err)
{
    const struct json *number = json_get(json, "number"), *merged = json_get(json, "merged_at");
    const char *url = json_get_string(json, "html_url"), *state = json_get_string(json, "state");
    if (!number || !payload_number(number, &ret->number) || !url || strlen(url) > URL_MAX || !state ||
        !str_prefix(url, "http") || !str_only(url, "-._~:/?#@!$&'()*+,;=%"))
        return err_set(err, ERR_INPUT, "the answer of GitHub is no pull request");
    ret->url = url;
    ret->is_open = str_eq(state, "open");
    ret->is_merged = merged && merged->kind == JSON_STRING;
    const char *commit_id = json_get_string(json, "merge_commit_sha");
    ret->merge_commit_id = ret->is_merged && commit_id && shape_is_id(commit_id) ? commit_id : NULL;
    return 0;
}

/* The branch of a fork may have any name. */
static bool is_of_repository(const struct github *github, const struct json *pull)
{
    const char *name = json_get_string(json_get(json_get(pull, "head"), "repo"), "full_name");
    return name && str_casecmp(name, github_repository(github)) == 0;
}

int proposal_find(struct arena *arena, struct github *github, const char *branch, struct proposed *ret,
                  struct err *err)
{
    struct github_answer answer;
    const char *repository = github_repository(github);
    const char *owner = arena_strndup(arena, repository, strcspn(repository, "/"));
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github,
                            "/pulls?state=all&sort=created&direction=desc&per_page=100&head=%s%%3A%s",
                            github_escape(arena, owner), github_escape(arena, branch)),
        .what = arena_printf(arena, "look for the pull request of the branch %s", branch),
        .permission = "pull-requests: read",
    };
    *ret = (struct proposed){0};
    if (github_send(arena, github, &request, &answer, err) < 0)
        return -1;
    if (!answer.json || answer.json->kind != JSON_ARRAY)
        return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub is no list", request.what);
    for (size_t i = 0; i < answer.json->count; i++)
        if (is_of_repository(github, &answer.json->items[i]))
            return take_pull(&answer.json->items[i], ret, err);
    return 0;
}

static int open_pull(struct arena *arena, struct github *github, const struct proposal *proposal,
                     struct proposed *ret, struct err *err)
{
    struct github_answer answer;
    struct buf body;
    buf_init(&body, BODY_MAX);
    struct json_writer writer = json_writer_new(&body, false);
    json_begin_object(&writer);
    json_key_string(&writer, "title", proposal->title);
    json_key_string(&writer, "head", proposal->branch);
    json_key_string(&writer, "base", proposal->base);
    json_key_string(&writer, "body", proposal->body);
    json_end_object(&writer);
    if (send_body(arena, github, "POST", github_path(arena, github, "/pulls"), "open a pull request",
                  "pull-requests: write", &body, &answer, err) < 0)
        return -1;
    return take_pull(answer.json, ret, err);
}

int proposal_make(struct arena *arena, struct github *github, const struct proposal *proposal,
                  struct proposed *ret, struct err *err)
{
    const char *tree_id = NULL, *commit_id = NULL;
    if (tree_of_commit(arena, github, proposal->base_id, &tree_id, err) < 0 ||
        make_tree(arena, github, proposal, tree_id, &tree_id, err) < 0 ||
        make_commit(arena, github, proposal, tree_id, &commit_id, err) < 0 ||
        set_branch(arena, github, proposal, commit_id, err) < 0)
        return -1;
    return open_pull(arena, github, proposal, ret, err);
}
