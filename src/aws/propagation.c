/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was made a moment ago is not known everywhere at once, and others change the same objects: what such a
 * refusal means, and how long one waits.
 */
#include "aws/call.h"
#include "base/str.h"

#include <string.h>

/* So long, in all, a write is repeated that AWS refuses for the moment (facts/aws.md §2.2, §2.4). */
enum { PATIENCE_MAX_MS = 2 * 60 * 1000, PATIENCE_STEP_MAX_MS = 16 * 1000 };

unsigned call_next_wait_ms(struct call *call, unsigned first_ms)
{
    if (call->waited_ms >= PATIENCE_MAX_MS)
        return 0;
    unsigned wait_ms = call->next_wait_ms ? call->next_wait_ms : first_ms;
    call->waited_ms += wait_ms;
    call->next_wait_ms = wait_ms * 2 < PATIENCE_STEP_MAX_MS ? wait_ms * 2 : PATIENCE_STEP_MAX_MS;
    return wait_ms;
}

static bool wait_and_write(struct call *call, unsigned first_ms)
{
    unsigned wait_ms = call_next_wait_ms(call, first_ms);
    if (wait_ms)
        call_write(call, wait_ms);
    return wait_ms;
}

bool call_wait_for_new(struct call *call)
{
    return wait_and_write(call, PROPAGATION_FIRST_MS);
}

bool call_wait_for_others(struct call *call)
{
    return wait_and_write(call, OTHERS_FIRST_MS);
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
