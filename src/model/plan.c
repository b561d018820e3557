/* SPDX-License-Identifier: Apache-2.0 */
#include "model/plan.h"

const char *change_kind_name(enum change_kind kind)
{
    static const char *const names[CHANGE_KIND_COUNT] = {
        [CHANGE_HOLD] = "hold",     [CHANGE_GRANT] = "grant",     [CHANGE_EXTEND] = "extend",
        [CHANGE_MODIFY] = "change", [CHANGE_SHORTEN] = "shorten", [CHANGE_REVOKE] = "revoke",
    };
    return names[kind];
}

const char *risk_name(enum risk risk)
{
    return risk == RISK_HIGH ? "high" : risk == RISK_MEDIUM ? "medium" : "low";
}

const struct policy_change *policy_change_of(const struct delta_row *row)
{
    static const struct policy_change nothing = {0};
    return row->policy ? row->policy : &nothing;
}

struct problem *problem_add(struct arena *arena, struct problems *problems, const char *id,
                            const char *account_id, const struct fact *fact, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(arena, format, args);
    va_end(args);
    struct problem *problem = VEC_ADD(arena, problems);
    *problem = (struct problem){.id = id, .account_id = account_id, .fact = fact, .message = message};
    return problem;
}
