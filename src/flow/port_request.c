/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_request.h"

#include "base/str.h"
#include "base/time.h"
#include "config/appending.h"
#include "config/config.h"
#include "flow/held.h"
#include "flow/port_base.h"
#include "flow/port_direct.h"
#include "flow/port_judging.h"
#include "flow/port_revoked.h"
#include "flow/source_places.h"
#include "github/proposal.h"
#include "github/refs.h"

const char port_branch_prefix[] = "iamlease/port-";

enum { HOURS_DEFAULT = 8, HOUR_S = 3600 };

/* One request on its way. */
struct requesting {
    const struct run *run;
    const struct port_asking *asking;
    struct port_base *base;
    struct port_run of_port;
    struct port_form form;
    bool is_known; /* Port has the run */
    bool may_end;  /* what goes wrong now is wrong with the request: that is the end of it */
    struct port_resource resource;
    struct port_place place;
    struct all_account_rules rules; /* of the base */
    int64_t ends_at_s;
    const char *path, *text;     /* the file as it is to be */
    const struct config *config; /* with that */
    const char *held;            /* why the entry would not be granted for now, or NULL */
};

/* Everything that Port and the settings say about it. */
static int judge(struct requesting *r, struct err *err)
{
    struct arena *arena = r->run->arena;
    const struct settings *settings = &r->base->source.config->settings;
    const char *account_id;
    struct port_entity entity;
    if (port_run_read(arena, r->base->port, r->base->payload.run_id, &r->of_port, &r->is_known, err) < 0 ||
        port_judge_run(&settings->rules.port, &r->base->payload, &r->of_port, err) < 0 ||
        port_judge_unused(r->base->source.config, r->of_port.id, err) < 0)
        return -1;
    r->may_end = true;
    if (port_form_read(arena, r->of_port.inputs, &r->form, err) < 0 ||
        port_resource_read(arena, r->of_port.entity, &r->resource, err) < 0 ||
        port_judge_permissions(&settings->rules.port, &r->form, &r->resource, err) < 0 ||
        port_entity_read(arena, r->base->port, r->of_port.blueprint, r->of_port.entity, &entity, err) < 0 ||
        port_judge_account(settings, &r->resource, &entity, &account_id, err) < 0)
        return -1;
    return port_place_find(arena, r->base->source.config, account_id, entity.team, &r->place, err);
}

static const struct source_file *find_file(const struct requesting *r)
{
    struct source_file *file = ARENA_NEW(r->run->arena, struct source_file);
    const char *path = arena_printf(r->run->arena, "temporary-access/%s.yaml", r->place.team->name);
    for (size_t i = 0; i < r->base->source.inputs.count; i++) {
        const struct config_input *input = &r->base->source.inputs.items[i];
        if (input->kind == FILE_TEMPORARY && str_eq(input->team, r->place.team->name))
            return input->file;
    }
    file->path = source_join(r->run->arena, r->base->source.root, path);
    return file;
}

/* What is wrong with the team already, and holds the new entry as well. */
static const char *find_held(const struct requesting *r, const struct held_entries *held)
{
    for (size_t i = 0; i < held->count; i++) {
        const struct held_entry *item = &held->items[i];
        if (str_eq(item->team->name, r->place.team->name) &&
            (!item->entry || str_eq(item->entry->port_run, r->of_port.id)))
            return item->reason;
    }
    return NULL;
}

