/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"

int cmd_apply(struct invocation *invocation)
{
    struct err err;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct run run CLEANUP(close_run) = {0};
    struct report report;
    struct diags diags = diags_new(invocation->arena);
    const struct apply_request request = request_from(invocation);
    if (open_run(invocation, &actions, &run, &err) < 0)
        return output_error(invocation, &err);
    int rc = flow_apply(&run, &request, &diags, &report, &err);
    output_diags(invocation, &diags);
    if (rc < 0)
        return output_error(invocation, &err);
    report_outputs(invocation, &report, report_comment(invocation, &actions, &report));
    port_sync_after(invocation, &actions, run.repo, &report);
    return output_report(invocation, &report);
}
