/* SPDX-License-Identifier: Apache-2.0 */
#include "config/check.h"

#include "base/map.h"
#include "base/str.h"
#include "config/grammar.h"
#include "config/ids.h"
#include "policy/document.h"

#include <string.h>

/* AWS's quota for the document of a managed policy: characters without white space (facts/aws.md §1.2). Fixed. */
enum { POLICY_SIZE_MAX = 6144 };

/* How many names all "did you mean" may look at: hostile files have many names and many mistakes. */
enum { COMPARISONS_MAX = 20000 };

/* A hint lists what is declared when there are no more than these. */
enum { LISTED_MAX = 8 };

/* A policy, and the one account that its customer managed policies are of. */
struct checked_policy {
    const struct policy_decl *decl;
    const struct located *arn; /* the first of them, or NULL */
    const char *account_id;
};

struct checker {
    struct arena *scratch;
    struct diags *diags;
    const struct team_config *team;
    struct map environments; /* name → struct account_decl */
    struct map policies;     /* name → struct checked_policy */
    bool any_has_account;    /* of these: there are customer managed policies in it */
    struct strings environment_names, policy_names;
    struct check_totals *totals;
};

/* The team's file in `folder`, as seen from another of its files: both lie below one config root. */
static const char *sibling(struct checker *checker, const char *path, const char *folder)
{
    const char *name = strrchr(path, '/'), *root_end = name;
    while (root_end && root_end > path && root_end[-1] != '/')
        root_end--;
    return arena_printf(checker->scratch, "%.*s%s/%s.yaml", root_end ? (int)(root_end - path) : 0, path,
                        folder, checker->team->name);
}

/* "did you mean", or what there is, or where to declare it. `word` stands in the file of `diag`. */
static void hint_names(struct checker *checker, struct diag *diag, const char *word,
                       const struct strings *names, const char *folder)
{
    if (!diag)
        return;
    const char *path = sibling(checker, diag->span.file->path, folder);
    const char *nearest = NULL;
    if (names->count <= checker->totals->comparisons_left) {
        checker->totals->comparisons_left -= names->count;
        nearest = str_nearest(word, names->items, names->count);
    }
    if (nearest) {
        diag_hint(checker->diags, diag, "did you mean '%s'?", nearest);
    } else if (names->count == 0 || names->count > LISTED_MAX) {
        diag_hint(checker->diags, diag, "declare it in %s", path);
    } else {
        const char *list = "";
        for (size_t i = 0; i < names->count; i++)
            list = arena_printf(checker->scratch, "%s%s'%s'", list, i ? ", " : "", names->items[i]);
        diag_hint(checker->diags, diag, "%s declares %s", path, list);
    }
}

static void check_repeated(struct checker *checker, const struct located_list *list)
{
    struct map seen = map_new(checker->scratch);
    for (size_t i = 0; i < list->count && list->count > 1; i++) {
        struct located *value = &list->items[i], *first = map_put(&seen, value->text, value);
        if (first == value)
            continue;
        struct diag *diag = diag_warning(checker->diags, value->span, ID_REPEATED_VALUE,
                                         "'%s' is in this list already", value->text);
        diag_hint(checker->diags, diag, "it is first given in line %u", (unsigned)first->span.line);
    }
}

static void check_environments(struct checker *checker, struct access_entry *entry)
{
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct located *environment = &entry->environments.items[i];
        const struct account_decl *account = map_get(&checker->environments, environment->text);
        entry->incomplete |= !account || !*account->account_id.text;
        if (account)
            continue;
        struct diag *diag = diag_error(checker->diags, environment->span, ID_UNKNOWN_ENVIRONMENT,
                                       "unknown environment '%s'", environment->text);
        hint_names(checker, diag, environment->text, &checker->environment_names, "aws-accounts");
    }
}

static void check_grants(struct checker *checker, struct access_entry *entry)
{
    for (size_t i = 0; i < entry->grants.count; i++) {
        const struct located *grant = &entry->grants.items[i];
        if (map_get(&checker->policies, grant->text))
            continue;
        entry->incomplete = true;
        struct diag *diag =
            diag_error(checker->diags, grant->span, ID_UNKNOWN_GRANT, "unknown grant '%s'", grant->text);
        hint_names(checker, diag, grant->text, &checker->policy_names, "aws-policies");
    }
}

/* A customer managed policy can be attached in its own account only. */
static void check_policy_account(struct checker *checker, const struct access_entry *entry,
                                 const struct checked_policy *policy)
{
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct located *environment = &entry->environments.items[i];
        const struct account_decl *account = map_get(&checker->environments, environment->text);
        if (!account || str_eq(account->account_id.text, policy->account_id))
            continue;
        struct diag *diag = diag_error(checker->diags, environment->span, ID_POLICY_OTHER_ACCOUNT,
                                       "'%s' cannot be granted in '%s', account %s", policy->decl->name.text,
                                       environment->text, account->account_id.text);
        diag_hint(checker->diags, diag, "it holds a managed policy of account %s (%s:%u)", policy->account_id,
                  policy->arn->span.file->path, (unsigned)policy->arn->span.line);
        return;
    }
}

