/* SPDX-License-Identifier: Apache-2.0 */
/* Direct grants: what is made, what an attempt that was cut off left, and when they go. */
#include "base/str.h"
#include "plan/direct_operations.h"
#include "plan_world.h"
#include "policy/role_mark.h"
#include "unit.h"

#include <string.h>

#define NAME "Permission-r_1"
#define ASKED                                                                                       \
    WORLD_ACCOUNTS                                                                                  \
    "temporary-access:\n- {user: bert@example.com, environment: prod, permissions: [s3:GetObject]," \
    " resources: ['arn:aws:s3:::b/*'], expires_at: 2026-11-25T20:00:00Z, port_run: r_1}\n"
#define CREATE "create role " NAME "\n"
#define DENY   "put inline policy iamlease-end, role " NAME
#define ALLOW  "put inline policy " NAME ", role " NAME

struct direct_world {
    struct world *world;
    struct fact fact;
    struct direct_grant grant;
};

static struct direct_world begin(void)
{
    struct direct_world d = {.world = world_new()};
    struct facts facts = world_facts(d.world, ASKED, 0);
    assert_int_equal(facts.count, 1);
    d.fact = facts.items[0];
    d.fact.mode = MODE_ROLE;
    d.fact.lease_id = direct_role_lease_id(d.world->arena, &d.world->settings,
                                           direct_role_arn(d.world->arena, &d.world->settings, ACCOUNT, NAME));
    world_principal(d.world, ACCOUNT, "user bert")->arn = "arn:aws:iam::" ACCOUNT ":user/people/bert";
    return d;
}

static const char *plan(struct direct_world *d)
{
    d->world->plan = (struct plan){.now_s = d->world->now_s, .settings = &d->world->settings};
    operations_direct(d->world->arena, &d->world->settings, &d->world->observed, &d->fact, &d->world->plan,
                      &d->grant);
    return world_show(d->world->arena, &d->world->plan);
}

/* AWS has what the operation of that place did. */
static void carry_out(struct direct_world *d, size_t place)
{
    const struct operation *operation = &d->world->plan.operations.items[place];
    struct observed_principal *role = world_principal(d->world, ACCOUNT, "role " NAME);
    if (operation->kind == OP_CREATE_ROLE) {
        role->mark = operation->mark;
        role->direct = tags_get(operation->tags, role_direct_key);
        role->trust = operation->document;
    } else {
        assert_int_equal(operation->kind, OP_PUT_INLINE_POLICY);
        world_inline(d->world, "role " NAME, operation->policy_name, operation->document);
    }
}

static void test_it_is_made_in_order_and_finished(void **state)
{
    (void)state;
    struct direct_world d = begin();
    assert_string_equal(plan(&d), CREATE DENY ", after 0\n" ALLOW ", after 1\n");
    const struct operation *create = &d.world->plan.operations.items[0];
    assert_string_equal(tags_get(create->tags, role_direct_key), "bert@example.com");
    assert_non_null(strstr(create->mark, ":user:bert"));
    assert_non_null(strstr(create->document, "arn:aws:iam::" ACCOUNT ":user/people/bert"));
    assert_non_null(strstr(create->document, "2026-11-25T20:00:00Z"));
    assert_non_null(strstr(d.grant.policy, "\"DateLessThan\":{\"aws:CurrentTime\":\"2026-11-25T20:00:00Z\"}"));
    carry_out(&d, 0);
    assert_string_equal(plan(&d), DENY "\n" ALLOW ", after 0\n");
    carry_out(&d, 0);
    assert_string_equal(plan(&d), ALLOW "\n");
    carry_out(&d, 0);
    assert_string_equal(plan(&d), "");
    world_free(d.world);
}

