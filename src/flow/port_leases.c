/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_leases.h"

#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "plan/lease_role.h"
#include "policy/document.h"

enum { ID_DIGITS = 16 };

/* That of the fact; of what no entry explains, one made of where it stands. */
static const char *identifier_of(struct arena *arena, const struct holding *holding)
{
    char hex[SHA256_HEX_SIZE];
    if (holding->direct)
        return holding->direct->lease_id;
    if (holding->fact && holding->fact->lease_id)
        return holding->fact->lease_id;
    const char *place =
        arena_printf(arena, "%s\n%s\n%s", holding->account_id, holding->principal, holding->what);
    return arena_printf(arena, "%.*s", ID_DIGITS, sha256_hex(place, strlen(place), hex));
}

static const char *role_name(const char *arn)
{
    const char *slash = strrchr(arn, '/');
    return slash ? slash + 1 : arn;
}

/* One that no entry asks for tells about itself. */
static void describe_direct(const struct direct_grant *direct, struct port_lease *ret)
{
    ret->run_id = direct->run_id;
    ret->entry.requester = direct->requester;
    ret->entry.permissions = direct->actions;
    ret->entry.resource = direct->resource;
}

void port_lease_describe(struct arena *arena, const struct settings *settings, const struct holding *holding,
                         struct port_lease *ret)
{
    const struct fact *fact = holding->fact;
    const char *place = holding->environment ? holding->environment : holding->account_id;
    ret->fact = fact;
    ret->run_id = fact && *fact->port_run ? fact->port_run : NULL;
    ret->entry = (struct port_entry){
        .identifier = identifier_of(arena, holding),
        .title =
            arena_printf(arena, "%s: %s in %s%s", holding->principal, holding->grant ? holding->grant : "?",
                         place, holding->ends_at_s ? "" : " (does not end)"),
        .requester = fact ? fact->declared_as : holding->principal,
        .policy = holding->document,
        .ends_at_s = holding->ends_at_s,
        .account_id = holding->account_id,
        .team = holding->team,
        .grant = holding->grant,
    };
    if (holding->mode == MODE_POLICY)
        ret->entry.policy_arn = holding->what;
    if (holding->mode == MODE_ROLE) {
        ret->entry.role_arn = holding->what;
        ret->entry.sign_in_url =
            lease_role_url(arena, settings, holding->account_id, role_name(holding->what));
    }
    if (holding->direct)
        describe_direct(holding->direct, ret);
    if (!fact || !fact->policy->custom.count)
        return;
    if (!ret->entry.policy)
        ret->entry.policy = document_to_json(arena, &fact->policy->custom);
    if (fact->ad_hoc && *fact->port_run) {
        const struct statement *statement = &fact->policy->custom.items[0];
        ret->entry.permissions = statement->actions;
        ret->entry.resource = statement->resources.items[0];
    }
}

void port_leases_collect(struct arena *arena, const struct holdings *holdings, struct port_leases *ret)
{
    struct map known = map_new(arena);
    for (size_t i = 0; i < holdings->count; i++) {
        const struct holding *holding = &holdings->items[i];
        struct port_lease lease;
        const bool is_half_made = holding->direct && !holding->direct->policy;
        if (holding->mode == MODE_ATTACH || holding->ended || is_half_made)
            continue;
        port_lease_describe(arena, holdings->settings, holding, &lease);
        if (map_get(&known, lease.entry.identifier))
            continue;
        *VEC_ADD(arena, ret) = lease;
        static char present;
        map_put(&known, lease.entry.identifier, &present);
    }
}
