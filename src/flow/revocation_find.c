/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/revocation_find.h"

#include "base/str.h"
#include "plan/declared.h"
#include "plan/direct_role.h"
#include "policy/mark.h"
#include "port/port_payload.h"

#include <string.h>

static bool is_role_of(struct arena *arena, const struct settings *settings, const struct fact *fact,
                       const char *identifier)
{
    const char *name = mark_role_name(arena, settings->policy_path, fact);
    return str_eq(identifier, name) ||
           str_eq(identifier, direct_role_arn(arena, settings, fact->account_id, name));
}

static void add_fact(struct arena *arena, struct revocation *r, const struct fact *fact)
{
    for (size_t i = 0; i < r->facts.count; i++)
        if (str_eq(r->facts.items[i]->identity, fact->identity))
            return;
    *VEC_ADD(arena, &r->facts) = fact;
}

static void find_named(struct arena *arena, const struct settings *settings, const struct facts *facts,
                       int64_t now_s, struct revocation *r)
{
    const bool is_head = facts == &r->findings.desired;
    for (size_t i = facts->count; i-- > 0;) { /* of the commits, what the latest says */
        const struct fact *fact = &facts->items[i];
        if (fact->kind != ACCESS_LEASE || fact->ends_at_s <= now_s ||
            (!is_head && facts_find(&r->findings.desired, fact->identity)))
            continue;
        if (str_eq(fact->lease_id, r->identifier) || str_eq(fact->port_run, r->identifier) ||
            is_role_of(arena, settings, fact, r->identifier))
            add_fact(arena, r, fact);
    }
}

/* Whether what one entry declares is part of that lease. */
static bool covers(const struct fact *fact, const struct fact *row)
{
    return row->kind == ACCESS_LEASE && strlen(row->identity) == fact->grant_length &&
           memcmp(row->identity, fact->identity, fact->grant_length) == 0 &&
           row->starts_at_s <= fact->ends_at_s && row->ends_at_s >= fact->starts_at_s;
}

static bool is_covered(const struct revocation *r, const struct fact *row)
{
    for (size_t i = 0; i < r->facts.count; i++)
        if (covers(r->facts.items[i], row))
            return true;
    return false;
}

static bool has_run(const struct team_config *team, const char *run_id)
{
    for (size_t i = 0; i < team->entries.count; i++)
        if (str_eq(team->entries.items[i].port_run, run_id))
            return true;
    return false;
}

/* A lease of several entries shows the run of one of them. */
static void find_by_run(struct arena *arena, const struct declared *rows, struct revocation *r)
{
    const struct facts *desired = &r->findings.desired;
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = 0; str_eq(rows->items[i].fact.port_run, r->identifier) && j < desired->count; j++)
            if (covers(&desired->items[j], &rows->items[i].fact))
                add_fact(arena, r, &desired->items[j]);
}

/* Only what asks for nothing else is told by its run: whoever else has something of it keeps that. */
static void judge_entry(struct arena *arena, const struct access_entry *entry, bool is_whole,
                        struct revocation *r)
{
    if (is_whole && port_is_run_id(entry->port_run) && (entry->ad_hoc || !r->from_port)) {
        strings_add_unique(arena, &r->runs, entry->port_run);
        r->asking = r->asking ? r->asking : entry;
    } else {
        r->left = r->left ? r->left : entry;
    }
}

/* The rows of one entry stand together. */
static void judge_rows(struct arena *arena, const struct declared *rows, int64_t now_s, struct revocation *r)
{
    for (size_t i = 0, next; i < rows->count; i = next) {
        const struct access_entry *entry = rows->items[i].entry;
        size_t covered = 0;
        for (next = i; next < rows->count && rows->items[next].entry == entry; next++)
            covered += is_covered(r, &rows->items[next].fact);
        if (covered && entry->ends_at_s > now_s)
            judge_entry(arena, entry, covered == next - i, r);
    }
}

static bool is_team_of(const struct revocation *r, const struct team_config *team)
{
    for (size_t i = 0; i < r->facts.count; i++)
        if (str_eq(r->facts.items[i]->team, team->name))
            return true;
    return false;
}

static void for_teams(struct arena *arena, const struct settings *settings, int64_t now_s, bool by_run,
                      struct revocation *r)
{
    const struct config *config = r->findings.head.config;
    for (size_t i = 0; i < config->count; i++) {
        CLEANUP(arena_freep) struct arena *scratch = arena_new();
        const struct team_config *team = &config->items[i];
        struct declared rows = {0};
        if (by_run ? !has_run(team, r->identifier) : !is_team_of(r, team))
            continue;
        declared_rows(scratch, scratch, settings, team, &rows);
        if (by_run)
            find_by_run(arena, &rows, r);
        else
            judge_rows(arena, &rows, now_s, r);
    }
}

/* What no entry asks for any more may still stand in a file that cannot be read, or in one to come. */
static void add_runs_of_the_past(struct arena *arena, struct revocation *r)
{
    const struct config *config = r->findings.head.config;
    for (size_t i = 0; i < r->facts.count; i++) {
        const char *run_id = r->facts.items[i]->port_run;
        bool is_in_head = false;
        for (size_t j = 0; j < config->count; j++)
            is_in_head |= has_run(&config->items[j], run_id);
        if (port_is_run_id(run_id) && !is_in_head)
            strings_add_unique(arena, &r->runs, run_id);
    }
}

static int judge_port(const struct revocation *r, struct err *err)
{
    if (!r->from_port || !r->facts.count)
        return 0;
    if (r->left)
        return err_set(err, ERR_REFUSED,
                       "the lease %s was not asked for in Port, or the entry at %s:%u asks for others, too: "
                       "take it out, or this of it, in a pull request",
                       r->facts.items[0]->lease_id, r->left->span.file->path, r->left->span.line);
    if (!r->runs.count && !r->findings.is_complete)
        return err_set(err, ERR_REFUSED,
                       "whether an entry asks for the lease %s cannot be told, because of errors in the files: "
                       "mend them first",
                       r->facts.items[0]->lease_id);
    return 0;
}

int revocation_judge_name(struct arena *arena, const char *name, const struct strings *arns, struct err *err)
{
    if (arns->count < 2)
        return 0;
    return err_set(err, ERR_REFUSED, "'%.64s' is the name of several roles: say which by its ARN: %.900s",
                   name, arena_join(arena, ' ', arns->items, arns->count));
}

/* A name is one in an account only. */
static int judge_names(struct arena *arena, const struct settings *settings, const struct revocation *r,
                       struct err *err)
{
    struct strings arns = {0};
    for (size_t i = 0; i < r->facts.count; i++) {
        const struct fact *fact = r->facts.items[i];
        const char *name = mark_role_name(arena, settings->policy_path, fact);
        if (str_eq(name, r->identifier))
            strings_add_unique(arena, &arns, direct_role_arn(arena, settings, fact->account_id, name));
    }
    return revocation_judge_name(arena, r->identifier, &arns, err);
}

int revocation_find(struct arena *arena, const struct settings *settings, int64_t now_s, struct revocation *r,
                    struct err *err)
{
    if (!*r->identifier)
        return err_set(err, ERR_USAGE, "a lease is named by its id, its role or its run, and not by nothing");
    find_named(arena, settings, &r->findings.desired, now_s, r);
    for_teams(arena, settings, now_s, true, r);
    find_named(arena, settings, &r->findings.history.candidates, now_s, r);
    for_teams(arena, settings, now_s, false, r);
    add_runs_of_the_past(arena, r);
    return judge_names(arena, settings, r, err) < 0 ? -1 : judge_port(r, err);
}
