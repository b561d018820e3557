/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_revoke.h"

#include "base/str.h"
#include "config/removing.h"
#include "flow/port_base.h"
#include "flow/port_judging.h"
#include "flow/port_revoked.h"
#include "flow/port_sync.h"
#include "flow/revocation.h"
#include "github/proposal.h"
#include "port/port_progress.h"

#include <string.h>

static const char blueprint[] = "provisioned_permissions";

struct revoking {
    const struct run *run;
    const struct apply_request *request;
    const struct port_asking *asking;
    struct port_base *base;
    struct port_run of_port;
    bool is_known;
    bool is_timer; /* or another automation: nothing proves that a person started it */
    struct revocation taken;
    struct port_revoked *ret;
};

/*
 * Who started it stands in the run, whatever the inputs say or leave out. Where no person did it is a
 * timer's, and need not be one that Port still has: it is only told how it went, if it can be.
 */
static int judge(struct revoking *r, struct err *err)
{
    const struct port_payload *payload = &r->base->payload;
    const struct port_settings *settings = &r->base->source.config->settings.rules.port;
    struct err ignored;
    int rc = port_run_read(r->run->arena, r->base->port, payload->run_id, &r->of_port, &r->is_known, err);
    if (rc < 0 && (payload->requester || r->is_known || err->code != ERR_REFUSED))
        return -1;
    r->is_timer = !r->of_port.requester;
    if (r->is_timer) {
        r->is_known = r->is_known && port_judge_action(settings, &r->of_port, &ignored) == 0;
        return 0;
    }
    if (port_judge_run(settings, payload, &r->of_port, err) < 0)
        return -1;
    if (!str_eq(r->of_port.blueprint, blueprint))
        return err_set(err, ERR_REFUSED, "the run %s was not started on an entity of %s", r->of_port.id,
                       blueprint);
    return 0;
}

static bool is_taken_back(const struct revoking *r, const struct access_entry *entry)
{
    for (size_t i = 0; i < r->taken.runs.count; i++)
        if (str_eq(entry->port_run, r->taken.runs.items[i]))
            return true;
    return false;
}

/*
 * The file of the first entry of a run that was marked, on the default branch as it is now, without it and
 * the others there; the last goes first, so that those before it stay where they were. NULL: there is none.
 */
static int write_file(const struct revoking *r, const char **ret_path, const char **ret_text, struct err *err)
{
    struct arena *arena = r->run->arena;
    const struct config *config = r->base->source.config;
    *ret_path = *ret_text = NULL;
    for (size_t i = 0; i < config->count && !*ret_path; i++)
        for (size_t j = config->items[i].entries.count; j-- > 0;) {
            const struct access_entry *entry = &config->items[i].entries.items[j];
            struct span span = entry->span;
            if (!is_taken_back(r, entry) || (*ret_path && !str_eq(*ret_path, span.file->path)))
                continue;
            *ret_path = span.file->path;
            const struct source_file changed = {*ret_path, *ret_text, *ret_text ? strlen(*ret_text) : 0};
            if (*ret_text)
                span.file = &changed;
            if (config_remove_entry(arena, span, ret_text, err) < 0)
                return -1;
        }
    return 0;
}

static void propose(const struct revoking *r, const char *branch, struct proposal *ret)
{
    struct arena *arena = r->run->arena;
    const char *title = arena_printf(arena, "Take back temporary access of %s, revoked in Port",
                                     r->taken.facts.items[0]->team);
    ret->base = r->base->branch;
    ret->base_id = r->base->source.commit_id;
    ret->branch = branch;
    ret->message = ret->title = title;
    ret->body = arena_printf(arena,
                             "The run `%s` in Port took the access of the run `%s` back; it is gone from AWS, "
                             "and no apply grants it again, also when this is closed. Merge this, so that "
                             "the files say so.\n",
                             r->of_port.id, arena_join(arena, ' ', r->taken.runs.items, r->taken.runs.count));
}

/* Nothing grants it again; the files should say so, too. */
static int take_out_entries(struct revoking *r, struct err *err)
{
    struct arena *arena = r->run->arena;
    struct proposed proposed;
    struct proposal proposal = {0};
    if (!r->taken.runs.count)
        return 0;
    const char *branch = arena_printf(arena, "%s%s", PORT_REVOKE_BRANCH, r->taken.runs.items[0]);
    if (write_file(r, &proposal.path, &proposal.text, err) < 0)
        return -1;
    if (!proposal.text)
        return 0;
    if (proposal_find(arena, r->run->github, branch, &proposed, err) < 0)
        return -1;
    propose(r, branch, &proposal);
    if (!proposed.is_open && proposal_make(arena, r->run->github, &proposal, &proposed, err) < 0)
        return -1;
    r->ret->url = proposed.url;
    return 0;
}

