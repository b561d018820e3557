/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config/subject.h"
#include "config_run.h"
#include "unit.h"

struct side {
    struct config_inputs inputs;
    const struct config *config;
    struct diags diags;
    struct subjects subjects;
};

static struct side *load(struct arena *arena, const struct text_file *files, size_t count)
{
    struct side *side = ARENA_NEW(arena, struct side);
    side->diags = diags_new(arena);
    for (size_t i = 0; i < count; i++) {
        struct config_input input = {.file = config_run_file(arena, files[i].path, files[i].text)};
        assert_int_equal(
            config_classify(arena, files[i].path, files[i].path, &input.kind, &input.team, &side->diags), 1);
        *VEC_ADD(arena, &side->inputs) = input;
    }
    side->config = config_load(arena, &side->inputs, &side->diags);
    side->subjects = subjects_new(arena, &side->inputs, side->config);
    return side;
}

static const struct text_file plain[] = {
    {"iamlease.yaml", "version: 1\n"},
    {"aws-accounts/a.yaml", "aws-accounts: { prod: '123456789012', dev: '345678901234' }\n"},
    {"aws-policies/a.yaml", "aws-policies:\n"
                            "  p: { custom_statements: [{ effect: Allow, actions: 's3:*', resources: '*' }] }\n"
                            "  q: { managed_policies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }\n"},
    {"permanent-access/a.yaml",
     "permanent-access: [{ users: [u], environments: [prod], grants: [p] }, { users: [v], environments: [dev], "
     "grants: [q] }]\n"},
    {"temporary-access/a.yaml", "temporary-access:\n"
                                "  - expiration_date: 2026-06-03\n"
                                "    user: u\n    environment: prod\n    grant: p\n"
                                "  - expiration_date: 2026-06-04\n"
                                "    user: v\n    environment: prod\n    grant: q\n"},
};

static struct subject at(const struct side *side, size_t input, uint32_t line, uint32_t column)
{
    return subject_find(
        &side->subjects,
        (struct span){.file = side->inputs.items[input].file, .line = line, .column = column, .length = 1});
}

static void test_what_stands_where(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct side *side = load(arena, plain, COUNT(plain));
    assert_int_equal(side->diags.count, 0);
    const struct team_config *team = &side->config->items[0];
    assert_null(at(side, 0, 1, 1).team);
    assert_ptr_equal(at(side, 1, 1, 30).account, &team->accounts.items[0]);
    assert_ptr_equal(at(side, 1, 1, 40).account, &team->accounts.items[1]);
    assert_ptr_equal(at(side, 2, 2, 40).policy, &team->policies.items[0]);
    assert_ptr_equal(at(side, 2, 3, 3).policy, &team->policies.items[1]);
    assert_null(at(side, 2, 1, 1).policy);
    assert_ptr_equal(at(side, 2, 1, 1).team, team); /* before the first one: the team */
    assert_ptr_equal(at(side, 3, 1, 30).entry, &team->entries.items[0]);
    assert_ptr_equal(at(side, 3, 1, 80).entry, &team->entries.items[1]);
    assert_ptr_equal(at(side, 4, 5, 12).entry, &team->entries.items[2]);
    assert_ptr_equal(at(side, 4, 6, 5).entry, &team->entries.items[3]);
    assert_null(at(side, 4, 0, 0).entry); /* the file as a whole */
    assert_ptr_equal(at(side, 4, 0, 0).team, team);
    assert_null(subject_find(&side->subjects, (struct span){0}).team);
}

#define LEASE(user, environment, grant, date)                                                       \
    "temporary-access:\n- expiration_date: " date "\n  user: " user "\n  environment: " environment \
    "\n  grant: " grant "\n"

/* The identity of the only diagnostic, an unknown grant or environment. */
static const char *identity(struct arena *arena, const char *policies, const char *temporary)
{
    const struct text_file files[] = {plain[1],
                                      {"aws-policies/a.yaml", policies},
                                      {"temporary-access/a.yaml", temporary}};
    const struct side *side = load(arena, files, COUNT(files));
    assert_int_equal(side->diags.count, 1);
    return subject_identity(&side->subjects, &side->diags.items[0]);
}

#define POLICIES(actions)                                                          \
    "aws-policies: { p: { custom_statements: [{ effect: Allow, actions: '" actions \
    "', resources: '*' }] } }\n"

static void test_identity_is_in_the_values(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *first = identity(arena, POLICIES("s3:*"), LEASE("u", "x", "p", "2026-06-03"));
    static const char *const same[] = {
        "# a comment\n\n" LEASE("u", "x", "p", "2026-06-03"),
        "temporary-access:\n- { grant: p, user: u, description: other words, environment: x, expiration_date: '2026-06-03' }\n",
    };
    static const char *const others[] = {
        LEASE("v", "x", "p", "2026-06-03"),
        LEASE("u", "y", "p", "2026-06-03"),
        LEASE("u", "x", "p", "2026-06-04"),
        "temporary-access:\n- { users: [u, v], environment: x, grant: p, expiration_date: 2026-06-03 }\n",
        "temporary-access:\n- { user: u, environments: [x, prod], grant: p, expiration_date: 2026-06-03 }\n",
        "temporary-access:\n- { role: u, environment: x, grant: p, expiration_date: 2026-06-03 }\n",
        "temporary-access:\n- { user: u, environment: x, grant: p, expiration_date: 2026-06-03, starts_at: 2026-06-02 }\n",
    };
    for (size_t i = 0; i < COUNT(same); i++)
        CHECK(str_eq(identity(arena, POLICIES("s3:*"), same[i]), first), "%s", same[i]);
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK(!str_eq(identity(arena, POLICIES("s3:*"), others[i]), first), "%s", others[i]);
    assert_string_not_equal(identity(arena, POLICIES("s3:Get*"), LEASE("u", "x", "p", "2026-06-03")), first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stands_where),
        cmocka_unit_test(test_identity_is_in_the_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
