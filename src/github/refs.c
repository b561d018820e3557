/* SPDX-License-Identifier: Apache-2.0 */
#include "github/refs.h"

#include "base/str.h"
#include "github/shape.h"

#include <assert.h>
#include <string.h>

enum { BODY_MAX = 4096, STATUS_NOT_FOUND = 404, STATUS_UNPROCESSABLE = 422 };

/* GitHub's paths name a ref without "refs/", and its slashes as they are. */
static const char *path_of(struct arena *arena, const char *ref)
{
    const char *path = "";
    assert(str_prefix(ref, "refs/"));
    for (const char *part = ref + strlen("refs/"); *part;) {
        size_t size = strcspn(part, "/");
        path = arena_printf(arena, "%s/%s", path, github_escape(arena, arena_strndup(arena, part, size)));
        part += size + (part[size] == '/');
    }
    return path;
}

int refs_read(struct arena *arena, struct github *github, const char *ref, const char **ret, struct err *err)
{
    struct github_answer answer;
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/git/ref%s", path_of(arena, ref)),
        .what = arena_printf(arena, "read %s", ref),
        .permission = "contents: read",
    };
    *ret = NULL;
    if (github_send(arena, github, &request, &answer, err) < 0)
        return answer.status == STATUS_NOT_FOUND ? 0 : -1;
    const struct json *object = json_get(answer.json, "object");
    const char *type = json_get_string(object, "type"), *id = json_get_string(object, "sha");
    if (!type || !id || !shape_is_id(id))
        return err_set(err, ERR_INPUT, "cannot read %s: the answer of GitHub has no id in it", ref);
    if (!str_eq(type, "commit"))
        return err_set(err, ERR_REFUSED, "%s names a %s, not a commit", ref,
                       str_eq(type, "tag") ? "tag object" : "git object");
    *ret = id;
    return 0;
}

struct naming {
    struct arena *arena;
    const char *prefix;
    struct strings *ret;
};

static int take_names(void *context, const struct json *page, struct err *err)
{
    const struct naming *naming = context;
    for (size_t i = 0; i < page->count; i++) {
        const char *ref = json_get_string(&page->items[i], "ref");
        if (!ref)
            return err_set(err, ERR_INPUT, "cannot read the refs %s: the answer of GitHub is no list of refs",
                           naming->prefix);
        if (str_prefix(ref, naming->prefix))
            strings_add(naming->arena, naming->ret, arena_strdup(naming->arena, ref + strlen(naming->prefix)));
    }
    return 0;
}

int refs_names(struct arena *arena, struct github *github, const char *prefix, struct strings *ret,
               struct err *err)
{
    struct naming naming = {arena, prefix, ret};
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/git/matching-refs%s/", path_of(arena, prefix)),
        .what = arena_printf(arena, "read the refs %s", prefix),
        .permission = "contents: read",
    };
    return github_pages(github, &request, take_names, &naming, err);
}

enum writing { REF_CREATE, REF_MOVE, REF_REPLACE };

static int write_ref(struct arena *arena, struct github *github, const char *ref, const char *commit_id,
                     enum writing writing, struct github_answer *ret, struct err *err)
{
    const bool create = writing == REF_CREATE;
    struct buf body;
    buf_init(&body, BODY_MAX);
    struct json_writer writer = json_writer_new(&body, false);
    json_begin_object(&writer);
    if (create)
        json_key_string(&writer, "ref", ref);
    json_key_string(&writer, "sha", commit_id);
    if (!create)
        json_key_bool(&writer, "force", writing == REF_REPLACE);
    json_end_object(&writer);
    bool fits = buf_finish(&body);
    assert(fits);
    const struct github_request request = {
        .method = create ? "POST" : "PATCH",
        .path = create ? github_path(arena, github, "/git/refs")
                       : github_path(arena, github, "/git/refs%s", path_of(arena, ref)),
        .body = body.bytes,
        .what = arena_printf(arena, "write %s", ref),
        .permission = "contents: write",
    };
    int rc = github_send(arena, github, &request, ret, err);
    buf_free(&body);
    return rc;
}

int refs_create(struct arena *arena, struct github *github, const char *ref, const char *commit_id,
                bool *ret_exists, struct err *err)
{
    struct github_answer answer;
    *ret_exists = false;
    if (write_ref(arena, github, ref, commit_id, REF_CREATE, &answer, err) == 0)
        return 0;
    *ret_exists = answer.status == STATUS_UNPROCESSABLE;
    return -1;
}

int refs_move(struct arena *arena, struct github *github, const char *ref, const char *commit_id,
              struct err *err)
{
    struct github_answer answer;
    return write_ref(arena, github, ref, commit_id, REF_MOVE, &answer, err);
}

int refs_replace(struct arena *arena, struct github *github, const char *ref, const char *commit_id,
                 struct err *err)
{
    struct github_answer answer;
    return write_ref(arena, github, ref, commit_id, REF_REPLACE, &answer, err);
}

int refs_default_branch(struct arena *arena, struct github *github, const char **ret, struct err *err)
{
    struct github_answer answer;
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "%s", ""),
        .what = "read which branch is the default one",
        .permission = "contents: read",
    };
    if (github_send(arena, github, &request, &answer, err) < 0)
        return -1;
    *ret = json_get_string(answer.json, "default_branch");
    if (!*ret || !shape_is_ref(*ret))
        return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub does not say", request.what);
    return 0;
}
