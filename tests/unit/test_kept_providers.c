/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define ISSUER         "id.example.com/a"
#define PROVIDES(more) "oidc-providers:\n  eks: {url: 'https://" ISSUER "', environments: [prod]" more "}\n"
#define PROVIDER       PROVIDES(", client_ids: a")
#define ROLE(name, provider, subject)                                                    \
    "aws-roles:\n  " name ": {environments: [prod], trust: [{oidc: {provider: " provider \
    ", audience: a, subjects: " subject "}}]}\n"
#define BY_ADDRESS "'https://" ISSUER "'"
#define OTHER_ISSUER \
    "'https://ID.example.com/A'" /* the same: IAM tells addresses apart without regard to case */
#define ZEBRA    "team: zebra\n" WORLD_ACCOUNTS
#define NO_ROLES "aws-roles: {}\n"

/* As AWS says: each role that trusts the provider. */
static void federate(struct world *world, const char *role)
{
    *VEC_ADD(world->arena, &world_account(world, ACCOUNT)->federations) = (struct federation){role, ISSUER};
}

static const char *plan_of(struct world *world, const char *had, const char *want)
{
    world_implies(world, had);
    world_had(world, had);
    world_want(world, want);
    return world_plan(world);
}

/* Whatever else happens to a role that trusts a provider, that one stays while the role still does. */
static void test_it_stays_while_a_role_trusts_it(void **state)
{
    (void)state;
    static const struct {
        const char *name, *had, *want, *federated, *expected;
    } cases[] = {
        {"another subject by the address", WORLD_ACCOUNTS ROLE("r", "eks", "s") PROVIDER,
         WORLD_ACCOUNTS ROLE("r", BY_ADDRESS, "t"), "r", "change trust of role r\n! provider-in-use\n"},
        {"in other letters", WORLD_ACCOUNTS ROLE("r", "eks", "s") PROVIDER,
         WORLD_ACCOUNTS ROLE("r", OTHER_ISSUER, "s"), "r", "change trust of role r\n! provider-in-use\n"},
        {"of another team", WORLD_ACCOUNTS NO_ROLES PROVIDER ZEBRA ROLE("r", BY_ADDRESS, "s"),
         WORLD_ACCOUNTS ZEBRA ROLE("r", BY_ADDRESS, "t"), "r", "change trust of role r\n! provider-in-use\n"},
        {"a new role", WORLD_ACCOUNTS NO_ROLES PROVIDER, WORLD_ACCOUNTS ROLE("r", BY_ADDRESS, "s"), NULL,
         "create role r\n! provider-in-use\n"},
        {"the role trusts another one", WORLD_ACCOUNTS ROLE("r", "eks", "s") PROVIDER,
         WORLD_ACCOUNTS ROLE("r", "'https://id.example.com/ab'", "s"), "r",
         "change trust of role r\ndelete OIDC provider " ISSUER ", after 0\n"},
        {"the role goes", WORLD_ACCOUNTS ROLE("r", "eks", "s") PROVIDER, WORLD_ACCOUNTS, "r",
         "delete role r\ndelete OIDC provider " ISSUER ", after 0\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        world_implies(world, cases[i].had);
        world_had(world, cases[i].had);
        world_want(world, cases[i].want);
        if (cases[i].federated)
            federate(world, cases[i].federated);
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, cases[i].expected), "%s:\n%s", cases[i].name, plan);
        world_free(world);
    }
}

/* Somebody changed the trust by hand: that it is put right is no end of it. */
static void test_it_stays_when_a_trust_is_mended(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_implies(world, WORLD_ACCOUNTS NO_ROLES PROVIDER ZEBRA ROLE("r", BY_ADDRESS, "s"));
    world_had(world, WORLD_ACCOUNTS NO_ROLES PROVIDER ZEBRA ROLE("r", BY_ADDRESS, "s"));
    world_want(world, WORLD_ACCOUNTS ZEBRA ROLE("r", BY_ADDRESS, "s"));
    federate(world, "r");
    world_principal(world, ACCOUNT, "role r")->trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":"
        "\"arn:aws:iam::" ACCOUNT ":oidc-provider/" ISSUER
        "\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\"}}";
    assert_string_equal(world_plan(world), "change trust of role r\n! provider-in-use\n");
    world_free(world);
}

