/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the file of an event, for every kind of event. What is taken from it can stand in a URL, name
 * a ref and stand in a line of a log.
 */
#include "base/str.h"
#include "github/event.h"
#include "github/shape.h"
#include "require.h"

static const char *const names[] = {"pull_request", "pull_request_target", "merge_group",  "push",
                                    "schedule",     "workflow_dispatch",   "workflow_run", "issue_comment"};

/* Independent of shape.c: no blank, no control character, nothing that git or a URL would read as more than a name. */
static void check_name(const char *text)
{
    if (!text)
        return;
    REQUIRE(*text && strlen(text) <= 255 && *text != '-');
    for (const char *c = text; *c; c++)
        REQUIRE((unsigned char)*c > ' ' && *c != 0x7f && !strchr("~^:?*\\", *c));
    REQUIRE(!strstr(text, "..") || !strchr(text, '/') || !strstr(text, "/../"));
}

static void check_id(const char *text)
{
    REQUIRE(!text || (strlen(text) == 40 && strspn(text, "0123456789abcdef") == 40));
}

static void check_event(const struct event *event, const char *name)
{
    REQUIRE(str_eq(event->name, name) && event->kind == event_kind_of(name));
    check_id(event->base_id);
    check_id(event->head_id);
    check_name(event->base_branch);
    check_name(event->head_branch);
    check_name(event->default_branch);
    check_name(event->ref);
    check_name(event->repository);
    check_name(event->head_repository);
    check_name(event->author);
    REQUIRE(event->number >= 0 && event->number <= INT32_MAX);
    REQUIRE(!event->repository || strchr(event->repository, '/') == strrchr(event->repository, '/'));
    if (event_is_pull_request(event))
        REQUIRE(event->number && event->base_id && event->head_id && event->base_branch &&
                event->repository && (event->is_fork || event->head_repository));
    if (event->kind == EVENT_MERGE_GROUP)
        REQUIRE(event->base_id && event->head_id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct arena *arena CLEANUP(arena_freep) = arena_new();
        struct event event, again;
        struct err err = {0};
        int rc = event_parse(arena, names[i], (const char *)data, size, &event, &err);
        REQUIRE(rc == 0 || rc == -1);
        if (rc < 0) {
            REQUIRE(err.code == ERR_INPUT && *err.message && err.message[strlen(err.message) - 1] != '.');
            continue;
        }
        check_event(&event, names[i]);
        /* Reading is a function of the bytes. */
        REQUIRE(event_parse(arena, names[i], (const char *)data, size, &again, &err) == 0);
        REQUIRE(again.number == event.number && again.is_fork == event.is_fork &&
                again.labels.count == event.labels.count);
    }
    return 0;
}
