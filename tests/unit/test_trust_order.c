/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever changes of a role in one run, nobody has for a moment what neither state gives: every pair of such
 * states is planned here, and held against the laws of plan_laws.h, which look after each call and with each
 * one refused. */
#include "base/str.h"
#include "plan_world.h"
#include "unit.h"

#include <string.h>

#define CI        "{principals: 'arn:aws:iam::" ACCOUNT ":role/ci'}"
#define LAMBDA    "{services: lambda.amazonaws.com}"
#define EC2       "{services: ec2.amazonaws.com}"
#define TOKEN(of) "{oidc: {provider: 'https://id.example.com/a', audience: a, subjects: [" of "]}}"
#define BOUND(of) "arn:aws:iam::aws:policy/Bound" of

#define ALLOW(actions) "{effect: Allow, actions: [" actions "], resources: ['*']}"
#define DENY(actions)  "{effect: Deny, actions: [" actions "], resources: ['*']}"

/* From whom it trusts to whom: others come, others go, both, and nothing of that. */
static const char *const trusts[][2] = {
    {CI, CI ", " LAMBDA},
    {CI ", " LAMBDA, CI},
    {CI, LAMBDA},
    {CI ", " LAMBDA, CI ", " EC2},
    {TOKEN("s, t"), TOKEN("t, u")},
    {TOKEN("'s:*', t"), TOKEN("'s:1', 'u:*'")},
    {CI, CI},
};

/* What it may do. `g` and `d` are its own policies, `l` is lent to it. */
static const struct may {
    const char *name, *g, *d, *l;
    const char *grants, *more; /* of the entry of the role */
    const char *lends;         /* the mode of a lease of `l`, or NULL */
} mays[] = {
    {"much", ALLOW("'s3:*'"), NULL, NULL, "g", "", NULL},
    {"less", ALLOW("'s3:GetA'"), NULL, NULL, "g", "", NULL},
    {"something else", ALLOW("'ec2:*'"), NULL, NULL, "g", "", NULL},
    {"much but", ALLOW("'s3:*'") ", " DENY("'s3:GetA'"), NULL, NULL, "g", "", NULL},
    {"much without what another policy denies", ALLOW("'s3:*'"), DENY("'s3:GetA'"), NULL, "g, d", "", NULL},
    {"one of AWS", ALLOW("'s3:*'"), NULL, NULL, "", ", managed_policies: ['" AWS_ARN("SecurityAudit") "']",
     NULL},
    {"bounded", ALLOW("'s3:*', 'ec2:*'"), NULL, NULL, "g", ", permissions_boundary: '" BOUND("S3") "'", NULL},
    {"bounded otherwise", ALLOW("'s3:*', 'ec2:*'"), NULL, NULL, "g",
     ", permissions_boundary: '" BOUND("Ec2") "'", NULL},
    {"other things bounded otherwise", ALLOW("'sqs:*', 'ec2:*'"), NULL, NULL, "g",
     ", permissions_boundary: '" BOUND("Ec2") "'", NULL},
    {"lent", NULL, NULL, ALLOW("'s3:*'"), "", "", "inline"},
    {"something else lent", NULL, NULL, ALLOW("'ec2:*'"), "", "", "inline"},
    {"lent as a policy", NULL, NULL, ALLOW("'s3:*'") ", " DENY("'s3:GetA'"), "", "", "policy"},
    {"lent and bounded", NULL, NULL, ALLOW("'s3:*'"), "", ", permissions_boundary: '" BOUND("Ec2") "'",
     "policy"},
};

static const char *declare(struct world *world, const char *trust, const struct may *may)
{
    const char *policies = "";
    const char *const names[] = {"g", "d", "l"}, *const texts[] = {may->g, may->d, may->l};
    for (size_t i = 0; i < COUNT(names); i++)
        if (texts[i])
            policies = arena_printf(world->arena, "%s  %s: {custom_statements: [%s]}\n", policies, names[i],
                                    texts[i]);
    const char *lease =
        may->lends ? arena_printf(world->arena,
                                  "temporary-access:\n- {role: a, environment: prod, grant: l, mode: %s, "
                                  "expiration_date: 2026-11-28}\n",
                                  may->lends)
                   : "";
    return arena_printf(world->arena,
                        WORLD_ACCOUNTS "aws-policies:\n  x: {managed_policies: ['" AWS_ARN(
                            "ReadOnlyAccess") "']}\n%saws-roles:\n"
                                              "  a: {environments: [prod], trust: [%s], grants: [%s]%s}\n%s",
                        policies, trust, may->grants, may->more, lease);
}

static void add_source(struct world *world, const char *arn, const char *action)
{
    *VEC_ADD(world->arena, &world_account(world, ACCOUNT)->sources) = (struct observed_source){
        .arn = arn,
        .version_id = "v1",
        .document = arena_printf(world->arena,
                                 "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                 "\"Action\":\"%s\",\"Resource\":\"*\"}}",
                                 action),
    };
}

static struct world *world_between(const char *trust_before, const struct may *before,
                                   const char *trust_after, const struct may *after)
{
    struct world *world = world_new();
    const char *had = declare(world, trust_before, before);
    add_source(world, BOUND("S3"), "s3:*");
    add_source(world, BOUND("Ec2"), "ec2:*");
    world_implies(world, had);
    world_had(world, had);
    world_want(world, declare(world, trust_after, after));
    return world;
}

