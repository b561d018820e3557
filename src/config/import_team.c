/* SPDX-License-Identifier: Apache-2.0 */
#include "config/import_team.h"

#include "config/import_work.h"
#include "policy/mark.h"
#include "policy/ownership.h"

/* What is known of a customer managed policy besides its document. */
static char seen_boundary[] = "boundary", seen_attached[] = "attached", seen_imported[] = "imported";

bool import_is_out_of_reach(struct import_work *work, const struct observed_principal *principal,
                            const char *written, const char **reason, const char **detail)
{
    if (import_is_service_linked(principal)) {
        *reason = "service-linked-role";
        *detail = "a service-linked role: only the service that it belongs to changes it";
    } else if (import_is_reserved(principal)) {
        *reason = "reserved-role";
        *detail = "a role of IAM Identity Center: only that changes it";
    } else if (principal->mark && !import_is_kept_role(work, principal->name) &&
               !import_find_kept(work, principal)) {
        *reason = "of-iamlease";
        *detail = "a role that iamlease made";
    } else if (!written) {
        *reason = principal->kind == PRINCIPAL_USER ? "user-name" : "name";
        *detail = principal->kind == PRINCIPAL_USER
                      ? "no text comes to this IAM user by 'usernames' in iamlease.yaml"
                      : arena_printf(work->arena, "no file can hold this name of a %s",
                                     principal_kind_name(principal->kind));
    } else {
        return false;
    }
    return true;
}

static void see(struct import_work *work, const char *arn, char *what)
{
    if (map_get(&work->policies, arn))
        map_put(&work->seen, arena_printf(work->arena, "%s\n%s", arn, what), what);
}

static bool is_seen(struct import_work *work, const char *arn, const char *what)
{
    return map_get(&work->seen, arena_printf(work->arena, "%s\n%s", arn, what)) != NULL;
}

static void look_at_attachment(struct import_work *work, const struct observed_principal *principal,
                               const char *written, const char *arn)
{
    const char *reason, *detail, *team = import_who_declares(work, principal, arn);
    const struct observed_policy *policy = map_get(&work->policies, arn);
    struct import_grant *grant = NULL;
    struct mark mark;
    see(work, arn, seen_attached);
    if (policy && import_is_copy_of(work, principal, policy, &mark))
        return; /* a lease, looked at with the others */
    if (import_role_names(work, principal, arn))
        return; /* what becomes of the role becomes of that */
    if (team) {
        see(work, arn, seen_imported);
        reason = "declared";
        detail = arena_printf(work->arena, "the files of team %s declare it", team);
    } else if (!import_is_out_of_reach(work, principal, written, &reason, &detail)) {
        grant = import_grant_of(work, arn, &reason, &detail);
    }
    if (!grant) {
        import_leave(work, LEFT_ATTACHMENT, principal, arn, reason, detail);
        return;
    }
    *VEC_ADD(work->arena, &work->atoms) =
        (struct import_atom){.account = work->decl, .principal = principal, .written = written, .grant = grant};
    import_add_object(work, LEFT_ATTACHMENT, principal, arn);
}

/* What files have no words for, whoever has it. */
static void look_around(struct import_work *work, const struct observed_principal *principal)
{
    if (principal->boundary) {
        see(work, principal->boundary, seen_boundary);
        import_leave(work, LEFT_BOUNDARY, principal, principal->boundary, "boundary",
                     "files do not declare permissions boundaries");
    }
    for (size_t i = 0; i < principal->groups.count; i++)
        import_leave(work, LEFT_MEMBERSHIP, principal, principal->groups.items[i], "membership",
                     "files do not declare who is in a group");
    for (size_t i = 0; i < principal->instance_profiles.count; i++)
        import_leave(work, LEFT_INSTANCE_PROFILE, principal, principal->instance_profiles.items[i],
                     "instance-profile", "files do not declare instance profiles");
}

static void look_at_principal(struct import_work *work, const struct observed_principal *principal)
{
    const char *reason, *detail;
    struct mark mark;
    if (import_is_lease_role(work, principal, &mark)) {
        for (size_t i = 0; i < principal->attached.count; i++)
            see(work, principal->attached.items[i], seen_attached);
        return;
    }
    if (!import_is_asked_for(work->request, principal) && !import_find_kept(work, principal)) {
        work->imported->filtered += principal->attached.count + principal->inline_policies.count +
                                    (principal->kind == PRINCIPAL_ROLE);
        return;
    }
    const char *written = import_write_principal(work, principal);
    for (size_t i = 0; i < principal->attached.count; i++)
        look_at_attachment(work, principal, written, principal->attached.items[i]);
    for (size_t i = 0; i < principal->inline_policies.count; i++) {
        const struct inline_policy *policy = &principal->inline_policies.items[i];
        if (import_is_out_of_reach(work, principal, written, &reason, &detail))
            import_leave(work, LEFT_INLINE_POLICY, principal, policy->name, reason, detail);
    }
    look_around(work, principal);
    if (principal->kind == PRINCIPAL_ROLE)
        import_leave_role(work, principal);
}

