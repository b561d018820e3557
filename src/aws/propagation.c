/* SPDX-License-Identifier: Apache-2.0 */
/* What was made a moment ago is not known everywhere at once: what such a refusal means, and how long one waits. */
#include "aws/call.h"
#include "base/str.h"

#include <string.h>

/* A policy that was made a moment ago may not be seen everywhere: so long, in all, attaching it is tried. */
enum { PROPAGATION_MAX_MS = 2 * 60 * 1000, PROPAGATION_STEP_MAX_MS = 16 * 1000 };

/* Writes it again later; false when that was done for long enough. */
bool call_wait_for_new(struct call *call)
{
    if (call->waited_ms >= PROPAGATION_MAX_MS)
        return false;
    unsigned wait_ms = call->next_wait_ms ? call->next_wait_ms : PROPAGATION_FIRST_MS;
    call->waited_ms += wait_ms;
    call->next_wait_ms = wait_ms * 2 < PROPAGATION_STEP_MAX_MS ? wait_ms * 2 : PROPAGATION_STEP_MAX_MS;
    call_write(call, wait_ms);
    return true;
}

/* A role that this run made. */
static bool is_of_new_role(const struct call *call)
{
    return call->operation->principal && call->operation->principal_kind == PRINCIPAL_ROLE &&
           map_get(&call->aws->created, call_role_key(call));
}

void call_judge_absent_attachment(struct call *call, const struct outcome *outcome)
{
    const char *message = outcome->error.message;
    bool names_policy = strstr(message, call->policy_arn), names_principal = strstr(message, " with name ");
    bool is_new = map_get(&call->aws->created, call->policy_arn);
    if (((is_new && !names_principal) || (is_of_new_role(call) && !names_policy)) && call_wait_for_new(call))
        return;
    if (names_policy || is_new) {
        call_end_policy_absent(call, outcome);
    } else {
        call_end_principal_absent(call, outcome);
    }
}

void call_judge_absent_principal(struct call *call, const struct outcome *outcome)
{
    if (!is_of_new_role(call) || !call_wait_for_new(call))
        call_end_principal_absent(call, outcome);
}

/* A trust policy that names a role which is not known everywhere yet is refused as one that names nobody. */
bool call_is_refused_principal(const struct call *call, const struct outcome *outcome)
{
    return call->operation->awaits_principal && str_eq(outcome->error.code, "MalformedPolicyDocument") &&
           strstr(outcome->error.message, "Invalid principal");
}