/* Of a grant that is to be attached to a role of ours. */
static void check_attachable(struct checker *checker, const struct located *grant)
{
    const struct checked_policy *policy = map_get(&checker->policies, grant->text);
    for (size_t i = 0; policy && i < policy->decl->managed_policies.count; i++) {
        const char *arn = policy->decl->managed_policies.items[i].text;
        if (!strstr(arn, ":policy/aws-service-role/"))
            continue;
        struct diag *diag = diag_error(checker->diags, grant->span, ID_MODE_NOT_POSSIBLE,
                                       "'%s' cannot be a lease in the mode 'role'", grant->text);
        diag_hint(checker->diags, diag, "'%s' is for roles of AWS's services and cannot be attached", arn);
        return;
    }
}

/* What a mode cannot do, whatever AWS says. */
static void check_mode(struct checker *checker, const struct access_entry *entry)
{
    if (entry->mode == ENTRY_ROLE && entry->groups.count) {
        struct diag *diag =
            diag_error(checker->diags, entry->groups.items[0].span, ID_MODE_NOT_POSSIBLE,
                       "the group '%s' cannot have a lease in the mode 'role'", entry->groups.items[0].text);
        diag_hint(checker->diags, diag, "nobody can trust a group; name its users, or leave out 'mode:'");
    }
    for (size_t i = 0; entry->mode == ENTRY_ROLE && i < entry->grants.count; i++)
        check_attachable(checker, &entry->grants.items[i]);
    for (size_t i = 0; entry->mode == ENTRY_INLINE && i < entry->grants.count; i++) {
        const struct checked_policy *policy = map_get(&checker->policies, entry->grants.items[i].text);
        if (!policy || !policy->decl->managed_policies.count)
            continue;
        struct diag *diag =
            diag_error(checker->diags, entry->grants.items[i].span, ID_MODE_NOT_POSSIBLE,
                       "'%s' holds managed policies and cannot be a lease in the mode 'inline'",
                       entry->grants.items[i].text);
        diag_hint(checker->diags, diag, "leave out 'mode:'");
    }
}

static void check_policy_size(struct checker *checker, const struct policy_decl *policy)
{
    for (size_t i = 0; i < policy->custom.count; i++) {
        const struct statement *statement = &policy->custom.items[i];
        if (statement->actions.count + statement->not_actions.count == 0 ||
            statement->resources.count + statement->not_resources.count == 0)
            return; /* refused already; there is no document to measure */
    }
    size_t size = document_measure(document_to_json(checker->scratch, &policy->custom));
    if (size <= POLICY_SIZE_MAX)
        return;
    struct diag *diag =
        diag_error(checker->diags, policy->name.span, ID_POLICY_TOO_LARGE,
                   "the custom statements of '%s' have %zu characters; AWS allows %d in a policy",
                   policy->name.text, size, POLICY_SIZE_MAX);
    diag_hint(checker->diags, diag, "split it into two policies, or use wildcards");
}

/* One name would mean two things: what is declared, and what the entry allows. */
static void check_ad_hoc(struct checker *checker, const struct access_entry *entry)
{
    if (!entry->ad_hoc || entry->file == FILE_ROLES)
        return;
    check_policy_size(checker, entry->ad_hoc);
    const struct checked_policy *policy = map_get(&checker->policies, entry->ad_hoc->name.text);
    if (!policy)
        return;
    struct diag *diag =
        diag_error(checker->diags, policy->decl->name.span, ID_POLICY_NAME_COLLISION,
                   "'%s' is the name of what an entry allows without a grant", policy->decl->name.text);
    diag_hint(checker->diags, diag, "it stands in %s:%u; rename the policy", entry->span.file->path,
              (unsigned)entry->span.line);
}

/* Finds the account of a policy's customer managed policies; two accounts are one too many. */
static void check_policy_arns(struct checker *checker, struct checked_policy *policy)
{
    const struct located_list *arns = &policy->decl->managed_policies;
    for (size_t i = 0; i < arns->count; i++) {
        const char *account_id = grammar_policy_arn_account(checker->scratch, arns->items[i].text);
        if (!account_id)
            continue;
        if (!policy->arn) {
            policy->arn = &arns->items[i];
            policy->account_id = account_id;
            checker->any_has_account = true;
        } else if (!str_eq(account_id, policy->account_id)) {
            struct diag *diag = diag_error(checker->diags, arns->items[i].span, ID_POLICY_OTHER_ACCOUNT,
                                           "'%s' holds managed policies of two accounts, %s and %s",
                                           policy->decl->name.text, policy->account_id, account_id);
            diag_hint(checker->diags, diag, "make a policy for each account");
            return;
        }
    }
}

