/* SPDX-License-Identifier: Apache-2.0 */
/* What pull requests may use: whoever opens one decides what it runs. */
#include "config/pull_request_rules.h"

#include "base/str.h"
#include "config/ids.h"
#include "policy/pattern.h"

#include <string.h>

static const char github_host[] = "token.actions.githubusercontent.com", repo_prefix[] = "repo:";

/* Of any GitHub, whatever its address: others have no such subjects. */
bool trust_is_of_github(const char *issuer, const char *subject)
{
    const size_t size = strcspn(issuer, "/:");
    char host[sizeof github_host];
    if (str_prefix(subject, repo_prefix))
        return true;
    if (size != strlen(github_host))
        return false;
    memcpy(host, issuer, size);
    host[size] = 0;
    return str_casecmp(host, github_host) == 0;
}

/* Managed policies of AWS that only read. */
static bool only_reads(const char *arn)
{
    static const char *const names[] = {"/ReadOnlyAccess", "/ViewOnlyAccess", "/SecurityAudit"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_suffix(arn, names[i]))
            return strstr(arn, ":iam::aws:policy/") != NULL;
    return false;
}

static bool action_only_reads(const char *action)
{
    static const char *const verbs[] = {"Get", "List", "Describe", "BatchGet", "Search", "Lookup", "Head"};
    const char *verb = strchr(action, ':');
    for (size_t i = 0; verb && i < sizeof verbs / sizeof verbs[0]; i++)
        if (str_prefix(verb + 1, verbs[i]))
            return true;
    return false;
}

/* Whether a policy can be seen to only read; what cannot be read here is not known to. */
static bool policy_only_reads(const struct policy_decl *policy)
{
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        if (!only_reads(policy->managed_policies.items[i].text))
            return false;
    for (size_t i = 0; i < policy->custom.count; i++) {
        const struct statement *statement = &policy->custom.items[i];
        if (statement->effect == EFFECT_ALLOW && statement->not_actions.count)
            return false;
        for (size_t j = 0; statement->effect == EFFECT_ALLOW && j < statement->actions.count; j++)
            if (!action_only_reads(statement->actions.items[j]))
                return false;
    }
    return true;
}

static bool entry_only_reads(const struct judging *judging, const struct access_entry *entry)
{
    bool reads = !entry->ad_hoc || policy_only_reads(entry->ad_hoc);
    for (size_t i = 0; reads && i < entry->grants.count; i++) {
        const struct judged_policy *policy = map_get(&judging->policies, entry->grants.items[i].text);
        reads = !policy || policy_only_reads(policy->decl);
    }
    return reads;
}

/* What stands behind "repo:OWNER/REPOSITORY:"; or all from the first wildcard on, which may stand for that, too. */
static const char *context_of(const char *subject)
{
    const char *behind = str_prefix(subject, repo_prefix) ? subject + strlen(repo_prefix) : subject,
               *colon = strchr(behind, ':');
    return colon ? colon + 1 : behind + strcspn(behind, "*?");
}

enum reach { REACH_NONE, REACH_TOO, REACH_MEANT };

/* Whether it lets pull requests in: not at all, with branches or environments, or because they are meant. */
static enum reach reach_of(const char *subject)
{
    const char *context = context_of(subject);
    if (!patterns_meet(subject, "repo:*:pull_request") && !patterns_meet(subject, "repo:*:pull_request:*"))
        return REACH_NONE;
    return !strpbrk(subject, "*?") || str_suffix(subject, ":pull_request") ||
                   strstr(subject, ":pull_request:") ||
                   (!patterns_meet(context, "ref:*" PATTERN_ANYTHING) &&
                    !patterns_meet(context, "environment:*" PATTERN_ANYTHING))
               ? REACH_MEANT
               : REACH_TOO;
}

static const char hint[] = "name an environment or a branch, as in 'repo:acme/app:environment:prod'; for pull "
                           "requests make a role that only reads";

