/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_ending.h"

#include "base/str.h"
#include "base/time.h"
#include "flow/fetching.h"
#include "flow/port_request.h"
#include "flow/port_revocation_end.h"
#include "flow/port_revoked.h"
#include "github/proposal.h"
#include "port/port_form.h"
#include "port/port_progress.h"

static struct ending failed(struct port_ending *e, const char *why)
{
    return (struct ending){PORT_FAILED, arena_printf(e->run->arena, "Not granted: %s", why), NULL};
}

static bool is_of(const struct port_run *run, const char *address)
{
    return run->requester && str_casecmp(run->requester, address) == 0;
}

static struct ending granted(struct port_ending *e, const struct port_lease *lease)
{
    char instant[TIME_TEXT_SIZE];
    return (struct ending){
        PORT_SUCCEEDED,
        arena_printf(e->run->arena, "Granted until %s", time_format(lease->entry.ends_at_s, instant)),
        lease->entry.sign_in_url,
    };
}

static bool names(const struct located_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_casecmp(list->items[i].text, text) == 0)
            return true;
    return false;
}

/* The lease that an entry became: several entries of one grant are one lease, which has the run of one of them. */
static bool is_lease_of(const struct port_lease *lease, const struct team_config *team,
                        const struct access_entry *entry)
{
    const struct fact *fact = lease->fact;
    return fact && entry->ad_hoc && str_eq(fact->team, team->name) &&
           str_eq(fact->grant, entry->ad_hoc->name.text) && names(&entry->environments, fact->environment) &&
           names(&entry->users, fact->declared_as) && lease->entry.ends_at_s >= entry->ends_at_s;
}

static const struct access_entry *find_entry(const struct port_ending *e, const char *run_id,
                                             const struct team_config **ret_team)
{
    const struct config *config = e->findings->head.config;
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].entries.count; j++)
            if (str_eq(config->items[i].entries.items[j].port_run, run_id)) {
                *ret_team = &config->items[i];
                return &config->items[i].entries.items[j];
            }
    return NULL;
}

/* By its form, in seconds since 1970; 0: Port does not say when it was started. */
static int64_t asked_until(const struct port_ending *e, const struct port_run *run)
{
    struct port_form form;
    struct err ignored;
    if (port_form_read(e->run->arena, run->inputs, &form, &ignored) < 0)
        form = (struct port_form){0};
    return run->created_at_s ? run->created_at_s + port_form_lasts_s(&form) : 0;
}

static struct ending over(struct port_ending *e, int64_t ends_at_s)
{
    char instant[TIME_TEXT_SIZE];
    return failed(e, arena_printf(e->run->arena, "its time was over at %s", time_format(ends_at_s, instant)));
}

static const char *why_held(const struct port_ending *e, const char *run_id)
{
    for (size_t i = 0; e->of_apply && i < e->of_apply->count; i++) {
        const struct problem *problem = &e->of_apply->items[i];
        const char *of = problem->fact ? problem->fact->port_run : problem->port_run;
        if (of && str_eq(of, run_id))
            return problem->message;
    }
    return NULL;
}

/* It was merged, and the tip is what stands in the files. */
static int judge_merged(struct port_ending *e, const struct port_run *run, struct ending *ret, struct err *err)
{
    const struct team_config *team = NULL;
    const struct access_entry *entry = find_entry(e, run->id, &team);
    struct strings revoked = {0};
    if (!entry) {
        if (e->findings->is_complete)
            *ret = failed(e, "its entry is not in the files any more");
        return 0;
    }
    if (!run->requester || !names(&entry->users, run->requester)) {
        *ret = failed(e, "its entry is not for whoever asked");
        return 0;
    }
    for (size_t i = 0; i < e->leases->count; i++)
        if (is_lease_of(&e->leases->items[i], team, entry) &&
            is_of(run, e->leases->items[i].fact->declared_as)) {
            *ret = granted(e, &e->leases->items[i]);
            return 0;
        }
    if (port_revoked_of(e->run, e->findings->head.config, NULL, &revoked, err) < 0)
        return -1;
    const char *held = why_held(e, run->id);
    const int64_t ends_at_s = entry->incomplete ? asked_until(e, run) : entry->ends_at_s;
    if (strings_contain(&revoked, run->id))
        *ret = failed(e, "it was taken back");
    else if (ends_at_s && ends_at_s <= e->now_s)
        *ret = over(e, ends_at_s);
    else if (held)
        ret->summary = arena_printf(e->run->arena, "Held: %.600s", held);
    return 0;
}