static void test_what_it_tells_about_itself(void **state)
{
    (void)state;
    struct direct_world d = begin();
    struct direct_grant read;
    plan(&d);
    const struct observed_principal *role = world_principal(d.world, ACCOUNT, "role " NAME);
    assert_false(direct_role_read(d.world->arena, &d.world->settings, ACCOUNT, role, &read));
    carry_out(&d, 0);
    role = world_principal(d.world, ACCOUNT, "role " NAME);
    assert_true(direct_role_read(d.world->arena, &d.world->settings, ACCOUNT, role, &read));
    assert_null(read.policy); /* nobody can do anything by it */
    carry_out(&d, 2);
    assert_true(direct_role_read(d.world->arena, &d.world->settings, ACCOUNT, role, &read));
    assert_string_equal(read.policy, d.grant.policy);
    assert_string_equal(read.lease_id, d.fact.lease_id);
    assert_string_equal(read.arn, d.grant.arn);
    assert_string_equal(read.run_id, "r_1");
    assert_string_equal(read.requester, "bert@example.com");
    assert_string_equal(read.resource, "arn:aws:s3:::b/*");
    assert_int_equal(read.actions.count, 1);
    world_free(d.world);
}

static void test_what_stands_in_the_way(void **state)
{
    (void)state;
    struct direct_world d = begin();
    plan(&d);
    carry_out(&d, 0);
    struct observed_principal *role = world_principal(d.world, ACCOUNT, "role " NAME);
    const struct observed_principal ours = *role;
    const char **values[] = {&role->mark, &role->direct, &role->trust};
    for (size_t i = 0; i < COUNT(values); i++) {
        *role = ours;
        *values[i] = "{}";
        assert_non_null(strstr(plan(&d), "! role-name-taken: bert, adhoc-"));
    }
    *role = ours;
    d.fact.ends_at_s++; /* one that would end later is not this run's */
    assert_non_null(strstr(plan(&d), "! role-name-taken"));
    d.fact.ends_at_s--;
    d.fact.principal = "oscar";
    assert_non_null(strstr(plan(&d), "! principal-not-found"));
    d.fact.principal = "bert";
    *role = ours;
    d.world->settings.permissions_boundary = "arn:aws:iam::345678901234:policy/boundary";
    assert_non_null(strstr(plan(&d), "! policy-other-account"));
    d.world->settings.permissions_boundary = "";
    world_account(d.world, ACCOUNT)->quotas.inline_size[PRINCIPAL_ROLE] = 300;
    *role = (struct observed_principal){.kind = PRINCIPAL_ROLE, .name = "other"};
    assert_non_null(strstr(plan(&d), "! direct-too-large"));
    d.fact.declared_as = arena_printf(d.world->arena, "%0257d", 0);
    assert_non_null(strstr(plan(&d), "! direct-too-large"));
    world_account(d.world, ACCOUNT)->error = "no answer";
    assert_non_null(strstr(plan(&d), "! account-unreachable"));
    d.world->observed.count = 0;
    assert_non_null(strstr(plan(&d), "! account-unreachable"));
    world_free(d.world);
}

static void test_names(void **state)
{
    (void)state;
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    const char *longest = arena_printf(arena, "%053d", 0);
    assert_int_equal(strlen(direct_role_name(arena, longest)), 64);
    assert_null(direct_role_name(arena, arena_printf(arena, "%054d", 0)));
    assert_string_equal(role_mark_text(arena, "a+b=c,d@x"), "a+b=3Dc=2Cd@x");
    assert_string_equal(role_mark_text_of(arena, "a+b=3Dc=2Cd@x"), "a+b=c,d@x");
}

