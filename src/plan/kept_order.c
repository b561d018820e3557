/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kept_order.h"

#include "base/buf.h"

/* Of an ARN and of what stands in a list of roles: long enough for any. */
enum { ARN_MAX = 4096 };

/* Somebody whom roles of aws-roles of this account trust by name. */
struct trusted_role {
    bool declared;               /* as a role of aws-roles, in whatever account */
    struct principal_work *here; /* the wanted role of this account that it is, or NULL */
};

/* Roles are called by one buffer: there are as many ARNs as roles, in every account. */
static struct trusted_role *find_trusted(const struct account_work *work, struct buf *arn,
                                         const struct fact *fact)
{
    const struct settings *settings = work->input->settings;
    const char *path = fact->policy->role->path ? fact->policy->role->path : settings->policy_path;
    buf_clear(arn);
    buf_addf(arn, "arn:%s:iam::%s:role%s%s", settings->partition, fact->account_id, path, fact->principal);
    return map_get(&work->trusted, arn->bytes);
}

static void add_trusted(struct account_work *work, const struct role_decl *role)
{
    for (size_t i = 0; i < role->trust.count; i++)
        for (size_t j = 0; j < role->trust.items[i].principals.count; j++) {
            const char *arn = role->trust.items[i].principals.items[j].text;
            if (!map_get(&work->trusted, arn))
                map_put(&work->trusted, arn, ARENA_NEW(work->arena, struct trusted_role));
        }
}

static void find_all(struct account_work *work)
{
    const struct facts *desired = work->input->desired;
    CLEANUP(buf_free) struct buf arn;
    buf_init(&arn, ARN_MAX);
    for (size_t i = 0; i < work->kept.count; i++)
        add_trusted(work, work->kept.items[i]->role->fact->policy->role);
    for (size_t i = 0; i < desired->count && work->trusted.count; i++) {
        struct trusted_role *trusted =
            fact_is_role(&desired->items[i]) ? find_trusted(work, &arn, &desired->items[i]) : NULL;
        if (trusted)
            trusted->declared = true;
    }
    for (size_t i = 0; i < work->kept.count && work->trusted.count; i++) {
        struct trusted_role *trusted = find_trusted(work, &arn, work->kept.items[i]->role->fact);
        if (trusted)
            trusted->here = work->kept.items[i];
    }
}

/* The trust of a role, name by name. */
struct walk {
    struct principal_work *holder;
    size_t item, principal; /* the next one to be looked at */
};

/* The next wanted role of this account that it trusts and that must be made first, or NULL. */
static struct principal_work *next_trusted(const struct account_work *work, struct walk *walk)
{
    const struct role_decl *role = walk->holder->role->fact->policy->role;
    for (; walk->item < role->trust.count; walk->item++, walk->principal = 0)
        while (walk->principal < role->trust.items[walk->item].principals.count) {
            const struct located *name = &role->trust.items[walk->item].principals.items[walk->principal++];
            const struct trusted_role *trusted = map_get(&work->trusted, name->text);
            if (trusted && trusted->here && !trusted->here->role->live)
                return trusted->here;
        }
    return NULL;
}

struct ordering {
    size_t count;                   /* of those that have their place */
    struct principal_work **placed; /* as many as there are roles, like the next */
    struct walk *open;              /* each is trusted by the one before it */
};

/* Places a role behind all that it trusts, but for whoever is open: they are in a ring. */
static void place(const struct account_work *work, struct ordering *ordering, struct principal_work *first)
{
    size_t depth = 0;
    for (struct principal_work *next = first;;) {
        if (next && !next->role->met) {
            next->role->met = true;
            ordering->open[depth++] = (struct walk){.holder = next};
        }
        if (!depth)
            return;
        next = next_trusted(work, &ordering->open[depth - 1]);
        if (!next)
            ordering->placed[ordering->count++] = ordering->open[--depth].holder;
    }
}

void kept_order(struct account_work *work)
{
    const size_t count = work->kept.count;
    find_all(work);
    if (!work->trusted.count)
        return;
    struct ordering ordering = {.placed = arena_array(work->arena, count, sizeof *ordering.placed),
                                .open = arena_array(work->arena, count, sizeof *ordering.open)};
    for (size_t i = 0; i < count; i++)
        place(work, &ordering, work->kept.items[i]);
    work->kept.items = ordering.placed;
    work->kept.capacity = count;
}

const char *kept_lacks(const struct account_work *work, const struct role_decl *role)
{
    for (size_t i = 0; i < role->trust.count; i++)
        for (size_t j = 0; j < role->trust.items[i].principals.count; j++) {
            const char *arn = role->trust.items[i].principals.items[j].text;
            const struct trusted_role *trusted = map_get(&work->trusted, arn);
            const struct wanted_role *there = trusted && trusted->here ? trusted->here->role : NULL;
            if (trusted && trusted->here && !(there && (there->live || there->settled)))
                return arn;
        }
    return NULL;
}

void kept_after_trusted(struct account_work *work, size_t operation, const struct wanted_role *wanted)
{
    struct map seen = map_new(work->arena);
    const struct role_decl *role = wanted->fact->policy->role;
    for (size_t i = 0; i < role->trust.count; i++)
        for (size_t j = 0; j < role->trust.items[i].principals.count; j++) {
            const char *arn = role->trust.items[i].principals.items[j].text;
            struct trusted_role *trusted = map_get(&work->trusted, arn);
            const size_t before = seen.count;
            if (!trusted || !trusted->here || !trusted->here->role->made)
                continue;
            map_put(&seen, arn, trusted);
            if (seen.count > before)
                work_after(work, operation, trusted->here->role->made - 1);
        }
}

bool kept_trusts_declared(const struct account_work *work, const struct role_decl *role)
{
    for (size_t i = 0; i < role->trust.count; i++)
        for (size_t j = 0; j < role->trust.items[i].principals.count; j++) {
            const struct trusted_role *trusted =
                map_get(&work->trusted, role->trust.items[i].principals.items[j].text);
            if (trusted && trusted->declared)
                return true;
        }
    return false;
}
