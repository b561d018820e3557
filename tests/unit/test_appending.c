/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config/appending.h"
#include "unit.h"

#include <string.h>

static int append(struct arena *arena, const char *text, const char **ret, struct err *err)
{
    struct source_file file = {.path = "temporary-access/a.yaml",
                               .text = text,
                               .size = text ? strlen(text) : 0};
    struct strings permissions = {0}, resources = {0};
    strings_add(arena, &permissions, "s3:GetObject");
    strings_add(arena, &resources, "arn:aws:s3:::b");
    const struct new_entry entry = {.description = "D",
                                    .user = "bert@example.com",
                                    .environment = "prod",
                                    .expires_at_s = 1780000000,
                                    .permissions = &permissions,
                                    .resources = &resources,
                                    .reason = "a: \"b\" # c",
                                    .ticket = "",
                                    .port_run = "r_1"};
    return config_append_entry(arena, &file, &entry, ret, err);
}

#define BLOCK(i)                                                                                             \
    i "- description: \"D\"\n" i "  expires_at: 2026-05-28T20:26:40Z\n" i "  user: \"bert@example.com\"\n" i \
      "  environment: \"prod\"\n" i "  permissions:\n" i "    - \"s3:GetObject\"\n" i "  resources:\n" i     \
      "    - \"arn:aws:s3:::b\"\n" i "  reason: \"a: \\\"b\\\" # c\"\n" i "  port_run: \"r_1\"\n"
#define FLOW                                                                                          \
    "{\"description\":\"D\",\"expires_at\":\"2026-05-28T20:26:40Z\",\"user\":\"bert@example.com\","   \
    "\"environment\":\"prod\",\"permissions\":[\"s3:GetObject\"],\"resources\":[\"arn:aws:s3:::b\"]," \
    "\"reason\":\"a: \\\"b\\\" # c\",\"port_run\":\"r_1\"}"

static void test_styles(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } cases[] = {
        {NULL, "temporary-access:\n" BLOCK("  ")},
        {"", "temporary-access:\n" BLOCK("  ")},
        {"# only this\n", "# only this\ntemporary-access:\n" BLOCK("  ")},
        {"temporary-access:\n", "temporary-access:\n" BLOCK("  ")},
        {"temporary-access: # none\n\n", "temporary-access: # none\n\n" BLOCK("  ")},
        {"temporary-access:\n- a: 1\n", "temporary-access:\n- a: 1\n" BLOCK("")},
        {"temporary-access:\n     - a: 1 # x\n     # y\n",
         "temporary-access:\n     - a: 1 # x\n     # y\n" BLOCK("     ")},
        {"temporary-access:\n  - a: 1", "temporary-access:\n  - a: 1\n" BLOCK("  ")},
        {"temporary-access: []\n", "temporary-access: [" FLOW "]\n"},
        {"temporary-access: [{a: 1}] # [x]\n", "temporary-access: [{a: 1}, " FLOW "] # [x]\n"},
        {"temporary-access: [{a: 1},]\n", "temporary-access: [{a: 1}," FLOW "]\n"},
        {"{\"temporary-access\": [{\"a\": [\"]\"]}]}\n",
         "{\"temporary-access\": [{\"a\": [\"]\"]}, " FLOW "]}\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        const char *text = "";
        struct err err = {0};
        CHECK(append(arena, cases[i].before, &text, &err) == 0, "case %zu: %s", i, err.message);
        CHECK(str_eq(text, cases[i].after), "case %zu:\n%s", i, text);
        arena_free(arena);
    }
}

/* What cannot be added to as it is stays as it is. */
static void test_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "other:\n  - a: 1\n",
        "temporary-access:\n  - a: 1\nother: 2\n",
        "temporary-access: text\n",
        "- a\n",
        "text\n",
        "temporary-access:\n  - a: 1\n...\n",
        "temporary-access:\n  - a: [\n",
        "temporary-access:\n  - a: |+\n      x",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct arena *arena = arena_new();
        const char *text;
        struct err err = {0};
        CHECK(append(arena, texts[i], &text, &err) == -1 && err.code == ERR_REFUSED, "%s", texts[i]);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_styles),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
