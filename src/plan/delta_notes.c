/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/delta_notes.h"

#include "base/str.h"
#include "base/time.h"
#include "policy/document.h"

#include <string.h>

/* AWS's own policies that give everything, or the power to give oneself everything. */
static bool gives_everything(const struct policy_decl *policy)
{
    static const char *const names[] = {":policy/AdministratorAccess", ":policy/IAMFullAccess"};
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
            if (str_suffix(policy->managed_policies.items[i].text, names[j]))
                return true;
    return document_is_administrative(&policy->custom);
}

static bool is_administrative(struct delta_judge *judge, const struct policy_decl *policy)
{
    static char yes, no;
    char key[STR_POINTER_SIZE];
    const char *known = map_get(&judge->administrative, str_of_pointer(policy, key));
    if (!known)
        known = map_put(&judge->administrative, arena_strdup(judge->scratch, key),
                        gives_everything(policy) ? &yes : &no);
    return known == &yes;
}

static void add_note(struct delta_judge *judge, struct delta_row *row, const char *note)
{
    row->note = row->note ? arena_printf(judge->arena, "%s; %s", row->note, note) : note;
}

static void note_lease(struct delta_judge *judge, struct delta_row *row)
{
    const struct fact *fact = row->after, *before = row->before;
    char text[TIME_TEXT_SIZE];
    if (!fact || fact->kind != ACCESS_LEASE)
        return;
    if (fact->mode == MODE_ROLE)
        add_note(judge, row, "a role to switch to");
    else if (fact->mode == MODE_POLICY && fact->policy->managed_policies.count)
        add_note(judge, row,
                 fact->mode_is_fixed || fact->principal_kind == PRINCIPAL_GROUP
                     ? "copies managed policies, size unknown until AWS is read"
                     : "copies managed policies, or a role to switch to where they are too large to copy");
    if (fact->entries > 1)
        add_note(judge, row,
                 arena_printf(judge->arena, "%u entries ask for this: %s", fact->entries,
                              fact->starts_at_s ? "one lease from the earliest start to the latest end"
                                                : "the latest end counts"));
    if (sharing_is_permanent_too(&judge->sharing, judge->scratch, fact))
        add_note(judge, row, "is granted without an end too: the access stays when this lease ends");
    if (before && before->starts_at_s != fact->starts_at_s)
        add_note(judge, row,
                 arena_printf(judge->arena, "its start moves: it was %s",
                              before->starts_at_s ? time_format(before->starts_at_s, text) : "at once"));
    if (before && before->require_mfa != fact->require_mfa)
        add_note(judge, row, fact->require_mfa ? "MFA is required from now on" : "MFA is no longer required");
    if (before && before->mode > fact->mode && !fact->mode_is_fixed)
        add_note(judge, row,
                 arena_printf(judge->arena, "stays in the mode '%s' while it fits",
                              access_mode_name(before->mode)));
    else if (before && before->mode != fact->mode)
        add_note(judge, row,
                 arena_printf(judge->arena, "its mode changes from '%s' to '%s'",
                              access_mode_name(before->mode), access_mode_name(fact->mode)));
}

/* Of an ARN what stands behind the path: the account is that of the row. */
static const char *name_of_policy(const char *arn)
{
    const char *slash = strrchr(arn, '/');
    return slash ? slash + 1 : arn;
}

/* Of what a row attaches or takes away: who else brings it to the same principal. */
static void note_sharing(struct delta_judge *judge, struct delta_row *row)
{
    const struct fact *fact = row->after ? row->after : row->before;
    const struct strings *changed = row->before && row->after ? &policy_change_of(row)->policies_lost : NULL;
    size_t count = changed ? changed->count : fact->policy->managed_policies.count;
    if (fact->kind != ACCESS_PERMANENT || row->kind == CHANGE_HOLD)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *arn = changed ? changed->items[i] : fact->policy->managed_policies.items[i].text;
        const struct fact *other = sharing_other(&judge->sharing, fact, arn);
        if (other)
            add_note(judge, row,
                     arena_printf(judge->arena,
                                  row->kind == CHANGE_GRANT ? "%s comes with %s/%s too"
                                                            : "%s stays: %s/%s brings it too",
                                  name_of_policy(arn), other->team, other->grant));
    }
}

static enum risk risk_of(const struct delta_row *row, bool administrative)
{
    const struct fact *fact = row->after ? row->after : row->before;
    if (row->kind == CHANGE_HOLD || administrative)
        return RISK_HIGH;
    if (row->kind == CHANGE_REVOKE || row->kind == CHANGE_SHORTEN)
        return RISK_LOW;
    return fact->kind == ACCESS_PERMANENT || row->can_undo_its_end ? RISK_MEDIUM : RISK_LOW;
}

void delta_judge_row(struct delta_judge *judge, struct delta_row *row)
{
    bool takes_away = row->kind == CHANGE_REVOKE || row->kind == CHANGE_SHORTEN;
    bool administrative = !takes_away && row->after && is_administrative(judge, row->after->policy);
    row->can_undo_its_end = !takes_away && row->after && can_undo_its_end(&judge->undo, row->after);
    row->risk = risk_of(row, administrative);
    if (row->kept && row->kept->trust_gained.count) {
        row->risk = RISK_HIGH;
        add_note(judge, row, row->before ? "others may assume it" : "a new role");
    }
    if (row->kind == CHANGE_HOLD)
        add_note(judge, row, "in doubt: neither granted, changed nor removed");
    if (administrative)
        add_note(judge, row, "administrator access");
    if (row->can_undo_its_end && !administrative) /* an administrator can do that, as everything */
        add_note(judge, row, "can undo its own end");
    note_lease(judge, row);
    note_sharing(judge, row);
    if (row->resources_change)
        add_note(judge, row, "resources, conditions or Deny statements change: see the document");
}
