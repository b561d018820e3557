/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan/delta.h"
#include "plan/desired.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define PERMANENT_ACCESS "permanent-access:\n"
#define TEMPORARY_ACCESS "temporary-access:\n"
#define ONE(text)        "aws-policies: {p: {" text "}}\n" PERMANENT_ACCESS PERMANENT("bert", "p")
#define LENT(text, date) "aws-policies: {p: {" text "}}\n" TEMPORARY_ACCESS LEASE("bert", "p", date)
#define ALLOW(actions)   "custom_statements: [{effect: Allow, actions: [" actions "], resources: ['*']}]"
#define MANAGED(name)    "managed_policies: ['" AWS_ARN(name) "']"

/* "high grant bert p +s3:Get* -s3:Put* (note)\n" for each row. */
static const char *show(struct world *world, const struct delta *delta)
{
    const char *text = "";
    for (size_t i = 0; i < delta->count; i++) {
        const struct delta_row *row = &delta->items[i];
        const struct fact *fact = row->after ? row->after : row->before;
        text = arena_printf(world->arena, "%s%s %s %s %s", text, risk_name(row->risk),
                            change_kind_name(row->kind), fact->principal, fact->grant);
        const struct policy_change *change = policy_change_of(row);
        const struct strings *lists[] = {&change->actions_gained, &change->policies_gained,
                                         &change->actions_lost, &change->policies_lost};
        for (size_t j = 0; j < COUNT(lists); j++)
            for (size_t k = 0; k < lists[j]->count; k++) {
                const char *slash = strrchr(lists[j]->items[k], '/');
                text = arena_printf(world->arena, "%s %c%s", text, j < 2 ? '+' : '-',
                                    slash ? slash + 1 : lists[j]->items[k]);
            }
        const struct strings *more[] = {&change->resources_gained, &change->conditions_gained,
                                        &change->resources_lost, &change->conditions_lost};
        for (size_t j = 0; j < COUNT(more); j++)
            for (size_t k = 0; k < more[j]->count; k++)
                text = arena_printf(world->arena, "%s %c%c%s", text, j < 2 ? '+' : '-', j % 2 ? '?' : '@',
                                    more[j]->items[k]);
        text = arena_printf(world->arena, "%s%s%s\n", text, row->note ? "; " : "", row->note ? row->note : "");
    }
    return text;
}

static void compute(struct world *world, const struct facts *before, const struct facts *after,
                    struct delta *ret)
{
    const struct delta_input input = {.before = before, .after = after, .settings = &world->settings};
    delta_compute(world->arena, &input, ret);
}

#define BEYOND_ACTIONS "; resources, conditions or Deny statements change: see the document"

