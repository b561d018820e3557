/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: what the tables of roles and of OIDC providers share. */
#ifndef IAMLEASE_CONFIG_SCHEMA_ROLES_H
#define IAMLEASE_CONFIG_SCHEMA_ROLES_H

#include "config/schema.h"

/* A role or a provider while it is read: then it becomes an entry. */
struct roles_reading {
    struct team_config *team;
    struct located name;
    struct located_list environments, grants;
    struct policy_decl *policy; /* the managed policies */
    struct role_decl role;
    struct provider_decl provider;
};

/* schema_roles.c: one that has the name at the key of `node`, and nothing else yet. */
struct roles_reading *roles_reading_begin(struct arena *arena, struct team_config *team,
                                          const struct yaml_node *node);

/* schema_roles.c: what was read becomes an entry for that role or issuer; incomplete unless `whole`. */
struct access_entry *roles_reading_add_entry(struct decoder *decoder, struct roles_reading *reading,
                                             const struct yaml_node *node, bool whole, const char *principal);

/* schema_roles.c: [struct tag_decls] tags by name. */
extern const struct value_type type_tags;

/* schema_providers.c: an item of `oidc-providers`, and what makes room for one. */
extern const struct record schema_provider;
void *schema_provider_add(struct arena *arena, void *container, const struct yaml_node *node);

/* schema_providers.c: finds the issuer that `trust` of a role means; unknown: a diagnostic, and it is incomplete. */
void schema_resolve_provider(struct decoder *decoder, const struct team_config *team,
                             struct access_entry *entry, struct trust_decl *trust);

#endif