/* A role of aws-roles, and the managed policies that it names itself. */
static void check_kept(struct checker *checker, const struct access_entry *entry)
{
    struct checked_policy policy = {.decl = entry->ad_hoc};
    check_role(entry, checker->diags);
    check_repeated(checker, &entry->ad_hoc->managed_policies);
    check_policy_arns(checker, &policy);
    if (policy.arn)
        check_policy_account(checker, entry, &policy);
}

static uint64_t at_least_1(size_t count)
{
    return count ? count : 1;
}

static void check_values(struct checker *checker, struct access_entry *entry, size_t principals,
                         struct team_gaps gaps)
{
    if (principals == 0 && !gaps.values) {
        struct diag *diag =
            diag_error(checker->diags, entry->span, ID_NO_PRINCIPAL, "this entry grants to nobody");
        diag_hint(checker->diags, diag, "add %s",
                  entry->temporary ? "'user:', 'role:' or 'group:'" : "'users:', 'roles:' or 'groups:'");
    }
    check_repeated(checker, &entry->users);
    check_repeated(checker, &entry->roles);
    check_repeated(checker, &entry->groups);
    check_repeated(checker, &entry->environments);
    check_repeated(checker, &entry->grants);
    if (!gaps.accounts)
        check_environments(checker, entry);
    if (!gaps.policies)
        check_grants(checker, entry);
    check_mode(checker, entry);
    if (entry->file == FILE_ROLES)
        check_kept(checker, entry);
    check_ad_hoc(checker, entry);
}

static bool check_entry(struct checker *checker, struct access_entry *entry, struct team_gaps gaps)
{
    size_t principals = entry->users.count + entry->roles.count + entry->groups.count;
    bool checked = team_shares_entries(checker->team, gaps.checked, entry->file);
    if (!checked)
        check_values(checker, entry, principals, gaps);

    /* One file has at most 200,000 values, so the product of three lists fits in 64 bits. */
    uint64_t *total = &checker->totals->grants, before = *total;
    *total +=
        at_least_1(principals) * at_least_1(entry->environments.count) * at_least_1(entry_grant_count(entry));
    if (*total > CHECK_GRANTS_MAX) {
        if (before <= CHECK_GRANTS_MAX) {
            struct diag *diag = diag_error(checker->diags, entry->span, ID_TOO_MANY_GRANTS,
                                           "with this entry there are more than %d grants", CHECK_GRANTS_MAX);
            diag_hint(checker->diags, diag, "principals × environments × grants count, over all teams");
        }
        *total = CHECK_GRANTS_MAX + 1;
        return false;
    }
    for (size_t i = 0; !checked && checker->any_has_account && i < entry->grants.count; i++) {
        const struct checked_policy *policy = map_get(&checker->policies, entry->grants.items[i].text);
        if (policy && policy->arn)
            check_policy_account(checker, entry, policy);
    }
    return true;
}

static void check_policy(struct checker *checker, const struct policy_decl *decl, struct team_gaps gaps)
{
    struct checked_policy *policy = ARENA_NEW(checker->scratch, struct checked_policy);
    policy->decl = decl;
    map_put(&checker->policies, decl->name.text, policy);
    strings_add(checker->scratch, &checker->policy_names, decl->name.text);
    check_policy_arns(checker, policy);
    if (team_shares_file(checker->team, gaps.checked, FILE_POLICIES))
        return;
    check_repeated(checker, &decl->managed_policies);
    if (decl->custom.count > 0) {
        check_policy_size(checker, decl);
    } else if (decl->managed_policies.count == 0 && !gaps.values) {
        struct diag *diag =
            diag_error(checker->diags, decl->name.span, ID_EMPTY_POLICY,
                       "'%s' has neither managed policies nor custom statements", decl->name.text);
        diag_hint(checker->diags, diag, "add 'managed_policies:' or 'custom_statements:'");
    }
}

struct check_totals check_totals_new(void)
{
    return (struct check_totals){.comparisons_left = COMPARISONS_MAX};
}

bool check_team(struct team_config *team, struct team_gaps gaps, struct check_totals *totals,
                struct diags *diags)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct checker checker = {.scratch = scratch,
                              .diags = diags,
                              .team = team,
                              .environments = map_new(scratch),
                              .policies = map_new(scratch),
                              .totals = totals};
    for (size_t i = 0; i < team->accounts.count; i++) {
        struct account_decl *account = &team->accounts.items[i];
        map_put(&checker.environments, account->environment.text, account);
        strings_add(scratch, &checker.environment_names, account->environment.text);
    }
    for (size_t i = 0; i < team->policies.count; i++)
        check_policy(&checker, &team->policies.items[i], gaps);
    bool bounded = true;
    for (size_t i = 0; i < team->entries.count; i++)
        bounded = check_entry(&checker, &team->entries.items[i], gaps) && bounded;
    if (bounded && !gaps.accounts && !gaps.checked)
        check_providers_are_there(team, &checker.environments, diags);
    return bounded;
}
