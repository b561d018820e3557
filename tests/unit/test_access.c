/* SPDX-License-Identifier: Apache-2.0 */
#include "model/access.h"
#include "unit.h"

/* In sets of every size up to eight, each that is there is found and nothing else. */
static void test_find(void **state)
{
    (void)state;
    static const char *const identities[] = {"a", "a\nb", "ab", "b", "c", "d", "x", "y"};
    static const char *const others[] = {"", "a\na", "aa", "bb", "cc", "e", "xx", "z"};
    struct fact facts[COUNT(identities)] = {0};
    for (size_t i = 0; i < COUNT(identities); i++)
        facts[i].identity = identities[i];
    for (size_t count = 0; count <= COUNT(identities); count++) {
        const struct facts set = {.items = facts, .count = count};
        for (size_t i = 0; i < COUNT(identities); i++) {
            CHECK(facts_find(&set, identities[i]) == (i < count ? &facts[i] : NULL), "%zu of %zu", i, count);
            CHECK(!facts_find(&set, others[i]), "other %zu of %zu", i, count);
        }
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(principal_kind_name(PRINCIPAL_USER), "user");
    assert_string_equal(principal_kind_name(PRINCIPAL_ROLE), "role");
    assert_string_equal(principal_kind_name(PRINCIPAL_GROUP), "group");
    assert_string_equal(access_mode_name(MODE_ATTACH), "attach");
    assert_string_equal(access_mode_name(MODE_INLINE), "inline");
    assert_string_equal(access_mode_name(MODE_POLICY), "policy");
    assert_string_equal(access_mode_name(MODE_ROLE), "role");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
