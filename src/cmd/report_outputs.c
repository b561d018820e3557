/* SPDX-License-Identifier: Apache-2.0 */
/* The report of apply in a job: on the pull requests that were merged, and as outputs of the step. */
#include "base/str.h"
#include "cmd/output.h"
#include "flow/publishing.h"
#include "github/comment.h"
#include "render/summary.h"

enum { TEXT_MAX = 16 * 1024 * 1024, PULLS_MAX = 20 };

/* The comment beside that of the plan; of each shard and each choice of teams its own. */
static const char *comment_key(struct invocation *invocation)
{
    const struct options *options = &invocation->options;
    const char *key = options->comment_key   ? options->comment_key
                      : options->config_root ? options->config_root
                                             : "";
    key = arena_printf(invocation->arena, "%s/apply", *key ? key : ".");
    for (size_t i = 0; i < options->teams.count; i++)
        key = arena_printf(invocation->arena, "%s/%s", key, options->teams.items[i]);
    return options->shard ? arena_printf(invocation->arena, "%s/%s", key, options->shard) : key;
}

static const char *publish(struct invocation *invocation, const struct actions *actions,
                           const struct report *report)
{
    struct buf text;
    char hash[SHA256_HEX_SIZE];
    const char *url = NULL;
    size_t first = report->pulls.count > PULLS_MAX ? report->pulls.count - PULLS_MAX : 0;
    const struct comment_options options = actions_comment_options(invocation);
    buf_init(&text, TEXT_MAX);
    render_report_comment(&text, report, &options, hash);
    for (size_t i = first; i < report->pulls.count; i++) {
        const struct event event = {.kind = EVENT_PULL_REQUEST_TARGET,
                                    .name = "pull_request_target",
                                    .number = report->pulls.items[i]};
        const struct publication publication = {.github = actions->github,
                                                .event = &event,
                                                .key = comment_key(invocation),
                                                .markdown = text.bytes,
                                                .hash = hash};
        struct published published = publish_comment(invocation->arena, &publication);
        if (published.notice)
            actions_notice(invocation, published.notice);
        url = published.url;
    }
    buf_free(&text);
    return url;
}

const char *report_comment(struct invocation *invocation, const struct actions *actions,
                           const struct report *report)
{
    const char *comment = invocation->options.comment;
    struct actions last CLEANUP(actions_closep) = {0};
    struct err err;
    if (!actions->github || report->dry_run || (comment && str_eq(comment, "false")))
        return NULL;
    if (!report->stopped)
        return publish(invocation, actions, report);
    if (actions_open_after_stop(invocation, &last, &err) == 0)
        return publish(invocation, &last, report);
    actions_notice(invocation, err.message);
    return NULL;
}

void report_outputs(struct invocation *invocation, const struct report *report, const char *comment_url)
{
    struct arena *arena = invocation->arena;
    const struct tally tally = tally_new(report);
    const struct output outputs[] = {
        {"head", report->plan->head_id},
        {"applied", report->applied_after},
        {"done", arena_printf(arena, "%zu", tally.counts[RESULT_DONE])},
        {"failed", arena_printf(arena, "%zu", tally.counts[RESULT_FAILED] + tally.counts[RESULT_BLOCKED])},
        {"problems", arena_printf(arena, "%zu", report->plan->problems.count)},
        {"comment-url", comment_url},
    };
    actions_outputs(invocation, outputs, sizeof outputs / sizeof *outputs);
}
