/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/widening.h"
#include "plan_world.h"
#include "unit.h"

#define STATEMENT(effect, action) "{effect: " effect ", actions: ['" action "'], resources: ['*']}"
#define POLICY(managed, statements)                                                                         \
    "aws-policies:\n  g: {description: d, managed_policies: [" managed "], custom_statements: [" statements \
    "]}\n"
#define ARN(name) "'arn:aws:iam::aws:policy/" name "'"
#define READ      STATEMENT("Allow", "s3:Get*")
#define WRITE     STATEMENT("Allow", "s3:Put*")
#define FORBID    STATEMENT("Deny", "s3:Delete*")

/* The only policy of a configuration. */
static const struct policy_decl *policy_of(struct world *world, const char *yaml)
{
    const struct config *config = world_config(world, yaml);
    assert_int_equal(config->count, 1);
    assert_int_equal(config->items[0].policies.count, 1);
    return &config->items[0].policies.items[0];
}

static void test_policies(void **state)
{
    (void)state;
    static const struct {
        const char *now, *allowed;
        bool within;
    } cases[] = {
        {POLICY("", READ), POLICY("", READ), true},
        {POLICY("", READ), POLICY("", WRITE ", " READ), true},
        {POLICY("", WRITE ", " READ), POLICY("", READ), false},
        {POLICY("", READ ", " FORBID), POLICY("", READ), true},
        {POLICY("", READ), POLICY("", READ ", " FORBID), false}, /* what was forbidden is not any more */
        {POLICY(ARN("A"), READ), POLICY("", READ), false},
        {POLICY("", READ), POLICY(ARN("A"), READ), false}, /* it may have forbidden something */
        {POLICY(ARN("A") ", " ARN("B"), READ), POLICY(ARN("B") ", " ARN("A"), READ), true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        struct widening widening = widening_new(world->arena);
        const struct policy_decl *now = policy_of(world, cases[i].now),
                                 *allowed = policy_of(world, cases[i].allowed);
        for (int again = 0; again < 2; again++)
            CHECK(policy_is_within(&widening, now, allowed) == cases[i].within, "%zu", i);
        CHECK(policy_is_within(&widening, now, now), "%zu", i);
        world_free(world);
    }
}

/* By what the statements name, not by how they are written. */
static void test_documents(void **state)
{
    (void)state;
#define WHERE(actions, resources) "{effect: Allow, actions: [" actions "], resources: [" resources "]}"
#define ANY                       "'*'"
    static const struct {
        const char *now, *allowed;
        bool within;
    } cases[] = {
        {READ, WHERE("'s3:*'", ANY), true},
        {WHERE("'s3:*'", ANY), READ ", " WRITE, false},
        {WHERE("'s3:GetObject', 's3:PutObject'", ANY), READ ", " WRITE, true},
        {WHERE("'s3:Get*'", "'arn:aws:s3:::a/*'"), READ, true},
        {READ, WHERE("'s3:Get*'", "'arn:aws:s3:::a/*'"), false},
        {WHERE("'s3:Get*'", "'arn:aws:s3:::a/*', 'arn:aws:s3:::b'"),
         WHERE("'s3:Get*'", "'arn:aws:s3:::a/*'") ", " WHERE("'s3:*'", "'arn:aws:s3:::b'"), true},
        {READ,
         "{effect: Allow, actions: ['s3:Get*'], resources: ['*'], conditions: {Bool: {'aws:SecureTransport': 'true'}}}",
         false},
        {"{effect: Allow, actions: ['s3:Get*'], resources: ['*'], conditions: {Bool: {'aws:SecureTransport': 'true'}}}",
         READ, false}, /* narrower, and nobody looked so closely */
        {"{effect: Allow, not_actions: ['s3:*'], resources: ['*']}", WHERE("'s3:*'", ANY), false},
        {READ, "{effect: Allow, not_actions: ['iam:*'], resources: ['*']}", false},
        {WHERE("'s3:Get*'", "'arn:aws:s3:::*'"), WHERE("'s3:Get*'", "'arn:aws:s3:::${*}'"), false},
        {READ, READ ", " FORBID, false},
        {READ ", " FORBID, WHERE("'s3:*'", ANY), true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const char *texts[2] = {cases[i].now, cases[i].allowed};
        const struct policy_decl *policies[2];
        for (int j = 0; j < 2; j++)
            policies[j] =
                policy_of(world, arena_printf(world->arena, "aws-policies:\n  g: {custom_statements: [%s]}\n",
                                              texts[j]));
        CHECK(document_is_within(world->arena, &policies[0]->custom, &policies[1]->custom) == cases[i].within,
              "%zu", i);
        world_free(world);
    }
}

static void test_windows(void **state)
{
    (void)state;
    struct world *world = world_new();
    struct widening widening = widening_new(world->arena);
    const struct policy_decl *policy = policy_of(world, POLICY("", READ));
    const struct fact base = {.kind = ACCESS_LEASE,
                              .policy = policy,
                              .starts_at_s = 100,
                              .ends_at_s = 200,
                              .require_mfa = true};
    struct fact longer = base, sooner = base, without_mfa = base, permanent = base, shorter = base,
                bound = base, bound_otherwise = base;
    longer.ends_at_s = 201;
    sooner.starts_at_s = 99;
    without_mfa.require_mfa = false;
    permanent.kind = ACCESS_PERMANENT;
    bound.boundary = "arn:aws:iam::" ACCOUNT ":policy/limit";
    bound_otherwise.boundary = "arn:aws:iam::" ACCOUNT ":policy/other";
    shorter.ends_at_s = 199;
    shorter.starts_at_s = 101;
    assert_true(fact_is_within(&widening, &base, &base));
    assert_true(fact_is_within(&widening, &shorter, &base));
    assert_false(fact_is_within(&widening, &longer, &base));
    assert_false(fact_is_within(&widening, &sooner, &base));
    assert_false(fact_is_within(&widening, &without_mfa, &base));
    assert_true(fact_is_within(&widening, &base, &without_mfa));
    assert_false(fact_is_within(&widening, &permanent, &base));
    assert_true(fact_is_within(&widening, &bound, &base));
    assert_true(fact_is_within(&widening, &bound, &bound));
    assert_false(fact_is_within(&widening, &base, &bound));
    assert_false(fact_is_within(&widening, &bound_otherwise, &bound));
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
