/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"
#include "flow/port_revoke.h"
#include "flow/revocation.h"

/* A lease by its name, without Port; where there are credentials of it, its catalog is brought up to date. */
static int revoke_named(struct invocation *invocation, const struct actions *actions, const struct run *run,
                        const struct apply_request *request)
{
    struct err err;
    struct report report;
    if (flow_revoke(run, request, invocation->options.lease, &report, &err) < 0)
        return output_error(invocation, &err);
    report_outputs(invocation, &report, NULL);
    port_sync_after(invocation, actions, run->repo, &report);
    return output_report(invocation, &report);
}

int cmd_revoke(struct invocation *invocation)
{
    struct err err;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct run run CLEANUP(close_run) = {0};
    struct port_revoked revoked;
    const struct apply_request request = request_from(invocation);
    const struct port_asking asking = {.environment = &invocation->port,
                                       .root_option = invocation->options.config_root,
                                       .now_s = invocation->now_s,
                                       .request = &request};
    if (open_run(invocation, &actions, &run, &err) < 0)
        return output_error(invocation, &err);
    if (invocation->options.lease)
        return revoke_named(invocation, &actions, &run, &request);
    int rc = flow_port_revoke(&run, &request, &asking, &revoked, &err);
    for (size_t i = 0; i < revoked.notices.count; i++)
        actions_notice(invocation, revoked.notices.items[i]);
    if (rc < 0 && revoked.report.plan)
        output_report(invocation, &revoked.report);
    if (rc < 0)
        return output_error(invocation, &err);
    if (revoked.url)
        output_message(invocation, "its entry goes with %s", revoked.url);
    const struct output output = {"pull-request-url", revoked.url};
    actions_outputs(invocation, &output, 1);
    report_outputs(invocation, &revoked.report, NULL);
    return output_report(invocation, &revoked.report);
}