/* Whether the files that were read are those of that merge, or later ones. */
static int is_contained(const struct port_ending *e, const char *commit_id, bool *ret, struct err *err)
{
    const char *head_id = e->findings->head.commit_id, *base_id = NULL;
    *ret = str_eq(commit_id, head_id);
    if (*ret)
        return 0;
    if (fetch_merge_base(e->run->arena, e->run->github, commit_id, head_id, &base_id, err) < 0)
        return -1;
    *ret = str_eq(base_id, commit_id);
    return 0;
}

/* Nobody opened a pull request, and nothing was granted: after its hours nothing will be. */
static struct ending judge_none(struct port_ending *e, const struct port_run *run)
{
    const int64_t ends_at_s = asked_until(e, run);
    return ends_at_s && ends_at_s <= e->now_s ? over(e, ends_at_s) : (struct ending){.end = PORT_GOES_ON};
}

static int judge_pull(struct port_ending *e, const struct port_run *run, struct ending *ret, struct err *err)
{
    struct proposed proposed;
    bool contained = false;
    const char *branch = arena_printf(e->run->arena, "%s%s", port_branch_prefix, run->id);
    if (proposal_find(e->run->arena, e->run->github, branch, &proposed, err) < 0)
        return -1;
    if (!proposed.number)
        *ret = judge_none(e, run);
    if (!proposed.number || proposed.is_open)
        return 0;
    if (!proposed.is_merged) {
        *ret = failed(e, "the pull request was closed");
        return 0;
    }
    if (!proposed.merge_commit_id)
        return 0;
    if (is_contained(e, proposed.merge_commit_id, &contained, err) < 0)
        return -1;
    return contained ? judge_merged(e, run, ret, err) : 0;
}

/* What its entries ask for; one that was prolonged and is not applied yet does not last as long as that. */
static bool is_all_of_it(const struct port_lease *lease)
{
    return lease->entry.ends_at_s && (!lease->fact || lease->entry.ends_at_s >= lease->fact->ends_at_s);
}

/* What GitHub does not say is a problem, and the run goes on. */
static struct ending judge(struct port_ending *e, const struct port_run *run)
{
    struct ending ending = {.end = PORT_GOES_ON};
    struct err reason;
    for (size_t i = 0; i < e->leases->count; i++) {
        const struct port_lease *lease = &e->leases->items[i];
        if (is_all_of_it(lease) && lease->run_id && str_eq(lease->run_id, run->id) &&
            is_of(run, lease->entry.requester))
            return granted(e, lease);
    }
    if (e->run->github && !e->is_part && judge_pull(e, run, &ending, &reason) < 0)
        problem_add(e->run->arena, e->problems, "github", NULL, NULL, "%s", reason.message);
    return ending;
}

/* What Port refuses is about that one run; when no answer comes, the others would not fare better. */
static int note(struct port_ending *e, const struct err *reason, struct err *err)
{
    if (reason->code != ERR_REFUSED && reason->code != ERR_INPUT) {
        *err = *reason;
        return -1;
    }
    problem_add(e->run->arena, e->problems, "port", NULL, NULL, "%s", reason->message);
    return 0;
}

static int end_runs(struct port_ending *e, const char *blueprint,
                    struct ending (*judge_run)(struct port_ending *, const struct port_run *), struct err *err)
{
    struct arena *arena = e->run->arena;
    const struct port_settings *settings = &e->findings->head.config->settings.rules.port;
    struct port_runs runs = {0};
    struct err reason;
    if (port_runs_in_progress(arena, e->port, blueprint, &settings->actions, &runs, &reason) < 0 &&
        note(e, &reason, err) < 0)
        return -1;
    for (size_t i = 0; i < runs.count; i++) {
        const struct port_run *run = &runs.items[i];
        const struct ending ending = judge_run(e, run);
        if (!ending.summary)
            continue;
        if (port_run_end(arena, e->port, run->id, ending.end, "Held", ending.summary, ending.link, &reason) ==
            0)
            e->ended += ending.end != PORT_GOES_ON;
        else if (note(e, &reason, err) < 0)
            return -1;
    }
    return 0;
}

int port_end_runs(struct port_ending *e, struct err *err)
{
    if (end_runs(e, "aws_resource", judge, err) < 0)
        return -1;
    return e->is_certain && !e->is_part ? end_runs(e, "provisioned_permissions", port_revocation_end, err) : 0;
}