static const struct {
    const char *before, *after, *expected;
} cases[] = {
    {"", "", ""},
    {ONE(MANAGED("R")), ONE(MANAGED("R")), ""},
    {"", ONE(MANAGED("R")), "medium grant bert p\n"},
    {ONE(MANAGED("R")), "", "low revoke bert p\n"},
    {"", LENT(ALLOW("'s3:Get*'"), "2026-11-26"), "low grant bert p\n"},
    {LENT(ALLOW("'s3:Get*'"), "2026-11-26"), "", "low revoke bert p\n"},
    {LENT(ALLOW("'s3:Get*'"), "2026-11-26"), LENT(ALLOW("'s3:Get*'"), "2026-11-27"), "low extend bert p\n"},
    {LENT(ALLOW("'s3:Get*'"), "2026-11-27"), LENT(ALLOW("'s3:Get*'"), "2026-11-26"), "low shorten bert p\n"},
    /* What a policy gains and loses; equal meaning is no change. */
    {ONE(ALLOW("'s3:Get*', 's3:Put*'")), ONE(ALLOW("'S3:put*', 's3:Get*'")), ""},
    {ONE(ALLOW("'s3:Get*'")), ONE(ALLOW("'s3:Get*', 'ec2:*'")), "medium change bert p +ec2:*\n"},
    {ONE(ALLOW("'s3:Get*', 'ec2:*'")), ONE(ALLOW("'s3:Get*'")), "medium change bert p -ec2:*\n"},
    {ONE(MANAGED("A")), ONE(MANAGED("B")), "medium change bert p +B -A\n"},
    {ONE(MANAGED("A")), ONE(MANAGED("A") ", " ALLOW("'s3:Get*'")),
     "medium change bert p +s3:Get* +@*" BEYOND_ACTIONS "\n"},
    {ONE(ALLOW("'s3:Get*'")),
     ONE("custom_statements: [{effect: Allow, actions: ['s3:Get*'], resources: ['arn:aws:s3:::b']}]"),
     "medium change bert p +@arn:aws:s3:::b -@*" BEYOND_ACTIONS "\n"},
    {ONE("custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['arn:aws:s3:::a']},"
         " {effect: Deny, actions: ['s3:Delete*'], resources: ['arn:aws:s3:::a']}]"),
     ONE("custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['arn:aws:s3:::a']}]"),
     "medium change bert p" BEYOND_ACTIONS "\n"},
    {ONE("custom_statements: [{effect: Allow, actions: ['s3:Get*'], resources: ['arn:aws:s3:::a']},"
         " {effect: Allow, actions: ['s3:Put*'], resources: ['arn:aws:s3:::b']}]"),
     ONE("custom_statements: [{effect: Allow, actions: ['s3:Get*'], resources: ['arn:aws:s3:::b']},"
         " {effect: Allow, actions: ['s3:Put*'], resources: ['arn:aws:s3:::a']}]"),
     "medium change bert p" BEYOND_ACTIONS "\n"},
    /* Access that reaches for its own end. */
    {"", LENT(ALLOW("'iam:PutUserPolicy'"), "2026-11-26"), "medium grant bert p; can undo its own end\n"},
    {"", ONE(ALLOW("'iam:CreatePolicyVersion'")), "medium grant bert p; can undo its own end\n"},
    {"", LENT(ALLOW("'iam:List*'"), "2026-11-26"), "low grant bert p\n"},
    {LENT(ALLOW("'iam:PutUserPolicy'"), "2026-11-26"), "", "low revoke bert p\n"},
    {LENT(ALLOW("'iam:PutUserPolicy'"), "2026-11-26"), LENT(ALLOW("'iam:PutUserPolicy'"), "2026-11-27"),
     "medium extend bert p; can undo its own end\n"},
    {"",
     LENT("custom_statements: [{effect: Allow, actions: ['iam:PutUserPolicy'], resources: ['arn:aws:iam::" OTHER_ACCOUNT
          ":user/*']}]",
          "2026-11-26"),
     "low grant bert p\n"},
    /* Entries that come to one lease. */
    {"", LENT(ALLOW("'s3:*'"), "2026-11-26") LEASE("bert", "p", "2026-11-27"),
     "low grant bert p; 2 entries ask for this: the latest end counts\n"},
    /* A lease of what has no end. */
    {ONE(MANAGED("R")), ONE(MANAGED("R")) TEMPORARY_ACCESS LEASE("bert", "p", "2026-11-26"),
     "low grant bert p; copies managed policies, or a role to switch to where they are too large to copy; is "
     "granted without an end too: the access stays when this lease ends\n"},
    {ONE(MANAGED("R")), LENT(MANAGED("R"), "2026-11-26"),
     "low grant bert p; copies managed policies, or a role to switch to where they are too large to copy\n"
     "low revoke bert p\n"},
    {"", ONE(ALLOW("'s3:*'")) TEMPORARY_ACCESS LEASE("ernie", "p", "2026-11-26"),
     "medium grant bert p\nlow grant ernie p\n"},
    /* Attachments that several grants bring. */
    {"aws-policies: {p: {" MANAGED("R") "}, q: {" MANAGED("R") "}}\n" PERMANENT_ACCESS PERMANENT("bert",
                                                                                                 "p, q"),
     "aws-policies: {p: {" MANAGED("R") "}, q: {" MANAGED("R") "}}\n" PERMANENT_ACCESS PERMANENT("bert", "q"),
     "low revoke bert p; R stays: payments/q brings it too\n"},
    {"aws-policies: {p: {" MANAGED("R") "}, q: {" MANAGED("R") "}}\n" PERMANENT_ACCESS PERMANENT("bert", "q"),
     "aws-policies: {p: {" MANAGED("R") "}, q: {" MANAGED("R") "}}\n" PERMANENT_ACCESS PERMANENT("bert",
                                                                                                 "p, q"),
     "medium grant bert p; R comes with payments/q too\n"},
    {"aws-policies: {p: {" MANAGED("R") "}, q: {" MANAGED("R") "}}\n" PERMANENT_ACCESS PERMANENT("bert",
                                                                                                 "p, q"),
     "aws-policies: {p: {" MANAGED("S") "}, q: {" MANAGED("R") "}}\n" PERMANENT_ACCESS PERMANENT("bert",
                                                                                                 "p, q"),
     "medium change bert p +S -R; R stays: payments/q brings it too\n"},
    /* Later and wider is an extension; earlier but perhaps wider is never among the harmless. */
    {LENT(ALLOW("'s3:Get*'"), "2026-11-26"), LENT(ALLOW("'s3:*'"), "2026-11-27"),
     "low extend bert p +s3:* -s3:Get*\n"},
    {LENT(ALLOW("'s3:Get*'"), "2026-11-27"), LENT(ALLOW("'s3:*'"), "2026-11-26"),
     "low change bert p +s3:* -s3:Get*\n"},
    /* Administrators. */
    {"", ONE(MANAGED("AdministratorAccess")), "high grant bert p; administrator access\n"},
    {"", ONE(MANAGED("IAMFullAccess")), "high grant bert p; administrator access\n"},
    {"", ONE(MANAGED("NotAdministratorAccess")), "medium grant bert p\n"},
    {"", LENT(ALLOW("'*'"), "2026-11-26"), "high grant bert p; administrator access\n"},
    {LENT(ALLOW("'*'"), "2026-11-26"), LENT(ALLOW("'*'"), "2026-11-27"),
     "high extend bert p; administrator access\n"},
    {ONE(ALLOW("'s3:*'")), ONE(ALLOW("'iam:*'")), "high change bert p +iam:* -s3:*; administrator access\n"},
    {ONE(ALLOW("'iam:*'")), ONE(ALLOW("'s3:*'")), "medium change bert p +s3:* -iam:*\n"},
    {ONE(MANAGED("AdministratorAccess")), "", "low revoke bert p\n"},
    {LENT(ALLOW("'*'"), "2026-11-27"), LENT(ALLOW("'*'"), "2026-11-26"), "low shorten bert p\n"},
    /* From given to lent: one comes, one goes. */
    {ONE(ALLOW("'s3:*'")), LENT(ALLOW("'s3:*'"), "2026-11-26"), "low grant bert p\nlow revoke bert p\n"},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        struct delta delta = {0};
        struct facts before =
            world_facts(world, arena_printf(world->arena, WORLD_ACCOUNTS "%s", cases[i].before), world->now_s);
        struct facts after =
            world_facts(world, arena_printf(world->arena, WORLD_ACCOUNTS "%s", cases[i].after), world->now_s);
        compute(world, &before, &after, &delta);
        CHECK(str_eq(show(world, &delta), cases[i].expected), "%zu: %s", i, show(world, &delta));
        world_free(world);
    }
}

