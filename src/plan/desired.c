/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/desired.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

struct collecting {
    struct arena *arena;
    const struct team_config *team;
    struct map accounts, policies; /* of the team: name → account_decl, policy_decl */
    const struct settings *settings;
    int64_t now_s;
    struct map by_identity; /* → index into facts, plus one */
    struct facts *facts;
};

static enum access_mode mode_of(enum access_kind kind, const struct policy_decl *policy)
{
    if (kind == ACCESS_PERMANENT)
        return MODE_ATTACH;
    return policy->managed_policies.count ? MODE_POLICY : MODE_INLINE;
}

static const char *lease_id_of(struct arena *arena, const char *owner, const struct fact *fact)
{
    char hex[SHA256_HEX_SIZE];
    const char *text = arena_printf(arena, "%s\n%s", owner, fact->identity);
    return arena_strndup(arena, sha256_hex(text, strlen(text), hex), 16);
}

/* Fields are separated by a line feed, which no name can hold. */
static const char *identity_of(struct arena *arena, const struct fact *fact)
{
    return arena_printf(arena, "%s\n%s\n%s\n%s\n%s\n%s", fact->account_id,
                        fact->kind == ACCESS_LEASE ? "lease" : "permanent",
                        principal_kind_name(fact->principal_kind), fact->principal, fact->team, fact->grant);
}

static void add_fact(struct collecting *c, struct fact fact)
{
    fact.identity = identity_of(c->arena, &fact);
    size_t *index = map_get(&c->by_identity, fact.identity);
    if (index) { /* the end of one entry must never cut the other */
        struct fact *known = &c->facts->items[*index];
        known->entries++;
        if (fact.ends_at_s > known->ends_at_s) {
            known->ends_at_s = fact.ends_at_s;
            known->environment = fact.environment;
            known->span = fact.span;
            known->description = fact.description;
        }
        return;
    }
    fact.entries = 1;
    fact.lease_id = lease_id_of(c->arena, c->settings->owner, &fact);
    index = ARENA_NEW(c->by_identity.arena, size_t);
    *index = c->facts->count;
    map_put(&c->by_identity, fact.identity, index);
    *VEC_ADD(c->arena, c->facts) = fact;
}

static void add_principals(struct collecting *c, const struct access_entry *entry, struct fact fact)
{
    fact.principal_kind = PRINCIPAL_USER;
    for (size_t i = 0; i < entry->users.count; i++) {
        fact.declared_as = entry->users.items[i].text;
        fact.principal = principal_user_name(c->arena, c->settings, fact.declared_as);
        add_fact(c, fact);
    }
    fact.principal_kind = PRINCIPAL_ROLE;
    for (size_t i = 0; i < entry->roles.count; i++) {
        fact.declared_as = fact.principal = entry->roles.items[i].text;
        add_fact(c, fact);
    }
}

static void add_entry(struct collecting *c, const struct access_entry *entry)
{
    if (entry->temporary && c->now_s && entry->ends_at_s <= c->now_s)
        return;
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = map_get(&c->accounts, entry->environments.items[i].text);
        for (size_t j = 0; account && j < entry->grants.count; j++) {
            const struct policy_decl *policy = map_get(&c->policies, entry->grants.items[j].text);
            if (!policy)
                continue;
            enum access_kind kind = entry->temporary ? ACCESS_LEASE : ACCESS_PERMANENT;
            add_principals(c, entry,
                           (struct fact){
                               .kind = kind,
                               .mode = mode_of(kind, policy),
                               .team = c->team->name,
                               .grant = policy->name.text,
                               .environment = account->environment.text,
                               .account_id = account->account_id.text,
                               .description = entry->description,
                               .reason = entry->reason,
                               .ticket = entry->ticket,
                               .port_run = entry->port_run,
                               .ends_at_s = entry->ends_at_s,
                               .policy = policy,
                               .span = entry->span,
                           });
        }
    }
}

/* Of equal names the first counts. */
static void begin_team(struct collecting *c, struct arena *scratch, const struct team_config *team)
{
    c->team = team;
    c->accounts = map_new(scratch);
    c->policies = map_new(scratch);
    for (size_t i = 0; i < team->accounts.count; i++)
        map_put(&c->accounts, team->accounts.items[i].environment.text, &team->accounts.items[i]);
    for (size_t i = 0; i < team->policies.count; i++)
        map_put(&c->policies, team->policies.items[i].name.text, &team->policies.items[i]);
}

static int compare_facts(const void *left, const void *right)
{
    const struct fact *a = left, *b = right;
    return strcmp(a->identity, b->identity);
}

void desired_facts(struct arena *arena, const struct config *config, int64_t now_s, struct facts *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct collecting c = {.arena = arena,
                           .settings = &config->settings,
                           .now_s = now_s,
                           .by_identity = map_new(scratch),
                           .facts = ret};
    for (size_t i = 0; i < config->count; i++) {
        begin_team(&c, scratch, &config->items[i]);
        for (size_t j = 0; j < c.team->entries.count; j++)
            add_entry(&c, &c.team->entries.items[j]);
    }
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_facts);
}

void facts_of_teams(struct arena *arena, const struct facts *facts, const struct strings *teams,
                    struct facts *ret)
{
    if (!teams->count)
        *ret = *facts;
    for (size_t i = 0; teams->count && i < facts->count; i++)
        if (strings_contain(teams, facts->items[i].team))
            *VEC_ADD(arena, ret) = facts->items[i];
}

/* By identity, then by where they stand. */
static int compare_places(const void *left, const void *right)
{
    const struct fact *const *a = left, *const *b = right;
    int order = strcmp((*a)->identity, (*b)->identity);
    return order ? order : *a < *b ? -1 : *a > *b;
}

struct facts facts_sorted(struct arena *arena, const struct facts *facts)
{
    size_t count = facts ? facts->count : 0, in_order = count ? 1 : 0;
    while (in_order < count && compare_facts(&facts->items[in_order - 1], &facts->items[in_order]) <= 0)
        in_order++;
    if (in_order == count)
        return facts ? *facts : (struct facts){0};
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct fact **places = arena_array(scratch, count, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = &facts->items[i];
    qsort(places, count, sizeof *places, compare_places);
    struct facts sorted = {.items = arena_array(arena, count, sizeof *sorted.items),
                           .count = count,
                           .capacity = count};
    for (size_t i = 0; i < count; i++)
        sorted.items[i] = *places[i];
    return sorted;
}
