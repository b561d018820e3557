/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_wish.h"

#include "base/str.h"
#include "base/time.h"
#include "config/appending.h"
#include "config/config.h"
#include "flow/held.h"
#include "flow/source_places.h"

#include <string.h>

enum { CLOCK_SKEW_S = 300 };

const struct account_rules *port_wish_rules(const struct port_wish *wish)
{
    return account_rules_find(&wish->rules, wish->place.account_id);
}

const char *port_wish_stranger(const struct port_wish *wish)
{
    const struct settings *settings = &wish->base->source.config->settings;
    const struct located_list *domains = &settings->rules.port.domains;
    const char *at = strrchr(wish->of_port.requester, '@');
    if (settings->usernames != USERNAMES_LOCAL_PART)
        return NULL;
    for (size_t i = 0; at && i < domains->count; i++)
        if (str_casecmp(domains->items[i].text, at + 1) == 0)
            return NULL;
    return arena_printf(
        wish->run->arena,
        "port.domains does not have the mail domain of %.320s: whether the IAM user %.64s is the "
        "same person is for the review to judge",
        wish->of_port.requester, principal_user_name(wish->run->arena, settings, wish->of_port.requester));
}

int port_wish_end(const struct port_wish *wish, int64_t at_most_s, int64_t *ret, struct err *err)
{
    char text[TIME_TEXT_SIZE];
    const struct port_run *run = &wish->of_port;
    const int64_t now_s = wish->asking->now_s, lasts_s = port_form_lasts_s(&wish->form);
    if (!run->created_at_s || run->created_at_s > now_s + CLOCK_SKEW_S)
        return err_set(err, ERR_REFUSED, "Port does not say when the run %s was started", run->id);
    *ret = run->created_at_s + (lasts_s < at_most_s ? lasts_s : at_most_s);
    if (*ret > now_s + at_most_s) /* Port's clock is before ours */
        *ret = now_s + at_most_s;
    if (*ret <= now_s)
        return err_set(err, ERR_REFUSED,
                       "what the run %s asks for ended at %s: the time counts from when it was started",
                       run->id, time_format(*ret, text));
    return 0;
}

static const struct source_file *find_file(const struct port_wish *w)
{
    struct source_file *file = ARENA_NEW(w->run->arena, struct source_file);
    const char *path = arena_printf(w->run->arena, "temporary-access/%s.yaml", w->place.team->name);
    for (size_t i = 0; i < w->base->source.inputs.count; i++) {
        const struct config_input *input = &w->base->source.inputs.items[i];
        if (input->kind == FILE_TEMPORARY && str_eq(input->team, w->place.team->name))
            return input->file;
    }
    file->path = source_join(w->run->arena, w->base->source.root, path);
    return file;
}

/* What is wrong with the team already, and holds the new entry as well. */
static const char *find_held(const struct port_wish *w, const struct held_entries *held)
{
    for (size_t i = 0; i < held->count; i++) {
        const struct held_entry *item = &held->items[i];
        if (str_eq(item->team->name, w->place.team->name) &&
            (!item->entry || str_eq(item->entry->port_run, w->of_port.id)))
            return item->reason;
    }
    return NULL;
}

/* The configuration as it would be, judged as a pull request is: by the rules of the base. */
static int validate(struct port_wish *w, const struct source_file *file, struct err *err)
{
    struct arena *arena = w->run->arena;
    struct diags diags = diags_new(arena);
    struct held_entries held = {0};
    struct source head = w->base->source;
    bool is_replaced = false;
    head.inputs = (struct config_inputs){0};
    for (size_t i = 0; i < w->base->source.inputs.count; i++) {
        struct config_input *input = VEC_ADD(arena, &head.inputs);
        *input = w->base->source.inputs.items[i];
        if (input->kind == FILE_TEMPORARY && str_eq(input->team, w->place.team->name)) {
            input->file = file;
            is_replaced = true;
        }
    }
    if (!is_replaced)
        *VEC_ADD(arena, &head.inputs) =
            (struct config_input){.kind = FILE_TEMPORARY, .team = w->place.team->name, .file = file};
    head.config = config_load(arena, &head.inputs, &diags);
    const struct judge rules = {.rules = &w->base->source.config->settings.rules,
                                .accounts = &w->rules,
                                .before = &w->base->source.config->settings,
                                .now_s = w->asking->now_s};
    config_judge(head.config, &rules, &diags);
    config_check_names(w->base->source.config, head.config, w->asking->now_s, &diags);
    config_judge(w->base->source.config, &rules, &w->base->diags);
    config_check_names(w->base->source.config, w->base->source.config, w->asking->now_s, &w->base->diags);
    diags_sort(&diags);
    held_compare(arena, &w->base->source, &w->base->diags, &head, &diags, &held);
    w->config = head.config;
    w->held = find_held(w, &held);
    for (size_t i = 0; i < diags.count; i++)
        if (diags.items[i].severity == DIAG_ERROR)
            return err_set(err, ERR_REFUSED, "the entry would not be valid: %.600s", diags.items[i].message);
    return diags.errors ? err_set(err, ERR_REFUSED, "the entry would not be valid") : 0;
}

int port_wish_write(struct port_wish *w, struct err *err)
{
    struct arena *arena = w->run->arena;
    const struct source_file *before = find_file(w);
    struct source_file *after = ARENA_NEW(arena, struct source_file);
    const struct new_entry entry = {
        .description = "Asked for in Port",
        .user = w->of_port.requester,
        .environment = w->place.environment,
        .expires_at_s = w->ends_at_s,
        .permissions = &w->form.permissions,
        .resources = &w->resource.resources,
        .reason = w->form.reason,
        .ticket = w->form.ticket,
        .port_run = w->of_port.id,
    };
    if (config_append_entry(arena, before, &entry, &w->text, err) < 0)
        return -1;
    w->path = before->path;
    *after = (struct source_file){.path = before->path, .text = w->text, .size = strlen(w->text)};
    return validate(w, after, err);
}
