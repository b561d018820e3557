/* SPDX-License-Identifier: Apache-2.0 */
#include "config/import_work.h"

#include "policy/pattern.h"

void import_leave(struct import_work *work, enum left_kind kind, const struct observed_principal *principal,
                  const char *what, const char *reason, const char *detail)
{
    *VEC_ADD(work->arena, &work->imported->left) = (struct left_behind){
        .kind = kind,
        .account_id = work->decl->account_id.text,
        .environment = work->decl->environment.text,
        .principal_kind = principal ? principal->kind : PRINCIPAL_USER,
        .principal = principal ? principal->name : NULL,
        .what = what,
        .reason = reason,
        .detail = detail,
    };
}

bool import_has_patterns(const struct import_request *request)
{
    bool any = false;
    for (enum principal_kind kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++)
        any = any || request->patterns[kind]->count;
    return any;
}

bool import_is_asked_for(const struct import_request *request, const struct observed_principal *principal)
{
    const struct strings *patterns = request->patterns[principal->kind];
    for (size_t i = 0; i < patterns->count; i++)
        if (pattern_matches(patterns->items[i], principal->name))
            return true;
    return !import_has_patterns(request);
}
