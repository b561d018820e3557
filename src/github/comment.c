/* SPDX-License-Identifier: Apache-2.0 */
#include "github/comment.h"

#include "base/str.h"
#include "github/shape.h"

#include <assert.h>
#include <string.h>

/* Who writes with the token of a job. GET /user is not for such a token, so it cannot be asked. */
static const char actions_login[] = "github-actions[bot]";

static const char permission[] = "pull-requests: write";

enum { URL_MAX = 1024 };

/* A comment as the API describes it; texts are NULL when they are missing or odd. */
struct comment {
    int64_t id;
    const char *author, *url, *hash;
};

struct comments {
    VEC_FIELDS(struct comment);
};

struct publishing {
    struct arena *arena;
    struct github *github;
    const struct comment_request *request;
    const char *author;   /* who we are */
    const char *body;     /* JSON of the comment that shall stand */
    struct comments ours; /* oldest first */
};

/* Something that can be shown and clicked; it has a fragment, "#issuecomment-1". */
static bool is_web_address(const char *text)
{
    if (!text || strlen(text) > URL_MAX || !(str_prefix(text, "https://") || str_prefix(text, "http://")))
        return false;
    for (const char *c = text; *c; c++)
        if (*c <= ' ' || *c >= 0x7f || strchr("\"'<>()[]`\\", *c))
            return false;
    return true;
}

static bool read_comment(struct arena *arena, const struct json *json, const char *key, struct comment *ret)
{
    const struct json *id = json_get(json, "id");
    const char *body = json_get_string(json, "body"), *url = json_get_string(json, "html_url"),
               *author = json_get_string(json_get(json, "user"), "login");
    if (!id || id->kind != JSON_NUMBER || !(id->number >= 1 && id->number < 9007199254740992.0))
        return false;
    *ret = (struct comment){
        .id = (int64_t)id->number,
        .author = author && shape_is_login(author) ? arena_strdup(arena, author) : NULL,
        .url = is_web_address(url) ? arena_strdup(arena, url) : NULL,
        .hash = body ? comment_hash(arena, body, key) : NULL,
    };
    return true;
}

static int take_page(void *context, const struct json *page, struct err *err)
{
    struct publishing *publishing = context;
    (void)err;
    for (size_t i = 0; i < page->count; i++) {
        struct comment comment;
        if (read_comment(publishing->arena, &page->items[i], publishing->request->key, &comment) &&
            comment.hash && comment.author && str_casecmp(comment.author, publishing->author) == 0)
            *VEC_ADD(publishing->arena, &publishing->ours) = comment;
    }
    return 0;
}

static int list_ours(struct publishing *publishing, struct err *err)
{
    struct arena *arena = publishing->arena;
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, publishing->github, "/issues/%lld/comments?per_page=100",
                            (long long)publishing->request->number),
        .what = "read the comments of the pull request",
        .permission = permission,
    };
    publishing->ours = (struct comments){0};
    return github_pages(publishing->github, &request, take_page, publishing, err);
}

/* The account that the token belongs to. */
static int find_author(struct publishing *publishing, struct err *err)
{
    const struct github_request request = {.method = "GET",
                                           .path = "/user",
                                           .what = "ask whose token it is",
                                           .permission = permission};
    struct github_answer answer;
    publishing->author = actions_login;
    if (github_send(publishing->arena, publishing->github, &request, &answer, err) < 0)
        return answer.status == 403 || answer.status == 404 ? 0 : -1;
    const char *login = json_get_string(answer.json, "login");
    if (!login || !shape_is_login(login))
        return err_set(err, ERR_INPUT, "cannot ask whose token it is: the answer of GitHub names nobody");
    publishing->author = login;
    return 0;
}

/* Sends the comment; `answer` is the comment that stands then. */
static int write_comment(struct publishing *publishing, const char *method, const char *path,
                         struct comment *ret, long *ret_status, struct err *err)
{
    struct arena *arena = publishing->arena;
    bool creates = str_eq(method, "POST");
    const struct github_request request = {
        .method = method,
        .path = path,
        .body = publishing->body,
        .what = creates ? "comment on the pull request" : "update the comment on the pull request",
        .permission = permission,
    };
    struct github_answer answer;
    int rc = github_send(arena, publishing->github, &request, &answer, err);
    *ret_status = answer.status;
    if (rc < 0)
        return -1;
    if (!answer.json || !read_comment(arena, answer.json, publishing->request->key, ret))
        return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub is no comment", request.what);
    return 0;
}

