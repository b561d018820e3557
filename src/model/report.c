/* SPDX-License-Identifier: Apache-2.0 */
#include "model/report.h"

const char *result_status_name(enum result_status status)
{
    static const char *const names[] = {
        [RESULT_PENDING] = "pending",
        [RESULT_DONE] = "done",
        [RESULT_FAILED] = "failed",
        [RESULT_BLOCKED] = "blocked",
    };
    return names[status];
}

bool report_is_clean(const struct report *report)
{
    if (report->stopped || report->plan->problems.count)
        return false;
    if (!report->results)
        return true;
    for (size_t i = 0; i < report->plan->operations.count; i++)
        if (report->results[i].status != RESULT_DONE)
            return false;
    return true;
}

bool report_is_late(const struct report *report)
{
    for (size_t i = 0; report->results && !report->stopped && i < report->plan->operations.count; i++)
        if (report->results[i].status == RESULT_PENDING)
            return true;
    return false;
}
