/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/actions.h"
#include "flow/publishing.h"
#include "github/comment.h"

#include <assert.h>

static_assert((size_t)COMMENT_BYTES_MAX == (size_t)COMMENT_BODY_MAX, "what is rendered can be sent");

bool actions_want_comment(const struct invocation *invocation, const struct actions *actions)
{
    const char *comment = invocation->options.comment;
    return actions->has_event && event_is_pull_request(&actions->event) && actions->event.number &&
           !(comment && str_eq(comment, "false"));
}

struct comment_options actions_comment_options(struct invocation *invocation)
{
    const struct github_environment *github = &invocation->github;
    struct comment_options options = {.max_bytes = COMMENT_BYTES_MAX};
    if (github->is_actions && github->server_url && github->repository && github->run_id)
        options.summary_url = arena_printf(invocation->arena, "%s/%s/actions/runs/%s", github->server_url,
                                           github->repository, github->run_id);
    return options;
}

const char *actions_comment(struct invocation *invocation, const struct actions *actions,
                            const struct buf *markdown, const char *hash)
{
    const struct options *options = &invocation->options;
    const struct publication publication = {
        .github = actions->github,
        .event = &actions->event,
        .key = options->comment_key   ? options->comment_key
               : options->config_root ? options->config_root
                                      : "",
        .markdown = markdown->bytes,
        .hash = hash,
    };
    struct published published = publish_comment(invocation->arena, &publication);
    if (published.notice)
        actions_notice(invocation, published.notice);
    return published.url;
}
