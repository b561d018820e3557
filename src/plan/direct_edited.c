/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/direct_edited.h"

#include "base/str.h"
#include "base/time.h"
#include "plan/direct_role.h"
#include "plan/ours.h"
#include "policy/boundary.h"
#include "policy/lease.h"
#include "policy/role_mark.h"

#include <string.h>

/* An inline policy as AWS has it; false: it is not there, or cannot be read. */
bool direct_role_ends_at(struct arena *arena, const char *owner, const struct observed_principal *role,
                         int64_t *ret_ends_at_s)
{
    struct document deny, policy;
    int64_t ends_at_s[3];
    bool ends = false;
    const bool is_known[] = {
        lease_role_ends_at(arena, role->trust, &ends_at_s[0]),
        work_read_inline(arena, role, lease_role_deny_name, &deny) &&
            lease_role_denies_from(arena, mark_sid_prefix(arena, owner), &deny, &ends_at_s[1]),
        work_read_inline(arena, role, role->name, &policy) && lease_ends_at(&policy, &ends_at_s[2]),
    };
    for (size_t i = 0; i < sizeof is_known / sizeof *is_known; i++) {
        if (is_known[i] && (!ends || ends_at_s[i] < *ret_ends_at_s))
            *ret_ends_at_s = ends_at_s[i];
        ends |= is_known[i];
    }
    return ends;
}

/* What a role must have been made of. */
struct made {
    struct arena *arena;
    const struct settings *settings;
    const char *account_id, *sid_prefix;
    const struct observed_principal *role;
    const struct mark *mark;
    int64_t ends_at_s;
};

/* Behind the last colon; "": it was cut, and names nobody whole. */
static const char *user_of_mark(const struct made *made)
{
    const char *user = strrchr(made->mark->name, ':');
    return user ? user + 1 : "";
}

/* Whether an ARN, or the id that AWS puts there for one that was deleted, is that of the user in the mark. */
static bool is_user_of_mark(const struct made *made, const char *principal)
{
    const char *slash = strrchr(principal, '/'), *user = user_of_mark(made);
    const char *of_account =
        arena_printf(made->arena, "arn:%s:iam::%s:user/", made->settings->partition, made->account_id);
    if (!str_prefix(principal, "arn:"))
        return str_prefix(principal, "AIDA") && str_only(principal, "");
    return str_prefix(principal, of_account) && (!*user || str_casecmp(slash + 1, user) == 0);
}

/*
 * Who asked is that user; where the settings map addresses, they may map another by now. Another address that
 * comes to the same user is not told apart: nothing in AWS but this tag says which it was.
 */
static bool is_requester_as_made(const struct made *made, const char *requester)
{
    const char *user = user_of_mark(made);
    return !*user || made->settings->usernames == USERNAMES_MAP ||
           str_casecmp(principal_user_name(made->arena, made->settings, requester), user) == 0;
}

static bool is_boundary_as_made(const struct made *made)
{
    const char *wanted = boundary_of_role(made->arena, made->settings, made->account_id, NULL);
    return !*wanted || (made->role->boundary && str_eq(made->role->boundary, wanted));
}

static bool is_trust_as_made(const struct made *made)
{
    struct document live = {0}, wanted;
    struct err ignored;
    const char *trust = made->role->trust;
    if (document_parse_trust(made->arena, trust, strlen(trust), &live, &ignored) < 0 || live.count != 1 ||
        live.items[0].principals.count != 1)
        return false;
    const char *principal = live.items[0].principals.items[0];
    if (!str_prefix(principal, "AWS:") || !is_user_of_mark(made, principal + strlen("AWS:")))
        return false;
    struct lease_terms terms = {.ends_at_s = made->ends_at_s};
    lease_role_trust(made->arena, made->sid_prefix, principal + strlen("AWS:"), &terms, &wanted);
    if (document_equal(made->arena, &live, &wanted))
        return true;
    terms.require_mfa = true;
    lease_role_trust(made->arena, made->sid_prefix, principal + strlen("AWS:"), &terms, &wanted);
    return document_equal(made->arena, &live, &wanted);
}

