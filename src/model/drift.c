/* SPDX-License-Identifier: Apache-2.0 */
#include "model/drift.h"

#include <assert.h>

const char *drift_kind_name(enum drift_kind kind)
{
    static const char *const names[DRIFT_KIND_COUNT] = {
        [DRIFT_CHANGED] = "changed",
        [DRIFT_UNDECLARED] = "undeclared",
        [DRIFT_ENDED] = "ended",
        [DRIFT_MISSING] = "missing",
        [DRIFT_FOREIGN] = "foreign",
        [DRIFT_PRINCIPAL] = "principal-missing",
        [DRIFT_RECREATED] = "principal-recreated",
        [DRIFT_SOURCE] = "source-updated",
    };
    assert((unsigned)kind < DRIFT_KIND_COUNT);
    return names[kind];
}
