/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_request.h"

#include "base/str.h"
#include "base/time.h"
#include "config/config.h"
#include "flow/port_direct.h"
#include "flow/port_revoked.h"
#include "flow/port_standing.h"
#include "github/proposal.h"
#include "github/refs.h"
#include "port/port_progress.h"

const char port_branch_prefix[] = "iamlease/port-";

static const char blueprint[] = "aws_resource";

/* One request on its way. */
struct requesting {
    struct port_wish wish;
    struct proposed proposed; /* its pull request; without number: there is none */
    bool is_known;            /* Port has the run */
    bool may_end;             /* what goes wrong now is wrong with the request: that is the end of it */
};

/* Whose run it is: before that is known nothing may end it, for it may be that of something else. */
static int judge_run(struct requesting *r, struct err *err)
{
    const struct config *config = r->wish.base->source.config;
    if (port_run_read(r->wish.run->arena, r->wish.base->port, r->wish.base->payload.run_id, &r->wish.of_port,
                      &r->is_known, err) < 0 ||
        port_judge_run(&config->settings.rules.port, &r->wish.base->payload, &r->wish.of_port, err) < 0)
        return -1;
    if (!str_eq(r->wish.of_port.blueprint, blueprint))
        return err_set(err, ERR_REFUSED, "the run %s was not started on an entity of %s", r->wish.of_port.id,
                       blueprint);
    return port_judge_unused(config, r->wish.of_port.id, err);
}

/* A pull request that is there already ends a run that was cut off; one that was closed has used the run up. */
static int find_pull(struct requesting *r, struct err *err)
{
    struct arena *arena = r->wish.run->arena;
    const char *branch = arena_printf(arena, "%s%s", port_branch_prefix, r->wish.of_port.id);
    if (proposal_find(arena, r->wish.run->github, branch, &r->proposed, err) < 0)
        return -1;
    if (!r->proposed.number || r->proposed.is_open)
        return 0;
    return err_set(err, ERR_REFUSED, "the run %s was used before: %s", r->wish.of_port.id, r->proposed.url);
}

/* A run that waits for review ends with its pull request, whatever may not be asked for any more. */
static void let_end(struct requesting *r)
{
    r->may_end = !r->proposed.is_open;
}

/* Everything that Port and the settings say about it. */
static int judge(struct requesting *r, struct err *err)
{
    struct arena *arena = r->wish.run->arena;
    const struct config *config = r->wish.base->source.config;
    const struct settings *settings = &config->settings;
    struct port_entity entity;
    if (port_resource_read(arena, r->wish.of_port.entity, &r->wish.resource, err) < 0)
        return -1;
    r->wish.account_id = r->wish.resource.account_id;
    if (port_form_read(arena, r->wish.of_port.inputs, &r->wish.form, err) < 0 ||
        port_entity_read(arena, r->wish.base->port, blueprint, r->wish.of_port.entity, &entity, err) < 0 ||
        port_judge_account(settings, &r->wish.resource, &entity, &r->wish.account_id, err) < 0 ||
        port_place_find(arena, config, r->wish.account_id, entity.team, &r->wish.place, err) < 0)
        return -1;
    return port_judge_permissions(&settings->rules.port, &r->wish.form, &r->wish.resource, err);
}

/* Port's texts stand in the file, which the plan shows; here only what has a shape. */
static void propose(struct requesting *r, struct proposal *ret)
{
    struct arena *arena = r->wish.run->arena;
    char instant[TIME_TEXT_SIZE];
    const char *title = arena_printf(arena, "Temporary access in %s (%s), asked for in Port",
                                     r->wish.place.environment, r->wish.place.team->name);
    *ret = (struct proposal){
        .base = r->wish.base->branch,
        .base_id = r->wish.base->source.commit_id,
        .branch = arena_printf(arena, "%s%s", port_branch_prefix, r->wish.of_port.id),
        .path = r->wish.path,
        .text = r->wish.text,
        .message = title,
        .title = title,
        .body = arena_printf(
            arena,
            "The run `%s` in Port asks for access in account `%s` until `%s`. The plan says for "
            "whom and to what; merging this grants it.\n",
            r->wish.of_port.id, r->wish.place.account_id, time_format(r->wish.ends_at_s, instant)),
    };
}

/* Whether it is granted at once. What was a pull request before stays one. */
static bool is_direct(struct requesting *r, struct port_asked *ret)
{
    const char *prevented = port_direct_prevented(&r->wish);
    if (prevented && *prevented)
        ret->notice = prevented;
    else if (prevented && r->wish.base->source.config->settings.rules.port.domains.count)
        ret->notice = port_wish_stranger(&r->wish);
    return !prevented && !ret->existed;
}

/* What was taken back stays away: whoever needs it again asks again in Port. */
static int judge_not_revoked(struct requesting *r, struct err *err)
{
    struct arena *arena = r->wish.run->arena;
    const char *there, *ref = arena_printf(arena, "%s%s", PORT_REVOKED_PREFIX, r->wish.of_port.id);
    r->may_end = false;
    if (refs_read(arena, r->wish.run->github, ref, &there, err) < 0)
        return -1;
    let_end(r);
    return there ? err_set(err, ERR_REFUSED, "what the run %s asked for was taken back", r->wish.of_port.id)
                 : 0;
}

