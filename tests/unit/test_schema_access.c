/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "config_run.h"
#include "unit.h"

#include <string.h>

#define ACCOUNTS                                                                               \
    {                                                                                          \
        "aws-accounts/a.yaml", "aws-accounts: { prod: '123456789012', dev: '345678901234' }\n" \
    }
#define POLICIES                                                                                                   \
    {                                                                                                              \
        "aws-policies/a.yaml",                                                                                     \
            "aws-policies:\n  p: { custom_statements: [{ effect: Allow, actions: 's3:Get*', resources: '*' }] }\n" \
            "  q: { custom_statements: [{ effect: Allow, actions: 's3:Put*', resources: '*' }] }\n"                \
    }

/* Reads one entry of temporary-access, in flow style; the team's other files are right. */
static struct config *run(struct arena *arena, const char *entry, struct diags *diags)
{
    const struct text_file files[TEXT_FILES_MAX] = {
        ACCOUNTS,
        POLICIES,
        {"temporary-access/a.yaml", arena_printf(arena, "temporary-access:\n- {%s}\n", entry)}};
    *diags = diags_new(arena);
    return config_run(arena, files, diags);
}

static const struct access_entry *entry_of(struct arena *arena, const char *entry)
{
    struct diags diags;
    struct config *config = run(arena, entry, &diags);
    CHECK(diags.count == 0, "%s gives %s", entry, config_run_diags(arena, &diags));
    return &config->items[0].entries.items[0];
}

static int64_t instant(const char *text)
{
    int64_t time_s = -1;
    assert_true(time_parse_rfc3339(text, &time_s));
    return time_s;
}

static void test_windows(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *start, *end;
        bool with_day;
    } cases[] = {
        {"expiration_date: 2026-11-30", NULL, "2026-12-01T00:00:00Z", true},
        {"expires_at: 2026-11-30T14:00:00Z", NULL, "2026-11-30T14:00:00Z", false},
        {"expires_at: '2026-11-30T14:00:00+05:30'", NULL, "2026-11-30T08:30:00Z", false},
        {"expires_at: 2026-11-30T14:00:00Z, starts_at: 2026-11-30T13:59:59Z", "2026-11-30T13:59:59Z",
         "2026-11-30T14:00:00Z", false},
        {"expiration_date: 2026-11-30, starts_at: 2026-11-30", "2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z",
         true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const struct access_entry *entry =
            entry_of(arena, arena_printf(arena, "%s, user: u, environment: prod, grant: p", cases[i].keys));
        assert_int_equal(entry->ends_at_s, instant(cases[i].end));
        assert_int_equal(entry->starts_at_s, cases[i].start ? instant(cases[i].start) : 0);
        assert_int_equal(entry->ends_with_day, cases[i].with_day);
        assert_false(entry->incomplete);
    }
}

#define END "expiration_date: 2026-11-30, "

static void test_singular_and_plural(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct access_entry *entry =
        entry_of(arena, END "users: [u, v], role: r, groups: [g], environments: [prod, dev], grants: [p, q], "
                            "mode: policy, reason: why  not, ticket: T-1, port_run: r_1");
    assert_int_equal(entry->users.count, 2);
    assert_string_equal(entry->roles.items[0].text, "r");
    assert_string_equal(entry->groups.items[0].text, "g");
    assert_int_equal(entry->environments.count, 2);
    assert_int_equal(entry->grants.count, 2);
    assert_int_equal(entry->mode, ENTRY_POLICY);
    assert_string_equal(entry->reason, "why not");
    assert_string_equal(entry->ticket, "T-1");
    assert_string_equal(entry->port_run, "r_1");
    assert_null(entry->ad_hoc);
}

static const char *name_of(struct arena *arena, const char *permissions, const char *resources)
{
    const struct access_entry *entry =
        entry_of(arena, arena_printf(arena, END "user: u, environment: prod, permissions: %s, resources: %s",
                                     permissions, resources));
    assert_int_equal(entry->grants.count, 0);
    assert_int_equal(strlen(entry->ad_hoc->name.text), strlen("adhoc-") + 12);
    return entry->ad_hoc->name.text;
}

