/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "render/render.h"
#include "render_checks.h"
#include "render_samples.h"
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

static const char *render_text(struct arena *arena, const struct holdings *holdings)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    render_who_text(&out, holdings, (struct style){false});
    return rendered(arena, &out);
}

static struct json *render_json(struct arena *arena, const struct holdings *holdings)
{
    struct buf out;
    struct json *json;
    struct err err = {0};
    buf_init(&out, SIZE_MAX / 4);
    render_who_json(&out, holdings);
    const char *text = rendered(arena, &out);
    assert_int_equal(json_parse(arena, text, strlen(text), &json, &err), 0);
    return json;
}

static void test_text(void **state)
{
    assert_string_equal(
        render_text(*state, sample_holdings(*state)),
        "3 grants, 1 ended, 1 not declared\n"
        "\n"
        "ACCOUNT                 PRINCIPAL           HAS                                 MODE    UNTIL                                      TEAM/GRANT                FLAGS\n"
        "nonprod (123456789012)  role NightlyReport  iamlease/payments-dev-read-only     attach  no end                                     payments/dev.read-only\n"
        "prod (345678901234)     user bert           temp-payments-dev-break-glass-bert  inline  2025-12-01T00:00:00Z (in 4 days 15 hours)  payments/dev.break-glass\n"
        "prod (345678901234)     user bob            temp-payments-dev-debug-bob         inline  2025-11-26T07:00:00Z (2 hours ago)         -                         ended, not declared\n");
}

static void test_empty_and_unreadable(void **state)
{
    struct holdings holdings = {.now_s = SAMPLE_NOW};
    assert_string_equal(render_text(*state, &holdings), "Nobody has access that iamlease knows of.\n");
    problem_add(*state, &holdings.problems, "account-unreachable", "345678901234", NULL,
                "cannot assume the role")
        ->hint = "let the hub assume AWSSelfServeDeployer";
    assert_string_equal(render_text(*state, &holdings),
                        "Nobody has access that iamlease knows of.\n"
                        "\n"
                        "1 problem\n"
                        "  ✗ cannot assume the role [account-unreachable]\n"
                        "    concerns:   345678901234\n"
                        "    what to do: let the hub assume AWSSelfServeDeployer\n");
}

static void test_json(void **state)
{
    const struct json *json = render_json(*state, sample_holdings(*state));
    assert_string_equal(json_get_string(json, "format"), "iamlease/who");
    const struct json *rows = json_get(json, "holdings");
    assert_int_equal(rows->count, 3);
    assert_string_equal(json_get_string(&rows->items[0], "has"),
                        "arn:aws:iam::123456789012:policy/iamlease/payments-dev-read-only");
    assert_int_equal(json_get(&rows->items[0], "ends_at")->kind, JSON_NULL);
    assert_string_equal(json_get_string(&rows->items[1], "ends_at"), "2025-12-01T00:00:00Z");
    assert_string_equal(json_get_string(json_get(&rows->items[1], "principal"), "name"), "bert");
    assert_true(json_get(&rows->items[2], "ended")->boolean);
    assert_false(json_get(&rows->items[2], "declared")->boolean);
    assert_int_equal(json_get(&rows->items[2], "team")->kind, JSON_NULL);
}

static void test_hostile(void **state)
{
    struct holdings holdings = {.now_s = SAMPLE_NOW};
    for (size_t i = 0; hostile_texts[i]; i++)
        *VEC_ADD(*state, &holdings) = (struct holding){
            .account_id = hostile_texts[i],
            .environment = hostile_texts[i],
            .principal = hostile_texts[i],
            .team = hostile_texts[i],
            .grant = hostile_texts[i],
            .what = hostile_texts[i],
        };
    assert_terminal_harmless(render_text(*state, &holdings));
    assert_int_equal(json_get(render_json(*state, &holdings), "holdings")->count, holdings.count);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/* No entry asks for it, and nothing is odd about that. */
static void test_granted_directly(void **state)
{
    static const struct direct_grant direct = {.run_id = "r_1"};
    struct holding holding = {.account_id = "345678901234",
                              .principal = "bert",
                              .what = "arn:aws:iam::345678901234:role/iamlease/Permission-r_1",
                              .mode = MODE_ROLE,
                              .ends_at_s = SAMPLE_NOW + 3600,
                              .direct = &direct};
    struct holdings holdings = {.items = &holding, .count = 1, .now_s = SAMPLE_NOW};
    const char *text = render_text(*state, &holdings);
    assert_non_null(strstr(text, "granted directly\n"));
    assert_null(strstr(text, "not declared"));
    const struct json *rows = json_get(render_json(*state, &holdings), "holdings");
    assert_true(json_get(&rows->items[0], "direct")->boolean);
    assert_false(json_get(&rows->items[0], "declared")->boolean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_text),    TEST(test_empty_and_unreadable), TEST(test_json),
        TEST(test_hostile), TEST(test_granted_directly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