void judge_pull_request_subject(struct judging *judging, const struct access_entry *entry,
                                const struct located *subject)
{
    const enum reach reach = reach_of(subject->text);
    if (reach == REACH_NONE || entry_only_reads(judging, entry))
        return;
    struct diag *diag =
        reach == REACH_MEANT
            ? diag_error(judging->diags, subject->span, ID_TRUST_PULL_REQUEST,
                         "'%s' lets every pull request use role '%s', which can do more than read",
                         subject->text, entry->ad_hoc->role->name)
            : diag_warning(judging->diags, subject->span, ID_TRUST_PULL_REQUEST,
                           "'%s' lets every branch and every pull request use role '%s', which can do more "
                           "than read",
                           subject->text, entry->ad_hoc->role->name);
    diag_hint(judging->diags, diag, "%s", hint);
}

/* A role that pull requests may use, and by which subject. */
struct open_role {
    const struct located *subject;
    enum reach reach;
};

static struct open_role find_open(const struct role_decl *role)
{
    struct open_role open = {0};
    for (size_t i = 0; i < role->trust.count; i++) {
        const struct trust_decl *trust = &role->trust.items[i];
        for (size_t j = 0; trust->oidc_issuer && j < trust->oidc_subjects.count; j++) {
            const struct located *subject = &trust->oidc_subjects.items[j];
            const enum reach reach =
                trust_is_of_github(trust->oidc_issuer, subject->text) ? reach_of(subject->text) : REACH_NONE;
            if (reach > open.reach)
                open = (struct open_role){subject, reach};
        }
    }
    return open;
}

static const char *key_of(struct arena *arena, const char *account_id, const char *role)
{
    return arena_printf(arena, "%s/%s", account_id, str_lower(arena, role));
}

static void add_open(struct judging *judging, const struct team_config *team, const struct access_entry *entry)
{
    const struct open_role open = find_open(entry->ad_hoc->role);
    if (!open.reach)
        return;
    struct open_role *kept = ARENA_NEW(judging->arena, struct open_role);
    *kept = open;
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct account_decl *account = team_find_account(team, entry->environments.items[i].text);
        if (account && *account->account_id.text)
            map_put(&judging->open_roles,
                    key_of(judging->arena, account->account_id.text, entry->ad_hoc->role->name), kept);
    }
}

void judge_find_open_roles(struct judging *judging, const struct config *config)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct team_config *team = &config->items[i];
        for (size_t j = 0; j < team->entries.count; j++)
            if (team->entries.items[j].file == FILE_ROLES && team->entries.items[j].ad_hoc->role)
                add_open(judging, team, &team->entries.items[j]);
    }
}

/* In the first account where pull requests may use it. */
static const struct open_role *open_in(const struct judging *judging, const struct access_entry *entry,
                                       const char *role)
{
    const struct open_role *open = NULL;
    for (size_t i = 0; !open && i < entry->environments.count; i++) {
        const struct account_decl *account = map_get(&judging->accounts, entry->environments.items[i].text);
        if (account)
            open = map_get(&judging->open_roles, key_of(judging->scratch, account->account_id.text, role));
    }
    return open;
}

void judge_pull_request_grants(struct judging *judging, const struct access_entry *entry)
{
    if (entry->file == FILE_ROLES || !judging->open_roles.count || !entry->roles.count ||
        entry_only_reads(judging, entry))
        return;
    for (size_t i = 0; i < entry->roles.count; i++) {
        const struct located *role = &entry->roles.items[i];
        const struct open_role *open = open_in(judging, entry, role->text);
        if (!open)
            continue;
        struct diag *diag =
            open->reach == REACH_MEANT
                ? diag_error(judging->diags, role->span, ID_TRUST_PULL_REQUEST,
                             "'%s' lets every pull request use role '%s', which gets more here than to read",
                             open->subject->text, role->text)
                : diag_warning(judging->diags, role->span, ID_TRUST_PULL_REQUEST,
                               "'%s' lets every branch and every pull request use role '%s', which gets more "
                               "here than to read",
                               open->subject->text, role->text);
        diag_hint(judging->diags, diag, "whom the role trusts stands in %s:%u; %s",
                  open->subject->span.file->path, (unsigned)open->subject->span.line, hint);
        diag_relate(diag, open->subject->span);
    }
}