/* A declaration for the same keeps it as little as its going takes it away: it has an end of its own. */
static void test_when_it_goes(void **state)
{
    (void)state;
    static const char removal[] = "delete inline policy " NAME ", role " NAME "\n"
                                  "delete inline policy iamlease-end, role " NAME ", after 0\n"
                                  "delete role " NAME ", after 0 1\n";
    struct direct_world d = begin();
    plan(&d);
    for (size_t i = 0; i < 3; i++)
        carry_out(&d, i);
    d.world->candidates = world_facts(d.world, ASKED, 0);
    assert_string_equal(world_plan(d.world), "");
    assert_string_equal(world_cleanup(d.world), "");
    d.world->plan = (struct plan){0};
    operations_revoke(d.world->arena, &d.world->settings, &d.world->observed, &d.fact, d.world->now_s,
                      &d.world->plan);
    assert_string_equal(world_show(d.world->arena, &d.world->plan), "");
    operations_revoke_direct(d.world->arena, &d.world->settings, &d.world->observed, ACCOUNT,
                             world_principal(d.world, ACCOUNT, "role " NAME), true, &d.world->plan);
    assert_string_equal(world_show(d.world->arena, &d.world->plan),
                        "delete inline policy " NAME ", role " NAME "\n");
    d.world->plan = (struct plan){0};
    world_principal(d.world, ACCOUNT, "role " NAME)->inline_policies.count--; /* that is gone: the rest stays */
    operations_revoke_direct(d.world->arena, &d.world->settings, &d.world->observed, ACCOUNT,
                             world_principal(d.world, ACCOUNT, "role " NAME), true, &d.world->plan);
    assert_string_equal(world_show(d.world->arena, &d.world->plan), "");
    world_principal(d.world, ACCOUNT, "role " NAME)->inline_policies.count++;
    d.world->plan = (struct plan){0};
    for (size_t i = 0; i < 2; i++) { /* asked for twice, it goes once */
        operations_revoke_direct(d.world->arena, &d.world->settings, &d.world->observed, ACCOUNT,
                                 world_principal(d.world, ACCOUNT, "role " NAME), false, &d.world->plan);
        operations_drop_repeated(d.world->arena, &d.world->plan.operations);
        assert_string_equal(world_show(d.world->arena, &d.world->plan), removal);
    }
    d.world->now_s = d.fact.ends_at_s - 1;
    assert_string_equal(world_plan(d.world), "");
    d.world->now_s++;
    assert_string_equal(world_plan(d.world), removal);
    assert_string_equal(world_cleanup(d.world), removal);
    assert_string_equal(
        d.world->plan.operations.items[2].trust,
        world_principal(d.world, ACCOUNT, "role " NAME)->trust); /* read again before it goes */
    world_free(d.world);
}

static const char *replaced(struct arena *arena, const char *text, const char *from, const char *to)
{
    const char *found = strstr(text, from);
    assert_non_null(found);
    return arena_printf(arena, "%.*s%s%s", (int)(found - text), text, to, found + strlen(from));
}

/* By cleanup and by apply, which do nothing else. */
static bool is_told(struct direct_world *d, const char *words)
{
    const char *expected = str_eq(words, "does not end") ? "! lease-without-end\n" : "! direct-edited\n";
    bool told = str_eq(world_cleanup(d->world), expected);
    told &= str_eq(world_plan(d->world), expected);
    return told && strstr(d->world->plan.problems.items[0].message, words);
}

static struct observed_principal *make_whole(struct direct_world *d)
{
    for (size_t i = 0; i < 3; i++) {
        plan(d);
        carry_out(d, 0);
        assert_string_equal(world_cleanup(d->world), ""); /* half made is as made */
    }
    return world_principal(d->world, ACCOUNT, "role " NAME);
}

/* Whatever is changed by hand is told, nothing is prolonged, and the earliest end counts. */
static void test_edited(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *said; /* in which documents; what is told */
        bool trust, deny, policy;
    } cases[] = {
        {"2026", "2036", "its trust policy", .trust = true},
        {"user/people/bert", "user/ada", "its trust policy", .trust = true},
        {"user/people/bert", "role/bert", "its trust policy", .trust = true},
        {"user/people/bert", "user/bert/ada", "its trust policy", .trust = true},
        {ACCOUNT, "222222222222", "its trust policy", .trust = true},
        {"arn:aws:", "arn:aws-cn:", "its trust policy", .trust = true},
        {"arn:aws:iam::" ACCOUNT ":user/people/bert", "*", "its trust policy", .trust = true},
        {"DateLessThan", "DateGreaterThan", "does not end", .trust = true},
        {"2026", "2036", "iamlease-end", .deny = true},
        {"\"*\"", "\"s3:*\"", "iamlease-end", .deny = true},
        {"2026", "2036", "its policy " NAME, .policy = true},
        {"s3:GetObject", "s3:*", "its policy " NAME, .policy = true},
        {"arn:aws:s3:::b/*", "*", "its policy " NAME, .policy = true},
        {"2026", "2036", "its trust policy; its policy iamlease-end", .trust = true, .deny = true},
        {"2026", "2036", "its trust policy; its policy " NAME, .trust = true, .policy = true},
        {"2026", "2036", "its policy iamlease-end; its policy " NAME, .deny = true, .policy = true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct direct_world d = begin();
        struct arena *arena = d.world->arena;
        struct observed_principal *role = make_whole(&d);
        struct inline_policy *deny = &role->inline_policies.items[0],
                             *policy = &role->inline_policies.items[1];
        if (cases[i].trust)
            role->trust = replaced(arena, role->trust, cases[i].from, cases[i].to);
        if (cases[i].deny)
            deny->document = replaced(arena, deny->document, cases[i].from, cases[i].to);
        if (cases[i].policy)
            policy->document = replaced(arena, policy->document, cases[i].from, cases[i].to);
        CHECK(is_told(&d, cases[i].said), "%zu: %s", i, cases[i].said);
        d.world->now_s = d.fact.ends_at_s;
        CHECK(strstr(world_cleanup(d.world), "delete role"), "%zu", i);
        world_free(d.world);
    }
}

