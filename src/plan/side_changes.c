/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/side_changes.h"

#include "base/map.h"
#include "base/str.h"
#include "model/rules.h"
#include "plan/setting_list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void add(struct arena *arena, struct delta *delta, struct side_change change)
{
    *VEC_ADD(arena, &delta->side) = change;
}

static void add_setting(struct arena *arena, const struct side_input *input, const struct setting *before,
                        const struct setting *after, struct delta *ret)
{
    const struct setting *setting = after ? after : before;
    assert(setting);
    const char *note = setting->note;
    if (before && after && str_eq(before->value, after->value))
        return;
    if (setting->is_rule && input->before_is_empty)
        note = "holds at once: there was no configuration before";
    else if (setting->is_rule && str_suffix(setting->name, ".require_mfa"))
        note =
            after
                ? "holds for later changes, not for this one; leases that are there follow with the apply after it"
                : "holds for later changes, not for this one; leases that are there keep it";
    else if (setting->is_rule)
        note = "holds for later changes, not for this one";
    add(arena, ret,
        (struct side_change){.id = "setting",
                             .risk = RISK_HIGH,
                             .what = setting->name,
                             .before = before ? before->value : NULL,
                             .after = after ? after->value : NULL,
                             .note = note});
}

static void compare_settings(struct arena *arena, const struct side_input *input, struct delta *ret)
{
    struct setting_list before = {0}, after = {0};
    setting_list_make(arena, &input->before->settings, &before);
    setting_list_make(arena, &input->after->settings, &after);
    for (size_t i = 0, j = 0; i < before.count || j < after.count;) {
        int order = i == before.count  ? 1
                    : j == after.count ? -1
                                       : strcmp(before.items[i].name, after.items[j].name);
        add_setting(arena, input, order <= 0 ? &before.items[i] : NULL, order >= 0 ? &after.items[j] : NULL,
                    ret);
        i += order <= 0;
        j += order >= 0;
    }
}

/* The accounts of one team, on one side. */
struct team_accounts {
    const struct team_config *team; /* NULL: the team is not there */
    struct map by_environment;      /* → struct account_decl */
    struct map by_account;          /* id → struct strings: the names for it */
};

static struct team_accounts index_accounts(struct arena *arena, const struct team_config *team)
{
    struct team_accounts accounts = {team, map_new(arena), map_new(arena)};
    for (size_t i = 0; team && i < team->accounts.count; i++) {
        struct account_decl *account = &team->accounts.items[i];
        map_put(&accounts.by_environment, account->environment.text, account);
        struct strings *names = map_get(&accounts.by_account, account->account_id.text);
        if (!names)
            names = map_put(&accounts.by_account, account->account_id.text, ARENA_NEW(arena, struct strings));
        strings_add(arena, names, account->environment.text);
    }
    return accounts;
}

static const char *pair_of(struct arena *arena, const char *team, const char *account_id)
{
    return arena_printf(arena, "account %s of team %s", account_id, team);
}

static const char *environment_of(struct arena *arena, const char *team, const char *environment)
{
    return arena_printf(arena, "environment %s of team %s", environment, team);
}

static const char *names_of(struct arena *arena, const struct team_accounts *accounts, const char *account_id)
{
    const struct strings *names = map_get(&accounts->by_account, account_id);
    const char *text = NULL;
    for (size_t i = 0; names && i < names->count; i++)
        text = text ? arena_printf(arena, "%s, %s", text, names->items[i]) : names->items[i];
    return text;
}

/* A name that is new for an account, or stands for another one. */
static void judge_present(struct arena *arena, const struct team_accounts *before,
                          const struct team_accounts *after, const struct account_decl *account,
                          struct delta *ret)
{
    const char *team = after->team->name, *id = account->account_id.text;
    const struct account_decl *was = map_get(&before->by_environment, account->environment.text);
    const struct strings *names = map_get(&after->by_account, id);
    bool is_new_pair = !map_get(&before->by_account, id);
    if (is_new_pair && str_eq(names->items[0], account->environment.text))
        add(arena, ret,
            (struct side_change){.id = "new-account-pair",
                                 .risk = RISK_HIGH,
                                 .team = team,
                                 .what = pair_of(arena, team, id),
                                 .after = names_of(arena, after, id),
                                 .note = "the team did not have this account before"});
    if (was && !str_eq(was->account_id.text, id))
        add(arena, ret,
            (struct side_change){.id = "account-changed",
                                 .risk = RISK_HIGH,
                                 .team = team,
                                 .what = environment_of(arena, team, account->environment.text),
                                 .before = was->account_id.text,
                                 .after = id,
                                 .note = "what is granted there moves to the other account"});
    if (!was && !is_new_pair)
        add(arena, ret,
            (struct side_change){.id = "environment-added",
                                 .risk = RISK_MEDIUM,
                                 .team = team,
                                 .what = environment_of(arena, team, account->environment.text),
                                 .after = id,
                                 .note = "another name for an account that the team has: its rules stay"});
}