static void note(struct revoking *r, const char *text)
{
    *VEC_ADD(r->run->arena, &r->ret->notices) = arena_strdup(r->run->arena, text);
}

static void show(struct revoking *r)
{
    struct port_synced synced;
    struct err reason;
    struct apply_request request = *r->request;
    request.besides = &r->taken.besides;
    port_base_last_words(r->run);
    if (flow_port_sync(r->run, &request, r->asking->environment, NULL, r->base->payload.run_id, &synced,
                       &reason) < 0) {
        note(r, reason.message);
        return;
    }
    for (size_t i = 0; i < synced.problems.count; i++)
        note(r, synced.problems.items[i].message);
}

static void say(struct revoking *r, enum port_end end, const char *message)
{
    struct err reason;
    port_base_last_words(r->run);
    if (r->is_known && r->of_port.in_progress &&
        port_run_log(r->run->arena, r->base->port, r->of_port.id, message, end, &reason) < 0)
        note(r, reason.message);
}

/* Access goes at once, and what has ended with it. A timer has nobody who could ask for more than that. */
static int take_back(struct revoking *r, struct err *err)
{
    const char *entity = r->of_port.entity ? r->of_port.entity : r->base->payload.entity;
    r->taken.from_port = true;
    r->taken.commit_id = r->base->source.commit_id;
    r->taken.identifier = r->is_timer ? NULL : entity;
    r->taken.expired = r->is_timer ? entity : NULL;
    r->taken.port = r->base->port;
    int rc = revocation_run(r->run, r->request, &r->taken, err);
    r->ret->report = r->taken.report;
    return rc < 0 || !r->taken.facts.count || r->request->dry_run ? rc : take_out_entries(r, err);
}

/* How it went, for whoever waits in Port. */
static void say_done(struct revoking *r)
{
    if (r->taken.standing)
        say(r, PORT_FAILED,
            arena_printf(
                r->run->arena,
                "Nothing was taken back: %s has not ended, and Port names no person who started this run. To take "
                "it back now is for a person to ask.",
                r->taken.standing));
    else if (r->taken.is_foreign)
        say(r, PORT_FAILED,
            arena_printf(r->run->arena,
                         "Nothing was taken back: the entity %s was not made by iamlease with the owner '%s'.",
                         r->taken.identifier ? r->taken.identifier : r->taken.expired,
                         r->base->source.config->settings.owner));
    else if (!report_is_clean(&r->ret->report))
        say(r, PORT_GOES_ON, "Not all of it could be taken away; the job's summary says what. Run it again.");
    else if (r->is_timer)
        say(r, PORT_SUCCEEDED, "What has ended was removed.");
    else if (r->ret->url)
        say(r, PORT_SUCCEEDED,
            arena_printf(r->run->arena, "Taken back. Its entry goes from the files when %s is merged.",
                         r->ret->url));
    else
        say(r, PORT_SUCCEEDED, "Taken back: nothing of it is left.");
}

static int revoke(struct revoking *r, struct err *err)
{
    if (judge(r, err) < 0)
        return -1;
    int rc = take_back(r, err);
    if (rc < 0 && !r->ret->report.plan)
        return -1;
    r->ret->run_id = r->base->payload.run_id;
    r->ret->lease_id = r->taken.facts.count     ? r->taken.facts.items[0]->lease_id
                       : r->taken.directs.count ? r->taken.directs.items[0].grant.lease_id
                                                : NULL;
    if (rc < 0)
        problem_add(r->run->arena, &r->ret->report.plan->problems, "revoke-incomplete", NULL,
                    r->taken.facts.count ? r->taken.facts.items[0] : NULL, "%s", err->message);
    if (r->request->dry_run)
        return rc;
    show(r);
    if (rc == 0)
        say_done(r);
    return rc;
}

int flow_port_revoke(const struct run *run, const struct apply_request *request,
                     const struct port_asking *asking, struct port_revoked *ret, struct err *err)
{
    struct port_base base CLEANUP(port_base_close) = {0};
    struct revoking r = {.run = run, .request = request, .asking = asking, .base = &base, .ret = ret};
    *ret = (struct port_revoked){0};
    if (port_base_open(run, asking, &base, err) < 0)
        return -1;
    int rc = revoke(&r, err);
    if (rc < 0 && err->code != ERR_STOPPED && !request->dry_run)
        say(&r, PORT_GOES_ON, arena_printf(run->arena, "Not done: %s", err->message));
    revocation_close(&r.taken);
    return rc;
}