static void test_every_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(trusts); i++)
        for (size_t j = 0; j < COUNT(mays); j++)
            for (size_t k = 0; k < COUNT(mays); k++) {
                struct world *world = world_between(trusts[i][0], &mays[j], trusts[i][1], &mays[k]);
                const char *plan = world_plan(world);
                CHECK(!strchr(plan, '!'), "trust %zu, from %s to %s:\n%s", i, mays[j].name, mays[k].name,
                      plan);
                world_free(world);
            }
}

/* The quota leaves room for one policy: what denies can only come when another one has gone. */
static void test_no_room(void **state)
{
    (void)state;
    static const struct may before = {"", ALLOW("'s3:*'"), DENY("'s3:GetB'"), NULL, "g, d", "", NULL},
                            after = {"", ALLOW("'s3:*'"), NULL, DENY("'s3:GetA'"), "g, l", "", NULL};
    for (size_t i = 0; i < COUNT(trusts); i++) {
        struct world *world = world_between(trusts[i][0], &before, trusts[i][1], &after);
        world_account(world, ACCOUNT)->quotas.attached[PRINCIPAL_ROLE] = 2;
        CHECK(!strchr(world_plan(world), '!'), "%zu", i);
        world_free(world);
    }
}

static const char *plan_between(const char *trust_before, size_t before, const char *trust_after, size_t after)
{
    static char text[4096];
    struct world *world = world_between(trust_before, &mays[before], trust_after, &mays[after]);
    snprintf(text, sizeof text, "%s", world_plan(world));
    world_free(world);
    return text;
}

/* No call more than it takes, and nothing waits that need not. */
static void test_the_order(void **state)
{
    (void)state;
    enum { MUCH, LESS, ELSE, BUT, DENIED, OF_AWS, BOUNDED, OTHERWISE, OTHER_BOUNDED, LENT, OTHER_LENT };
    enum { COME, GO, OTHERS, SOME_STAY, TOKENS, WILDCARDS, SAME };
    static const struct {
        size_t trust, before, after;
        const char *expected;
    } cases[] = {
        {COME, MUCH, LESS, "change policy payments-g\nchange trust of role a, after 0\n"},
        {COME, LESS, MUCH, "change policy payments-g\nchange trust of role a\n"},
        {GO, MUCH, LESS, "change policy payments-g\nchange trust of role a\n"},
        {GO, LESS, MUCH, "change trust of role a\nchange policy payments-g, after 0\n"},
        {GO, MUCH, ELSE, "change trust of role a\nchange policy payments-g, after 0\n"},
        {OTHERS, LESS, MUCH, "change trust of role a\nchange policy payments-g, after 0\n"},
        {SOME_STAY, MUCH, ELSE,
         "change trust of role a\nchange policy payments-g, after 0\nchange trust of role a, after 1 0\n"},
        {OTHERS, MUCH, OF_AWS,
         "detach policy payments-g, role a\nchange trust of role a, after 0\n"
         "attach policy SecurityAudit, role a, after 1\ndelete policy payments-g, after 0\n"},
        {SAME, MUCH, OF_AWS,
         "attach policy SecurityAudit, role a\ndetach policy payments-g, role a\n"
         "delete policy payments-g, after 1\n"},
        {COME, MUCH, DENIED,
         "create policy payments-d\nattach policy payments-d, role a, after 0\n"
         "change trust of role a, after 1\n"},
        {GO, DENIED, MUCH,
         "change trust of role a\ndetach policy payments-d, role a, after 0\n"
         "delete policy payments-d, after 1\n"},
        {SAME, BUT, DENIED,
         "create policy payments-d\nattach policy payments-d, role a, after 0\n"
         "change policy payments-g, after 1\n"},
        {COME, MUCH, BOUNDED,
         "set boundary of role a\nchange policy payments-g, after 0\nchange trust of role a, after 0\n"},
        {GO, BOUNDED, MUCH,
         "change policy payments-g\nchange trust of role a\nclear boundary of role a, after 0 1\n"},
        {SOME_STAY, BOUNDED, OTHERWISE,
         "change trust of role a\nset boundary of role a, after 0\nchange trust of role a, after 1 0\n"},
        {SAME, BOUNDED, OTHERWISE, "set boundary of role a\n"},
        {SAME, BOUNDED, OTHER_BOUNDED,
         "change trust of role a\nchange policy payments-g, after 0\nset boundary of role a, after 0\n"
         "change trust of role a, after 1 2 0\n"},
        {COME, LENT, OTHER_LENT,
         "put inline policy temp-payments-l-a, role a\nchange trust of role a, after 0\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *plan = plan_between(trusts[cases[i].trust][0], cases[i].before, trusts[cases[i].trust][1],
                                        cases[i].after);
        CHECK(str_eq(plan, cases[i].expected), "%zu:\n%s", i, plan);
    }
}

/* A new role has what it may not do before what it may, whichever entry says so; and what is lent waits for the role. */
static void test_a_new_role(void **state)
{
    (void)state;
    static const struct may may = {"", ALLOW("'s3:*'"), DENY("'s3:GetA'"), ALLOW("'ec2:*'"), "g, d",
                                   "", "inline"};
    struct world *world = world_new();
    world_account(world, ACCOUNT);
    world_want(world, declare(world, CI, &may));
    assert_string_equal(world_plan(world), "create policy payments-d\ncreate policy payments-g\ncreate role a\n"
                                           "attach policy payments-d, role a, after 0 2\n"
                                           "attach policy payments-g, role a, after 1 2 3\n"
                                           "put inline policy temp-payments-l-a, role a, after 2 3\n");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_change),
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_the_order),
        cmocka_unit_test(test_a_new_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
