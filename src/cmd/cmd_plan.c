/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"
#include "cmd/plan_outputs.h"
#include "flow/planning.h"

enum { TEXT_MAX = 256 * 1024 * 1024 };

struct comparison_request comparison_request_from(const struct invocation *invocation,
                                                  const struct actions *actions)
{
    const struct options *options = &invocation->options;
    return (struct comparison_request){
        .sides = {.base = options->base,
                  .head = options->head,
                  .is_actions = invocation->github.is_actions,
                  .event = actions->has_event ? &actions->event : NULL,
                  .github = actions->github},
        .root_option = options->config_root,
        .teams = &options->teams,
        .now_s = invocation->now_s,
    };
}

static int exit_code(const struct invocation *invocation, const struct plan *plan)
{
    for (size_t i = 0; i < plan->problems.count; i++)
        if (plan->problems.items[i].fails_plan)
            return EXIT_TROUBLE;
    bool changes = plan->delta.count || plan->operations.count;
    return invocation->options.detailed_exitcode && changes ? EXIT_CHANGES : EXIT_DONE;
}

/* The plan with a clock that stands still: it differs only when something but the time has changed. */
static void render_stable(struct buf *out, const struct plan *plan)
{
    struct plan still = *plan;
    still.now_s = 0;
    render_plan_markdown(out, &still);
}

/* In the pull request's comment, the job summary and on standard output. */
static int publish_plan(struct invocation *invocation, const struct actions *actions, const struct plan *plan)
{
    const struct options *options = &invocation->options;
    struct buf text, stable;
    buf_init(&text, TEXT_MAX);
    buf_init(&stable, TEXT_MAX);
    render_plan_markdown(&text, plan);
    render_stable(&stable, plan);
    output_summary(invocation, &text);
    plan_outputs(invocation, plan, actions_comment(invocation, actions, &text, &stable));
    if (!options->markdown || options->json) {
        buf_clear(&text);
        if (options->json)
            render_plan_json(&text, plan);
        else
            render_plan_text(&text, plan, output_style(invocation));
    }
    int code = output_result(invocation, &text, exit_code(invocation, plan));
    buf_free(&text);
    buf_free(&stable);
    return code;
}

/* An old plan must not stand there as if it were the answer to what was pushed since. */
static int publish_error(struct invocation *invocation, const struct actions *actions, const struct err *err)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    output_error_markdown(&text, err);
    (void)actions_comment(invocation, actions, &text, &text);
    buf_free(&text);
    return output_error(invocation, err);
}

static int publish_diags(struct invocation *invocation, const struct actions *actions,
                         const struct diags *diags)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    render_diags_markdown(&text, diags);
    const struct output output = {"comment-url", actions_comment(invocation, actions, &text, &text)};
    actions_outputs(invocation, &output, 1);
    buf_free(&text);
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
    const struct comparison_request request = comparison_request_from(invocation, &actions);
    if (repo_open(&repo, invocation->options.repo, &err) < 0 ||
        flow_compare(invocation->arena, repo, &request, &comparison, &diags, &err) < 0)
        return publish_error(invocation, &actions, &err);
    if (diags.errors)
        return publish_diags(invocation, &actions, &diags);
    output_diags(invocation, &diags);
    flow_plan(invocation->arena, &comparison, &request, &plan);
    if (invocation->options.out && plan_write(invocation->options.out, &plan, &err) < 0)
        return output_error(invocation, &err);
    return publish_plan(invocation, &actions, &plan);
}
