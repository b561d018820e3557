/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "github/link.h"
#include "unit.h"

static void test_the_next_page(void **state)
{
    (void)state;
    static const struct {
        const char *header, *next;
    } cases[] = {
        {"<https://a/b?page=2>; rel=\"next\", <https://a/b?page=9>; rel=\"last\"", "https://a/b?page=2"},
        {"<https://a/1>; rel=\"prev\", <https://a/3>; rel=\"next\"", "https://a/3"},
        {"<https://a/1>;rel=next", "https://a/1"},
        {"<https://a/1>; title=\"x, y; rel=next\"; REL=\"NEXT\"", "https://a/1"},
        {"<https://a/1>; title=\"rel=next\"", NULL},
        {"<https://a/1>; title=\"; rel=next", NULL},
        {"<https://a/1>; xrel=\"next\"", NULL},
        {"<https://a/1>; rel=\"nextish\"", NULL},
        {"<https://a/1>; rel", NULL},
        {"<https://a/1> rel=next", NULL},
        {"<https://a/1", NULL},
        {"https://a/1; rel=\"next\"", NULL},
        {"", NULL},
        {", ,", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        const char *next = link_next(arena, cases[i].header);
        CHECK(next ? cases[i].next && str_eq(next, cases[i].next) : !cases[i].next, "%s", cases[i].header);
        arena_free(arena);
    }
}

static void test_origins(void **state)
{
    (void)state;
    static const char api[] = "https://api.example.com:8443/api/v3";
    assert_true(link_has_origin_of("https://api.example.com:8443/repositories/1?page=2", api));
    static const char *const others[] = {
        "https://api.example.com:8443",
        "https://api.example.com/repositories/1",
        "http://api.example.com:8443/a",
        "https://api.example.com:8443.example.net/a",
        "https://api.example.com:8443@evil.net/",
        "https://api.example.com:84431/",
        "/repositories/1",
        "",
    };
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK(!link_has_origin_of(others[i], api), "%s", others[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_next_page), cmocka_unit_test(test_origins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
