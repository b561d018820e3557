/* SPDX-License-Identifier: Apache-2.0 */
/* A role that trusts a provider which is not in its account is of no use until somebody makes such a
 * provider, and then trusts whoever that is. */
#include "base/str.h"
#include "config/check.h"
#include "config/ids.h"

/* More than are shown: whoever has so many has one reason for them. */
enum { MISSING_MAX = 1000 };

struct places {
    struct arena *scratch;
    struct diags *diags;
    const struct map *environments;
    struct map issuers; /* → struct map of the ids of accounts that have it */
    size_t missing;
};

static void add_places(struct places *places, const struct access_entry *entry)
{
    struct map *accounts = ARENA_NEW(places->scratch, struct map);
    *accounts = map_new(places->scratch);
    accounts = map_put(&places->issuers, entry->ad_hoc->provider->issuer, accounts);
    for (size_t i = 0; i < entry->environments.count; i++) {
        struct account_decl *account = map_get(places->environments, entry->environments.items[i].text);
        if (account)
            map_put(accounts, account->account_id.text, account);
    }
}

static void check_trust(struct places *places, const struct access_entry *entry,
                        const struct trust_decl *trust, const struct map *accounts)
{
    for (size_t i = 0; i < entry->environments.count && places->missing < MISSING_MAX; i++) {
        const struct located *environment = &entry->environments.items[i];
        const struct account_decl *account = map_get(places->environments, environment->text);
        if (!account || map_get(accounts, account->account_id.text))
            continue;
        places->missing++;
        struct diag *diag =
            diag_error(places->diags, trust->oidc_provider.span, ID_PROVIDER_NOT_THERE,
                       "role '%s' would be in '%s', and the OIDC provider '%s' is not declared there",
                       entry->ad_hoc->role->name, environment->text, trust->oidc_provider.text);
        diag_hint(places->diags, diag,
                  "add '%s' to its environments in oidc-providers, or take it from those of the role",
                  environment->text);
        diag_relate(diag, environment->span);
    }
}

static void check_role_places(struct places *places, const struct access_entry *entry)
{
    const struct role_decl *role = entry->ad_hoc->role;
    struct map seen = map_new(places->scratch);
    for (size_t i = 0; i < role->trust.count; i++) {
        struct trust_decl *trust = &role->trust.items[i];
        /* Whoever writes an address says that it is there. */
        if (!trust->oidc_issuer || str_prefix(trust->oidc_provider.text, "https://") ||
            map_put(&seen, trust->oidc_issuer, trust) != trust)
            continue;
        const struct map *accounts = map_get(&places->issuers, trust->oidc_issuer);
        if (accounts)
            check_trust(places, entry, trust, accounts);
    }
}

void check_providers_are_there(const struct team_config *team, const struct map *environments,
                               struct diags *diags)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct places places = {.scratch = scratch,
                            .diags = diags,
                            .environments = environments,
                            .issuers = map_new(scratch)};
    for (size_t i = 0; i < team->entries.count; i++) {
        const struct access_entry *entry = &team->entries.items[i];
        if (entry->file == FILE_ROLES && entry->ad_hoc->provider)
            add_places(&places, entry);
    }
    for (size_t i = 0; i < team->entries.count && places.issuers.count; i++) {
        const struct access_entry *entry = &team->entries.items[i];
        if (entry->file == FILE_ROLES && entry->ad_hoc->role)
            check_role_places(&places, entry);
    }
}
