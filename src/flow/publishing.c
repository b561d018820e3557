/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/publishing.h"

#include "base/str.h"
#include "github/comment.h"

#include <string.h>

/* Whose token only reads, whatever the workflow says (facts/github.md §3.2). */
static const char *why_read_only(const struct event *event)
{
    if (event->kind == EVENT_PULL_REQUEST && event->is_fork)
        return " (it comes from a fork, where tokens only read; a workflow_run can post the comment, see docs/action.md)";
    if (event->kind == EVENT_PULL_REQUEST && event->author && str_eq(event->author, "dependabot[bot]"))
        return " (it comes from Dependabot, whose token only reads)";
    return "";
}

struct published publish_comment(struct arena *arena, const struct publication *publication)
{
    struct published published = {0};
    struct comment_result result;
    struct err err = {0};
    const struct event *event = publication->event;
    if (!publication->github) {
        published.notice =
            "no comment on the pull request: there is no token (input github-token); the job summary has all "
            "of it";
        return published;
    }
    const struct comment_request request = {.number = event->number,
                                            .key = publication->key,
                                            .hash = publication->hash,
                                            .body = publication->markdown};
    if (comment_publish(arena, publication->github, &request, &result, &err) < 0) {
        published.notice =
            arena_printf(arena, "no comment on the pull request%s: %s; the job summary has all of it",
                         why_read_only(event), err.message);
        return published;
    }
    published.url = result.url;
    published.notice = result.trouble;
    return published;
}