/* The configuration as it would be, judged as a pull request is: by the rules of the base. */
static int validate(struct requesting *r, const struct source_file *file, struct err *err)
{
    struct arena *arena = r->run->arena;
    struct diags diags = diags_new(arena);
    struct held_entries held = {0};
    struct source head = r->base->source;
    bool is_replaced = false;
    head.inputs = (struct config_inputs){0};
    for (size_t i = 0; i < r->base->source.inputs.count; i++) {
        struct config_input *input = VEC_ADD(arena, &head.inputs);
        *input = r->base->source.inputs.items[i];
        if (input->kind == FILE_TEMPORARY && str_eq(input->team, r->place.team->name)) {
            input->file = file;
            is_replaced = true;
        }
    }
    if (!is_replaced)
        *VEC_ADD(arena, &head.inputs) =
            (struct config_input){.kind = FILE_TEMPORARY, .team = r->place.team->name, .file = file};
    head.config = config_load(arena, &head.inputs, &diags);
    const struct judge rules = {.rules = &r->base->source.config->settings.rules,
                                .accounts = &r->rules,
                                .before = &r->base->source.config->settings,
                                .now_s = r->asking->now_s};
    config_judge(head.config, &rules, &diags);
    config_check_names(r->base->source.config, head.config, r->asking->now_s, &diags);
    config_judge(r->base->source.config, &rules, &r->base->diags);
    config_check_names(r->base->source.config, r->base->source.config, r->asking->now_s, &r->base->diags);
    diags_sort(&diags);
    held_compare(arena, &r->base->source, &r->base->diags, &head, &diags, &held);
    r->config = head.config;
    r->held = find_held(r, &held);
    for (size_t i = 0; i < diags.count; i++)
        if (diags.items[i].severity == DIAG_ERROR)
            return err_set(err, ERR_REFUSED, "the entry would not be valid: %.600s", diags.items[i].message);
    return diags.errors ? err_set(err, ERR_REFUSED, "the entry would not be valid") : 0;
}

static int write_entry(struct requesting *r, struct err *err)
{
    struct arena *arena = r->run->arena;
    const struct source_file *before = find_file(r);
    struct source_file *after = ARENA_NEW(arena, struct source_file);
    const struct new_entry entry = {
        .description = "Asked for in Port",
        .user = r->of_port.requester,
        .environment = r->place.environment,
        .expires_at_s = r->ends_at_s,
        .permissions = &r->form.permissions,
        .resources = &r->resource.resources,
        .reason = r->form.reason,
        .ticket = r->form.ticket,
        .port_run = r->of_port.id,
    };
    if (config_append_entry(arena, before, &entry, &r->text, err) < 0)
        return -1;
    r->path = before->path;
    *after = (struct source_file){.path = before->path, .text = r->text, .size = strlen(r->text)};
    return validate(r, after, err);
}

/* Port's texts stand in the file, which the plan shows; here only what has a shape. */
static void propose(struct requesting *r, struct proposal *ret)
{
    struct arena *arena = r->run->arena;
    char instant[TIME_TEXT_SIZE];
    const char *title = arena_printf(arena, "Temporary access in %s (%s), asked for in Port",
                                     r->place.environment, r->place.team->name);
    *ret = (struct proposal){
        .base = r->base->branch,
        .base_id = r->base->source.commit_id,
        .branch = arena_printf(arena, "%s%s", port_branch_prefix, r->of_port.id),
        .path = r->path,
        .text = r->text,
        .message = title,
        .title = title,
        .body =
            arena_printf(arena,
                         "The run `%s` in Port asks for access in account `%s` until `%s`. The plan says for "
                         "whom and to what; merging this grants it.\n",
                         r->of_port.id, r->place.account_id, time_format(r->ends_at_s, instant)),
    };
}

/* A pull request that is there already ends a run that was cut off; one that was closed has used the run up. */
static int find_pull(struct requesting *r, struct proposed *ret, struct err *err)
{
    if (proposal_find(r->run->arena, r->run->github,
                      arena_printf(r->run->arena, "%s%s", port_branch_prefix, r->of_port.id), ret, err) < 0)
        return -1;
    if (!ret->number || ret->is_open)
        return 0;
    return err_set(err, ERR_REFUSED, "the run %s was used before: %s", r->of_port.id, ret->url);
}

/* Whether it is granted at once. What was a pull request before stays one. */
static bool is_direct(struct requesting *r, const struct account_rules *rules, struct port_asked *ret)
{
    const char *prevented =
        port_direct_prevented(r->run->arena, &r->base->source.config->settings.rules.port, rules);
    if (prevented && *prevented)
        ret->notice = prevented;
    return !prevented && !ret->existed;
}

/* What was taken back stays away: whoever needs it again asks again in Port. */
static int judge_not_revoked(struct requesting *r, struct err *err)
{
    struct arena *arena = r->run->arena;
    const char *there, *ref = arena_printf(arena, "%s%s", PORT_REVOKED_PREFIX, r->of_port.id);
    r->may_end = false;
    if (refs_read(arena, r->run->github, ref, &there, err) < 0)
        return -1;
    r->may_end = true;
    return there ? err_set(err, ERR_REFUSED, "what the run %s asked for was taken back", r->of_port.id) : 0;
}

