/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/plan_live.h"

#include "flow/live.h"

static void close_net(struct run *run)
{
    net_close(run->net);
}

/* Not asked for by name: AWS is read where the settings name a role for it and there are credentials. */
static bool is_wanted(const struct invocation *invocation, const struct comparison *comparison,
                      struct strings *notices)
{
    if (invocation->options.live)
        return true;
    if (!*live_settings(comparison)->plan_role)
        return false;
    if (source_is_empty(&comparison->base)) {
        strings_add(invocation->arena, notices,
                    "the base has no configuration, and a change must not choose the role that reads AWS: the "
                    "operations are worked out from git");
        return false;
    }
    if (aws_has_credentials(&invocation->aws))
        return true;
    strings_add(
        invocation->arena, notices,
        "aws.plan_role is set, but there are no credentials for AWS here (a pull request from a fork gets "
        "none): the operations are worked out from the base");
    return false;
}

/* All teams at once: AWS holds the access of all. */
static int compare_all(struct invocation *invocation, struct repo *repo, struct comparison_request *request,
                       struct comparison *ret, struct err *err)
{
    struct diags diags = diags_new(invocation->arena);
    request->affected_only = false;
    if (compare_open(invocation->arena, repo, request, ret, err) < 0 ||
        compare_whole(invocation->arena, request, ret, &diags, err) < 0)
        return -1;
    if (diags.errors)
        return err_set(err, ERR_REFUSED,
                       "files that this change does not touch have errors that its base has not");
    return 0;
}

int plan_read_live(struct invocation *invocation, const struct actions *actions, struct repo *repo,
                   struct comparison_request *request, struct comparison *comparison, struct plan *plan,
                   struct err *err)
{
    struct run run CLEANUP(close_net) = {0};
    struct strings notices = {0};
    if (!is_wanted(invocation, comparison, &notices)) {
        if (invocation->options.adopt)
            strings_add(invocation->arena, &notices, "what --adopt takes over stands in AWS: --live shows it");
        for (size_t i = 0; i < notices.count; i++)
            *VEC_ADD(invocation->arena, &plan->notices) = notices.items[i];
        return 0;
    }
    struct live *live = ARENA_NEW(invocation->arena, struct live);
    if (compare_all(invocation, repo, request, comparison, err) < 0 ||
        open_run_in(invocation, actions, repo, &run, err) < 0 ||
        live_read(&run, comparison, request, live, err) < 0)
        return -1;
    request->live = live;
    flow_plan_whole(invocation->arena, comparison, request, plan);
    return 0;
}
