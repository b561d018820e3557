/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_judging.h"

#include "base/str.h"
#include "policy/pattern.h"

static bool has(const struct located_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i].text, text))
            return true;
    return false;
}

int port_judge_action(const struct port_settings *settings, const struct port_run *run, struct err *err)
{
    if (!has(&settings->actions, run->action))
        return err_set(
            err, ERR_REFUSED,
            "the run %s is one of the action '%.100s', which is not in port.actions of iamlease.yaml",
            run->id, run->action);
    if (!run->in_progress)
        return err_set(err, ERR_REFUSED, "the run %s is over", run->id);
    return 0;
}

int port_judge_run(const struct port_settings *settings, const struct port_payload *payload,
                   const struct port_run *run, struct err *err)
{
    if (port_judge_action(settings, run, err) < 0)
        return -1;
    if (!run->requester)
        return err_set(
            err, ERR_REFUSED,
            "Port does not say who started the run %s, or that a person did: start the action on the resource's page in Port",
            run->id);
    if (payload->requester && str_casecmp(payload->requester, run->requester) != 0)
        return err_set(err, ERR_REFUSED,
                       "the workflow was started for '%.100s', but the run %s is that of somebody else",
                       payload->requester, run->id);
    if (!run->entity || !*run->entity || !run->blueprint)
        return err_set(err, ERR_REFUSED, "the run %s was not started on a resource", run->id);
    if (payload->entity && !str_eq(payload->entity, run->entity))
        return err_set(err, ERR_REFUSED,
                       "the workflow was started for '%.200s', but the run %s is about another resource",
                       payload->entity, run->id);
    return 0;
}

static bool is_allowed(const struct port_settings *settings, const char *action)
{
    for (size_t i = 0; i < settings->allow.count; i++)
        if (pattern_matches(settings->allow.items[i].text, action))
            return true;
    return false;
}

int port_judge_permissions(const struct port_settings *settings, const struct port_form *form,
                           const struct port_resource *resource, struct err *err)
{
    if (!form->permissions.count)
        return err_set(err, ERR_REFUSED, "the run asks for no permission");
    for (size_t i = 0; i < form->permissions.count; i++) {
        const char *action = form->permissions.items[i];
        if (!port_action_is_of(action, resource->service))
            return err_set(err, ERR_REFUSED, "'%.100s' is not an action of %s, the service of the resource",
                           action, resource->service);
        if (!is_allowed(settings, action))
            return err_set(err, ERR_REFUSED, "'%.100s' is not in port.allow of iamlease.yaml", action);
    }
    return 0;
}

int port_judge_account(const struct settings *settings, const struct port_resource *resource,
                       const struct port_entity *entity, const char **ret, struct err *err)
{
    if (!str_eq(resource->partition, settings->partition))
        return err_set(err, ERR_REFUSED, "'%.200s' is not in the partition %s", resource->arn,
                       settings->partition);
    if (resource->account_id && entity->account_id && !str_eq(resource->account_id, entity->account_id))
        return err_set(err, ERR_REFUSED, "the entity '%.200s' has the account '%.64s', and its ARN another",
                       resource->arn, entity->account_id);
    *ret = resource->account_id ? resource->account_id : entity->account_id;
    if (!*ret)
        return err_set(
            err, ERR_REFUSED,
            "the ARN '%.200s' has no account in it: set the property account_id of the entity in Port",
            resource->arn);
    return 0;
}

int port_judge_unused(const struct config *config, const char *run_id, struct err *err)
{
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].entries.count; j++)
            if (str_eq(config->items[i].entries.items[j].port_run, run_id))
                return err_set(err, ERR_REFUSED, "the run %s was used before: team %s has an entry of it",
                               run_id, config->items[i].name);
    return 0;
}
