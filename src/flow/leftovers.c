/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/leftovers.h"

#include "base/str.h"
#include "flow/history_step.h"
#include "flow/lineage.h"
#include "policy/mark.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

struct collecting {
    const struct run *run;
    struct findings *findings;
    struct map known; /* what is declared, a candidate already, or found: see key_of() */
    struct map accounts;
};

static const char *key_of(struct arena *arena, const struct fact *fact, const char *arn)
{
    return arena_printf(arena, "%s\n%d\n%s\n%s", fact->account_id, (int)fact->principal_kind,
                        str_lower(arena, fact->principal), arn);
}

/* The policy of a grant that has statements, as cloud-iam-self-serve called it; NULL: it has none. */
static const char *adopted_arn(const struct collecting *collecting, const struct fact *fact)
{
    struct arena *arena = collecting->run->arena;
    if (!fact->policy->custom.count)
        return NULL;
    return arena_printf(arena, "arn:%s:iam::%s:policy/%s",
                        collecting->findings->head.config->settings.partition, fact->account_id,
                        mark_policy_name(arena, fact->team, fact->grant));
}

/* What apply looks after by itself is no leftover. */
static void know(struct collecting *collecting, const struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        struct fact *fact = &facts->items[i];
        map_put(&collecting->accounts, fact->account_id, fact);
        if (fact->kind != ACCESS_PERMANENT)
            continue; /* a lease attaches nothing but what is its own */
        for (size_t j = 0; j < fact->policy->managed_policies.count; j++)
            map_put(&collecting->known,
                    key_of(collecting->run->arena, fact, fact->policy->managed_policies.items[j].text), fact);
        const char *adopted = adopted_arn(collecting, fact);
        if (adopted)
            map_put(&collecting->known, key_of(collecting->run->arena, fact, adopted), fact);
    }
}

static void take_one(struct collecting *collecting, struct fact *fact, const char *arn, bool adopted)
{
    struct arena *arena = collecting->run->arena;
    const char *key = key_of(arena, fact, arn);
    if (map_get(&collecting->known, key))
        return;
    map_put(&collecting->known, key, fact);
    *VEC_ADD(arena, &collecting->findings->leftovers) = (struct leftover){fact, arn, adopted};
}

static void take(struct collecting *collecting, const struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        struct fact *fact = &facts->items[i];
        if (fact->kind != ACCESS_PERMANENT || !map_get(&collecting->accounts, fact->account_id))
            continue;
        for (size_t j = 0; j < fact->policy->managed_policies.count; j++)
            take_one(collecting, fact, fact->policy->managed_policies.items[j].text, false);
        const char *adopted = adopted_arn(collecting, fact);
        if (adopted)
            take_one(collecting, fact, adopted, true);
    }
}

static void know_accounts(struct collecting *collecting)
{
    static char yes;
    const struct config *config = collecting->findings->head.config;
    const struct strings *accounts = &collecting->findings->history.accounts;
    for (size_t i = 0; i < config->count; i++)
        for (size_t j = 0; j < config->items[i].accounts.count; j++)
            map_put(&collecting->accounts, config->items[i].accounts.items[j].account_id.text, &yes);
    for (size_t i = 0; i < accounts->count; i++)
        map_put(&collecting->accounts, accounts->items[i], &yes);
}

/* From the applied commit to the first of all. */
static int walk(struct collecting *collecting, const struct apply_request *request, struct err *err)
{
    const struct run *run = collecting->run;
    struct lineage lineage = lineage_new(run->arena, run->repo, NULL);
    const struct step_reader reader = {run->arena, run->repo, NULL, request->root_option, NULL};
    const struct step *newer = NULL;
    const char *commit = collecting->findings->applied, *parent;
    for (; commit; commit = parent) {
        struct step *step = ARENA_NEW(run->arena, struct step);
        if (lineage_first_parent(&lineage, commit, &parent, err) < 0 ||
            step_read(&reader, commit, newer, step, err) < 0)
            return -1;
        if (newer && str_eq(newer->source.fingerprint, step->source.fingerprint))
            continue;
        take(collecting, &step->facts);
        if (step->source.config)
            newer = step;
    }
    return 0;
}

