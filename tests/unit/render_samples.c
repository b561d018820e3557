/* SPDX-License-Identifier: Apache-2.0 */
#include "render_samples.h"

static struct source_file source = {"temporary-access/payments.yaml", "", 0};

static struct fact *new_fact(struct arena *arena, const struct fact fact)
{
    struct fact *copy = ARENA_NEW(arena, struct fact);
    *copy = fact;
    copy->span = (struct span){&source, 3, 5, 1};
    copy->identity = copy->identity ? copy->identity : "identity";
    copy->lease_id = copy->lease_id ? copy->lease_id : "00c0ffee00c0ffee";
    copy->description = copy->description ? copy->description : "";
    return copy;
}

static struct delta_row *add_row(struct arena *arena, struct plan *plan, enum change_kind kind,
                                 enum risk risk, struct fact *before, struct fact *after)
{
    struct delta_row *row = VEC_ADD(arena, &plan->delta);
    *row = (struct delta_row){.kind = kind, .risk = risk, .before = before, .after = after};
    plan->delta.counts[kind]++;
    return row;
}

static const struct fact break_glass = {
    .kind = ACCESS_LEASE,
    .mode = MODE_INLINE,
    .principal_kind = PRINCIPAL_USER,
    .team = "payments",
    .grant = "dev.break-glass",
    .environment = "prod",
    .account_id = "345678901234",
    .principal = "bert",
    .declared_as = "bert@example.com",
    .description = "Incident 4711: refunds are stuck",
    .ends_at_s = SAMPLE_NOW + 4 * DAY_S + 15 * 3600,
};

static const struct fact read_only = {
    .kind = ACCESS_PERMANENT,
    .mode = MODE_ATTACH,
    .principal_kind = PRINCIPAL_ROLE,
    .team = "payments",
    .grant = "dev.read-only",
    .environment = "nonprod",
    .account_id = "123456789012",
    .principal = "NightlyReport",
    .declared_as = "NightlyReport",
};

