/* SPDX-License-Identifier: Apache-2.0 */
#include "github/pulls.h"

#include "base/str.h"
#include "github/shape.h"

enum { COMMITS_MAX = 250, NUMBER_MAX = 1000000000 }; /* of one pull request, as far as GitHub lists them */

static const char permission[] = "pull-requests: read", robot[] = "web-flow";

/* A copy of the login at `key`, or NULL. */
static const char *take_login(struct arena *arena, const struct json *object, const char *key)
{
    const char *login = json_get_string(json_get(object, key), "login");
    return login && shape_is_login(login) ? arena_strdup(arena, login) : NULL;
}

static const char *take_id(struct arena *arena, const struct json *object, const char *key)
{
    const char *id = json_get_string(object, key);
    return id && shape_is_id(id) ? arena_strdup(arena, id) : NULL;
}

struct listing {
    struct arena *arena;
    void *ret;
    const char *what, *wanted;
    size_t count;
};

static int take_pull(struct listing *listing, const struct json *json, struct err *err)
{
    struct arena *arena = listing->arena;
    const struct json *number = json_get(json, "number"), *merged = json_get(json, "merged_at"),
                      *labels = json_get(json, "labels");
    const char *branch = json_get_string(json_get(json, "base"), "ref");
    struct pull pull = {
        .author = take_login(arena, json, "user"),
        .head_id = take_id(arena, json_get(json, "head"), "sha"),
        .base_branch = branch && shape_is_ref(branch) ? arena_strdup(arena, branch) : NULL,
        .merge_commit_id = take_id(arena, json, "merge_commit_sha"),
        .is_merged = merged && merged->kind == JSON_STRING,
    };
    if (!number || number->kind != JSON_NUMBER || number->number < 1 || number->number > NUMBER_MAX ||
        !pull.head_id || !pull.base_branch)
        return err_set(err, ERR_INPUT, "cannot %s: the answer of GitHub has a malformed pull request",
                       listing->what);
    pull.number = (int64_t)number->number;
    for (size_t i = 0; labels && labels->kind == JSON_ARRAY && i < labels->count; i++) {
        const char *name = json_get_string(&labels->items[i], "name");
        if (name)
            strings_add(arena, &pull.labels, arena_strdup(arena, name));
    }
    struct pulls *pulls = listing->ret;
    *VEC_ADD(arena, pulls) = pull;
    return 0;
}

static int take_pulls(void *context, const struct json *page, struct err *err)
{
    for (size_t i = 0; i < page->count; i++)
        if (take_pull(context, &page->items[i], err) < 0)
            return -1;
    return 0;
}

int pulls_of_commit(struct arena *arena, struct github *github, const char *commit_id, struct pulls *ret,
                    struct err *err)
{
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/commits/%s/pulls?per_page=100", commit_id),
        .what = arena_printf(arena, "find the pull request of the commit %.12s", commit_id),
        .permission = permission,
    };
    struct listing listing = {.arena = arena, .ret = ret, .what = request.what};
    return github_pages(github, &request, take_pulls, &listing, err);
}

static enum review_state state_of(const char *state)
{
    return !state                               ? REVIEW_OTHER
           : str_eq(state, "APPROVED")          ? REVIEW_APPROVED
           : str_eq(state, "CHANGES_REQUESTED") ? REVIEW_CHANGES_REQUESTED
           : str_eq(state, "DISMISSED")         ? REVIEW_DISMISSED
                                                : REVIEW_OTHER;
}

static int take_reviews(void *context, const struct json *page, struct err *err)
{
    struct listing *listing = context;
    struct reviews *reviews = listing->ret;
    (void)err;
    for (size_t i = 0; i < page->count; i++)
        *VEC_ADD(listing->arena, reviews) = (struct review){
            .login = take_login(listing->arena, &page->items[i], "user"),
            .commit_id = take_id(listing->arena, &page->items[i], "commit_id"),
            .state = state_of(json_get_string(&page->items[i], "state")),
        };
    return 0;
}

int pull_reviews(struct arena *arena, struct github *github, int64_t number, struct reviews *ret,
                 struct err *err)
{
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/pulls/%lld/reviews?per_page=100", (long long)number),
        .what = arena_printf(arena, "read the reviews of pull request %lld", (long long)number),
        .permission = permission,
    };
    struct listing listing = {.arena = arena, .ret = ret};
    return github_pages(github, &request, take_reviews, &listing, err);
}

struct people {
    struct strings *logins;
    const char **unknown;
};

static int take_people(void *context, const struct json *page, struct err *err)
{
    static const char *const keys[] = {"author", "committer"};
    struct listing *listing = context;
    struct people *people = listing->ret;
    listing->count += page->count;
    if (listing->count >= COMMITS_MAX)
        return err_set(err, ERR_REFUSED,
                       "cannot %s: it has %d commits or more, and GitHub lists no more than that",
                       listing->what, COMMITS_MAX);
    for (size_t i = 0; i < page->count; i++)
        for (size_t j = 0; j < sizeof keys / sizeof *keys; j++) {
            const char *login = take_login(listing->arena, &page->items[i], keys[j]);
            const char *id = take_id(listing->arena, &page->items[i], "sha");
            if (!login)
                *people->unknown = id ? id : "?";
            else if (!str_eq(login, robot) || j == 0)
                strings_add_unique(listing->arena, people->logins, login);
        }
    return 0;
}

int pull_people(struct arena *arena, struct github *github, int64_t number, struct strings *ret_logins,
                const char **ret_unknown, struct err *err)
{
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/pulls/%lld/commits?per_page=100", (long long)number),
        .what = arena_printf(arena, "read whose commits are in pull request %lld", (long long)number),
        .permission = permission,
    };
    struct people people = {ret_logins, ret_unknown};
    struct listing listing = {.arena = arena, .ret = &people, .what = request.what};
    *ret_unknown = NULL;
    return github_pages(github, &request, take_people, &listing, err);
}

int pull_may_write(struct arena *arena, struct github *github, const char *login, bool *ret, struct err *err)
{
    struct github_answer answer;
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/collaborators/%s/permission", github_escape(arena, login)),
        .what = arena_printf(arena, "read what %s may do", login),
        .permission = "contents: read",
    };
    *ret = false;
    if (github_send(arena, github, &request, &answer, err) < 0)
        return answer.status == 404 ? 0 : -1;
    const char *may = json_get_string(answer.json, "permission");
    *ret = may && (str_eq(may, "write") || str_eq(may, "admin"));
    return 0;
}

static int take_events(void *context, const struct json *page, struct err *err)
{
    struct listing *listing = context;
    const char **ret = listing->ret;
    (void)err;
    for (size_t i = 0; i < page->count; i++) {
        const struct json *event = &page->items[i];
        const char *kind = json_get_string(event, "event"),
                   *label = json_get_string(json_get(event, "label"), "name");
        if (kind && label && str_eq(kind, "labeled") && str_eq(label, listing->wanted))
            *ret = take_login(listing->arena, event, "actor");
    }
    return 0;
}

int pull_label_actor(struct arena *arena, struct github *github, int64_t number, const char *label,
                     const char **ret, struct err *err)
{
    const struct github_request request = {
        .method = "GET",
        .path = github_path(arena, github, "/issues/%lld/events?per_page=100", (long long)number),
        .what = arena_printf(arena, "read who set the labels of pull request %lld", (long long)number),
        .permission = permission,
    };
    struct listing listing = {.arena = arena, .ret = ret, .wanted = label};
    *ret = NULL;
    return github_pages(github, &request, take_events, &listing, err);
}