/* A role that is held is as it was, and so is what it trusts. */
static void test_it_stays_for_a_role_that_is_held(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_hold(world, WORLD_ACCOUNTS ROLE("r", BY_ADDRESS, "s"));
    assert_string_equal(plan_of(world, WORLD_ACCOUNTS NO_ROLES PROVIDER, WORLD_ACCOUNTS),
                        "! provider-in-use\n");
    world_free(world);
}

/* What two teams declare otherwise stays as it is; both hear of it, and only once they agree it changes. */
static void test_two_teams_that_differ(void **state)
{
    (void)state;
#define TWO(ours, theirs)                  \
    WORLD_ACCOUNTS NO_ROLES PROVIDES(ours) \
    ZEBRA NO_ROLES PROVIDES(theirs)
#define DIFFER "! provider-differs: " ISSUER ", oidc:eks\n! provider-differs: " ISSUER ", oidc:eks\n"
    static const struct {
        const char *name, *had, *want, *only, *expected;
    } cases[] = {
        {"the second declares another audience", WORLD_ACCOUNTS NO_ROLES PROVIDER,
         TWO(", client_ids: a", ", client_ids: b"), NULL, DIFFER},
        {"the first does", ZEBRA NO_ROLES PROVIDER, TWO(", client_ids: b", ", client_ids: a"), NULL, DIFFER},
        {"only one of them is looked at", ZEBRA NO_ROLES PROVIDER, TWO(", client_ids: b", ", client_ids: a"),
         "payments", "! provider-differs: " ISSUER ", oidc:eks\n"},
        {"nothing is there", WORLD_ACCOUNTS, TWO(", client_ids: b", ", client_ids: a"), NULL, DIFFER},
        {"other tags", WORLD_ACCOUNTS NO_ROLES PROVIDER,
         TWO(", client_ids: a", ", client_ids: a, tags: {a: b}"), NULL, DIFFER},
        {"alike", WORLD_ACCOUNTS NO_ROLES PROVIDER, TWO(", client_ids: [a, b]", ", client_ids: [b, a]"), NULL,
         "add client id " ISSUER "\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        world_implies(world, cases[i].had);
        world_account(world, ACCOUNT);
        world_had(world, cases[i].had);
        world_want(world, cases[i].want);
        if (cases[i].only)
            strings_add(world->arena, &world->teams, cases[i].only);
        const char *plan = world_plan(world);
        CHECK(str_eq(plan, cases[i].expected), "%s:\n%s", cases[i].name, plan);
        world_free(world);
    }
}

/* Somebody else could make it, and would be trusted. */
static void test_no_role_without_its_provider(void **state)
{
    (void)state;
    struct world *world = world_new();
    world_account(world, ACCOUNT);
    world_want(world, WORLD_ACCOUNTS ROLE("r", "eks", "s") PROVIDER);
    world_hold(world, WORLD_ACCOUNTS NO_ROLES PROVIDER);
    assert_string_equal(world_plan(world), "");
    world_free(world);
    world = world_new();
    world_account(world, ACCOUNT);
    world_want(world, WORLD_ACCOUNTS ROLE("r", "eks", "s") PROVIDER ZEBRA NO_ROLES PROVIDER);
    world_hold(world, WORLD_ACCOUNTS NO_ROLES PROVIDER);
    assert_string_equal(world_plan(world), "create OIDC provider " ISSUER "\ncreate role r, after 0\n");
    world_free(world);
    world = world_new();
    world_hold(world, WORLD_ACCOUNTS NO_ROLES PROVIDER);
    assert_string_equal(
        plan_of(world, WORLD_ACCOUNTS NO_ROLES PROVIDER, WORLD_ACCOUNTS ROLE("r", "eks", "s") PROVIDER),
        "create role r\n");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_stays_while_a_role_trusts_it),
        cmocka_unit_test(test_it_stays_when_a_trust_is_mended),
        cmocka_unit_test(test_it_stays_for_a_role_that_is_held),
        cmocka_unit_test(test_two_teams_that_differ),
        cmocka_unit_test(test_no_role_without_its_provider),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