static void test_what_was_put_there(void **state)
{
    (void)state;
    struct direct_world d = begin();
    struct observed_principal *role = make_whole(&d);
    const char *const trust = role->trust;
    role->trust = replaced(d.world->arena, trust, "arn:aws:iam::" ACCOUNT ":user/people/bert", "AIDAEXAMPLE");
    assert_string_equal(world_cleanup(d.world), ""); /* the user was deleted: it trusts nobody */
    role->trust = trust;
    world_attach(d.world, "role " NAME, "arn:aws:iam::aws:policy/ReadOnlyAccess");
    assert_true(is_told(&d, "arn:aws:iam::aws:policy/ReadOnlyAccess, which was attached"));
    world_inline(d.world, "role " NAME, "more", "{}");
    assert_true(is_told(&d, "the policy more, which was put there; arn:aws:iam"));
    role = world_principal(d.world, ACCOUNT, "role " NAME);
    role->attached.count = 0;
    role->inline_policies.items[0] = role->inline_policies.items[2];
    role->inline_policies.count = 2;
    assert_true(is_told(&d, "its policy iamlease-end; the policy more"));
    role->name = "temp-x";
    assert_true(is_told(&d, "its tags"));
    world_free(d.world);
}

/* What the role tells about who asked, and what holds it within the settings' bounds. */
static void test_tag_and_boundary(void **state)
{
    (void)state;
    struct direct_world d = begin();
    struct observed_principal *role = make_whole(&d);
    role->direct = "carla@example.com";
    assert_true(is_told(&d, "its tag iamlease-direct, which names another"));
    d.world->settings.usernames = USERNAMES_MAP;
    assert_string_equal(world_cleanup(d.world), "");
    role->direct = "BERT@example.com";
    d.world->settings.usernames = USERNAMES_LOCAL_PART;
    assert_string_equal(world_cleanup(d.world), "");
    role->direct = "bert@elsewhere.org"; /* the same user: nothing in AWS says which address it was */
    assert_string_equal(world_cleanup(d.world), "");
    d.world->settings.usernames = USERNAMES_EMAIL;
    assert_true(is_told(&d, "its tag iamlease-direct, which names another"));
    d.world->settings.usernames = USERNAMES_LOCAL_PART;
    role->boundary = "arn:aws:iam::" ACCOUNT ":policy/other";
    assert_string_equal(world_cleanup(d.world), ""); /* a narrower one is nobody's harm */
    d.world->settings.permissions_boundary = "arn:aws:iam::" ACCOUNT ":policy/boundary";
    assert_true(is_told(&d, "its permissions boundary"));
    role->boundary = NULL;
    assert_true(is_told(&d, "its permissions boundary"));
    role->boundary = d.world->settings.permissions_boundary;
    assert_string_equal(world_cleanup(d.world), "");
    world_free(d.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_made_in_order_and_finished),
        cmocka_unit_test(test_what_it_tells_about_itself),
        cmocka_unit_test(test_what_stands_in_the_way),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_when_it_goes),
        cmocka_unit_test(test_edited),
        cmocka_unit_test(test_what_was_put_there),
        cmocka_unit_test(test_tag_and_boundary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
