/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "policy/ownership.h"
#include "policy/role_mark.h"
#include "policy/self_serve.h"
#include "unit.h"

#define SUFFIX "(managed by iam-as-code for payments)"

static void test_policies(void **state)
{
    (void)state;
    static const struct {
        const char *path, *description, *team;
        bool made;
    } cases[] = {
        {"/", "Mend things " SUFFIX, "payments", true},
        {"/", "Mend things " SUFFIX, NULL, true},
        {"/", " " SUFFIX, "payments", true}, /* the file had no words */
        {"/", "x (managed by iam-as-code for billing) " SUFFIX, "payments", true},
        {"/", "x (managed by iam-as-code for billing) " SUFFIX, "billing", false},
        {"/", "Mend things " SUFFIX, "payment", false},
        {"/", "Mend things " SUFFIX, "payments2", false},
        {"/", "Mend things " SUFFIX, "", false},
        {"/", "Mend things" SUFFIX, NULL, false},
        {"/", "Mend things " SUFFIX " ", NULL, false},
        {"/", "Mend things " SUFFIX ")", NULL, false},
        {"/", "x (managed by iam-as-code for )", NULL, false},
        {"/", "x (Managed by iam-as-code for payments)", NULL, false},
        {"/", "", NULL, false},
        {"/", NULL, NULL, false},
        {"/iamlease/", "Mend things " SUFFIX, NULL, false},
        {"", "Mend things " SUFFIX, NULL, false},
        {NULL, "Mend things " SUFFIX, NULL, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct observed_policy policy = {.path = cases[i].path, .description = cases[i].description};
        CHECK(self_serve_made_policy(&policy, cases[i].team) == cases[i].made, "%zu: %s", i,
              cases[i].description);
    }
}

static void test_names_of_inline_policies(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct statement statement = {0};
    struct policy_decl policy = {.custom = {.items = &statement, .count = 1}};
    const struct fact lease = {.kind = ACCESS_LEASE,
                               .team = "my_team",
                               .grant = "dev.s3-debug",
                               .principal = "ada.l",
                               .policy = &policy,
                               .starts_at_s = 1};
    assert_string_equal(self_serve_inline_name(arena, &lease), "temp-my_team-dev-s3-debug-ada-l");
    struct fact other = lease;
    other.principal_kind = PRINCIPAL_ROLE;
    assert_null(self_serve_inline_name(arena, &other));
    other = lease;
    other.kind = ACCESS_PERMANENT;
    assert_null(self_serve_inline_name(arena, &other));
    other = lease;
    other.ad_hoc = true;
    assert_null(self_serve_inline_name(arena, &other));
    policy.custom.count = 0;
    assert_null(self_serve_inline_name(arena, &lease));
}

#define STATEMENT(begin, condition) \
    "{" begin "\"Effect\":\"Allow\",\"Action\":[\"s3:*\"],\"Resource\":[\"*\"],\"Condition\":{" condition "}}"
#define BEFORE(date)         "\"DateLessThan\":{\"aws:CurrentTime\":" date "}"
#define DAY                  "\"2025-11-30T23:59:59Z\""
#define DOCUMENT(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"

static void test_documents_of_inline_policies(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const struct {
        const char *json;
        bool made;
    } cases[] = {
        {DOCUMENT(STATEMENT("", BEFORE(DAY))), true},
        {DOCUMENT(STATEMENT("", BEFORE(DAY)) "," STATEMENT("", BEFORE(DAY))), true},
        {DOCUMENT(STATEMENT("", BEFORE(DAY)) "," STATEMENT("", BEFORE("\"2025-12-01T23:59:59Z\""))), false},
        {DOCUMENT(STATEMENT("\"Sid\":\"x\",", BEFORE(DAY))), false},
        {DOCUMENT(STATEMENT("", BEFORE("[" DAY "," DAY "]"))), false},
        {DOCUMENT(STATEMENT("", BEFORE("\"2025-11-30T12:00:00Z\""))), false},
        {DOCUMENT(STATEMENT("", BEFORE("\"2025-11-31T23:59:59Z\""))), false},
        {DOCUMENT(STATEMENT("", BEFORE("\"T23:59:59Z\""))), false},
        {DOCUMENT(STATEMENT("", "\"DateLessThanIfExists\":{\"aws:CurrentTime\":" DAY "}")), false},
        {DOCUMENT(STATEMENT("", "\"DateLessThan\":{\"aws:EpochTime\":" DAY "}")), false},
        {DOCUMENT(STATEMENT("", BEFORE(DAY) ",\"Bool\":{\"aws:SecureTransport\":\"true\"}")), false},
        {DOCUMENT(STATEMENT("", "")), false},
        {DOCUMENT(""), false},
        {"{", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ends_at_s = 0;
        CHECK(self_serve_made_inline(arena, cases[i].json, &ends_at_s) == cases[i].made, "%s", cases[i].json);
        assert_true(!cases[i].made || ends_at_s == 1764547199);
    }
}

/* A tag proves nothing by itself. */
static void test_ownership(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const struct {
        const char *name, *path, *description, *tag;
        bool ours, adopted;
    } cases[] = {
        {"payments-dev-look", "/iamlease/", "x [iamlease default/payments/dev.look]", NULL, true, false},
        {"payments-dev-look", "/", "x [iamlease default/payments/dev.look]", "other/payments/dev.look", true,
         false},
        {"payments-dev-look", "/", "x [iamlease other/payments/dev.look]", "default/payments/dev.look", false,
         false},
        {"payments-dev-look", "/", "x " SUFFIX, "default/payments/dev.look", true, true},
        {"payments-dev-look", "/", "x " SUFFIX, NULL, false, false},
        {"payments-dev-look", "/", "x " SUFFIX, "other/payments/dev.look", false, false},
        {"payments-dev-look", "/", "x " SUFFIX, "default/billing/dev.look", false, false},
        {"payments-dev-look", "/", "x " SUFFIX, "default/payments/dev.read", false, false},
        {"payments-dev-look", "/", "x " SUFFIX, "default/payments/dev.look/x", false, false},
        {"payments-dev-look", "/", "x " SUFFIX, "[iamlease default/payments/dev.look]", false, false},
        {"payments-dev-look", "/x/", "x " SUFFIX, "default/payments/dev.look", false, false},
        {"payments-dev-look", "/", "x", "default/payments/dev.look", false, false},
        {"Payments-dev-look", "/", "x " SUFFIX, "default/payments/dev.look", false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mark mark = {0};
        const struct observed_policy policy = {.name = cases[i].name,
                                               .path = cases[i].path,
                                               .description = cases[i].description,
                                               .tag = cases[i].tag};
        CHECK(policy_is_ours(arena, &policy, "default", &mark) == cases[i].ours, "%zu", i);
        CHECK(policy_is_adopted(arena, &policy, "default") == cases[i].adopted, "%zu", i);
        assert_true(!cases[i].ours || str_eq(mark.name, "dev.look"));
        assert_true(policy_is_free(&policy) == !cases[i].tag);
    }
    assert_false(policy_is_free(&(struct observed_policy){.tag_error = "denied"}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_names_of_inline_policies),
        cmocka_unit_test(test_documents_of_inline_policies),
        cmocka_unit_test(test_ownership),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