/* Leases come when the grants are known that they are of; and first those whose marks tell the grant's name. */
static void look_at_marked_leases(struct import_work *work, const struct observed_principal *principal)
{
    struct mark mark;
    if (import_is_lease_role(work, principal, &mark))
        import_lease_role(work, principal);
    else if (import_is_asked_for(work->request, principal))
        import_copies(work, principal, import_write_principal(work, principal));
}

static void look_at_leases(struct import_work *work, const struct observed_principal *principal)
{
    const char *reason, *detail, *written = import_write_principal(work, principal);
    if (!import_is_asked_for(work->request, principal) ||
        import_is_out_of_reach(work, principal, written, &reason, &detail))
        return;
    for (size_t i = 0; i < principal->inline_policies.count; i++)
        import_inline(work, principal, written, &principal->inline_policies.items[i]);
}

/* A policy itself, when nothing that is imported names it. */
static void look_at_policy(struct import_work *work, const struct observed_policy *policy)
{
    struct mark mark;
    if (is_seen(work, policy->arn, seen_imported))
        return;
    if (import_has_patterns(work->request) && !is_seen(work, policy->arn, seen_attached) &&
        !is_seen(work, policy->arn, seen_boundary))
        work->imported->filtered++;
    else if (mark_parse(work->arena, policy->description, &mark) ||
             policy_is_ours(work->arena, policy, work->settings->owner, &mark))
        import_leave(work, LEFT_POLICY, NULL, policy->arn, "of-iamlease",
                     arena_printf(work->arena, "iamlease made it for %s/%s (owner %s)", mark.team, mark.name,
                                  mark.owner));
    else if (is_seen(work, policy->arn, seen_attached))
        import_leave(work, LEFT_POLICY, NULL, policy->arn, "not-imported",
                     "all that have it attached are left behind");
    else if (is_seen(work, policy->arn, seen_boundary))
        import_leave(work, LEFT_POLICY, NULL, policy->arn, "boundary",
                     "it is a permissions boundary only, and files do not declare those");
    else
        import_leave(work, LEFT_POLICY, NULL, policy->arn, "unused", "nobody has it attached");
}

void import_begin_account(struct import_work *work, const struct account_decl *decl)
{
    work->decl = decl;
    work->account = observed_find_account(work->request->observed, decl->account_id.text);
    work->policies = map_new(work->arena);
    for (size_t i = 0; i < work->account->policies.count; i++)
        map_put(&work->policies, work->account->policies.items[i].arn, &work->account->policies.items[i]);
}

typedef void look(struct import_work *work, const struct observed_principal *principal);

static void for_each_principal(struct import_work *work, look *look_at)
{
    for (size_t i = 0; i < work->request->account_count; i++) {
        import_begin_account(work, &work->request->accounts[i]);
        for (size_t j = 0; j < work->account->principals.count; j++)
            look_at(work, &work->account->principals.items[j]);
    }
}

/* What the rules refuse is left behind, too; what remains is counted. */
static void settle_atoms(struct import_work *work)
{
    for (size_t i = 0; i < work->atoms.count; i++) {
        const struct import_atom *atom = &work->atoms.items[i];
        if (work->decl != atom->account)
            import_begin_account(work, atom->account);
        const char *refused = atom->refused ? atom->refused : atom->grant->refused;
        for (size_t j = 0; j < atom->objects.count; j++) {
            const struct import_object *object = &atom->objects.items[j];
            if (refused)
                import_leave(work, object->kind, object->principal, object->what,
                             atom->reason ? atom->reason : "refused", refused);
            else if (object->kind == LEFT_ATTACHMENT)
                see(work, object->what, seen_imported);
        }
        if (refused)
            continue;
        atom->grant->used = true;
        if (atom->ends_at_s)
            work->imported->leases++;
        else
            work->imported->attachments++;
    }
}

void import_compute(struct arena *arena, const struct import_request *request, struct team_config *ret,
                    struct imported *imported)
{
    struct import_work work = {.arena = arena,
                               .request = request,
                               .settings = &request->config->settings,
                               .sid_prefix = mark_sid_prefix(arena, request->config->settings.owner),
                               .imported = imported,
                               .spelled = map_new(arena),
                               .spelled_in_marks = map_new(arena),
                               .grants = map_new(arena),
                               .seen = map_new(arena)};
    import_collect_spelling(&work);
    import_collect_declared(&work);
    import_collect_rules(&work);
    import_collect_sources(&work);
    import_collect_kept(&work);
    for_each_principal(&work, look_at_principal);
    for_each_principal(&work, look_at_marked_leases);
    for_each_principal(&work, look_at_leases);
    import_name_grants(&work);
    import_judge(&work);
    import_settle_kept(&work);
    settle_atoms(&work);
    for (size_t i = 0; i < request->account_count; i++) {
        import_begin_account(&work, &request->accounts[i]);
        import_leave_account(&work);
        for (size_t j = 0; j < work.account->policies.count; j++)
            look_at_policy(&work, &work.account->policies.items[j]);
    }
    import_entries(&work, ret);
    imported->policies = ret->policies.count;
    left_sort(&imported->left);
}
