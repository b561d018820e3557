/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json_parts.h"
#include "render/render.h"
#include "render/summary.h"

static void add_counts(struct json_writer *writer, const struct report *report)
{
    struct tally tally = tally_new(report);
    json_key(writer, "counts");
    json_begin_object(writer);
    for (enum result_status status = RESULT_PENDING; status <= RESULT_BLOCKED; status++)
        json_key_int(writer, result_status_name(status), (int64_t)tally.counts[status]);
    json_end_object(writer);
}

static void add_result(struct json_writer *writer, const struct result *result)
{
    json_key_string(writer, "status", result ? result_status_name(result->status) : NULL);
    json_key_int(writer, "attempts", result ? result->attempts : 0);
    json_key_string(writer, "error_code", result ? result->error_code : NULL);
    json_key_string(writer, "message", result ? result->message : NULL);
    json_key_string(writer, "request_id", result ? result->request_id : NULL);
}

void render_report_json(struct buf *out, const struct report *report)
{
    const struct plan *plan = report->plan;
    struct json_writer writer = json_document_begin(out, "report");
    json_key_string(&writer, "command", report->command);
    json_key_bool(&writer, "dry_run", report->dry_run);
    json_key_bool(&writer, "stopped", report->stopped);
    json_key_bool(&writer, "deadline_passed", report_is_late(report));
    json_key_bool(&writer, "clean", report_is_clean(report));
    json_commit(&writer, "base", plan->base_name, plan->base_id);
    json_commit(&writer, "head", plan->head_name, plan->head_id);
    json_key_time(&writer, "now", plan->now_s);
    json_key_int(&writer, "accounts", (int64_t)report->accounts);
    json_key(&writer, "applied");
    json_begin_object(&writer);
    json_key_string(&writer, "before", report->applied_before);
    json_key_string(&writer, "after", report->applied_after);
    json_end_object(&writer);
    add_counts(&writer, report);
    json_key(&writer, "operations");
    json_begin_array(&writer);
    for (size_t i = 0; i < plan->operations.count; i++) {
        json_begin_object(&writer);
        json_operation_keys(&writer, &plan->operations.items[i]);
        add_result(&writer, report->results ? &report->results[i] : NULL);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_problems(&writer, &plan->problems);
    json_notices(&writer, &plan->notices);
    json_document_end(&writer);
}
