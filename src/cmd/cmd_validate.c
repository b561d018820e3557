/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"
#include "flow/planning.h"

int cmd_validate(struct invocation *invocation)
{
    const struct options *options = &invocation->options;
    struct err err;
    struct repo *repo CLEANUP(repo_closep) = NULL;
    struct comparison comparison;
    struct diags diags = diags_new(invocation->arena);
    struct buf text;
    const struct comparison_request request = comparison_request_from(invocation);
    if (repo_open(&repo, options->repo, &err) < 0 ||
        flow_compare(invocation->arena, repo, &request, &comparison, &diags, &err) < 0)
        return output_error(invocation, &err);
    int code = diags.errors ? EXIT_TROUBLE : EXIT_DONE;
    buf_init(&text, 64 * 1024 * 1024);
    if (options->json) {
        render_diags_json(&text, &diags);
        code = output_result(invocation, &text, code);
    } else {
        output_diags(invocation, &diags);
    }
    buf_free(&text);
    if (!diags.errors)
        output_message(invocation, "%zu file%s, no errors", comparison.head.inputs.count,
                       comparison.head.inputs.count == 1 ? "" : "s");
    return code;
}
