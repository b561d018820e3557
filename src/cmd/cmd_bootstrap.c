/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/output.h"
#include "flow/bootstrapping.h"

/* CloudFormation's quota "Template body size in a request". */
enum { TEXT_MAX = 16 * 1024 * 1024, TEMPLATE_BODY_MAX = 51200 };

static struct bootstrap_request bootstrap_request_from(const struct invocation *invocation)
{
    const struct options *options = &invocation->options;
    return (struct bootstrap_request){
        .head = options->head,
        .root_option = options->config_root,
        .hub_account = options->hub_account,
        .repository = options->repository,
        .repository_ids = options->repository_ids,
        .through_role = options->through_role,
        .accounts = &options->accounts,
        .journal = options->journal,
        .dry_run = options->dry_run,
        .check = options->check,
        .now_s = invocation->now_s,
    };
}

/* What --print takes. */
static const struct {
    const char *name;
    void (*write)(struct buf *out, const struct bootstrap *bootstrap);
    bool is_template;
} printers[] = {
    {"cloudformation", render_bootstrap_hub, true},
    {"stackset", render_bootstrap_members, true},
    {"cli", render_bootstrap_commands, false},
};

static int print(struct invocation *invocation, const struct bootstrap *wanted)
{
    struct err err;
    for (size_t i = 0; i < sizeof printers / sizeof *printers; i++) {
        if (!str_eq(printers[i].name, invocation->options.print))
            continue;
        struct buf text;
        buf_init(&text, TEXT_MAX);
        printers[i].write(&text, wanted);
        if (printers[i].is_template && text.size > TEMPLATE_BODY_MAX)
            output_message(invocation,
                           "the template has %zu bytes: CloudFormation takes more than %d from a bucket of S3 "
                           "only, by --template-url",
                           text.size, TEMPLATE_BODY_MAX);
        int code = output_result(invocation, &text, EXIT_DONE);
        buf_free(&text);
        return code;
    }
    err_set(&err, ERR_USAGE,
            "--print '%.64s': there is 'cloudformation' (the hub), 'stackset' (the other accounts) "
            "and 'cli'",
            invocation->options.print);
    return output_error(invocation, &err);
}

static int work(struct invocation *invocation, const struct run *run, const struct bootstrap_request *request,
                const struct bootstrap_plan *bootstrap)
{
    struct report report;
    struct err err;
    if (invocation->options.print)
        return print(invocation, &bootstrap->wanted);
    if (flow_bootstrap(run, request, bootstrap, &report, &err) < 0)
        return output_error(invocation, &err);
    return output_report(invocation, &report);
}

int cmd_bootstrap(struct invocation *invocation)
{
    struct err err;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct run run CLEANUP(close_run) = {0};
    struct diags diags = diags_new(invocation->arena);
    struct bootstrap_plan bootstrap;
    const struct bootstrap_request request = bootstrap_request_from(invocation);
    if (open_run(invocation, &actions, &run, &err) < 0 ||
        bootstrap_describe(invocation->arena, run.repo, run.is_actions, &request, &diags, &bootstrap, &err) < 0)
        return output_error(invocation, &err);
    output_diags(invocation, &diags);
    return diags.errors ? EXIT_TROUBLE : work(invocation, &run, &request, &bootstrap);
}