int leftovers_collect(const struct run *run, const struct apply_request *request, bool by_default,
                      struct findings *findings, struct problems *problems, struct err *err)
{
    const char *how = request->leftovers;
    struct err reason;
    struct collecting collecting = {.run = run,
                                    .findings = findings,
                                    .known = map_new(run->arena),
                                    .accounts = map_new(run->arena)};
    if (how && !str_eq(how, "report") && !str_eq(how, "remove") && !str_eq(how, "ignore"))
        return err_set(err, ERR_USAGE, "--leftovers '%s' is neither report nor remove nor ignore", how);
    if ((how ? str_eq(how, "ignore") : !by_default) || !findings->applied ||
        (!how && (repo_is_shallow(run->repo) || !repo_has_object(run->repo, findings->applied))))
        return 0;
    if (!findings->is_complete) {
        if (how)
            problem_add(run->arena, problems, "leftovers-unknown", NULL, NULL,
                        "what is declared now is known in part only: leftovers are not looked for");
        return 0;
    }
    know(&collecting, &findings->desired);
    know(&collecting, &findings->history.candidates);
    know(&collecting, &findings->history.held);
    know_accounts(&collecting);
    if (walk(&collecting, request, &reason) == 0)
        return 0;
    findings->leftovers.count = 0;
    if (how)
        problem_add(run->arena, problems, "leftovers-unknown", NULL, NULL,
                    "what earlier commits declared is not known: %s", reason.message)
            ->hint = "check out all of the history (actions/checkout: fetch-depth: 0)";
    return 0;
}

/* Other policies of ours lose whom nobody declares anyway; those of others are none of our business. */
static bool is_adopted(const struct run *run, const struct findings *findings,
                       const struct observed_account *account, const char *arn)
{
    const struct observed_policy *policy = observed_find_policy_by_arn(account, arn);
    return policy && policy_is_adopted(run->arena, policy, findings->head.config->settings.owner);
}

static const struct observed_principal *find_holder(const struct run *run, const struct findings *findings,
                                                    const struct leftover *leftover)
{
    for (size_t i = 0; i < findings->observed.count; i++) {
        const struct observed_account *account = &findings->observed.items[i];
        if (account->error || !str_eq(account->account_id, leftover->fact->account_id))
            continue;
        if (leftover->adopted && !is_adopted(run, findings, account, leftover->arn))
            return NULL;
        const struct observed_principal *principal =
            observed_find_principal(account, leftover->fact->principal_kind, leftover->fact->principal);
        return principal && observed_is_attached(principal, leftover->arn) &&
                       role_mark_admits(run->arena, principal->mark, findings->head.config->settings.owner,
                                        leftover->fact)
                   ? principal
                   : NULL;
    }
    return NULL;
}

void leftovers_add(const struct run *run, const struct apply_request *request,
                   const struct findings *findings, struct plan *plan)
{
    bool removes = request->leftovers && str_eq(request->leftovers, "remove");
    for (size_t i = 0; i < findings->leftovers.count; i++) {
        const struct leftover *leftover = &findings->leftovers.items[i];
        const struct fact *fact = leftover->fact;
        const struct observed_principal *holder = find_holder(run, findings, leftover);
        if (!holder ||
            (request->teams && request->teams->count && !strings_contain(request->teams, fact->team)))
            continue;
        if (removes)
            *VEC_ADD(run->arena, &plan->operations) = (struct operation){
                .kind = OP_DETACH_POLICY,
                .account_id = fact->account_id,
                .principal_kind = fact->principal_kind,
                .principal = holder->name,
                .policy_arn = leftover->arn,
                .reason =
                    arena_printf(run->arena, "a leftover, once declared: %s/%s", fact->team, fact->grant),
                .lease_id = fact->lease_id,
            };
        else
            *VEC_ADD(run->arena, &plan->notices) = arena_printf(
                run->arena,
                "a leftover: %s is attached to %s %s in account %s, an earlier commit declared it for %s/%s, and none "
                "does now; --leftovers remove detaches it",
                leftover->arn, principal_kind_name(fact->principal_kind), holder->name, fact->account_id,
                fact->team, fact->grant);
    }
}