static void add_rows(struct arena *arena, struct plan *plan)
{
    struct fact *glass = new_fact(arena, break_glass);
    add_row(arena, plan, CHANGE_GRANT, RISK_HIGH, NULL, glass)->note = "administrator access";

    struct fact debug = break_glass;
    debug.grant = "dev.debug";
    debug.principal = "erika.mustermann";
    debug.declared_as = "erika.mustermann@example.com";
    debug.description = "Debugging the settlement job";
    struct fact *after = new_fact(arena, debug);
    debug.ends_at_s = SAMPLE_NOW + DAY_S;
    add_row(arena, plan, CHANGE_EXTEND, RISK_MEDIUM, new_fact(arena, debug), after);

    struct fact *report = new_fact(arena, read_only);
    struct delta_row *row = add_row(arena, plan, CHANGE_MODIFY, RISK_MEDIUM, report, report);
    row->policy_changes = true;
    struct policy_change *change = ARENA_NEW(arena, struct policy_change);
    row->policy = change;
    strings_add(arena, &change->actions_gained, "s3:PutObject");
    strings_add(arena, &change->actions_gained, "sqs:*");
    strings_add(arena, &change->resources_gained, "arn:aws:s3:::reports/*");
    strings_add(arena, &change->conditions_lost, "StringEquals aws:RequestedRegion: eu-west-1");
    strings_add(arena, &change->policies_lost, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess");

    struct fact revoked = read_only;
    revoked.principal = "OldImporter";
    revoked.declared_as = "OldImporter";
    add_row(arena, plan, CHANGE_REVOKE, RISK_LOW, new_fact(arena, revoked), NULL);
}

void sample_add_new_things(struct arena *arena, struct plan *plan)
{
    static const char *actions[] = {"s3:PutObject"}, *resources[] = {"arn:aws:s3:::reports/*"};
    static struct statement statement = {.effect = EFFECT_ALLOW,
                                         .actions = {.items = actions, .count = 1},
                                         .resources = {.items = resources, .count = 1}};
    static const struct policy_decl ad_hoc = {.custom = {.items = &statement, .count = 1}};
    plan->digest = SAMPLE_DIGEST;

    struct fact held = break_glass;
    held.grant = "dev.late";
    struct fact *fact = new_fact(arena, held);
    add_row(arena, plan, CHANGE_HOLD, RISK_MEDIUM, fact, fact)->note = "it ends later than prod allows";

    struct fact window = break_glass;
    window.principal_kind = PRINCIPAL_GROUP;
    window.principal = window.declared_as = "Auditors";
    window.grant = "adhoc-3f1c2b";
    window.ad_hoc = window.require_mfa = true;
    window.policy = &ad_hoc;
    window.starts_at_s = SAMPLE_NOW + 2 * DAY_S;
    window.reason = "Quarterly audit";
    window.ticket = "SEC-12";
    add_row(arena, plan, CHANGE_GRANT, RISK_LOW, NULL, new_fact(arena, window));

    *VEC_ADD(arena, &plan->delta.side) = (struct side_change){
        .id = "account-changed",
        .risk = RISK_HIGH,
        .team = "payments",
        .what = "prod of team payments",
        .before = "345678901234",
        .after = "456789012345",
        .note = "6 grants move with it",
    };
    *VEC_ADD(arena, &plan->delta.side) =
        (struct side_change){.id = "setting", .risk = RISK_LOW, .what = "limits.max_days", .after = "30"};
}

static struct operation *add_operation(struct arena *arena, struct plan *plan, enum operation_kind kind,
                                       const char *account_id)
{
    struct operation *operation = VEC_ADD(arena, &plan->operations);
    *operation = (struct operation){.kind = kind,
                                    .account_id = account_id,
                                    .reason = "changed: payments, dev.read-only"};
    return operation;
}

static void add_operations(struct arena *arena, struct plan *plan)
{
    struct operation *operation = add_operation(arena, plan, OP_CREATE_POLICY_VERSION, "123456789012");
    operation->policy_arn = "arn:aws:iam::123456789012:policy/iamlease/payments-dev-read-only";
    operation->document =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\","
        "\"s3:PutObject\",\"sqs:*\"],\"Resource\":[\"*\"]}]}";

    operation = add_operation(arena, plan, OP_PUT_INLINE_POLICY, "345678901234");
    operation->principal = "bert";
    operation->policy_name = "temp-payments-dev-break-glass-bert";
    operation->document =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"iamlease37a8eec1ce1\",\"Effect\":\"Allow\",\"Action\":[\"*\"],"
        "\"Resource\":[\"*\"],\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"2025-12-01T00:00:00Z\"}}}]}";
    operation->ends_at_s = break_glass.ends_at_s;
    operation->reason = "granted: payments, dev.break-glass";
    operation->lease_id = "00c0ffee00c0ffee";

    operation = add_operation(arena, plan, OP_ATTACH_POLICY, "123456789012");
    operation->principal_kind = PRINCIPAL_ROLE;
    operation->principal = "NightlyReport";
    operation->policy_arn = "arn:aws:iam::123456789012:policy/iamlease/payments-dev-read-only";
    *VEC_ADD(arena, &operation->after) = 0;

    operation = add_operation(arena, plan, OP_DETACH_POLICY, "123456789012");
    operation->principal_kind = PRINCIPAL_ROLE;
    operation->principal = "OldImporter";
    operation->policy_arn = "arn:aws:iam::123456789012:policy/iamlease/payments-dev-read-only";
    operation->reason = "revoked: payments, dev.read-only";

    operation = add_operation(arena, plan, OP_DELETE_POLICY_VERSION, "123456789012");
    operation->policy_arn = "arn:aws:iam::123456789012:policy/iamlease/payments-dev-read-only";
    operation->version_id = "v1";
    operation->reason = "room for a new version";
}

struct plan *sample_plan(struct arena *arena)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    *plan = (struct plan){
        .base_name = "main",
        .base_id = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
        .head_name = "WORKTREE",
        .now_s = SAMPLE_NOW,
        .operations_implied = true,
    };
    add_rows(arena, plan);
    add_operations(arena, plan);
    struct fact support = break_glass;
    support.grant = "dev.support";
    support.mode = MODE_POLICY;
    problem_add(arena, &plan->problems, "mode-not-available", "345678901234", new_fact(arena, support),
                "this lease needs a copy of the managed policy '%s'", "arn:aws:iam::aws:policy/SupportUser")
        ->hint = "give 'dev.support' custom_statements instead of managed_policies";
    *VEC_ADD(arena, &plan->notices) =
        "the lease of erika@example.com for 'dev.debug' in prod has ended meanwhile";
    return plan;
}

struct report *sample_report(struct arena *arena, struct plan *plan)
{
    struct report *report = ARENA_NEW(arena, struct report);
    *report = (struct report){
        .command = "apply",
        .plan = plan,
        .results = arena_array(arena, plan->operations.count, sizeof(struct result)),
        .applied_before = "0011223344556677889900112233445566778899",
        .applied_after = "0011223344556677889900112233445566778899",
        .accounts = 2,
    };
    report->results[0] = (struct result){.status = RESULT_DONE, .attempts = 1};
    report->results[1] = (struct result){
        .status = RESULT_FAILED,
        .attempts = 3,
        .error_code = "NoSuchEntity",
        .message =
            "The user with name bert cannot be found. Create the user in 345678901234, or correct the entry",
        .request_id = "7a62c49f-347e-4fc4-9331-6e8eEXAMPLE",
    };
    report->results[2] = (struct result){.status = RESULT_DONE, .attempts = 1};
    report->results[3] = (struct result){.status = RESULT_BLOCKED};
    return report;
}

