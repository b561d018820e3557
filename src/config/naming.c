/* SPDX-License-Identifier: Apache-2.0 */
#include "config/naming.h"

#include "base/str.h"
#include "config/ids.h"
#include "policy/mark.h"

static const char *describe(struct naming *naming, const struct object *object)
{
    const char *policy = object->policy->name.text, *team = object->team->name;
    return object->principal ? arena_printf(naming->scratch, "the lease of '%s' of team '%s' to the %s '%s'",
                                            policy, team, object->kind, object->principal->text)
                             : arena_printf(naming->scratch, "'%s' of team '%s'", policy, team);
}

/* Two policies that are called alike, whoever has them. */
static bool are_policies_alike(struct naming *naming, const struct object *a, const struct object *b)
{
    const char *names[] = {mark_policy_name(naming->scratch, a->team->name, a->policy->name.text),
                           mark_policy_name(naming->scratch, b->team->name, b->policy->name.text)};
    return str_casecmp(names[0], names[1]) == 0 &&
           !(str_eq(a->team->name, b->team->name) && str_eq(a->policy->name.text, b->policy->name.text));
}

/* One place for each pair is enough, in however many accounts they meet. */
static bool is_told(struct naming *naming, const struct object *a, const struct object *b)
{
    static char told;
    const char *key = arena_join(naming->scratch, '\n', (const char *const[]){a->owner, b->owner}, 2);
    bool is = map_get(&naming->told, key) != NULL;
    map_put(&naming->told, key, &told);
    return is;
}

/* `object` is of the head; `other`, too, or else the base alone has it. */
static void tell(struct naming *naming, const struct object *object, const struct object *other,
                 bool other_goes)
{
    bool alike = are_policies_alike(naming, object, other);
    if ((alike && !other_goes) || is_told(naming, object, other))
        return; /* of policies of one side that are called alike, check_collisions() speaks */
    const struct located *place = alike || !object->principal ? &object->policy->name : object->principal;
    const struct located *there = alike || !other->principal ? &other->policy->name : other->principal;
    struct diag *diag =
        diag_error(naming->diags, place->span, alike ? ID_POLICY_NAME_COLLISION : ID_LEASE_NAME_COLLISION,
                   "%s comes to the name '%s' in AWS, and so does %s%s", describe(naming, object),
                   object->name, describe(naming, other), other_goes ? ", which this change removes" : "");
    diag_hint(naming->diags, diag, "'%s' stands in %s:%u%s", there->text, there->span.file->path,
              (unsigned)there->span.line,
              other_goes ? " of the base; choose another name, or remove it first, in a change of its own"
                         : "; give one of the two a grant of another name");
    if (!other_goes)
        diag_relate(diag, there->span);
}

static const char *key_of(struct naming *naming, const char *account_id, const char *where,
                          const struct object *object)
{
    const char *const parts[] = {account_id, where, str_lower(naming->scratch, object->name)};
    return arena_join(naming->scratch, '\n', parts, sizeof parts / sizeof parts[0]);
}

static bool has_owner(const struct object *first, const char *owner)
{
    while (first && !str_eq(first->owner, owner))
        first = first->next;
    return first != NULL;
}

void naming_add(struct naming *naming, const char *account_id, const char *where, struct object *object)
{
    struct object *first = map_put(&naming->objects, key_of(naming, account_id, where, object), object);
    if (first == object || has_owner(first, object->owner))
        return;
    tell(naming, object, first, false);
    object->next = first->next;
    first->next = object;
}

void naming_meet_base(struct naming *naming, const char *account_id, const char *where,
                      const struct object *object)
{
    const struct object *first = map_get(&naming->objects, key_of(naming, account_id, where, object));
    if (first && !has_owner(first, object->owner))
        tell(naming, first, object, true);
}
