/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "unit.h"

#include <string.h>

static void test_set_and_wrap(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(err_set(&err, ERR_IO, "cannot read '%s'", "x.yaml"), -1);
    assert_int_equal(err.code, ERR_IO);
    assert_string_equal(err.message, "cannot read 'x.yaml'");
    assert_int_equal(err_wrap(&err, "team %s", "payments"), -1);
    assert_int_equal(err_wrap(&err, "100%%"), -1);
    assert_int_equal(err.code, ERR_IO);
    assert_string_equal(err.message, "100%: team payments: cannot read 'x.yaml'");
    assert_int_equal(err_set(&err, ERR_USAGE, "new"), -1);
    assert_string_equal(err.message, "new");
}

/* Messages of every length near the limit are cut at the end and terminated. */
static void test_long_messages_are_cut(void **state)
{
    (void)state;
    for (int size = ERR_MESSAGE_MAX - 8; size < ERR_MESSAGE_MAX + 8; size++) {
        struct err err = {0};
        (void)err_set(&err, ERR_NET, "%0*d", size, 0);
        size_t length = strlen(err.message);
        assert_int_equal(length, size < ERR_MESSAGE_MAX ? size : ERR_MESSAGE_MAX - 1);
        (void)err_wrap(&err, "ab");
        assert_int_equal(strlen(err.message), length + 4 < ERR_MESSAGE_MAX ? length + 4 : ERR_MESSAGE_MAX - 1);
        assert_memory_equal(err.message, "ab: 000", 7);

        (void)err_set(&err, ERR_NET, "inner");
        (void)err_wrap(&err, "%0*d", size, 0);
        assert_true(strlen(err.message) < ERR_MESSAGE_MAX);
        assert_int_equal(err.code, ERR_NET);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_and_wrap),
        cmocka_unit_test(test_long_messages_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
