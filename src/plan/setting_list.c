/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/setting_list.h"

#include "base/buf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Above what a file of 1 MiB can hold. */
enum { LIST_TEXT_MAX = 8 * 1024 * 1024 };

struct listing {
    struct arena *arena;
    struct setting_list *list;
    bool is_rule;
};

static void add(struct listing *listing, const char *name, const char *value, const char *note)
{
    *VEC_ADD(listing->arena, listing->list) =
        (struct setting){.name = name, .value = value, .is_rule = listing->is_rule, .note = note};
}

static void add_number(struct listing *listing, const char *name, int64_t number)
{
    add(listing, name, arena_printf(listing->arena, "%lld", (long long)number), NULL);
}

static void add_list(struct listing *listing, const char *name, const struct located_list *list,
                     const char *note)
{
    struct strings texts = {0};
    struct buf value;
    if (!list->count)
        return;
    for (size_t i = 0; i < list->count; i++)
        strings_add(listing->arena, &texts, list->items[i].text);
    strings_sort_unique(&texts);
    buf_init(&value, LIST_TEXT_MAX);
    for (size_t i = 0; i < texts.count; i++)
        buf_addf(&value, "%s%s", i ? ", " : "", texts.items[i]);
    bool whole = buf_finish(&value);
    assert(whole);
    add(listing, name, arena_strdup(listing->arena, value.bytes), note);
    buf_free(&value);
}

static const char *named(struct listing *listing, const char *section, const struct located *name,
                         const char *key)
{
    return arena_printf(listing->arena, "%s.%s.%s", section, name->text, key);
}

static void add_environments(struct listing *listing, const struct rules *rules)
{
    static const char section[] = "environments";
    for (size_t i = 0; i < rules->environments.count; i++) {
        const struct environment_rules *rule = &rules->environments.items[i];
        if (rule->max_days != DAYS_UNSET)
            add_number(listing, named(listing, section, &rule->name, "max_days"), rule->max_days);
        if (rule->require_reason)
            add(listing, named(listing, section, &rule->name, "require_reason"), "true", NULL);
        if (rule->require_mfa)
            add(listing, named(listing, section, &rule->name, "require_mfa"), "true", NULL);
        if (rule->approvals)
            add_number(listing, named(listing, section, &rule->name, "approvals"), rule->approvals);
    }
}

static void add_rules(struct listing *listing, const struct rules *rules)
{
    listing->is_rule = true;
    add_number(listing, "limits.max_days", rules->max_days);
    add(listing, "limits.max_removals",
        arena_printf(listing->arena, "%lld%%", (long long)rules->max_removals_percent), NULL);
    add_environments(listing, rules);
    for (size_t i = 0; i < rules->grants.count; i++)
        if (rules->grants.items[i].max_days != DAYS_UNSET)
            add_number(listing, named(listing, "grants", &rules->grants.items[i].name, "max_days"),
                       rules->grants.items[i].max_days);
    if (rules->has_teams)
        add(listing, "teams", "only the accounts that are listed", NULL);
    for (size_t i = 0; i < rules->teams.count; i++)
        add_list(listing, named(listing, "teams", &rules->teams.items[i].name, "accounts"),
                 &rules->teams.items[i].accounts, NULL);
    add_list(listing, "guardrails.deny", &rules->guardrails_deny, NULL);
    add_list(listing, "guardrails.warn", &rules->guardrails_warn, NULL);
    add(listing, "port.base_url", rules->port.base_url, NULL);
    add_list(listing, "port.actions", &rules->port.actions, NULL);
    add_list(listing, "port.allow", &rules->port.allow, NULL);
    add_list(listing, "port.domains", &rules->port.domains, NULL);
    add(listing, "port.request_mode",
        rules->port.request_mode == PORT_PULL_REQUEST ? "pull-request" : "direct", NULL);
    if (rules->port.direct)
        add(listing, "port.direct", "true", NULL);
}

static void add_bootstrap(struct listing *listing, const struct bootstrap_settings *bootstrap)
{
    static const char *const subjects[] =
        {[SUBJECTS_BOTH] = "both", [SUBJECTS_IDS] = "ids", [SUBJECTS_NAMES] = "names"};
    static const char who[] = "whom roles trust, when somebody runs 'iamlease bootstrap' again",
                      where[] = "when somebody runs 'iamlease bootstrap' again";
    add(listing, "bootstrap.hub_account", bootstrap->hub_account, where);
    add(listing, "bootstrap.repository", bootstrap->repository, who);
    add(listing, "bootstrap.repository_ids", bootstrap->repository_ids, who);
    add(listing, "bootstrap.subjects", subjects[bootstrap->subjects], who);
    add(listing, "bootstrap.issuer", bootstrap->issuer, who);
    add_list(listing, "bootstrap.environments", &bootstrap->environments, who);
    add(listing, "bootstrap.branch", bootstrap->branch, who);
    add_list(listing, "bootstrap.accounts", &bootstrap->accounts, where);
    add(listing, "bootstrap.hub_role", bootstrap->hub_role, where);
    add(listing, "bootstrap.plan_hub_role", bootstrap->plan_hub_role, where);
    add(listing, "bootstrap.organization", bootstrap->organization, where);
    add(listing, "bootstrap.through_role", bootstrap->through_role, where);
}

static void add_mapping(struct listing *listing, const struct settings *settings)
{
    static const char *const usernames[] = {
        [USERNAMES_LOCAL_PART] = "local-part",
        [USERNAMES_EMAIL] = "email",
        [USERNAMES_MAP] = "map",
    };
    static const char who[] = "e-mail addresses come to other IAM users: see who gains and who loses access";
    listing->is_rule = false;
    add(listing, "usernames", usernames[settings->usernames], who);
    for (size_t i = 0; settings->usernames == USERNAMES_MAP && i < settings->username_map.count; i++)
        add(listing, arena_printf(listing->arena, "usernames.%s", settings->username_map.items[i].email.text),
            settings->username_map.items[i].name.text, who);
    add(listing, "owner", settings->owner, "objects with another owner's mark are no longer ours");
    add(listing, "aws.deployer_role", settings->deployer_role,
        "apply and cleanup work as this role from now on");
    add(listing, "aws.plan_role", settings->plan_role, "plans read AWS as this role from now on");
    add(listing, "aws.external_id", settings->external_id, "roles are assumed with it from now on");
    add(listing, "aws.policy_path", settings->policy_path,
        "for policies made from now on: those that are there stay where they are");
    add(listing, "aws.permissions_boundary", settings->permissions_boundary,
        "for all roles that iamlease makes");
    add(listing, "aws.partition", settings->partition, "every ARN is another one");
    add(listing, "aws.region", settings->region, "STS is asked there from now on");
    add_bootstrap(listing, &settings->bootstrap);
}

static int compare_settings(const void *left, const void *right)
{
    const struct setting *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void sort(struct setting_list *list)
{
    qsort(list->items, list->count, sizeof *list->items, compare_settings);
}

void setting_list_make_rules(struct arena *arena, const struct rules *rules, struct setting_list *ret)
{
    struct listing listing = {.arena = arena, .list = ret};
    add_rules(&listing, rules);
    sort(ret);
}

void setting_list_make(struct arena *arena, const struct settings *settings, struct setting_list *ret)
{
    struct listing listing = {.arena = arena, .list = ret};
    add_rules(&listing, &settings->rules);
    add_mapping(&listing, settings);
    sort(ret);
}