/* Gives `found` the content, unless it has it. */
static int update(struct publishing *publishing, const struct comment *found, struct comment_result *ret,
                  long *ret_status, struct err *err)
{
    struct comment updated = *found;
    *ret_status = 0;
    ret->action = COMMENT_UNCHANGED;
    if (!str_eq(found->hash, publishing->request->hash)) {
        const char *path =
            github_path(publishing->arena, publishing->github, "/issues/comments/%lld", (long long)found->id);
        if (write_comment(publishing, "PATCH", path, &updated, ret_status, err) < 0)
            return -1;
        ret->action = COMMENT_UPDATED;
    }
    ret->url = updated.url;
    return 0;
}

/* Two runs at the same time each find none and make one: the oldest stays. */
static void remove_younger(struct publishing *publishing, struct comment_result *ret)
{
    for (size_t i = 1; i < publishing->ours.count; i++) {
        const struct github_request request = {
            .method = "DELETE",
            .path = github_path(publishing->arena, publishing->github, "/issues/comments/%lld",
                                (long long)publishing->ours.items[i].id),
            .what = "remove an older comment of ours on the pull request",
            .permission = permission,
        };
        struct github_answer answer;
        struct err err = {0};
        if (github_send(publishing->arena, publishing->github, &request, &answer, &err) == 0)
            ret->removed++;
        else if (answer.status != 404) /* somebody else was faster */
            ret->trouble = arena_strdup(publishing->arena, err.message);
    }
}

/*
 * Creates the comment, then looks again: what GitHub calls its author is us, whoever we took ourselves for,
 * and another run may have been faster.
 */
static int create(struct publishing *publishing, struct comment_result *ret, struct err *err)
{
    struct comment created;
    long status;
    struct err trouble = {0};
    const char *path = github_path(publishing->arena, publishing->github, "/issues/%lld/comments",
                                   (long long)publishing->request->number);
    if (write_comment(publishing, "POST", path, &created, &status, err) < 0)
        return -1;
    *ret = (struct comment_result){.action = COMMENT_CREATED, .url = created.url};
    if (created.author)
        publishing->author = created.author;
    if (list_ours(publishing, &trouble) < 0) {
        ret->trouble = arena_strdup(publishing->arena, trouble.message);
        return 0;
    }
    if (publishing->ours.count && publishing->ours.items[0].id != created.id &&
        update(publishing, &publishing->ours.items[0], ret, &status, &trouble) < 0) {
        ret->trouble = arena_strdup(publishing->arena, trouble.message);
        return 0;
    }
    remove_younger(publishing, ret);
    return 0;
}

static const char *write_body(struct arena *arena, const struct comment_request *request)
{
    struct buf body;
    buf_init(&body, 8 * COMMENT_MAX);
    struct json_writer writer = json_writer_new(&body, false);
    const char *marker = comment_marker(arena, request->key, request->hash);
    assert(strlen(marker) < COMMENT_MARKER_MAX && strlen(request->body) <= COMMENT_BODY_MAX);
    json_begin_object(&writer);
    json_key_string(&writer, "body", arena_printf(arena, "%s\n%s", marker, request->body));
    json_end_object(&writer);
    assert(!body.failed);
    const char *text = arena_strdup(arena, body.bytes);
    buf_free(&body);
    return text;
}

int comment_publish(struct arena *arena, struct github *github, const struct comment_request *request,
                    struct comment_result *ret, struct err *err)
{
    long status = 0;
    struct publishing publishing = {.arena = arena,
                                    .github = github,
                                    .request = request,
                                    .body = write_body(arena, request)};
    *ret = (struct comment_result){0};
    if (find_author(&publishing, err) < 0 || list_ours(&publishing, err) < 0)
        return -1;
    if (publishing.ours.count) {
        if (update(&publishing, &publishing.ours.items[0], ret, &status, err) == 0) {
            remove_younger(&publishing, ret);
            return 0;
        }
        if (status != 404) /* removed since the list was read: then a new one */
            return -1;
    }
    return create(&publishing, ret, err);
}
