/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/output.h"

/* The accounts that --account means: teams may call one account by several names. */
static struct strings accounts_asked_for(struct arena *arena, const struct holdings *holdings,
                                         const struct strings *asked)
{
    struct strings ids = {0};
    for (size_t i = 0; i < holdings->count; i++) {
        const struct holding *holding = &holdings->items[i];
        if (strings_contain(asked, holding->account_id) ||
            (holding->environment && strings_contain(asked, holding->environment)))
            strings_add_unique(arena, &ids, holding->account_id);
    }
    return ids;
}

/* Keeps the rows that --user and --account ask for. */
static void filter(struct invocation *invocation, struct holdings *holdings)
{
    const struct options *options = &invocation->options;
    const char *user =
        options->user ? principal_user_name(invocation->arena, holdings->settings, options->user) : NULL;
    struct strings accounts = accounts_asked_for(invocation->arena, holdings, &options->account);
    size_t kept = 0;
    for (size_t i = 0; i < holdings->count; i++) {
        const struct holding *holding = &holdings->items[i];
        if ((!options->account.count || strings_contain(&accounts, holding->account_id)) &&
            (!user || str_casecmp(holding->principal, user) == 0))
            holdings->items[kept++] = *holding;
    }
    holdings->count = kept;
}

int cmd_who(struct invocation *invocation)
{
    struct err err;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct run run CLEANUP(close_run) = {0};
    struct holdings holdings;
    struct diags diags = diags_new(invocation->arena);
    const struct apply_request request = request_from(invocation);
    if (open_run(invocation, &actions, &run, &err) < 0)
        return output_error(invocation, &err);
    int rc = flow_who(&run, &request, &diags, &holdings, &err);
    if (diags.errors)
        output_diags(invocation, &diags);
    if (rc < 0)
        return output_error(invocation, &err);
    filter(invocation, &holdings);
    struct buf text;
    buf_init(&text, 256 * 1024 * 1024);
    if (invocation->options.json)
        render_who_json(&text, &holdings);
    else
        render_who_text(&text, &holdings, output_style(invocation));
    int code = output_result(invocation, &text, holdings.problems.count ? EXIT_TROUBLE : EXIT_DONE);
    buf_free(&text);
    return code;
}
