/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/import_plan.h"

#include "base/str.h"
#include "config/import_team.h"
#include "plan/desired.h"
#include "plan/operations.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"

#include <string.h>

struct checking {
    struct arena *arena;
    const struct importing_request *request;
    const struct settings *settings;
    const struct team_config *team; /* as it will be */
    const struct observed *observed;
    bool writes_roles;
    struct facts own;     /* what the team's new files declare */
    struct facts desired; /* that and what all others do */
    struct facts held;    /* aws-roles that people wrote: applied or not */
};

static void collect(struct checking *c, const struct config *config, const struct all_account_rules *rules)
{
    struct facts all = {0};
    desired_facts(c->arena, config, rules, c->request->now_s, &all);
    for (size_t i = 0; i < all.count; i++) {
        const struct fact *fact = &all.items[i];
        const bool is_own = str_eq(fact->team, c->request->team),
                   is_of_roles = fact->of_role || fact_is_role(fact) || fact_is_provider(fact),
                   is_held = is_of_roles && !(is_own && c->writes_roles);
        *VEC_ADD(c->arena, is_held ? &c->held : &c->desired) = *fact;
        if (is_own && !is_held)
            *VEC_ADD(c->arena, &c->own) = *fact;
    }
}

static void compute(const struct checking *c, const struct facts *desired, const struct strings *teams,
                    struct plan *ret)
{
    const struct facts none = {0};
    const struct operations_input input = {.settings = c->settings,
                                           .desired = desired,
                                           .held = &c->held,
                                           .candidates = &none,
                                           .observed = c->observed,
                                           .teams = teams,
                                           .adopts = c->request->adopts,
                                           .now_s = c->request->now_s};
    *ret = (struct plan){.settings = c->settings, .now_s = c->request->now_s};
    operations_compute(c->arena, &input, ret);
}

/* Whether it takes away what carries our mark and nobody declares. */
static bool is_undeclared(const struct operation *operation)
{
    return str_prefix(operation->reason, REASON_UNDECLARED) || str_prefix(operation->reason, REASON_UNUSED);
}

/* Whether an operation may be left to do: what has ended and what nobody declares goes, and the latter is
 * listed; what is adopted gets a mark. */
static bool is_expected(const struct operation *operation, bool adopts)
{
    const bool is_adopting = operation->kind == OP_TAG_POLICY || operation->kind == OP_PUT_INLINE_POLICY ||
                             str_prefix(operation->reason, REASON_REPLACES);
    return str_prefix(operation->reason, REASON_ENDED) || is_undeclared(operation) || (adopts && is_adopting);
}

/* The fact for which an operation is, or NULL. */
static const struct fact *fact_of(const struct checking *c, const struct operation *operation)
{
    for (size_t i = 0; i < c->own.count; i++) {
        const struct fact *fact = &c->own.items[i];
        if (!str_eq(fact->account_id, operation->account_id))
            continue;
        if (operation->lease_id && str_eq(operation->lease_id, fact->lease_id))
            return fact;
        if (fact_is_provider(fact) && operation->provider &&
            str_casecmp(operation->provider->url, fact->principal) == 0)
            return fact;
        if (fact_is_role(fact) && operation->principal && operation->principal_kind == PRINCIPAL_ROLE &&
            str_casecmp(operation->principal, fact->principal) == 0)
            return fact;
        if (!operation->lease_id && fact->mode == MODE_ROLE && operation->principal &&
            str_casecmp(operation->principal, mark_role_name(c->arena, c->settings->policy_path, fact)) == 0)
            return fact;
    }
    return NULL;
}

static void add_unfit(const struct checking *c, const struct fact *fact, const char *why, struct map *unfit,
                      bool *ret_is_unfit)
{
    map_put(unfit,
            import_unfit_key(c->arena, fact->account_id, fact->principal_kind, fact->principal, fact->grant,
                             fact->starts_at_s),
            arena_strdup(c->arena, why));
    *ret_is_unfit = true;
}

static int check_own(const struct checking *c, struct map *unfit, bool *ret_is_unfit, struct err *err)
{
    struct plan plan;
    struct strings teams = {0};
    strings_add(c->arena, &teams, c->request->team);
    compute(c, &c->own, &teams, &plan);
    for (size_t i = 0; i < plan.problems.count; i++) {
        const struct problem *problem = &plan.problems.items[i];
        if (problem->fact) /* others were there before, and stay */
            add_unfit(c, problem->fact,
                      arena_printf(c->arena, "the plan would have a problem: %s", problem->message), unfit,
                      ret_is_unfit);
    }
    for (size_t i = 0; i < plan.operations.count; i++) {
        const struct operation *operation = &plan.operations.items[i];
        const struct fact *fact = fact_of(c, operation);
        const char *why = arena_printf(c->arena, "with an entry for it, apply would still %s (%s)",
                                       operation_info(operation->kind)->title, operation->reason);
        if (is_expected(operation, c->request->adopts))
            continue;
        if (!fact)
            return err_set(err, ERR_REFUSED,
                           "nothing is written: with these files, apply would still %s in account %s (%s)",
                           operation_info(operation->kind)->title, operation->account_id, operation->reason);
        add_unfit(c, fact, why, unfit, ret_is_unfit);
    }
    return 0;
}

