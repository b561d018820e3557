/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/str.h"
#include "render/render.h"
#include "render_checks.h"
#include "unit.h"

#include <string.h>

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

/* One file, and one thing that is left behind, each called `name`. */
static struct imported sample(struct arena *arena, const char *name)
{
    struct imported imported = {.team = "payments",
                                .now_s = 1780000000,
                                .accounts = 1,
                                .attachments = 2,
                                .policies = 1,
                                .is_written = true};
    *VEC_ADD(arena, &imported.files) = (struct imported_file){name, "a: b\n", strlen("a: b\n")};
    *VEC_ADD(arena, &imported.left) = (struct left_behind){.kind = LEFT_INLINE_POLICY,
                                                           .account_id = "123456789012",
                                                           .environment = "prod",
                                                           .principal_kind = PRINCIPAL_ROLE,
                                                           .principal = name,
                                                           .what = name,
                                                           .reason = "inline-policy",
                                                           .detail = name};
    return imported;
}

static const char *as_text(struct arena *arena, const struct imported *imported)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    render_import_text(&out, imported, (struct style){false});
    return rendered(arena, &out);
}

static void test_text(void **state)
{
    struct imported imported = sample(*state, "x");
    assert_string_equal(as_text(*state, &imported),
                        "1 account: 2 attachments by 1 policy; 1 left behind\n"
                        "written      x\n"
                        "\n"
                        "1 left behind: no file says this\n"
                        "ACCOUNT              PRINCIPAL  KIND           WHAT  WHY\n"
                        "prod (123456789012)  role x     inline-policy  x     x [inline-policy]\n");
    imported.is_written = false;
    imported.left.count = 0;
    imported.filtered = 3;
    imported.leases = 1;
    assert_string_equal(as_text(*state, &imported),
                        "1 account: 2 attachments, 1 lease by 1 policy; 0 left behind, 3 not asked for\n"
                        "not written  x\n");
    imported.dry_run = true;
    assert_non_null(strstr(as_text(*state, &imported), "\n# x\na: b\n"));
}

static void test_hostile_names(void **state)
{
    for (size_t i = 0; hostile_texts[i]; i++) {
        struct imported imported = sample(*state, hostile_texts[i]);
        assert_terminal_harmless(as_text(*state, &imported));
    }
}

static void test_json(void **state)
{
    const struct imported imported = sample(*state, "\"x\"\n");
    struct buf out;
    struct json *json;
    struct err err = {0};
    buf_init(&out, SIZE_MAX / 4);
    render_import_json(&out, &imported);
    const char *text = rendered(*state, &out);
    CHECK(json_parse(*state, text, strlen(text), &json, &err) == 0, "%s", err.message);
    assert_string_equal(json_get_string(json, "format"), "iamlease/import");
    assert_string_equal(json_get_string(&json_get(json, "files")->items[0], "text"), "a: b\n");
    const struct json *left = &json_get(json, "left_behind")->items[0];
    assert_string_equal(json_get_string(left, "kind"), "inline-policy");
    assert_string_equal(json_get_string(json_get(left, "principal"), "name"), "\"x\"\n");
    assert_int_equal((int)json_get(json_get(json, "counts"), "attachments")->number, 2);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_text), TEST(test_hostile_names), TEST(test_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
