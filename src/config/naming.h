/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: objects in AWS that would have one name (config_check_names in config.h). */
#ifndef IAMLEASE_CONFIG_NAMING_H
#define IAMLEASE_CONFIG_NAMING_H

#include "base/map.h"
#include "model/configuration.h"

/* A managed policy, a role or an inline policy that an entry asks for. */
struct object {
    const struct team_config *team;
    const struct policy_decl *policy;
    const struct located *principal; /* of a lease; NULL: a policy that many may have */
    const char *kind;                /* "user", "role" or "group", of the principal */
    const char *name;                /* in AWS */
    const char *owner;               /* equal owners have one object */
    struct object *next;             /* of another owner, that came to the same name */
};

/* The objects of the head, by name, while those of the base are held against them. */
struct naming {
    struct arena *scratch;
    struct diags *diags;
    struct map objects; /* account, where a name must be alone, name in small letters → struct object */
    struct map told;    /* two owners, about whom a diagnostic speaks already */
};

/* Of the head: `object` is kept (by its address), and told of when another owner has its name. */
void naming_add(struct naming *naming, const char *account_id, const char *where, struct object *object);

/* Of the base: told of when the head has something else of that name, and `object` no more. */
void naming_meet_base(struct naming *naming, const char *account_id, const char *where,
                      const struct object *object);

#endif