static int grant(struct requesting *r, struct port_asked *ret, struct err *err)
{
    if (port_direct_end(&r->wish, &r->wish.ends_at_s, err) < 0 || port_wish_write(&r->wish, err) < 0)
        return -1;
    if (r->wish.held)
        return err_set(err, ERR_REFUSED, "the team's files must be mended first: %.600s", r->wish.held);
    return port_direct_grant(&r->wish, ret, err);
}

static int open_pull(struct requesting *r, struct port_asked *ret, struct err *err)
{
    struct proposal proposal;
    const int64_t lasts_s = port_form_lasts_s(&r->wish.form);
    if (port_wish_end(&r->wish, lasts_s, &r->wish.ends_at_s, err) < 0 || port_wish_write(&r->wish, err) < 0)
        return -1;
    r->may_end = false;
    propose(r, &proposal);
    if (!ret->existed && !r->wish.asking->request->dry_run &&
        proposal_make(r->wish.run->arena, r->wish.run->github, &proposal, &r->proposed, err) < 0)
        return -1;
    ret->url = r->proposed.url;
    ret->number = r->proposed.number;
    return 0;
}

static int ask(struct requesting *r, struct port_asked *ret, struct err *err)
{
    const struct config *config = r->wish.base->source.config;
    if (judge_run(r, err) < 0 || find_pull(r, err) < 0)
        return -1;
    let_end(r);
    if (judge(r, err) < 0)
        return -1;
    ret->existed = r->proposed.number != 0;
    config_account_rules(r->wish.run->arena, &config->settings.rules, NULL, config, &r->wish.rules);
    ret->resource = r->wish.resource.arn;
    if (judge_not_revoked(r, err) < 0)
        return -1;
    int rc = is_direct(r, ret) ? grant(r, ret, err) : open_pull(r, ret, err);
    if (rc < 0)
        return -1;
    ret->run_id = r->wish.of_port.id;
    ret->team = r->wish.place.team->name;
    ret->environment = r->wish.place.environment;
    ret->account_id = r->wish.place.account_id;
    ret->user = r->wish.of_port.requester;
    ret->ends_at_s = r->wish.ends_at_s;
    return 0;
}

/* What becomes of a run that is refused: *end, and the line for whoever asked. */
static const char *describe_refusal(struct requesting *r, const struct err *err, enum port_end *end)
{
    struct arena *arena = r->wish.run->arena;
    *end = PORT_GOES_ON;
    if (r->proposed.is_open)
        return arena_printf(arena, "Nothing more is asked for: %s. Its pull request stays open: %s",
                            err->message, r->proposed.url);
    if (r->may_end && (err->code == ERR_REFUSED || err->code == ERR_INPUT))
        switch (port_standing_find(&r->wish)) {
        case PORT_STANDS:
            return arena_printf(
                arena, "Nothing is granted now: %s. What this run was granted before stays until its end.",
                err->message);
        case PORT_STANDS_PERHAPS:
            return arena_printf(
                arena,
                "Nothing is granted now: %s. Whether this run was granted something before could "
                "not be looked up in AWS.",
                err->message);
        case PORT_STANDS_NOT: *end = PORT_FAILED;
        }
    return arena_printf(arena, "Not granted: %s", err->message);
}

/* Whoever asked waits in Port, unless the run is over. That Port takes no line is no reason to forget why. */
static void say_refused(struct requesting *r, struct err *err)
{
    struct err reason;
    enum port_end end;
    if (!r->is_known || !r->wish.of_port.in_progress || err->code == ERR_STOPPED ||
        r->wish.asking->request->dry_run)
        return;
    port_base_last_words(r->wish.run);
    const char *message = describe_refusal(r, err, &end);
    port_base_last_words(r->wish.run); /* to look for what stands may have taken a while */
    if (port_run_log(r->wish.run->arena, r->wish.base->port, r->wish.of_port.id, message, end, &reason) < 0)
        err_set(err, err->code, "%s; and %s", arena_strdup(r->wish.run->arena, err->message), reason.message);
}

static void say_asked(struct requesting *r, struct port_asked *asked)
{
    struct err reason;
    struct arena *arena = r->wish.run->arena;
    const char *prevented = asked->notice ? arena_printf(arena, " (%s)", asked->notice) : "";
    port_base_last_words(r->wish.run);
    const char *message =
        arena_printf(arena, "Pull request: %s, for %s to use %s. Access begins when it is merged.%s",
                     asked->url, asked->user, asked->resource, prevented);
    if (port_run_log(arena, r->wish.base->port, r->wish.of_port.id, message, PORT_GOES_ON, &reason) < 0 ||
        port_run_end(arena, r->wish.base->port, r->wish.of_port.id, PORT_GOES_ON, "Waiting for review",
                     "Waiting for review", asked->url, &reason) < 0)
        asked->notice = arena_strdup(arena, reason.message);
}

int flow_port_request(const struct run *run, const struct port_asking *asking, struct port_asked *ret,
                      struct err *err)
{
    struct port_base base CLEANUP(port_base_close) = {0};
    struct requesting r = {.wish = {.run = run, .asking = asking, .base = &base}};
    *ret = (struct port_asked){0};
    if (port_base_open(run, asking, &base, err) < 0)
        return -1;
    int rc = ask(&r, ret, err);
    if (rc < 0) {
        say_refused(&r, err);
        return -1;
    }
    if (ret->url && !asking->request->dry_run)
        say_asked(&r, ret);
    return 0;
}
