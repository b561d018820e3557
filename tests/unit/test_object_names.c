/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config_run.h"
#include "unit.h"

#define NOW_S INT64_C(1780304400) /* 2026-06-01T09:00:00Z */

#define ACCOUNT(team, id)                                                \
    {                                                                    \
        "aws-accounts/" team ".yaml", "aws-accounts: {prod: '" id "'}\n" \
    }
#define MANAGED(team, name)                                                                 \
    {                                                                                       \
        "aws-policies/" team ".yaml",                                                       \
            "aws-policies: {" name ": {managed_policies: ['arn:aws:iam::aws:policy/R']}}\n" \
    }
#define CUSTOM(team, name)                                                                     \
    {                                                                                          \
        "aws-policies/" team ".yaml",                                                          \
            "aws-policies: {" name                                                             \
            ": {custom_statements: [{effect: Allow, actions: ['s3:*'], resources: ['*']}]}}\n" \
    }
#define LEASE(team, who, grant, end)                                                        \
    {                                                                                       \
        "temporary-access/" team ".yaml",                                                   \
            "temporary-access: [{" who ", environment: prod, grant: " grant ", " end "}]\n" \
    }
#define ALWAYS(team, grant)                                                                      \
    {                                                                                            \
        "permanent-access/" team ".yaml",                                                        \
            "permanent-access: [{roles: [reader], environments: [prod], grants: [" grant "]}]\n" \
    }
#define LATER   "expiration_date: 2026-06-03"
#define EARLIER "expiration_date: 2026-05-30"

