/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config/file_text.h"
#include "config/source_text.h"
#include "unit.h"

#include <string.h>

static struct access_entry *add_lease(struct arena *arena, struct team_config *team)
{
    struct access_entry *entry = VEC_ADD(arena, &team->entries);
    *entry = (struct access_entry){.file = FILE_TEMPORARY,
                                   .temporary = true,
                                   .description = "",
                                   .reason = "",
                                   .ticket = "",
                                   .port_run = "",
                                   .ends_at_s = 1780000000};
    VEC_ADD(arena, &entry->groups)->text = "no";
    VEC_ADD(arena, &entry->environments)->text = "prod";
    VEC_ADD(arena, &entry->grants)->text = "x";
    return entry;
}

static int write(struct arena *arena, const struct team_config *team, enum file_kind kind, const char **ret,
                 struct err *err)
{
    *err = (struct err){0};
    return file_text(arena, team, kind, "temporary-access/a.yaml", "# words\n", "aws", ret, err);
}

static void test_statements(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct team_config team = {0};
    struct err err;
    const char *text;
    struct policy_decl *policy = VEC_ADD(arena, &team.policies);
    *policy = (struct policy_decl){.name.text = "012", .description = "a: \"b\""};
    struct statement *statement = VEC_ADD(arena, &policy->custom);
    *statement = (struct statement){.sid = "True", .effect = EFFECT_DENY};
    strings_add(arena, &statement->not_actions, "iam:*");
    strings_add(arena, &statement->not_resources, "*");
    static const char *const conditions[][3] = {{"StringLike", "s3:prefix", "a"},
                                                {"Bool", "a:b", "true"},
                                                {"StringLike", "a:tag x", "no"}};
    for (size_t i = 0; i < COUNT(conditions); i++) {
        struct condition *condition = VEC_ADD(arena, &statement->conditions);
        *condition = (struct condition){.operator= conditions[i][0], .key = conditions[i][1]};
        strings_add(arena, &condition->values, conditions[i][2]);
    }
    CHECK(write(arena, &team, FILE_POLICIES, &text, &err) == 0, "%s", err.message);
    assert_string_equal(text, "# words\n"
                              "aws-policies:\n"
                              "  \"012\":\n"
                              "    description: \"a: \\\"b\\\"\"\n"
                              "    custom_statements:\n"
                              "    - sid: \"True\"\n"
                              "      effect: Deny\n"
                              "      not_actions:\n"
                              "      - \"iam:*\"\n"
                              "      not_resources:\n"
                              "      - \"*\"\n"
                              "      conditions:\n"
                              "        StringLike:\n"
                              "          \"s3:prefix\":\n"
                              "          - a\n"
                              "          \"a:tag x\":\n"
                              "          - \"no\"\n"
                              "        Bool:\n"
                              "          \"a:b\":\n"
                              "          - \"true\"\n");
    /* A key so long that YAML writes it in another way, and one that no policy can have. */
    char key[300] = "a:";
    memset(key + 2, 'k', 250);
    statement->conditions.items[0].key = key;
    CHECK(write(arena, &team, FILE_POLICIES, &text, &err) == 0, "%s", err.message);
    assert_non_null(strstr(text, "? \"a:kkk"));
    memset(key + 2, 'k', 290);
    assert_int_equal(write(arena, &team, FILE_POLICIES, &text, &err), -1);
    assert_int_equal(err.code, ERR_INPUT);
    arena_free(arena);
}

static void test_entries(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct team_config team = {0};
    struct err err;
    const char *text;
    struct access_entry *entry = add_lease(arena, &team);
    assert_false(file_is_needed(&team, FILE_ACCOUNTS) || file_is_needed(&team, FILE_POLICIES) ||
                 file_is_needed(&team, FILE_PERMANENT));
    assert_true(file_is_needed(&team, FILE_TEMPORARY));
    CHECK(write(arena, &team, FILE_TEMPORARY, &text, &err) == 0, "%s", err.message);
    assert_string_equal(text, "# words\n"
                              "temporary-access:\n"
                              "- expires_at: \"2026-05-28T20:26:40Z\"\n"
                              "  groups:\n"
                              "  - \"no\"\n"
                              "  environments:\n"
                              "  - prod\n"
                              "  grants:\n"
                              "  - x\n");
    entry->starts_at_s = entry->ends_at_s - 60;
    entry->mode = ENTRY_ROLE;
    CHECK(write(arena, &team, FILE_TEMPORARY, &text, &err) == 0, "%s", err.message);
    assert_string_equal(text, "# words\n"
                              "temporary-access:\n"
                              "- starts_at: \"2026-05-28T20:25:40Z\"\n"
                              "  expires_at: \"2026-05-28T20:26:40Z\"\n"
                              "  groups:\n"
                              "  - \"no\"\n"
                              "  environments:\n"
                              "  - prod\n"
                              "  grants:\n"
                              "  - x\n"
                              "  mode: role\n");
    struct policy_decl ad_hoc = {.description = ""};
    entry->ad_hoc = &ad_hoc; /* what is not written is not lost in silence */
    assert_int_equal(write(arena, &team, FILE_TEMPORARY, &text, &err), -1);
    assert_string_equal(err.message, "temporary-access/a.yaml would not be read as it was meant");
    entry->ad_hoc = NULL;
    entry->groups.items[0].text = "\xe2\x80\xae";
    assert_int_equal(write(arena, &team, FILE_TEMPORARY, &text, &err), -1);
    entry->groups.items[0].text = "\xff";
    assert_int_equal(write(arena, &team, FILE_TEMPORARY, &text, &err), -1);
    assert_string_equal(err.message, "what would stand in temporary-access/a.yaml cannot be written as YAML");
    arena_free(arena);
}

static void test_size(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct team_config team = {0};
    struct err err;
    const char *text;
    for (size_t size = 0; size < SOURCE_TEXT_MAX; size += strlen("- expires_at: \"2026-05-28T20:26:40Z\"\n"))
        add_lease(arena, &team);
    assert_int_equal(write(arena, &team, FILE_TEMPORARY, &text, &err), -1);
    assert_int_equal(err.code, ERR_REFUSED);
    assert_non_null(strstr(err.message, "and a file may have 1048576"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
