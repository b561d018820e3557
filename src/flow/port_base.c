/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_base.h"

#include "base/str.h"
#include "github/refs.h"
#include "net/net.h"

enum { LAST_WORDS_S = 60 };

static int find_tip(const struct run *run, struct port_base *base, const char **ret, struct err *err)
{
    if (!run->github)
        return err_set(err, ERR_USAGE,
                       "this opens pull requests: it runs in GitHub Actions, with the input github-token");
    if (!run->event || run->event->kind != EVENT_DISPATCH)
        return err_set(err, ERR_USAGE,
                       "this is for the event workflow_dispatch, by which Port starts the workflow");
    if (refs_default_branch(run->arena, run->github, &base->branch, err) < 0)
        return -1;
    const char *ref = arena_printf(run->arena, "refs/heads/%s", base->branch);
    if (!run->event->ref || !str_eq(run->event->ref, ref))
        return err_set(err, ERR_REFUSED, "this job runs on '%s', and what Port starts is for '%s' only",
                       run->event->ref ? run->event->ref : "nothing", ref);
    if (refs_read(run->arena, run->github, ref, ret, err) < 0)
        return -1;
    return *ret ? 0 : err_set(err, ERR_REFUSED, "there is no branch '%s' at GitHub", base->branch);
}

int port_base_open(const struct run *run, const struct port_asking *asking, struct port_base *ret,
                   struct err *err)
{
    const char *tip;
    struct source *source = &ret->source;
    if (find_tip(run, ret, &tip, err) < 0)
        return -1;
    ret->diags = diags_new(run->arena);
    if (source_open_commit(run->arena, run->repo, run->github, tip, ret->branch, asking->root_option, source,
                           err) < 0 ||
        source_check_root(run->arena, run->repo, source, asking->root_option, err) < 0 ||
        source_load(run->arena, run->repo, source, &ret->diags, err) < 0)
        return -1;
    if (source_is_empty(source))
        return source_refuse_empty(source, err);
    if (port_payload_read(run->arena, run->event->inputs, &ret->payload, err) < 0)
        return -1;
    return port_open(run->arena, asking->environment, source->config->settings.rules.port.base_url, run->net,
                     &ret->port, err);
}

void port_base_close(struct port_base *base)
{
    port_close(base->port);
}

void port_base_last_words(const struct run *run)
{
    net_allow(run->net, LAST_WORDS_S);
}