/* By risk, then kind, team, principal; what is equal in all that by account and grant. */
static void test_order_and_counts(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct delta delta = {0};
    const char *policies = WORLD_ACCOUNTS "aws-policies:\n  admin: {" MANAGED(
        "AdministratorAccess") "}\n"
                               "  ro: {" MANAGED("ReadOnlyAccess") "}\n"
                                                                   "  fix: {" ALLOW("'s3:*'") "}\n";
    struct facts before = world_facts(world,
                                      arena_printf(world->arena,
                                                   "%s" PERMANENT_ACCESS PERMANENT("gone", "admin")
                                                       TEMPORARY_ACCESS LEASE("late", "fix", "2026-11-26")
                                                           LEASE("short", "fix", "2026-11-28"),
                                                   policies),
                                      world->now_s);
    struct facts after = world_facts(world,
                                     arena_printf(world->arena,
                                                  "%s" PERMANENT_ACCESS PERMANENT("oscar, bert", "ro, admin")
                                                      TEMPORARY_ACCESS LEASE("late", "fix", "2026-11-28")
                                                          LEASE("short", "fix", "2026-11-26")
                                                              LEASE("bert", "fix", "2026-11-26"),
                                                  policies),
                                     world->now_s);
    compute(world, &before, &after, &delta);
    assert_string_equal(show(world, &delta), "high grant bert admin; administrator access\n"
                                             "high grant oscar admin; administrator access\n"
                                             "medium grant bert ro\n"
                                             "medium grant oscar ro\n"
                                             "low grant bert fix\n"
                                             "low extend late fix\n"
                                             "low shorten short fix\n"
                                             "low revoke gone admin\n");
    static const size_t counts[CHANGE_KIND_COUNT] =
        {[CHANGE_GRANT] = 5, [CHANGE_EXTEND] = 1, [CHANGE_SHORTEN] = 1, [CHANGE_REVOKE] = 1};
    for (size_t i = 0; i < CHANGE_KIND_COUNT; i++)
        assert_int_equal(delta.counts[i], counts[i]);
    world_free(world);
}

