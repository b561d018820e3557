/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"
#include "flow/planning.h"

#include <errno.h>
#include <string.h>

enum { TEXT_MAX = 256 * 1024 * 1024 };

struct comparison_request comparison_request_from(const struct invocation *invocation)
{
    const struct options *options = &invocation->options;
    const struct github_environment *github = &invocation->github;
    const char *default_head = github->is_actions ? "HEAD" : REPO_WORKTREE;
    return (struct comparison_request){
        .base = options->base,
        .head = options->head ? options->head : default_head,
        .root_option = options->config_root,
        .merge_commit = github->is_actions && github->event_name && !options->base && !options->head &&
                        strcmp(github->event_name, "pull_request") == 0,
        .teams = &options->teams,
        .now_s = invocation->now_s,
    };
}

static bool write_to_file(void *context, const char *bytes, size_t size)
{
    return fwrite(bytes, 1, size, context) == size;
}

/* The plan as JSON, streamed: it can be larger than what fits comfortably into memory. */
static int write_plan(const char *path, const struct plan *plan, struct err *err)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return err_set(err, ERR_IO, "cannot write the plan to '%s': %s", path, strerror(errno));
    struct buf stream;
    buf_init_stream(&stream, write_to_file, file);
    render_plan_json(&stream, plan);
    bool written = buf_finish(&stream);
    buf_free(&stream);
    if (fclose(file) != 0 || !written)
        return err_set(err, ERR_IO, "cannot write the plan to '%s': %s", path, strerror(errno));
    return 0;
}

static int exit_code(const struct invocation *invocation, const struct plan *plan)
{
    for (size_t i = 0; i < plan->problems.count; i++)
        if (plan->problems.items[i].fails_plan)
            return EXIT_TROUBLE;
    bool changes = plan->delta.count || plan->operations.count;
    return invocation->options.detailed_exitcode && changes ? EXIT_CHANGES : EXIT_DONE;
}

/* Markdown that leaves out what must be shown is none: the plan fails, and says why. */
static int check_size(const struct invocation *invocation, const struct plan *plan, bool fits,
                      size_t max_bytes, int code)
{
    struct buf text;
    if (fits)
        return code;
    buf_init(&text, TEXT_MAX);
    render_plan_overflow(&text, plan, max_bytes);
    output_message(invocation, "%s", text.bytes);
    buf_free(&text);
    return EXIT_TROUBLE;
}

static int print_plan(struct invocation *invocation, const struct plan *plan, const struct diags *diags)
{
    const struct options *options = &invocation->options;
    int code = exit_code(invocation, plan);
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (invocation->github.is_actions) {
        code = check_size(invocation, plan, render_plan_summary(&text, plan), PLAN_SUMMARY_BYTES_MAX, code);
        output_summary(invocation, &text);
        buf_clear(&text);
        if (!options->json)
            render_plan_annotations(&text, plan, diags);
        fwrite(text.bytes, 1, text.size, invocation->out);
        buf_clear(&text);
    }
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

int cmd_plan(struct invocation *invocation)
{
    struct err err;
    struct repo *repo CLEANUP(repo_closep) = NULL;
    struct comparison comparison;
    struct diags diags = diags_new(invocation->arena);
    struct plan plan;
    struct comparison_request request = comparison_request_from(invocation);
    request.affected_only = true;
    if (repo_open(&repo, invocation->options.repo, &err) < 0 ||
        flow_compare(invocation->arena, repo, &request, &comparison, &diags, &err) < 0)
        return output_error(invocation, &err);
    if (diags.errors && invocation->options.json)
        return output_diags_json(invocation, &diags, EXIT_TROUBLE);
    output_diags(invocation, &diags);
    if (diags.errors) {
        output_message(invocation, "no plan: mend the errors first");
        return EXIT_TROUBLE;
    }
    flow_plan(invocation->arena, &comparison, &request, &plan);
    if (invocation->options.out && write_plan(invocation->options.out, &plan, &err) < 0)
        return output_error(invocation, &err);
    return print_plan(invocation, &plan, &diags);
}