/* Half made is as made: what allows comes last. */
static bool is_deny_as_made(const struct made *made)
{
    struct document live, wanted;
    if (!work_find_inline(made->role, lease_role_deny_name))
        return !work_find_inline(made->role, made->role->name);
    lease_role_deny(made->arena, made->sid_prefix, made->ends_at_s, &wanted);
    return work_read_inline(made->arena, made->role, lease_role_deny_name, &live) &&
           document_equal(made->arena, &live, &wanted);
}

/* What it allows is what its mark names: the name of an ad-hoc grant is a hash of that. */
static bool is_policy_as_made(const struct made *made)
{
    struct document live, wanted, source = {0};
    const struct lease_terms terms = {.ends_at_s = made->ends_at_s};
    if (!work_find_inline(made->role, made->role->name))
        return true;
    if (!work_read_inline(made->arena, made->role, made->role->name, &live) || live.count != 1)
        return false;
    struct statement *statement = VEC_ADD(made->arena, &source);
    statement->effect = EFFECT_ALLOW;
    statement->actions = live.items[0].actions;
    statement->resources = live.items[0].resources;
    return str_eq(mark_ad_hoc(made->arena, statement), mark_grant(made->arena, made->mark)) &&
           lease_document(made->arena, &source, &terms, made->sid_prefix, &wanted) &&
           document_equal(made->arena, &live, &wanted);
}

static void add(const struct made *made, const char *what, const char **edited)
{
    *edited = *edited ? arena_printf(made->arena, "%s; %s", *edited, what) : what;
}

/* What is not as it was made; NULL: all is. */
static const char *find_edited(const struct made *made, const struct direct_grant *grant)
{
    const char *edited = NULL;
    const struct observed_principal *role = made->role;
    if (!is_trust_as_made(made))
        add(made, "its trust policy", &edited);
    if (!is_deny_as_made(made))
        add(made, arena_printf(made->arena, "its policy %s", lease_role_deny_name), &edited);
    if (!is_policy_as_made(made))
        add(made, arena_printf(made->arena, "its policy %s", role->name), &edited);
    if (!is_boundary_as_made(made))
        add(made, "its permissions boundary, which is not that of iamlease.yaml", &edited);
    if (!is_requester_as_made(made, grant->requester))
        add(made, arena_printf(made->arena, "its tag %s, which names another", role_direct_key), &edited);
    for (size_t i = 0; i < role->inline_policies.count; i++) {
        const char *name = role->inline_policies.items[i].name;
        if (!str_eq(name, lease_role_deny_name) && !str_eq(name, role->name))
            add(made, arena_printf(made->arena, "the policy %s, which was put there", name), &edited);
    }
    for (size_t i = 0; i < role->attached.count; i++)
        add(made, arena_printf(made->arena, "%s, which was attached", role->attached.items[i]), &edited);
    return edited;
}

void direct_edited_report(struct arena *arena, const struct settings *settings, const char *account_id,
                          const struct observed_principal *role, struct problems *problems)
{
    struct mark mark;
    struct direct_grant grant;
    char end[TIME_TEXT_SIZE];
    struct made made = {.arena = arena,
                        .settings = settings,
                        .account_id = account_id,
                        .sid_prefix = mark_sid_prefix(arena, settings->owner),
                        .role = role,
                        .mark = &mark};
    if (!direct_role_ends_at(arena, settings->owner, role, &made.ends_at_s) ||
        !role_mark_is_lease(arena, role->mark, settings->owner, &mark))
        return;
    const char *edited = direct_role_read(arena, settings, account_id, role, &grant)
                             ? find_edited(&made, &grant)
                             : "its tags, for it has not the name of such a role";
    if (!edited)
        return;
    problem_add(arena, problems, "direct-edited", account_id, NULL,
                "role %s in account %s was granted at once until %s and edited by hand since: %s", role->name,
                account_id, time_format(made.ends_at_s, end), edited)
        ->hint = "'iamlease revoke --lease' takes it away now, and at its end it goes with all that is on it; "
                 "who needs more asks again in Port";
}

bool work_role_ends_at(const struct account_work *work, const struct observed_principal *role,
                       int64_t *ret_ends_at_s)
{
    return role->direct ? direct_role_ends_at(work->arena, work->input->settings->owner, role, ret_ends_at_s)
                        : lease_role_ends_at(work->arena, role->trust, ret_ends_at_s);
}