/* One entry of bert's with this window and these terms, made by hand. */
static struct facts lent(struct world *world, int64_t starts_at_s, int64_t ends_at_s, bool require_mfa)
{
    const struct config *config =
        world_config(world, WORLD_BASE TEMPORARY_ACCESS LEASE("bert", "fix", "2026-11-30"));
    const struct all_account_rules rules = {
        .items = &(struct account_rules){.account_id = ACCOUNT, .require_mfa = require_mfa},
        .count = 1};
    struct facts facts = {0};
    config->items[0].entries.items[0].starts_at_s = starts_at_s;
    config->items[0].entries.items[0].ends_at_s = ends_at_s;
    desired_facts(world->arena, config, &rules, 0, &facts);
    return facts;
}

static const char *compared(struct world *world, const struct facts *before, const struct facts *after)
{
    struct delta delta = {0};
    compute(world, before, after, &delta);
    return show(world, &delta);
}

static void test_windows_and_mfa(void **state)
{
    (void)state;
    static const struct {
        int64_t before[2], after[2]; /* hours since 1970 */
        bool mfa_before, mfa_after;
        const char *expected;
    } windows[] = {
        {{10, 20}, {10, 20}, false, false, ""},
        {{10, 20}, {10, 21}, false, false, "low extend bert fix\n"},
        {{10, 20}, {10, 19}, false, false, "low shorten bert fix\n"},
        {{10, 20}, {11, 20}, false, false, "low change bert fix; its start moves: it was 1970-01-01T10:00:00Z\n"},
        {{10, 20}, {30, 40}, false, false, "low change bert fix; its start moves: it was 1970-01-01T10:00:00Z\n"},
        {{0, 20}, {10, 15}, false, false, "low change bert fix; its start moves: it was at once\n"},
        {{0, 20}, {0, 20}, true, true, ""},
        {{0, 20}, {0, 21}, true, true, "low extend bert fix\n"},
        {{0, 20}, {0, 20}, false, true, "low change bert fix; MFA is required from now on\n"},
        {{0, 20}, {0, 19}, true, false, "low change bert fix; MFA is no longer required\n"},
    };
    for (size_t i = 0; i < COUNT(windows); i++) {
        struct world *world = world_new();
        struct facts before =
            lent(world, windows[i].before[0] * 3600, windows[i].before[1] * 3600, windows[i].mfa_before);
        struct facts after =
            lent(world, windows[i].after[0] * 3600, windows[i].after[1] * 3600, windows[i].mfa_after);
        const char *rows = compared(world, &before, &after);
        CHECK(str_eq(rows, windows[i].expected), "%zu: %s", i, rows);
        world_free(world);
    }
}

/* What is in doubt is a row of its own, whatever else happens to it. */
static void test_held(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct facts old = lent(world, 0, 3600, false), later = lent(world, 0, 7200, false), none = {0};
    const struct {
        const struct facts *before, *after;
    } held[] = {{&old, &old}, {&old, &later}, {&old, &none}, {&none, &old}};
    for (size_t i = 0; i < COUNT(held); i++) {
        struct delta delta = {0};
        const struct delta_input input = {.before = held[i].before,
                                          .after = held[i].after,
                                          .held = &old,
                                          .settings = &world->settings};
        delta_compute(world->arena, &input, &delta);
        CHECK(str_eq(show(world, &delta),
                     "high hold bert fix; in doubt: neither granted, changed nor removed\n"),
              "%zu: %s", i, show(world, &delta));
        assert_int_equal(delta.counts[CHANGE_HOLD], 1);
    }
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_order_and_counts),
        cmocka_unit_test(test_windows_and_mfa),
        cmocka_unit_test(test_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
