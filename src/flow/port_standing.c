/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_standing.h"

#include "base/str.h"
#include "plan/direct_edited.h"
#include "plan/direct_role.h"

static void add_needs(const struct port_wish *wish, const char *role, struct needs *needs)
{
    struct arena *arena = wish->run->arena;
    const struct config *config = wish->base->source.config;
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].accounts.count; j++) {
            const char *account_id = config->items[i].accounts.items[j].account_id.text;
            if (!wish->account_id || str_eq(wish->account_id, account_id))
                needs_add_account(arena, account_id, needs);
        }
    for (size_t i = 0; i < needs->count; i++)
        strings_add(arena, &needs->items[i].principals[PRINCIPAL_ROLE], role);
    needs_finish(needs);
}

static bool stands_in(const struct port_wish *wish, const struct observed_account *account, const char *name)
{
    struct arena *arena = wish->run->arena;
    const struct settings *settings = &wish->base->source.config->settings;
    const struct observed_principal *role = observed_find_principal(account, PRINCIPAL_ROLE, name);
    struct direct_grant grant;
    int64_t ends_at_s;
    return role && direct_role_read(arena, settings, account->account_id, role, &grant) && grant.policy &&
           direct_role_ends_at(arena, settings->owner, role, &ends_at_s) && ends_at_s > wish->asking->now_s;
}

static enum port_standing look(const struct port_wish *wish, const struct observed *observed, const char *name)
{
    enum port_standing standing = PORT_STANDS_NOT;
    for (size_t i = 0; i < observed->count; i++) {
        if (observed->items[i].error)
            standing = PORT_STANDS_PERHAPS;
        else if (stands_in(wish, &observed->items[i], name))
            return PORT_STANDS;
    }
    return standing;
}

enum port_standing port_standing_find(const struct port_wish *wish)
{
    const struct settings *settings = &wish->base->source.config->settings;
    const struct port_settings *port = &settings->rules.port;
    const char *name = direct_role_name(wish->run->arena, wish->of_port.id);
    struct aws *aws = NULL;
    struct needs needs = {0};
    struct observed observed = {0};
    struct err reason;
    if (!name)
        return PORT_STANDS_NOT;
    if (!aws_has_credentials(wish->run->environment))
        return port->request_mode == PORT_DIRECT && port->direct ? PORT_STANDS_PERHAPS : PORT_STANDS_NOT;
    add_needs(wish, name, &needs);
    int rc = aws_open(&aws, wish->run->environment, settings, ROLE_DEPLOYER, "iamlease-request",
                      wish->run->net, &reason);
    if (rc == 0)
        rc = aws_observe(wish->run->arena, aws, &needs, settings->owner, &observed, &reason);
    aws_close(aws);
    return rc < 0 ? PORT_STANDS_PERHAPS : look(wish, &observed, name);
}
