/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/revocation_places.h"

#include "base/str.h"
#include "flow/history_step.h"
#include "flow/lineage.h"
#include "port/port_catalog.h"
#include "port/port_run.h"

#include <string.h>

/* "arn:aws:iam::123456789012:role/x" → its account; NULL: it names none. */
static const char *account_of_arn(struct arena *arena, const char *arn)
{
    for (int i = 0; i < 4 && arn; i++)
        arn = strchr(arn, ':') ? strchr(arn, ':') + 1 : NULL;
    const char *account_id = arn ? arena_strndup(arena, arn, strcspn(arn, ":")) : "";
    return account_id_is_valid(account_id) ? account_id : NULL;
}

/* What Port's own guide made, or iamlease for another repository, nobody looks for here. */
static bool is_made_by(const struct port_entity *entity, const char *owner)
{
    return port_is_lease_id(entity->identifier) && entity->owner && str_eq(entity->owner, owner);
}

/* The account that the name itself or the catalog says; *ret NULL: nobody knows any. */
static int find_account(const struct run *run, struct revocation *r, const char **ret, struct err *err)
{
    struct port_entity entity;
    const char *name = r->identifier ? r->identifier : r->expired;
    *ret = str_prefix(name, "arn:") ? account_of_arn(run->arena, name) : NULL;
    if (!r->port)
        return 0;
    if (port_entity_read(run->arena, r->port, "provisioned_permissions", name, &entity, err) < 0)
        return err->code == ERR_REFUSED ? 0 : -1;
    r->is_foreign = !is_made_by(&entity, r->findings.head.config->settings.owner);
    *ret = *ret ? *ret : entity.account_id;
    return 0;
}

bool revocation_is_named(const struct revocation *r, const char *account_id)
{
    return config_names_account(r->findings.head.config, account_id) ||
           strings_contain(&r->findings.history.accounts, account_id);
}

static void add_accounts(struct arena *arena, const struct revocation *r, const struct config *config,
                         struct strings *ret)
{
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].accounts.count; j++) {
            const char *account_id = config->items[i].accounts.items[j].account_id.text;
            if (account_id_is_valid(account_id) && !revocation_is_named(r, account_id))
                strings_add_unique(arena, ret, account_id);
        }
}

/* From head to the first commit of all. */
static int find_past(const struct run *run, const char *root_option, const struct revocation *r,
                     struct strings *ret, struct err *err)
{
    struct lineage lineage = lineage_new(run->arena, run->repo, NULL);
    const struct step_reader reader = {run->arena, run->repo, NULL, root_option, NULL};
    const struct step *newer = NULL;
    const char *commit = r->findings.head.commit_id, *parent;
    for (; commit; commit = parent) {
        struct step *step = ARENA_NEW(run->arena, struct step);
        if (lineage_first_parent(&lineage, commit, &parent, err) < 0 ||
            step_read(&reader, commit, newer, step, err) < 0)
            return -1;
        if (!step->source.config || (newer && str_eq(newer->source.fingerprint, step->source.fingerprint)))
            continue;
        add_accounts(run->arena, r, step->source.config, ret);
        newer = step;
    }
    return 0;
}

void revocation_find_places(const struct run *run, const struct apply_request *request, struct revocation *r)
{
    struct strings past = {0};
    struct err err;
    if (find_account(run, r, &r->account_id, &err) < 0) {
        r->unknown_place = arena_strdup(run->arena, err.message);
        return;
    }
    if (r->is_foreign || !r->identifier)
        return;
    if (r->account_id ? revocation_is_named(r, r->account_id) : r->from_port)
        return;
    if (find_past(run, request->root_option, r, &past, &err) < 0)
        r->unknown_place =
            arena_printf(run->arena,
                         "in which accounts '%.200s' may stand is not known: %s; check out all of the "
                         "history (actions/checkout: fetch-depth: 0)",
                         r->identifier, err.message);
    else if (!r->account_id)
        r->besides = past;
    else if (strings_contain(&past, r->account_id))
        strings_add(run->arena, &r->besides, r->account_id);
}
