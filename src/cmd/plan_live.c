/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/plan_live.h"

#include "flow/live.h"

static void close_net(struct run *run)
{
    net_close(run->net);
}

/* Not asked for by name: AWS is read where the settings name a role for it and there are credentials. */
static bool is_wanted(const struct invocation *invocation, struct comparison *comparison)
{
    if (invocation->options.live)
        return true;
    if (!*live_settings(comparison)->plan_role)
        return false;
    if (aws_has_credentials(&invocation->aws))
        return true;
    strings_add(
        invocation->arena, &comparison->notices,
        "aws.plan_role is set, but there are no credentials for AWS here (a pull request from a fork gets "
        "none): the operations are worked out from the base");
    return false;
}

/* What nobody changes is as wrong as it was, and held: so there are no errors beside those found before. */
static int compare_all(struct invocation *invocation, struct repo *repo, struct comparison *comparison,
                       struct comparison_request *request, struct err *err)
{
    struct diags diags = diags_new(invocation->arena);
    if (!comparison->base.only)
        return 0;
    request->affected_only = false;
    if (flow_compare(invocation->arena, repo, request, comparison, &diags, err) < 0)
        return -1;
    if (diags.errors)
        return err_set(err, ERR_REFUSED,
                       "files that this change does not touch have errors that its base has not");
    return 0;
}

int plan_read_live(struct invocation *invocation, const struct actions *actions, struct repo *repo,
                   struct comparison *comparison, struct comparison_request *request, struct err *err)
{
    struct run run CLEANUP(close_net) = {0};
    struct live *live;
    if (!is_wanted(invocation, comparison))
        return 0;
    if (compare_all(invocation, repo, comparison, request, err) < 0)
        return -1;
    live = ARENA_NEW(invocation->arena, struct live);
    if (open_run_in(invocation, actions, repo, &run, err) < 0 ||
        live_read(&run, comparison, request, live, err) < 0)
        return -1;
    request->live = live;
    return 0;
}