static int grant(struct requesting *r, struct port_direct *direct, struct port_asked *ret, struct err *err)
{
    if (judge_not_revoked(r, err) < 0 || port_direct_end(direct, &r->ends_at_s, err) < 0 ||
        write_entry(r, err) < 0)
        return -1;
    if (r->held)
        return err_set(err, ERR_REFUSED, "the team's files must be mended first: %.600s", r->held);
    direct->config = r->config;
    return port_direct_grant(direct, ret, err);
}

static int open_pull(struct requesting *r, struct proposed *proposed, struct port_asked *ret, struct err *err)
{
    struct proposal proposal;
    int64_t hours = r->form.hours ? r->form.hours : HOURS_DEFAULT;
    r->ends_at_s = r->asking->now_s + hours * HOUR_S;
    if (write_entry(r, err) < 0)
        return -1;
    r->may_end = false;
    propose(r, &proposal);
    if (!ret->existed && !r->asking->request->dry_run &&
        proposal_make(r->run->arena, r->run->github, &proposal, proposed, err) < 0)
        return -1;
    ret->url = proposed->url;
    ret->number = proposed->number;
    return 0;
}

static int ask(struct requesting *r, struct port_asked *ret, struct err *err)
{
    struct proposed proposed;
    const struct config *config = r->base->source.config;
    if (judge(r, err) < 0)
        return -1;
    r->may_end = false;
    if (find_pull(r, &proposed, err) < 0)
        return -1;
    ret->existed = proposed.number != 0;
    r->may_end = true;
    config_account_rules(r->run->arena, &config->settings.rules, NULL, config, &r->rules);
    struct port_direct direct = {.run = r->run,
                                 .asking = r->asking,
                                 .base = r->base,
                                 .of_port = &r->of_port,
                                 .form = &r->form,
                                 .place = &r->place,
                                 .rules = account_rules_find(&r->rules, r->place.account_id)};
    ret->resource = r->resource.arn;
    int rc = is_direct(r, direct.rules, ret) ? grant(r, &direct, ret, err) : open_pull(r, &proposed, ret, err);
    if (rc < 0)
        return -1;
    ret->run_id = r->of_port.id;
    ret->team = r->place.team->name;
    ret->environment = r->place.environment;
    ret->account_id = r->place.account_id;
    ret->user = r->of_port.requester;
    ret->ends_at_s = r->ends_at_s;
    return 0;
}

/* Whoever asked waits in Port. That Port takes no line is no reason to forget why. */
static void say_refused(struct requesting *r, struct err *err)
{
    struct err reason;
    bool is_final = r->may_end && (err->code == ERR_REFUSED || err->code == ERR_INPUT);
    if (!r->is_known || err->code == ERR_STOPPED || r->asking->request->dry_run)
        return;
    const char *message = arena_printf(r->run->arena, "Not granted: %s", err->message);
    if (port_run_log(r->run->arena, r->base->port, r->of_port.id, message,
                     is_final ? PORT_FAILED : PORT_GOES_ON, &reason) < 0)
        err_set(err, err->code, "%s; and %s", arena_strdup(r->run->arena, err->message), reason.message);
}

static void say_asked(struct requesting *r, struct port_asked *asked)
{
    struct err reason;
    struct arena *arena = r->run->arena;
    const char *prevented = asked->notice ? arena_printf(arena, " (%s)", asked->notice) : "";
    const char *message =
        arena_printf(arena, "Pull request: %s. Access begins when it is merged.%s", asked->url, prevented);
    if (port_run_log(arena, r->base->port, r->of_port.id, message, PORT_GOES_ON, &reason) < 0 ||
        port_run_end(arena, r->base->port, r->of_port.id, PORT_GOES_ON, "Waiting for review", asked->url,
                     &reason) < 0)
        asked->notice = arena_strdup(arena, reason.message);
}

int flow_port_request(const struct run *run, const struct port_asking *asking, struct port_asked *ret,
                      struct err *err)
{
    struct port_base base CLEANUP(port_base_close) = {0};
    struct requesting r = {.run = run, .asking = asking, .base = &base};
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
