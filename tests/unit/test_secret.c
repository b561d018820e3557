/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"
#include "unit.h"

#include <string.h>

static void test_set_and_clear(void **state)
{
    (void)state;
    struct secret secret = {0};
    assert_false(secret_is_set(&secret));
    assert_string_equal(secret_reveal(&secret), "");
    secret_clear(&secret);

    char given[] = "hunter2!";
    secret_set(&secret, given, 7);
    memset(given, 'x', sizeof given - 1);
    assert_true(secret_is_set(&secret));
    assert_string_equal(secret_reveal(&secret), "hunter2");
    secret_set(&secret, "other", 5);
    assert_string_equal(secret_reveal(&secret), "other");
    secret_set(&secret, secret_reveal(&secret) + 1, 4); /* from itself */
    assert_string_equal(secret_reveal(&secret), "ther");
    secret_set(&secret, "", 0);
    assert_false(secret_is_set(&secret));
    assert_string_equal(secret_reveal(&secret), "");
    secret_clear(&secret);
    assert_null(secret.bytes);
    assert_int_equal(secret.size, 0);
    secret_clear(&secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_and_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
