/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what GitHub's API answers. The first byte chooses what is asked; then one answer after the
 * other, each ended by a NUL: a line "<status> <Link header>", and the body. The functions of net/net.h that
 * send are here: nothing leaves the process, and each request is looked at. What asks for a wait is not
 * waited for.
 */
#include "base/hash.h"
#include "base/str.h"
#include "flow/fetching.h"
#include "github/comment.h"
#include "github/pulls.h"
#include "github/refs.h"
#include "github/shape.h"
#include "require.h"

#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN     "https://api.example.com/"
#define API        ORIGIN "v3"
#define ID         "0123456789abcdef0123456789abcdef01234567"
#define EMPTY_TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

enum { REQUESTS_MAX = 64, ANSWERS_MAX = 40, ATTEMPTS_MAX = 3, PULL = 7 };

struct net {
    const char *at, *end; /* what is left of the answers */
    size_t answers;
    struct net_request queue[REQUESTS_MAX];
    size_t queued;
};

static struct secret token;

/* The token goes to the API's own origin alone. */
void net_send(struct net *net, const struct net_request *request)
{
    REQUIRE(str_prefix(request->url, ORIGIN) && request->bearer == &token);
    for (const char *c = request->url; *c; c++)
        REQUIRE(*c > ' ' && *c < 0x7f);
    REQUIRE(net->queued < REQUESTS_MAX);
    net->queue[net->queued++] = *request;
}

/* The next answer, or that none comes. */
static struct net_response next_answer(struct net *net, unsigned attempt)
{
    struct net_response response = {.attempts = attempt,
                                    .limits = {.retry_after_s = -1, .remaining = -1, .reset_s = -1}};
    if (net->at >= net->end || ++net->answers > ANSWERS_MAX) {
        response.trouble = NET_TROUBLE_CONNECTION;
        (void)err_set(&response.err, ERR_NET, "no connection");
        return response;
    }
    const char *text = net->at, *line = text + strcspn(text, "\n");
    net->at += strlen(text) + 1;
    response.status = strtol(text, NULL, 10) % 1000;
    response.status = response.status < 100 ? 200 : response.status;
    static char link[4096]; /* a longer one counts as missing (net.h) */
    const char *space = memchr(text, ' ', (size_t)(line - text));
    size_t length = space ? (size_t)(line - space - 1) : 0;
    if (length && length < sizeof link) {
        memcpy(link, space + 1, length);
        link[length] = 0;
        response.link = link;
    }
    response.body = *line ? line + 1 : line;
    response.body_size = strlen(response.body);
    return response;
}

int net_run(struct net *net, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < net->queued; i++) {
        const struct net_request *request = &net->queue[i];
        struct net_response response;
        int64_t wait_ms = 0;
        for (unsigned attempt = 1;; attempt++) {
            response = next_answer(net, attempt);
            if (!response.status || attempt == ATTEMPTS_MAX ||
                request->classify(request->context, &response, &wait_ms) == NET_FINAL)
                break;
        }
        request->done(request->context, &response);
    }
    net->queued = 0;
    return 0;
}

int net_open(struct net **ret, const struct net_options *options, struct err *err)
{
    (void)ret;
    (void)options;
    return err_set(err, ERR_NET, "no network here");
}

void net_close(struct net *net)
{
    (void)net;
}

int64_t net_clock_ms(void)
{
    return 0;
}

int64_t net_wall_time_s(void)
{
    return 1764147600;
}

struct world {
    struct arena *arena;
    struct net net;
    struct github *github;
    const char *bytes;
    size_t size;
};

/* A sentence that may stand in a log: nobody else's line break or control character is in it. */
static void check_err(int rc, const struct err *err)
{
    REQUIRE(rc == 0 || rc == -1);
    if (rc == 0)
        return;
    REQUIRE(err->code != ERR_NONE && *err->message);
    for (const unsigned char *c = (const unsigned char *)err->message; *c; c++) {
        if (*c < ' ' || *c == 0x7f)
            fprintf(stderr, "the message: %s\n", err->message);
        REQUIRE(*c >= ' ' && *c != 0x7f);
    }
}

/* Whether somebody said it: no value is made up. */
static bool was_said(const struct world *world, const char *text)
{
    return memmem(world->bytes, world->size, text, strlen(text)) ||
           memchr(world->bytes, '\\', world->size); /* an escape of JSON */
}