static void judge_gone(struct arena *arena, const struct team_accounts *before,
                       const struct team_accounts *after, const struct account_decl *account,
                       struct delta *ret)
{
    const char *team = before->team->name, *id = account->account_id.text;
    const struct strings *names = map_get(&before->by_account, id);
    bool is_gone = !map_get(&after->by_account, id);
    if (is_gone && str_eq(names->items[0], account->environment.text))
        add(arena, ret,
            (struct side_change){.id = "account-removed",
                                 .risk = RISK_LOW,
                                 .team = team,
                                 .what = pair_of(arena, team, id),
                                 .before = names_of(arena, before, id),
                                 .note = "what the team granted there is revoked"});
    if (!is_gone && !map_get(&after->by_environment, account->environment.text))
        add(arena, ret,
            (struct side_change){.id = "environment-removed",
                                 .risk = RISK_LOW,
                                 .team = team,
                                 .what = environment_of(arena, team, account->environment.text),
                                 .before = id,
                                 .note = "the team has this account under another name"});
}

static void compare_teams(struct arena *arena, const struct team_config *before,
                          const struct team_config *after, struct delta *ret)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    const struct team_accounts was = index_accounts(scratch, before), is = index_accounts(scratch, after);
    for (size_t i = 0; after && i < after->accounts.count; i++)
        judge_present(arena, &was, &is, &after->accounts.items[i], ret);
    for (size_t i = 0; before && i < before->accounts.count; i++)
        judge_gone(arena, &was, &is, &before->accounts.items[i], ret);
}

/* By apply these bind the account all the same, and the change is held with "held-account". */
static void show_escaping(struct arena *arena, const struct side_input *input, struct delta *ret)
{
    const struct all_account_rules *escaping = input->escaping;
    for (size_t i = 0; escaping && i < escaping->count; i++) {
        const struct account_rules *rules = &escaping->items[i];
        const struct account_rules *left = account_rules_find(input->rules_after, rules->account_id);
        const char *note = rules->approvals > 0
                               ? "its new names lack these rules: without the approvals apply holds this "
                                 "(held-account)"
                               : "its new names lack these rules: apply holds this (held-account) until "
                                 "iamlease.yaml gives them to the new names";
        add(arena, ret,
            (struct side_change){.id = "account-rules",
                                 .risk = RISK_HIGH,
                                 .what = arena_printf(arena, "rules of account %s", rules->account_id),
                                 .before = account_rules_text(arena, rules),
                                 .after = left ? account_rules_text(arena, left) : NULL,
                                 .note = note});
    }
}

static void compare_accounts(struct arena *arena, const struct side_input *input, struct delta *ret)
{
    const struct config *before = input->before, *after = input->after;
    for (size_t i = 0, j = 0; i < before->count || j < after->count;) {
        int order = i == before->count  ? 1
                    : j == after->count ? -1
                                        : strcmp(before->items[i].name, after->items[j].name);
        const struct team_config *old = order <= 0 ? &before->items[i] : NULL;
        const struct team_config *new = order >= 0 ? &after->items[j] : NULL;
        const struct team_config *team = new ? new : old;
        assert(team);
        if (!input->teams || !input->teams->count || strings_contain(input->teams, team->name))
            compare_teams(arena, old, new, ret);
        i += order <= 0;
        j += order >= 0;
    }
}

static int compare_changes(const void *left, const void *right)
{
    const struct side_change *a = left, *b = right;
    if (a->risk != b->risk)
        return a->risk < b->risk ? -1 : 1;
    int order = strcmp(a->id, b->id);
    if (!order)
        order = strcmp(a->team ? a->team : "", b->team ? b->team : "");
    return order ? order : strcmp(a->what, b->what);
}

void side_changes_compute(struct arena *arena, const struct side_input *input, struct delta *ret)
{
    compare_settings(arena, input, ret);
    compare_accounts(arena, input, ret);
    show_escaping(arena, input, ret);
    if (ret->side.count)
        qsort(ret->side.items, ret->side.count, sizeof *ret->side.items, compare_changes);
}
