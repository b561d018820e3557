/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json_parts.h"
#include "render/render.h"
#include "render/summary.h"

static void add_counts(struct json_writer *writer, const struct delta *delta)
{
    json_key(writer, "counts");
    json_begin_object(writer);
    for (enum change_kind kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        json_key_int(writer, change_kind_name(kind), (int64_t)delta->counts[kind]);
    json_end_object(writer);
}

/* Of a role or an OIDC provider of aws-roles. */
static void add_kept(struct json_writer *writer, const struct delta_row *row)
{
    json_key_strings(writer, "trust_gained", &row->kept->trust_gained);
    json_key_strings(writer, "trust_lost", &row->kept->trust_lost);
    json_key_strings(writer, "settings_gained", &row->kept->settings_gained);
    json_key_strings(writer, "settings_lost", &row->kept->settings_lost);
}

static void add_row(struct json_writer *writer, const struct delta_row *row)
{
    const struct fact *fact = row_fact(row);
    json_begin_object(writer);
    json_key_string(writer, "change", change_kind_name(row->kind));
    json_key_string(writer, "risk", risk_name(row->risk));
    json_key_string(writer, "lease_id", fact->lease_id);
    json_key_string(writer, "team", fact->team);
    json_key_string(writer, "grant", fact->grant);
    json_key_string(writer, "kind", fact->kind == ACCESS_LEASE ? "lease" : "permanent");
    json_key_string(writer, "mode", access_mode_name(fact->mode));
    if (fact_is_provider(fact))
        json_principal_of(writer, "oidc-provider", fact->principal, fact->declared_as);
    else
        json_principal(writer, fact->principal_kind, fact->principal, fact->declared_as);
    json_key_string(writer, "environment", fact->environment);
    json_key_string(writer, "account_id", fact->account_id);
    json_key_time(writer, "starts_at", fact->starts_at_s);
    json_key_time(writer, "starts_at_before", row->before ? row->before->starts_at_s : 0);
    json_key_time(writer, "ends_at", row->after ? row->after->ends_at_s : 0);
    json_key_time(writer, "ends_at_before", row->before ? row->before->ends_at_s : 0);
    json_key_string(writer, "description", fact->description);
    json_key_string(writer, "reason", fact->reason ? fact->reason : "");
    json_key_string(writer, "ticket", fact->ticket ? fact->ticket : "");
    json_key_string(writer, "port_run", fact->port_run ? fact->port_run : "");
    json_key_bool(writer, "require_mfa", fact->require_mfa);
    json_key_bool(writer, "ad_hoc", fact->ad_hoc);
    json_key_int(writer, "entries", fact->entries);
    json_key_string(writer, "note", row->note);
    json_key_bool(writer, "can_undo_its_end", row->can_undo_its_end);
    json_key_bool(writer, "policy_changes", row->policy_changes);
    json_key_bool(writer, "resources_change", row->resources_change);
    const struct policy_change *change = policy_change_of(row);
    json_key_strings(writer, "actions_gained", &change->actions_gained);
    json_key_strings(writer, "actions_lost", &change->actions_lost);
    json_key_strings(writer, "resources_gained", &change->resources_gained);
    json_key_strings(writer, "resources_lost", &change->resources_lost);
    json_key_strings(writer, "conditions_gained", &change->conditions_gained);
    json_key_strings(writer, "conditions_lost", &change->conditions_lost);
    json_key_strings(writer, "policies_gained", &change->policies_gained);
    json_key_strings(writer, "policies_lost", &change->policies_lost);
    if (row->kept)
        add_kept(writer, row);
    json_place(writer, fact->span);
    json_end_object(writer);
}

static void add_side_changes(struct json_writer *writer, const struct delta *delta)
{
    json_key(writer, "side_changes");
    json_begin_array(writer);
    for (size_t i = 0; i < delta->side.count; i++) {
        const struct side_change *change = &delta->side.items[i];
        json_begin_object(writer);
        json_key_string(writer, "id", change->id);
        json_key_string(writer, "risk", risk_name(change->risk));
        json_key_string(writer, "team", change->team);
        json_key_string(writer, "what", change->what);
        json_key_string(writer, "before", change->before);
        json_key_string(writer, "after", change->after);
        json_key_string(writer, "note", change->note);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void add_sources(struct json_writer *writer, const struct plan_sources *sources)
{
    json_key(writer, "sources");
    json_begin_array(writer);
    for (size_t i = 0; i < sources->count; i++) {
        json_begin_object(writer);
        json_key_string(writer, "account_id", sources->items[i].account_id);
        json_key_string(writer, "arn", sources->items[i].arn);
        json_key_string(writer, "version_id", sources->items[i].version_id);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void render_plan_json(struct buf *out, const struct plan *plan)
{
    struct json_writer writer = json_document_begin(out, "plan");
    json_commit(&writer, "base", plan->base_name, plan->base_id);
    json_commit(&writer, "head", plan->head_name, plan->head_id);
    json_key_time(&writer, "now", plan->now_s);
    json_key_string(&writer, "digest", plan->digest);
    json_key_bool(&writer, "changes", plan_has_changes(plan));
    add_counts(&writer, &plan->delta);
    add_side_changes(&writer, &plan->delta);
    json_key(&writer, "rows");
    json_begin_array(&writer);
    for (size_t i = 0; i < plan->delta.count; i++)
        add_row(&writer, &plan->delta.items[i]);
    json_end_array(&writer);
    json_key(&writer, "operations");
    json_begin_object(&writer);
    json_key_bool(&writer, "implied", plan->operations_implied);
    json_key(&writer, "items");
    json_begin_array(&writer);
    for (size_t i = 0; i < plan->operations.count; i++) {
        json_begin_object(&writer);
        json_operation_keys(&writer, &plan->operations.items[i]);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    add_sources(&writer, &plan->sources);
    json_drift(&writer, &plan->drift);
    json_problems(&writer, &plan->problems);
    json_notices(&writer, &plan->notices);
    json_key(&writer, "warnings");
    json_diagnostics(&writer, plan->warnings ? plan->warnings : &(const struct diags){0});
    json_document_end(&writer);
}
