/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "cmd/output.h"
#include "cmd/plan_live.h"
#include "cmd/step_outputs.h"
#include "flow/planning.h"
#include "render/summary.h"

enum { TEXT_MAX = 256 * 1024 * 1024 };

static int exit_code(const struct invocation *invocation, const struct plan *plan)
{
    for (size_t i = 0; i < plan->problems.count; i++)
        if (plan->problems.items[i].fails_plan)
            return EXIT_TROUBLE;
    return invocation->options.detailed_exitcode && plan_has_changes(plan) ? EXIT_CHANGES : EXIT_DONE;
}

/* Markdown that leaves out what must be shown is none: the plan fails, and says why. */
static int check_size(const struct invocation *invocation, const struct plan *plan, bool fits,
                      size_t max_bytes, int code)
{
    struct buf text;
    struct err err;
    if (fits)
        return code;
    buf_init(&text, TEXT_MAX);
    render_plan_overflow(&text, plan, max_bytes);
    err_set(&err, ERR_REFUSED, "%s", text.bytes);
    buf_free(&text);
    return output_error(invocation, &err);
}

/* Summary, annotations, comment and outputs; gives the exit code, given what it is so far. */
static int publish_plan(struct invocation *invocation, const struct actions *actions,
                        const struct comparison *comparison, const struct plan *plan,
                        const struct diags *diags, int code)
{
    struct buf text;
    char hash[SHA256_HEX_SIZE];
    const char *comment_url = NULL;
    buf_init(&text, TEXT_MAX);
    if (invocation->github.is_actions) {
        code = check_size(invocation, plan, render_plan_summary(&text, plan), PLAN_SUMMARY_BYTES_MAX, code);
        output_summary(invocation, &text);
        buf_clear(&text);
        if (!invocation->options.json)
            render_plan_annotations(&text, plan, diags);
        fwrite(text.bytes, 1, text.size, invocation->out);
        buf_clear(&text);
    }
    if (actions_want_comment(invocation, actions)) {
        const struct comment_options options = actions_comment_options(invocation);
        bool fits = render_plan_comment(&text, plan, &options, hash);
        code = check_size(invocation, plan, fits, options.max_bytes, code);
        comment_url = actions_comment(invocation, actions, &text, hash);
    }
    step_outputs(invocation, comparison, plan, comment_url);
    buf_free(&text);
    return code;
}

static int print_plan(struct invocation *invocation, const struct plan *plan, int code)
{
    const struct options *options = &invocation->options;
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (options->json) {
        render_plan_json(&text, plan);
    } else if (options->markdown) {
        char hash[SHA256_HEX_SIZE];
        const struct comment_options comment = {.max_bytes = COMMENT_BYTES_MAX};
        code = check_size(invocation, plan, render_plan_comment(&text, plan, &comment, hash),
                          COMMENT_BYTES_MAX, code);
    } else {
        render_plan_text(&text, plan, output_style(invocation));
    }
    code = output_result(invocation, &text, code);
    buf_free(&text);
    return code;
}

/* An old plan must not stand there as if it were the answer to what was pushed since. */
static int publish_error(struct invocation *invocation, const struct actions *actions, const struct err *err)
{
    struct buf text;
    char hash[SHA256_HEX_SIZE];
    buf_init(&text, TEXT_MAX);
    output_error_markdown(&text, err);
    if (actions_want_comment(invocation, actions))
        (void)actions_comment(invocation, actions, &text, sha256_hex(text.bytes, text.size, hash));
    buf_free(&text);
    return output_error(invocation, err);
}

static int publish_diags(struct invocation *invocation, const struct actions *actions,
                         const struct diags *diags)
{
    if (actions_want_comment(invocation, actions)) {
        struct buf text;
        char hash[SHA256_HEX_SIZE];
        const struct comment_options options = actions_comment_options(invocation);
        buf_init(&text, TEXT_MAX);
        render_diags_comment(&text, diags, &options, hash);
        const struct output output = {"comment-url", actions_comment(invocation, actions, &text, hash)};
        actions_outputs(invocation, &output, 1);
        buf_free(&text);
    }
    if (invocation->options.json)
        return output_diags_json(invocation, diags, EXIT_TROUBLE);
    output_diags(invocation, diags);
    output_message(invocation, "no plan: mend the errors first");
    return EXIT_TROUBLE;
}

int cmd_plan(struct invocation *invocation)
{
    struct err err;
    struct repo *repo CLEANUP(repo_closep) = NULL;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct comparison comparison;
    struct diags diags = diags_new(invocation->arena);
    struct plan plan;
    if (actions_open(invocation, &actions, &err) < 0)
        return output_error(invocation, &err);
    struct comparison_request request = comparison_request_from(invocation, &actions);
    request.affected_only = !invocation->options.live;
    if (repo_open(&repo, invocation->options.repo, &err) < 0 ||
        flow_plan(invocation->arena, repo, &request, &comparison, &diags, &plan, &err) < 0)
        return publish_error(invocation, &actions, &err);
    if (diags.errors)
        return publish_diags(invocation, &actions, &diags);
    output_diags(invocation, &diags);
    if (plan_read_live(invocation, &actions, repo, &request, &comparison, &plan, &err) < 0)
        return publish_error(invocation, &actions, &err);
    plan.warnings = &diags;
    if (invocation->options.out && plan_write(invocation->options.out, &plan, &err) < 0)
        return output_error(invocation, &err);
    int code = publish_plan(invocation, &actions, &comparison, &plan, &diags, exit_code(invocation, &plan));
    return print_plan(invocation, &plan, code);
}