struct holdings *sample_holdings(struct arena *arena)
{
    struct holdings *holdings = ARENA_NEW(arena, struct holdings);
    holdings->now_s = SAMPLE_NOW;
    *VEC_ADD(arena, holdings) = (struct holding){
        .account_id = "123456789012",
        .environment = "nonprod",
        .principal_kind = PRINCIPAL_ROLE,
        .principal = "NightlyReport",
        .team = "payments",
        .grant = "dev.read-only",
        .what = "arn:aws:iam::123456789012:policy/iamlease/payments-dev-read-only",
        .mode = MODE_ATTACH,
        .declared = true,
    };
    *VEC_ADD(arena, holdings) = (struct holding){
        .account_id = "345678901234",
        .environment = "prod",
        .principal = "bert",
        .team = "payments",
        .grant = "dev.break-glass",
        .what = "temp-payments-dev-break-glass-bert",
        .mode = MODE_INLINE,
        .ends_at_s = break_glass.ends_at_s,
        .declared = true,
    };
    *VEC_ADD(arena, holdings) = (struct holding){
        .account_id = "345678901234",
        .environment = "prod",
        .principal = "bob",
        .what = "temp-payments-dev-debug-bob",
        .mode = MODE_INLINE,
        .ends_at_s = SAMPLE_NOW - 7200,
        .ended = true,
    };
    return holdings;
}

struct plan *hostile_plan(struct arena *arena, const char *hostile)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    *plan = (struct plan){.base_name = hostile,
                          .base_id = hostile,
                          .head_name = hostile,
                          .now_s = SAMPLE_NOW,
                          .digest = hostile};
    struct fact fact = break_glass;
    fact.team = fact.grant = fact.environment = fact.account_id = fact.principal = fact.declared_as = hostile;
    fact.description = fact.identity = fact.lease_id = fact.reason = fact.ticket = fact.port_run = hostile;
    struct policy_decl *policy = ARENA_NEW(arena, struct policy_decl);
    VEC_ADD(arena, &policy->managed_policies)->text = hostile;
    struct statement *statement = VEC_ADD(arena, &policy->custom);
    strings_add(arena, &statement->actions, hostile);
    strings_add(arena, &statement->not_resources, hostile);
    fact.policy = policy;
    fact.ad_hoc = true;
    struct fact *granted = new_fact(arena, fact);
    struct delta_row *row = add_row(arena, plan, CHANGE_GRANT, RISK_HIGH, NULL, granted);
    row->note = hostile;
    row->policy_changes = true;
    struct policy_change *change = ARENA_NEW(arena, struct policy_change);
    row->policy = change;
    strings_add(arena, &change->actions_gained, hostile);
    strings_add(arena, &change->resources_gained, hostile);
    strings_add(arena, &change->conditions_lost, hostile);
    *VEC_ADD(arena, &plan->delta.side) = (struct side_change){
        .id = hostile,
        .risk = RISK_HIGH,
        .team = hostile,
        .what = hostile,
        .before = hostile,
        .after = hostile,
        .note = hostile,
    };
    struct operation *operation = add_operation(arena, plan, OP_PUT_INLINE_POLICY, hostile);
    operation->principal = operation->policy_name = operation->document = operation->reason = hostile;
    problem_add(arena, &plan->problems, "held", hostile, granted, "%s", hostile)->hint = hostile;
    *VEC_ADD(arena, &plan->notices) = hostile;
    return plan;
}

struct plan *large_plan(struct arena *arena, size_t high, size_t low)
{
    struct plan *plan = hostile_plan(arena, "x");
    struct delta_row row = plan->delta.items[0];
    struct operation operation = plan->operations.items[0];
    operation.document = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
    plan->delta = (struct delta){0};
    plan->operations = (struct operations){0};
    for (size_t i = 0; i < high + low; i++) {
        row.risk = i < high ? RISK_HIGH : RISK_LOW;
        *VEC_ADD(arena, &plan->delta) = row;
        *VEC_ADD(arena, &plan->operations) = operation;
    }
    plan->delta.counts[CHANGE_GRANT] = high + low;
    return plan;
}
