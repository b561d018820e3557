/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_sync.h"

#include "base/map.h"
#include "base/str.h"
#include "flow/holding.h"
#include "flow/port_ending.h"

struct syncing {
    const struct run *run;
    struct port *port;
    const struct settings *settings;
    const struct findings *findings;
    bool is_part;    /* of the accounts */
    bool is_certain; /* nothing that was read is a problem */
    int64_t now_s;
    struct port_unfinished unfinished;
    struct port_entries entries; /* as the catalog has them */
    struct port_leases leases;   /* as AWS has them */
    struct port_synced *synced;
};

/* What Port refuses is a problem of that one entity; when no answer comes, the others would not fare better. */
static int note(struct syncing *s, const char *account_id, const struct fact *fact, const struct err *reason,
                struct err *err)
{
    if (reason->code != ERR_REFUSED && reason->code != ERR_INPUT) {
        *err = *reason;
        return -1;
    }
    problem_add(s->run->arena, &s->synced->problems, "port", account_id, fact, "%s", reason->message);
    return 0;
}

static const struct port_entry *find(const struct map *map, const char *identifier)
{
    return map_get(map, identifier);
}

static int put_leases(struct syncing *s, struct err *err)
{
    struct map there = map_new(s->run->arena);
    for (size_t i = 0; i < s->entries.count; i++)
        map_put(&there, s->entries.items[i].identifier, &s->entries.items[i]);
    for (size_t i = 0; i < s->leases.count; i++) {
        const struct port_lease *lease = &s->leases.items[i];
        const struct port_entry *entry = find(&there, lease->entry.identifier);
        struct port_answer answer = {.error = ""};
        struct err reason;
        if (entry && port_entry_is_same(entry, &lease->entry))
            continue;
        if (port_catalog_put(s->run->arena, s->port, s->settings->owner, &lease->entry, &answer, &reason) < 0) {
            if (note(s, lease->entry.account_id, lease->fact, &reason, err) < 0)
                return -1;
            continue;
        }
        s->synced->written++;
    }
    return 0;
}

/*
 * Of an account that nobody looked at, because it could not be read, another shard has it or no file here
 * names it, only what has ended by its own date is certain to be over.
 */
static bool is_over(const struct syncing *s, const struct port_entry *entry)
{
    const struct observed_account *account =
        entry->account_id ? observed_find_account(&s->findings->observed, entry->account_id) : NULL;
    return (account && !account->error) || (entry->ends_at_s && entry->ends_at_s <= s->now_s);
}

static int remove_ended(struct syncing *s, struct err *err)
{
    struct map wanted = map_new(s->run->arena);
    for (size_t i = 0; i < s->leases.count; i++)
        map_put(&wanted, s->leases.items[i].entry.identifier, &s->leases.items[i].entry);
    for (size_t i = 0; i < s->entries.count; i++) {
        const struct port_entry *entry = &s->entries.items[i];
        struct err reason;
        if (find(&wanted, entry->identifier) || !is_over(s, entry))
            continue;
        if (port_catalog_remove(s->run->arena, s->port, entry->identifier, &reason) == 0)
            s->synced->removed++;
        else if (note(s, entry->account_id, NULL, &reason, err) < 0)
            return -1;
    }
    return 0;
}

/* Nothing here writes to AWS: what a revocation that was cut off has left is said. */
static void find_unfinished(struct syncing *s)
{
    struct err reason;
    struct problems *problems = &s->synced->problems;
    struct arena *arena = s->run->arena;
    if (port_unfinished_read(s->run, s->findings, s->settings, s->now_s, &s->unfinished, &reason) < 0)
        problem_add(arena, problems, "revoke-incomplete", NULL, NULL, "%s", reason.message);
    for (size_t i = 0; i < s->leases.count; i++) {
        const struct port_lease *lease = &s->leases.items[i];
        const bool goes = lease->fact ? port_unfinished_has(&s->unfinished, lease->fact)
                                      : lease->run_id && strings_contain(&s->unfinished.runs, lease->run_id);
        if (goes)
            problem_add(arena, problems, "revoke-incomplete", lease->entry.account_id, lease->fact,
                        "%s was taken back in Port, and stands in AWS: the revocation was cut off",
                        lease->entry.title)
                ->hint = "the next apply or cleanup takes it away, and so does the run of the revocation "
                         "started again";
    }
}

static int sync(struct syncing *s, const struct problems *of_apply, const char *own_run, struct err *err)
{
    struct port_ending ending = {
        .run = s->run,
        .port = s->port,
        .findings = s->findings,
        .leases = &s->leases,
        .of_apply = of_apply,
        .is_part = s->is_part,
        .is_certain = s->is_certain,
        .unfinished = &s->unfinished,
        .own_run = own_run,
        .now_s = s->now_s,
        .problems = &s->synced->problems,
    };
    int rc = port_catalog_list(s->run->arena, s->port, s->settings->owner, &s->entries, err) < 0 ||
                     put_leases(s, err) < 0 || remove_ended(s, err) < 0 || port_end_runs(&ending, err) < 0
                 ? -1
                 : 0;
    s->synced->ended = ending.ended;
    return rc;
}

int flow_port_sync(const struct run *run, const struct apply_request *request,
                   const struct port_environment *environment, const struct problems *of_apply,
                   const char *own_run, struct port_synced *ret, struct err *err)
{
    struct findings findings CLEANUP(findings_close) = {0};
    struct holdings holdings;
    struct diags diags = diags_new(run->arena);
    struct syncing s = {.run = run,
                        .findings = &findings,
                        .is_part = request->shard != NULL,
                        .now_s = request->now_s,
                        .synced = ret};
    *ret = (struct port_synced){0};
    if (holdings_read(run, request, &diags, &findings, &holdings, err) < 0)
        return -1;
    for (size_t i = 0; i < holdings.problems.count; i++)
        *VEC_ADD(run->arena, &ret->problems) = holdings.problems.items[i];
    s.settings = holdings.settings;
    if (port_open(run->arena, environment, s.settings->rules.port.base_url, run->net, &s.port, err) < 0)
        return -1;
    port_leases_collect(run->arena, &holdings, &s.leases);
    ret->leases = s.leases.count;
    s.is_certain = !holdings.problems.count;
    find_unfinished(&s);
    int rc = sync(&s, of_apply, own_run, err);
    port_close(s.port);
    return rc;
}