/* What an operation takes away, as a row of what is left behind; false: nothing of that kind. */
static bool row_of(const struct operation *operation, struct left_behind *ret)
{
    *ret = (struct left_behind){.account_id = operation->account_id,
                                .principal_kind = operation->principal_kind,
                                .principal = operation->principal,
                                .what = operation->policy_arn};
    switch (operation->kind) {
    case OP_DETACH_POLICY: ret->kind = LEFT_ATTACHMENT; return true;
    case OP_DELETE_POLICY:
        ret->kind = LEFT_POLICY;
        ret->principal = NULL;
        return true;
    case OP_DELETE_INLINE_POLICY:
        ret->kind = LEFT_INLINE_POLICY;
        ret->what = operation->policy_name;
        return true;
    case OP_DELETE_ROLE:
        ret->kind = LEFT_ROLE;
        ret->what = operation->principal;
        return true;
    case OP_DELETE_PROVIDER:
        ret->kind = LEFT_PROVIDER;
        ret->principal = NULL;
        ret->what = operation->provider->arn;
        return true;
    default: return false;
    }
}

/* Whether what goes was made for this team, by its mark, or by its name, which is all that inline policies have. */
static bool is_of_team(const struct checking *c, const struct operation *operation)
{
    const struct observed_account *account = observed_find_account(c->observed, operation->account_id);
    const struct observed_policy *policy =
        operation->policy_arn ? observed_find_policy_by_arn(account, operation->policy_arn) : NULL;
    const struct observed_principal *role =
        operation->principal && operation->principal_kind == PRINCIPAL_ROLE
            ? observed_find_principal(account, PRINCIPAL_ROLE, operation->principal)
            : NULL;
    const char *text = operation->provider ? operation->mark : role ? role->mark : NULL;
    struct mark mark;
    if (policy && policy_is_ours(c->arena, policy, c->settings->owner, &mark))
        return str_eq(mark.team, c->request->team);
    if (text && role_mark_parse(c->arena, text, &mark) &&
        (mark_is_lease(&mark) || !operation->policy_name)) /* on other roles there are leases of any team */
        return str_eq(mark.team, c->request->team);
    return operation->policy_name &&
           str_prefix(operation->policy_name, arena_printf(c->arena, "temp-%s-", c->request->team));
}

static const char *key_of(struct arena *arena, const struct left_behind *row)
{
    const char *who =
        row->principal ? arena_printf(arena, "%d %s", (int)row->principal_kind, row->principal) : "";
    return str_lower(arena,
                     arena_printf(arena, "%s\n%d\n%s\n%s", row->account_id, (int)row->kind, who, row->what));
}

static struct map rows_by_key(const struct checking *c, const struct imported *imported)
{
    struct map rows = map_new(c->arena);
    for (size_t i = 0; i < imported->left.count; i++) {
        size_t *place = ARENA_NEW(c->arena, size_t);
        *place = i;
        map_put(&rows, key_of(c->arena, &imported->left.items[i]), place);
    }
    return rows;
}

/* Those that --users, --roles and --groups leave out are not listed yet. */
static struct left_behind *find_or_add(const struct checking *c, const struct map *rows,
                                       const struct left_behind *row, struct imported *imported)
{
    const size_t *place = map_get(rows, key_of(c->arena, row));
    if (place)
        return &imported->left.items[*place];
    struct left_behind *added = VEC_ADD(c->arena, &imported->left);
    *added = *row;
    added->environment = c->request->team;
    for (size_t i = 0; i < c->team->accounts.count; i++)
        if (str_eq(c->team->accounts.items[i].account_id.text, row->account_id))
            added->environment = c->team->accounts.items[i].environment.text;
    added->reason = "of-iamlease";
    added->detail = "not asked for, and iamlease made it";
    return added;
}

/* A role of aws-roles goes, too, that cannot until what else hangs on it has gone: apply says so, and fails. */
static void mark_roles(const struct checking *c, struct imported *imported)
{
    struct mark mark;
    for (size_t i = 0; i < imported->left.count; i++) {
        struct left_behind *left = &imported->left.items[i];
        if (left->kind != LEFT_ROLE || !left->principal || left->goes)
            continue;
        const struct observed_principal *role = observed_find_principal(
            observed_find_account(c->observed, left->account_id), PRINCIPAL_ROLE, left->principal);
        const char *below = arena_printf(c->arena, ":role%s", c->settings->policy_path);
        left->goes = role && role->arn && strstr(role->arn, below) &&
                     role_mark_is_kept(c->arena, role->mark, c->settings->owner, &mark);
        left->is_own = left->goes && str_eq(mark.team, c->request->team);
    }
}

static void mark_what_goes(const struct checking *c, struct imported *imported)
{
    struct plan plan;
    compute(c, &c->desired, NULL, &plan);
    const struct map rows = rows_by_key(c, imported);
    for (size_t i = 0; i < plan.operations.count; i++) {
        const struct operation *operation = &plan.operations.items[i];
        struct left_behind row;
        if (!is_undeclared(operation) || !row_of(operation, &row))
            continue;
        struct left_behind *left = find_or_add(c, &rows, &row, imported);
        left->goes = true;
        left->is_own = is_of_team(c, operation);
    }
    mark_roles(c, imported);
    left_sort(&imported->left);
}

int import_check_plan(const struct run *run, const struct importing_request *request,
                      const struct config *config, const struct all_account_rules *rules,
                      const struct observed *observed, bool writes_roles, struct map *unfit,
                      bool *ret_is_unfit, struct imported *ret, struct err *err)
{
    struct checking c = {.arena = run->arena,
                         .request = request,
                         .settings = &config->settings,
                         .observed = observed,
                         .writes_roles = writes_roles};
    for (size_t i = 0; i < config->count; i++)
        if (str_eq(config->items[i].name, request->team))
            c.team = &config->items[i];
    *ret_is_unfit = false;
    collect(&c, config, rules);
    if (check_own(&c, unfit, ret_is_unfit, err) < 0)
        return -1;
    if (!*ret_is_unfit)
        mark_what_goes(&c, ret);
    return 0;
}
