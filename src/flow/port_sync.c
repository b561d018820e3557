/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/port_sync.h"

#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "flow/port_judging.h"
#include "flow/port_leases.h"
#include "flow/port_request.h"
#include "github/proposal.h"
#include "port/port_payload.h"
#include "port/port_run.h"

struct syncing {
    const struct run *run;
    struct port *port;
    const struct settings *settings;
    const struct holdings *holdings;
    int64_t now_s;
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

/* Credentials and limits are about us, and the other runs would not fare better. */
static bool is_about_the_run(long status)
{
    return status >= 400 && status <= 499 && status != 401 && status != 429;
}

/* Whoever asked learns it: but only the run of that person, only of a request, and only once. */
static int end_run(struct syncing *s, const char *run_id, const char *requester, enum port_end end,
                   const char *summary, const char *link, struct err *err)
{
    struct arena *arena = s->run->arena;
    struct port_run run;
    bool is_found;
    if (!port_is_run_id(run_id))
        return 0;
    if (port_run_read(arena, s->port, run_id, &run, &is_found, err) < 0) {
        if (err->code == ERR_REFUSED && !is_found)
            return 0;
        if (is_about_the_run(run.status))
            err->code = ERR_REFUSED;
        return -1;
    }
    bool is_theirs = !requester || (run.requester && str_casecmp(run.requester, requester) == 0);
    if (!run.in_progress || !is_theirs || !port_is_request(&s->settings->rules.port, &run))
        return 0;
    if (port_run_end(arena, s->port, run_id, end, summary, link, err) < 0)
        return -1;
    s->synced->ended++;
    return 0;
}

static int say_granted(struct syncing *s, const struct port_lease *lease, struct err *err)
{
    char instant[TIME_TEXT_SIZE];
    if (!lease->run_id)
        return 0;
    const char *summary =
        arena_printf(s->run->arena, "Granted until %s", time_format(lease->entry.ends_at_s, instant));
    return end_run(s, lease->run_id, lease->entry.requester, PORT_SUCCEEDED, summary,
                   lease->entry.sign_in_url, err);
}

static const struct port_entry *find(const struct map *map, const char *identifier)
{
    return map_get(map, identifier);
}

/* The run first, so that one that was cut off gets its end later; what Port refuses about it keeps no entity away. */
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
        if (say_granted(s, lease, &reason) < 0 &&
            note(s, lease->entry.account_id, lease->fact, &reason, err) < 0)
            return -1;
        if (port_catalog_put(s->run->arena, s->port, s->settings->owner, &lease->entry, &answer, &reason) < 0) {
            if (note(s, lease->entry.account_id, lease->fact, &reason, err) < 0)
                return -1;
            continue;
        }
        s->synced->written++;
    }
    return 0;
}

/* Of an account that could not be read only what has ended by its own date is certain to be over. */
static bool is_over(const struct syncing *s, const struct port_entry *entry)
{
    for (size_t i = 0; entry->account_id && i < s->holdings->problems.count; i++) {
        const char *unread = s->holdings->problems.items[i].account_id;
        if (unread && str_eq(unread, entry->account_id))
            return entry->ends_at_s && entry->ends_at_s <= s->now_s;
    }
    return true;
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

/* A request that nobody wants to merge is over, and whoever asked should not wait. */
static int end_closed(struct syncing *s, struct err *err)
{
    struct strings closed = {0};
    struct err reason;
    if (!s->run->github)
        return 0;
    if (proposal_closed(s->run->arena, s->run->github, port_branch_prefix, &closed, &reason) < 0) {
        problem_add(s->run->arena, &s->synced->problems, "github", NULL, NULL, "%s", reason.message);
        return 0;
    }
    for (size_t i = 0; i < closed.count; i++)
        if (end_run(s, closed.items[i], NULL, PORT_FAILED, "Not granted: the pull request was closed", NULL,
                    &reason) < 0 &&
            note(s, NULL, NULL, &reason, err) < 0)
            return -1;
    return 0;
}

static int sync(struct syncing *s, struct err *err)
{
    return port_catalog_list(s->run->arena, s->port, s->settings->owner, &s->entries, err) < 0 ||
                   put_leases(s, err) < 0 || remove_ended(s, err) < 0 || end_closed(s, err) < 0
               ? -1
               : 0;
}

int flow_port_sync(const struct run *run, const struct apply_request *request,
                   const struct port_environment *environment, struct port_synced *ret, struct err *err)
{
    struct holdings holdings;
    struct diags diags = diags_new(run->arena);
    struct syncing s = {.run = run, .holdings = &holdings, .now_s = request->now_s, .synced = ret};
    *ret = (struct port_synced){0};
    if (flow_who(run, request, &diags, &holdings, err) < 0)
        return -1;
    for (size_t i = 0; i < holdings.problems.count; i++)
        *VEC_ADD(run->arena, &ret->problems) = holdings.problems.items[i];
    s.settings = holdings.settings;
    if (port_open(run->arena, environment, s.settings->rules.port.base_url, run->net, &s.port, err) < 0)
        return -1;
    port_leases_collect(run->arena, &holdings, &s.leases);
    ret->leases = s.leases.count;
    int rc = sync(&s, err);
    port_close(s.port);
    return rc;
}