static void test_ad_hoc_grants_are_named_by_what_they_allow(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *name =
        name_of(arena, "['s3:GetObject', 's3:PutObject']", "['arn:aws:s3:::a/*', 'arn:aws:s3:::b']");
    assert_true(str_prefix(name, "adhoc-"));
    assert_string_equal(name, name_of(arena, "['S3:putobject', 's3:GetObject', 's3:getobject']",
                                      "['arn:aws:s3:::b', 'arn:aws:s3:::a/*']"));
    assert_string_not_equal(name, name_of(arena, "'s3:GetObject'", "['arn:aws:s3:::a/*', 'arn:aws:s3:::b']"));
    assert_string_not_equal(
        name, name_of(arena, "['s3:GetObject', 's3:PutObject']", "['arn:aws:s3:::A/*', 'arn:aws:s3:::b']"));
    const struct access_entry *entry =
        entry_of(arena, END "user: u, environment: prod, permissions: 's3:GetObject', resources: '*'");
    const struct statement *statement = &entry->ad_hoc->custom.items[0];
    assert_int_equal(entry->ad_hoc->custom.count, 1);
    assert_int_equal(statement->effect, EFFECT_ALLOW);
    assert_string_equal(statement->actions.items[0], "s3:GetObject");
    assert_string_equal(statement->resources.items[0], "*");
}

#define REST "environment: prod, grant: p"

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *entry, *id, *message, *hint;
    } cases[] = {
        {END "expires_at: 2026-11-30T14:00:00Z, user: u, " REST, "keys-exclude",
         "'expires_at' cannot stand beside 'expiration_date' in an entry of temporary-access",
         "keep one of them"},
        {"user: u, " REST, "missing-key",
         "'expiration_date' or 'expires_at' is missing in an entry of temporary-access", NULL},
        {END "user: u, users: [v], " REST, "keys-exclude", NULL, NULL},
        {END "role: u, roles: [v], " REST, "keys-exclude", NULL, NULL},
        {END "group: u, groups: [v], " REST, "keys-exclude", NULL, NULL},
        {END "user: u, environments: [dev], " REST, "keys-exclude", NULL, NULL},
        {END "user: u, grants: [q], " REST, "keys-exclude", NULL, NULL},
        {END "user: u, permissions: 's3:*', resources: '*', " REST, "keys-exclude", NULL, NULL},
        {END "user: u, environment: prod", "missing-key",
         "'grant', 'grants' or 'permissions' is missing in an entry of temporary-access", "add 'grant:'"},
        {END "user: u, environment: prod, permissions: 's3:*'", "missing-key",
         "'resources', without which 'permissions' says nothing, is missing in an entry of temporary-access",
         "add 'resources:'"},
        {END "user: u, resources: '*', " REST, "missing-key", NULL, "add 'permissions:'"},
        {END "user: u, environment: prod, permissions: [], resources: '*'", "missing-value", NULL, NULL},
        {END "user: u, environment: prod, permissions: s3, resources: '*'", "invalid-action", NULL, NULL},
        {END "user: u, environments: [], grant: p", "missing-value", NULL, NULL},
        {END "user: u, environment: prod, grants: []", "missing-value", NULL, NULL},
        {END REST, "no-principal", NULL, "add 'user:', 'role:' or 'group:'"},
        {END "users: [], " REST, "no-principal", NULL, NULL},
        {END "user: u, mode: roll, " REST, "invalid-mode", "'roll' is not a mode", "did you mean 'role'?"},
        {END "group: a/b, " REST, "invalid-group", NULL, NULL},
        {"expires_at: 2026-11-30, user: u, " REST, "invalid-date", "'2026-11-30' is not an instant", NULL},
        {"expires_at: 2026-11-30T14:00:00, user: u, " REST, "invalid-date", NULL, NULL},
        {END "starts_at: noon, user: u, " REST, "invalid-date", "'noon' is not an instant or a date", NULL},
        {END "starts_at: 2026-12-01, user: u, " REST, "invalid-window",
         "this lease would begin when it has ended, at 2026-12-01T00:00:00Z", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags;
        run(arena, cases[i].entry, &diags);
        CHECK(diags.count == 1 && str_eq(diags.items[0].id, cases[i].id), "%s gives %s", cases[i].entry,
              config_run_diags(arena, &diags));
        CHECK(!cases[i].message || str_eq(diags.items[0].message, cases[i].message), "%s",
              diags.items[0].message);
        CHECK(!cases[i].hint || str_eq(diags.items[0].hint, cases[i].hint), "%s", diags.items[0].hint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_singular_and_plural),
        cmocka_unit_test(test_ad_hoc_grants_are_named_by_what_they_allow),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