static const struct {
    struct text_file base[TEXT_FILES_MAX], head[TEXT_FILES_MAX];
    const char *expected;
} cases[] = {
    /* A policy that one side has and the other has by another name, while both are granted in one account. */
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "x.y"), ALWAYS("a", "x.y")},
     {ACCOUNT("a", "100000000000"), CUSTOM("a", "x-y"), ALWAYS("a", "x-y")},
     "aws-policies/a.yaml:1:16+3 policy-name-collision\n"},
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "x.y"), ALWAYS("a", "x.y")},
     {ACCOUNT("a", "200000000000"), CUSTOM("a", "x-y"), ALWAYS("a", "x-y")},
     ""},
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "x.y")},
     {ACCOUNT("a", "100000000000"), CUSTOM("a", "x-y"), ALWAYS("a", "x-y")},
     ""},
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "x.y"), ALWAYS("a", "x.y")},
     {ACCOUNT("a", "100000000000"), CUSTOM("a", "x-y")},
     ""},
    /* Managed policies are attached as they are: they have the names that AWS gave them. */
    {{ACCOUNT("a", "100000000000"), MANAGED("a", "x.y"), ALWAYS("a", "x.y")},
     {ACCOUNT("a", "100000000000"), MANAGED("a", "x-y"), ALWAYS("a", "x-y")},
     ""},
    /* Two teams, of which the name of one begins with that of the other. */
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "b.c"), ALWAYS("a", "b.c")},
     {ACCOUNT("a-b", "100000000000"), CUSTOM("a-b", "c"), ALWAYS("a-b", "c")},
     "aws-policies/a-b.yaml:1:16+1 policy-name-collision\n"},
    {{ACCOUNT("a-b", "100000000000"), CUSTOM("a-b", "c"), ALWAYS("a-b", "c")},
     {ACCOUNT("a", "100000000000"), CUSTOM("a", "b.c"), ALWAYS("a", "b.c")},
     "aws-policies/a.yaml:1:16+3 policy-name-collision\n"},
    /* A lease that is an inline policy meets those of its own principal, whatever the letters. */
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "x.y"), LEASE("a", "user: bert", "x.y", LATER)},
     {ACCOUNT("a", "100000000000"), CUSTOM("a", "X-y"), LEASE("a", "user: bert", "X-y", LATER)},
     "aws-policies/a.yaml:1:16+3 policy-name-collision\n"},
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "x.y"), LEASE("a", "user: bert", "x.y", LATER)},
     {ACCOUNT("a", "100000000000"), CUSTOM("a", "x-y"), LEASE("a", "role: bert", "x-y", LATER)},
     ""},
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "x.y"), LEASE("a", "user: bert", "x.y", EARLIER)},
     {ACCOUNT("a", "100000000000"), CUSTOM("a", "x-y"), LEASE("a", "user: bert", "x-y", LATER)},
     ""},
    /* One that is a managed policy meets all of the account. */
    {{ACCOUNT("a", "100000000000"), MANAGED("a", "x"), LEASE("a", "user: bert", "x", LATER)},
     {ACCOUNT("a", "100000000000"), MANAGED("a", "x"), LEASE("a", "role: Bert", "x", LATER)},
     "temporary-access/a.yaml:1:27+4 lease-name-collision\n"},
    {{ACCOUNT("a", "100000000000"), MANAGED("a", "x"), LEASE("a", "user: y-bert", "x", LATER)},
     {ACCOUNT("a", "100000000000"), MANAGED("a", "x.y"), LEASE("a", "user: bert", "x.y", LATER)},
     "temporary-access/a.yaml:1:27+4 lease-name-collision\n"},
    {{ACCOUNT("a", "100000000000"), CUSTOM("a", "x"), LEASE("a", "user: y-bert", "x", "mode: policy, " LATER)},
     {ACCOUNT("a", "100000000000"), CUSTOM("a", "x.y"), LEASE("a", "user: bert", "x.y", LATER)},
     ""},
    /* What stays the same lease is no other one: another end, another address of the same user. */
    {{ACCOUNT("a", "100000000000"), MANAGED("a", "x"), LEASE("a", "user: bert", "x", LATER)},
     {ACCOUNT("a", "100000000000"), MANAGED("a", "x"),
      LEASE("a", "user: bert@example.com", "x", "expiration_date: 2026-06-02")},
     ""},
    /* Policies of a team `temp` are called as leases are, of whatever team. */
    {{ACCOUNT("temp", "100000000000"), CUSTOM("temp", "z.x.bert"), ALWAYS("temp", "z.x.bert")},
     {ACCOUNT("z", "100000000000"), MANAGED("z", "x"), LEASE("z", "user: bert", "x", LATER)},
     "temporary-access/z.yaml:1:27+4 lease-name-collision\n"},
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags = diags_new(arena);
        const struct config *base = config_run(arena, cases[i].base, &diags);
        const struct config *head = config_run(arena, cases[i].head, &diags);
        CHECK(!diags.count, "case %zu is wrong by itself:\n%s", i, config_run_diags(arena, &diags));
        config_check_names(base, base, NOW_S, &diags);
        config_check_names(head, head, NOW_S, &diags);
        CHECK(!diags.count, "one side of case %zu gives\n%s", i, config_run_diags(arena, &diags));
        config_check_names(base, head, NOW_S, &diags);
        const char *got = config_run_diags(arena, &diags);
        CHECK(str_eq(got, cases[i].expected), "case %zu gives\n%s", i, got);
    }
}

/* One side by itself: told once, however many accounts there are. */
static void test_one_side(void **state)
{
    (void)state;
    static const struct text_file files[TEXT_FILES_MAX] = {
        {"aws-accounts/a.yaml", "aws-accounts: {dev: '100000000000', prod: '200000000000'}\n"},
        MANAGED("a", "x"),
        {"temporary-access/a.yaml",
         "temporary-access:\n"
         "  - {user: bert, environments: [dev, prod], grant: x, " LATER "}\n"
         "  - {group: Bert, environments: [prod, dev], grant: x, " LATER "}\n"
         "  - {user: bert@example.com, environments: [dev], grant: x, starts_at: 2026-06-03T10:00:00Z, "
         "expiration_date: 2026-06-04}\n"},
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    const struct config *config = config_run(arena, files, &diags);
    diags = diags_new(arena);
    config_check_names(config, config, NOW_S, &diags);
    assert_string_equal(config_run_diags(arena, &diags),
                        "temporary-access/a.yaml:3:13+4 lease-name-collision\n");
    assert_int_equal(diags.items[0].related.line, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_one_side)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
