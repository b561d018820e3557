/* SPDX-License-Identifier: Apache-2.0 */
#include "config/ids.h"
#include "config/judging.h"
#include "policy/action_match.h"

/* Of a deny, an error; of a warn, a warning. One message for each pattern is enough. */
static void judge_pattern(struct judging *judging, const struct policy_decl *policy, struct span span,
                          const char *pattern, bool deny)
{
    const char *action;
    if (!document_allows(&policy->custom, pattern, &action))
        return;
    struct diag *diag;
    if (deny)
        diag = diag_error(judging->diags, span, ID_GUARDRAIL_DENY,
                          "'%s' allows '%s', which guardrails.deny rules out with '%s'", policy->name.text,
                          action, pattern);
    else
        diag =
            diag_warning(judging->diags, span, ID_GUARDRAIL_WARN,
                         "'%s' allows '%s'; guardrails.warn names '%s'", policy->name.text, action, pattern);
    diag_hint(judging->diags, diag, deny ? "allow less" : "make sure that this is meant");
}

void judge_guardrails(struct judging *judging, const struct policy_decl *policy, struct span span)
{
    const struct rules *rules = judging->judge->rules;
    for (size_t i = 0; i < rules->guardrails_deny.count; i++)
        judge_pattern(judging, policy, span, rules->guardrails_deny.items[i].text, true);
    for (size_t i = 0; i < rules->guardrails_warn.count; i++)
        judge_pattern(judging, policy, span, rules->guardrails_warn.items[i].text, false);
    for (size_t i = 0; rules->guardrails_deny.count && i < policy->managed_policies.count; i++) {
        const struct located *arn = &policy->managed_policies.items[i];
        struct diag *diag = diag_error(judging->diags, arn->span, ID_GUARDRAIL_UNREADABLE,
                                       "what '%s' allows is not known here, so nobody can tell whether "
                                       "guardrails.deny rules it out",
                                       arn->text);
        diag_hint(judging->diags, diag, "write what is needed of it as custom_statements");
    }
}
