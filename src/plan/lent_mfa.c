/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/lent_mfa.h"

#include "base/str.h"
#include "plan/ours.h"
#include "policy/document.h"
#include "policy/lease.h"

#include <string.h>

/* Most documents are not parsed for it: we write the key as it stands here. */
static bool may_require_mfa(const char *json)
{
    return strstr(json, "aws:MultiFactorAuthPresent") != NULL;
}

static bool role_requires_mfa(struct account_work *work, const struct fact *fact)
{
    struct document trust = {0};
    struct err ignored;
    const struct observed_principal *role = work_find_role(work, fact);
    return role && may_require_mfa(role->trust) &&
           document_parse_trust(work->arena, role->trust, strlen(role->trust), &trust, &ignored) == 0 &&
           lease_requires_mfa(&trust);
}

static bool document_requires_mfa(struct account_work *work, const char *json)
{
    struct document document = {0};
    return may_require_mfa(json) && mark_read_inline(work->arena, json, work->sid_prefix, &document) &&
           lease_requires_mfa(&document);
}

static bool copies_require_mfa(struct account_work *work, const struct fact *fact)
{
    const struct observed_policy *copy;
    for (size_t number = 0; (copy = work_next_copy(work, fact, &number));)
        if (document_requires_mfa(work, copy->document))
            return true;
    return false;
}

static bool lives_with_mfa(struct account_work *work, const struct observed_principal *principal,
                           const struct fact *fact)
{
    const struct inline_policy *there = principal->inline_policies.count
                                            ? work_find_inline(principal, mark_lease_name(work->arena, fact))
                                            : NULL;
    if (there)
        return document_requires_mfa(work, there->document);
    return role_requires_mfa(work, fact) || copies_require_mfa(work, fact);
}

/* Whether a commit since the applied one had the lease with statements that require MFA by themselves. */
static bool came_with_mfa(struct account_work *work, const struct fact *fact)
{
    size_t count, from = work_facts_of_account(work, work->input->candidates, &count);
    for (size_t i = from; i < from + count; i++) {
        const struct fact *candidate = &work->input->candidates->items[i];
        if (lease_requires_mfa(&candidate->policy->custom) && str_eq(candidate->identity, fact->identity))
            return true;
    }
    return false;
}

const struct fact *work_with_lent_mfa(struct account_work *work, const struct observed_principal *principal,
                                      const struct fact *fact)
{
    if (fact->kind != ACCESS_LEASE || fact->require_mfa || fact->principal_kind == PRINCIPAL_ROLE ||
        !lives_with_mfa(work, principal, fact) || came_with_mfa(work, fact))
        return fact;
    struct fact *copy = ARENA_NEW(work->arena, struct fact);
    *copy = *fact;
    copy->require_mfa = true;
    return copy;
}
