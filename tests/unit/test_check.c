/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/str.h"
#include "check_run.h"
#include "config/check.h"
#include "unit.h"

static void test_entries(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        {{ACCOUNTS, POLICIES, PERMANENT("{environments: [prod], grants: [dev.write]}")},
         "permanent-access/a.yaml:2:3+43 no-principal\n",
         "this entry grants to nobody",
         "add 'users:', 'roles:' or 'groups:'"},
        {{ACCOUNTS, POLICIES, PERMANENT("{users: [], roles: [], environments: [prod], grants: [dev.write]}")},
         "permanent-access/a.yaml:2:3+65 no-principal\n",
         NULL,
         NULL},
        {{ACCOUNTS, POLICIES, PERMANENT("{users: ['a b'], environments: [prod], grants: [dev.write]}")},
         "permanent-access/a.yaml:2:12+5 invalid-user\n",
         NULL,
         NULL},
    };
    check_run_cases(cases, COUNT(cases));
}

#define LEASE(keys)                                                                             \
    {                                                                                           \
        "temporary-access/a.yaml",                                                              \
            "temporary-access:\n- {environment: prod, expiration_date: 2025-11-30, " keys "}\n" \
    }

static void test_modes(void **state)
{
    (void)state;
    static const struct check_case cases[] = {
        {{ACCOUNTS, POLICIES, LEASE("users: [u], mode: role, grant: dev.write")}, "", NULL, NULL},
        {{ACCOUNTS, POLICIES, LEASE("group: g, mode: role, grant: dev.write")},
         "temporary-access/a.yaml:2:59+1 mode-not-possible\n",
         "the group 'g' cannot have a lease in the mode 'role'",
         NULL},
        {{ACCOUNTS, POLICIES, LEASE("user: u, mode: inline, grant: dev.write")},
         "temporary-access/a.yaml:2:82+9 mode-not-possible\n",
         "'dev.write' holds managed policies and cannot be a lease in the mode 'inline'",
         "leave out 'mode:'"},
    };
    check_run_cases(cases, COUNT(cases));
}

static void test_too_many_grants(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    const char *text = arena_printf(arena,
                                    "permanent-access:\n- users: %s\n  environments: %s\n  grants: %s\n"
                                    "- users: %s\n  environments: %s\n  grants: %s\n"
                                    "- users: [u]\n  environments: [e]\n  grants: [g]\n",
                                    check_run_many(arena, 'u', 100), check_run_many(arena, 'e', 19),
                                    check_run_many(arena, 'g', 100), check_run_many(arena, 'v', 100),
                                    check_run_many(arena, 'e', 2), check_run_many(arena, 'g', 100));
    struct text_file files[TEXT_FILES_MAX] = {{"permanent-access/a.yaml", text}};
    const struct config *config = config_run(arena, files, &diags);
    assert_int_equal(config->items[0].entries.count, 0); /* who reads on meets nothing without a bound */
    const struct diag *diag = config_run_find(&diags, "too-many-grants");
    assert_non_null(diag);
    assert_int_equal(diag->span.line, 5);
    size_t count = 0;
    for (size_t i = 0; i < diags.count; i++)
        count += str_eq(diags.items[i].id, "too-many-grants");
    assert_int_equal(count, 1);
}

/* Short values make a small file and much memory: all files together have a limit. It is said once. */
static void test_too_many_values(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    struct config_inputs inputs = {0};
    struct buf text;
    buf_init(&text, 1024 * 1024);
    for (int i = 0; i < 190000; i++)
        buf_add_text(&text, i ? ",a" : "[a");
    buf_add_text(&text, "]\n");
    for (int i = 0; i < 13; i++)
        *VEC_ADD(arena, &inputs) = (struct config_input){
            .kind = FILE_PERMANENT,
            .team = arena_printf(arena, "t%02d", i),
            .file = config_run_file(arena, arena_printf(arena, "permanent-access/t%02d.yaml", i), text.bytes)};
    config_load(arena, &inputs, &diags);
    const struct diag *diag = config_run_find(&diags, "yaml-too-many-values");
    assert_non_null(diag);
    assert_string_equal(diag->span.file->path, "permanent-access/t10.yaml");
    assert_int_equal(diags.count, 11); /* a list is not what such a file must be: one for each that was read */
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_too_many_grants),
        cmocka_unit_test(test_too_many_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
