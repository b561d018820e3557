/* SPDX-License-Identifier: Apache-2.0 */
/* Roles and OIDC providers of aws-roles that would be one in an account, over all teams and both sides of a change. */
#include "base/map.h"
#include "base/str.h"
#include "config/check.h"
#include "config/ids.h"
#include "policy/trust.h"

#include <string.h>

/* Names of roles that are leases begin so (policy/mark.h). */
static const char lease_prefix[] = "temp-";

struct claim {
    const struct team_config *team;
    const struct access_entry *entry;
};

struct claims {
    struct arena *scratch;
    struct diags *diags;
    struct map roles;     /* account and name in small letters → struct claim of the head */
    struct map providers; /* account and issuer → struct claim of the head */
};

static void refuse_role(struct claims *claims, const struct claim *mine, const struct claim *first,
                        const char *account_id, bool is_base)
{
    const struct located *name = &mine->entry->roles.items[0];
    const struct claim *at = is_base ? first : mine, *other = is_base ? mine : first;
    const char *whose = str_eq(mine->team->name, first->team->name)
                            ? arena_printf(claims->scratch, "'%s': IAM has one role of both names",
                                           other->entry->roles.items[0].text)
                            : arena_printf(claims->scratch, "one of team '%s'", other->team->name);
    struct diag *diag =
        diag_error(claims->diags, at->entry->roles.items[0].span, ID_ROLE_NAME_TAKEN,
                   "role '%s' of team '%s' in account %s %s %s", at->entry->roles.items[0].text,
                   at->team->name, account_id, is_base ? "was until now" : "is also", whose);
    diag_hint(claims->diags, diag,
              is_base ? "remove it there in a change before this one"
                      : "one role in an account has one team; rename one of them (%s:%u)",
              name->span.file->path, (unsigned)other->entry->roles.items[0].span.line);
    if (!is_base)
        diag_relate(diag, other->entry->roles.items[0].span);
}

/* What several teams use is one object: it cannot be two things. */
static void compare_providers(struct claims *claims, const struct claim *mine, const struct claim *first,
                              const char *account_id)
{
    const struct provider_decl *a = mine->entry->ad_hoc->provider, *b = first->entry->ad_hoc->provider;
    if (str_eq(trust_canonical(claims->scratch, NULL, a), trust_canonical(claims->scratch, NULL, b)))
        return;
    struct diag *diag =
        diag_error(claims->diags, a->name.span, ID_PROVIDER_DIFFERS,
                   "the OIDC provider %s in account %s is declared otherwise as '%s' of team '%s'", a->issuer,
                   account_id, b->name.text, first->team->name);
    diag_hint(claims->diags, diag, "declare it alike in %s:%u and here", b->name.span.file->path,
              (unsigned)b->name.span.line);
    diag_relate(diag, b->name.span);
}

static void claim(struct claims *claims, const struct claim *mine, const char *account_id, bool is_base)
{
    const bool is_role = mine->entry->ad_hoc->role != NULL;
    struct map *map = is_role ? &claims->roles : &claims->providers;
    const char *name = str_lower(claims->scratch, mine->entry->roles.items[0].text);
    const char *key = arena_printf(claims->scratch, "%s/%s", account_id, name);
    struct claim *kept = ARENA_NEW(claims->scratch, struct claim);
    *kept = *mine;
    const struct claim *first = is_base ? map_get(map, key) : map_put(map, key, kept);
    if (!first || first == kept)
        return;
    if (is_role && (!str_eq(first->team->name, mine->team->name) ||
                    !str_eq(first->entry->roles.items[0].text, mine->entry->roles.items[0].text)))
        refuse_role(claims, mine, first, account_id, is_base);
    else if (!is_role && !is_base)
        compare_providers(claims, mine, first, account_id);
}

static void walk(struct claims *claims, const struct config *config, bool is_base)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct team_config *team = &config->items[i];
        for (size_t j = 0; j < team->entries.count; j++) {
            const struct claim mine = {team, &team->entries.items[j]};
            if (mine.entry->file != FILE_ROLES)
                continue;
            for (size_t k = 0; k < mine.entry->environments.count; k++) {
                const struct account_decl *account =
                    team_find_account(team, mine.entry->environments.items[k].text);
                if (account && *account->account_id.text)
                    claim(claims, &mine, account->account_id.text, is_base);
            }
        }
    }
}

void check_role_names(const struct config *base, const struct config *head, struct diags *diags)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct claims claims = {.scratch = scratch,
                            .diags = diags,
                            .roles = map_new(scratch),
                            .providers = map_new(scratch)};
    walk(&claims, head, false);
    if (base != head)
        walk(&claims, base, true);
}

void check_role(const struct access_entry *entry, struct diags *diags)
{
    const struct role_decl *role = entry->ad_hoc->role;
    if (!role || !str_prefix(str_lower(diags->arena, role->name), lease_prefix))
        return;
    struct diag *diag = diag_error(diags, entry->span, ID_ROLE_NAME_TAKEN,
                                   "'%s' begins like the names of roles that are leases", role->name);
    diag_hint(diags, diag, "let it not begin with 'temp-'");
}
