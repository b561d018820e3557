/* SPDX-License-Identifier: Apache-2.0 */
#include "render/script.h"
#include "unit.h"

#include <string.h>

static void test_mixed(void **state)
{
    static const struct {
        const char *text, *script;
    } cases[] = {
        {"", NULL},
        {"admin", NULL},
        {"Zoë from Århus, Łódź and Hà Nội", NULL},
        {"доступ к журналу", NULL},
        {"東京ops", NULL},
        {"IAM-роль for доступ", NULL}, /* each part is of one script */
        {"Latin, then кириллица", NULL},
        {"5×3 5÷3", NULL},
        {"µs", NULL}, /* the micro sign is no letter of Greek */
        {"аdmin", "Cyrillic"},
        {"adm\u0456n", "Cyrillic"},
        {"read this pаyment", "Cyrillic"},
        {"dev.\u0430", "Cyrillic"},
        {"p4\u0430", "Cyrillic"},
        {"a\u200b\u0430", "Cyrillic"},
        {"a\u0301\u0430", "Cyrillic"},
        {"\u03bfpen", "Greek"},
        {"\u0578pen", "Armenian"},
        {"\u13aadmin", "Cherokee"},
        {"\uff41dmin", "fullwidth"},
        {"\U0001d41admin", "mathematical"},
        {"\xff\u0430x", "Cyrillic"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *script = script_mixed_in(cases[i].text, strlen(cases[i].text));
        if (cases[i].script)
            assert_string_equal(script, cases[i].script);
        else
            assert_null(script);
    }
}

/* Only what is shown counts. */
static void test_size(void **state)
{
    (void)state;
    assert_null(script_mixed_in("admin \u0430x", 5));
    assert_null(script_mixed_in("a\u0430", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mixed), cmocka_unit_test(test_size)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
