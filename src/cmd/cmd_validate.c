/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"

int cmd_validate(struct invocation *invocation)
{
    struct err err;
    struct repo *repo CLEANUP(repo_closep) = NULL;
    struct comparison comparison;
    struct diags diags = diags_new(invocation->arena);
    struct actions actions CLEANUP(actions_closep) = {0};
    if (actions_open(invocation, &actions, &err) < 0)
        return output_error(invocation, &err);
    const struct comparison_request request = comparison_request_from(invocation, &actions);
    if (repo_open(&repo, invocation->options.repo, &err) < 0 ||
        flow_compare(invocation->arena, repo, &request, &comparison, &diags, &err) < 0)
        return output_error(invocation, &err);
    int code = diags.errors ? EXIT_TROUBLE : EXIT_DONE;
    for (size_t i = 0; i < comparison.notices.count; i++)
        output_message(invocation, "%s", comparison.notices.items[i]);
    if (invocation->options.json)
        return output_diags_json(invocation, &diags, code);
    output_diags(invocation, &diags);
    size_t files = comparison.head.inputs.count;
    if (!diags.errors)
        output_message(invocation, "%zu file%s, no errors", files, files == 1 ? "" : "s");
    return code;
}