static void check_login(const struct world *world, const char *login)
{
    REQUIRE(!login || (shape_is_login(login) && was_said(world, login)));
}

static void check_id(const struct world *world, const char *id)
{
    REQUIRE(!id || (shape_is_id(id) && was_said(world, id)));
}

static void ask_pulls(struct world *world)
{
    struct pulls pulls = {0};
    struct err err = {0};
    int rc = pulls_of_commit(world->arena, world->github, ID, &pulls, &err);
    check_err(rc, &err);
    for (size_t i = 0; rc == 0 && i < pulls.count; i++) {
        const struct pull *pull = &pulls.items[i];
        REQUIRE(pull->number > 0 && pull->head_id && pull->base_branch && shape_is_ref(pull->base_branch));
        check_login(world, pull->author);
        check_id(world, pull->head_id);
        check_id(world, pull->merge_commit_id);
    }
}

static void ask_reviews(struct world *world)
{
    struct reviews reviews = {0};
    struct err err = {0};
    int rc = pull_reviews(world->arena, world->github, PULL, &reviews, &err);
    check_err(rc, &err);
    for (size_t i = 0; rc == 0 && i < reviews.count; i++) {
        check_login(world, reviews.items[i].login);
        check_id(world, reviews.items[i].commit_id);
        REQUIRE(reviews.items[i].state != REVIEW_APPROVED || was_said(world, "APPROVED"));
    }
}

static void ask_people(struct world *world)
{
    struct strings logins = {0};
    const char *unknown = NULL, *actor = NULL;
    bool may = false;
    struct err err = {0};
    check_err(pull_people(world->arena, world->github, PULL, &logins, &unknown, &err), &err);
    for (size_t i = 0; i < logins.count; i++)
        check_login(world, logins.items[i]);
    err = (struct err){0};
    check_err(pull_may_write(world->arena, world->github, "ada", &may, &err), &err);
    REQUIRE(!may || was_said(world, "write") || was_said(world, "admin"));
    err = (struct err){0};
    int rc = pull_label_actor(world->arena, world->github, PULL, "iamlease:removals-ok", &actor, &err);
    check_err(rc, &err);
    if (rc == 0) {
        check_login(world, actor);
        REQUIRE(!actor || was_said(world, "iamlease:removals-ok"));
    }
}

static void ask_comment(struct world *world)
{
    const struct comment_request request = {.number = PULL, .key = ".", .hash = "0f", .body = "words"};
    struct comment_result result = {0};
    struct err err = {0};
    int rc = comment_publish(world->arena, world->github, &request, &result, &err);
    check_err(rc, &err);
    if (rc < 0)
        return;
    REQUIRE(!result.url || (str_prefix(result.url, "https://") && was_said(world, result.url)));
    REQUIRE(result.action != COMMENT_UNCHANGED || was_said(world, "iamlease:. 0f"));
}

static void ask_refs(struct world *world)
{
    const char *id = NULL, *branch = NULL;
    bool exists = false;
    struct err err = {0};
    int rc = refs_read(world->arena, world->github, "refs/tags/iamlease/applied", &id, &err);
    check_err(rc, &err);
    if (rc == 0)
        check_id(world, id);
    err = (struct err){0};
    check_err(refs_create(world->arena, world->github, "refs/tags/iamlease/applied", ID, &exists, &err), &err);
    err = (struct err){0};
    rc = refs_default_branch(world->arena, world->github, &branch, &err);
    check_err(rc, &err);
    REQUIRE(rc < 0 || shape_is_ref(branch));
}

static void ask_commits(struct world *world)
{
    const char *ids[3] = {NULL, NULL, NULL};
    struct event event = {0};
    struct err err = {0};
    int rcs[3];
    rcs[0] = fetch_commit_id(world->arena, world->github, "feature/a", &ids[0], &err);
    check_err(rcs[0], &err);
    err = (struct err){0};
    rcs[1] = fetch_merge_base(world->arena, world->github, "main", ID, &ids[1], &err);
    check_err(rcs[1], &err);
    err = (struct err){0};
    rcs[2] = fetch_applied(world->arena, world->github, &ids[2], &err);
    check_err(rcs[2], &err);
    for (size_t i = 0; i < 3; i++)
        if (rcs[i] == 0)
            check_id(world, ids[i]);
    err = (struct err){0};
    int rc = fetch_pull_request(world->arena, world->github, PULL, &event, &err);
    check_err(rc, &err);
    if (rc < 0)
        return;
    check_id(world, event.head_id);
    check_id(world, event.base_id);
    check_login(world, event.author);
    REQUIRE(shape_is_ref(event.head_branch) && shape_is_ref(event.base_branch));
    REQUIRE(!event.is_fork || !event.head_repository || !str_eq(event.head_repository, "acme/access"));
}

static char repo_folder[] = "/tmp/fuzz-answers-XXXXXX";

static struct repo *repo;

static void remove_repo(void)
{
    static const char *const parts[] = {"/.git/HEAD", "/.git/objects", "/.git/refs", "/.git", ""};
    char path[64];
    repo_closep(&repo);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(path, sizeof path, "%s%s", repo_folder, parts[i]);
        (void)remove(path);
    }
}

/* An empty repository, made once; what is fetched stays in memory, and is what its id says. */
static void make_repo(void)
{
    static const char *const folders[] = {"/.git", "/.git/objects", "/.git/refs"};
    struct err err;
    char path[64];
    if (repo)
        return;
    REQUIRE(mkdtemp(repo_folder));
    atexit(remove_repo);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s%s", repo_folder, folders[i]);
        REQUIRE(mkdir(path, 0700) == 0);
    }
    snprintf(path, sizeof path, "%s/.git/HEAD", repo_folder);
    FILE *file = fopen(path, "w");
    REQUIRE(file && fputs("ref: refs/heads/main\n", file) >= 0 && fclose(file) == 0);
    REQUIRE(repo_open(&repo, repo_folder, &err) == 0);
}

static void check_folder(struct world *world, const char *tree_id)
{
    struct tree_entries entries = {0};
    struct err err = {0};
    REQUIRE(repo_list_tree(world->arena, repo, tree_id, &entries, &err) == 0);
    for (size_t i = 0; i < entries.count; i++) {
        const char *text;
        size_t size;
        if (entries.items[i].kind == ENTRY_FILE && str_suffix(entries.items[i].name, ".yaml"))
            REQUIRE(repo_read_blob(world->arena, repo, entries.items[i].id, &text, &size, &err) == 0 &&
                    strlen(text) <= size);
    }
}

/* The first answer is the id of the tree. What was fetched without trouble can be read, to the last file. */
static void ask_places(struct world *world)
{
    struct strings places = {0};
    struct err err = {0};
    const struct tree_entry *entry;
    const char *tree_id = world->net.at;
    if (!shape_is_id(tree_id))
        return;
    world->net.at += strlen(tree_id) + 1;
    make_repo();
    strings_add(world->arena, &places, "aws-policies");
    strings_add(world->arena, &places, "iamlease.yaml");
    int rc = fetch_places(world->arena, repo, world->github, tree_id, &places, &err);
    check_err(rc, &err);
    if (rc < 0)
        return;
    REQUIRE(repo_has_object(repo, tree_id));
    REQUIRE(repo_find_entry(world->arena, repo, tree_id, "aws-policies", &entry, &err) == 0);
    if (entry && entry->kind == ENTRY_FOLDER)
        check_folder(world, entry->id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct err err;
    if (!size)
        return 0;
    const char *text = arena_strndup(arena, "", 0);
    char *bytes = arena_alloc(arena, size);
    memcpy(bytes, data + 1, size - 1);
    bytes[size - 1] = 0;
    struct world world = {.arena = arena, .bytes = bytes, .size = size - 1};
    world.net.at = size > 1 ? bytes : text;
    world.net.end = world.net.at + (size - 1);
    if (!secret_is_set(&token))
        secret_set(&token, "t0ken", 5);
    const struct github_options options = {.net = &world.net,
                                           .api_url = API,
                                           .repository = "acme/access",
                                           .token = &token};
    REQUIRE(github_open(arena, &options, &world.github, &err) == 0);
    switch (*data) {
    case 'p': ask_pulls(&world); break;
    case 'v': ask_reviews(&world); break;
    case 'w': ask_people(&world); break;
    case 'c': ask_comment(&world); break;
    case 'r': ask_refs(&world); break;
    case 'i': ask_commits(&world); break;
    case 't': ask_places(&world); break;
    default: break;
    }
    return 0;
}
