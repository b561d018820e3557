/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/input_names.h"
#include "cmd/option_table.h"
#include "unit.h"

#include <string.h>

/* As if `name` had stood on the command line. */
static uint64_t given(const char *name)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strcmp(option_rows[i].name, name) == 0)
            return UINT64_C(1) << i;
    fail_msg("no option %s", name);
    return 0;
}

static void test_messages(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *message, *said;
    } cases[] = {
        {NULL, "--comment 'x' is neither true nor false", "the input comment 'x' is neither true nor false"},
        {NULL, "there is no folder 'iam': mend --config-root",
         "there is no folder 'iam': mend the input config-root"},
        {NULL, "--pr and --base", "the input pr and the input base"},
        {"pr", "--pr and --base", "--pr and the input base"},
        {NULL, "--no-such-option, a--pr, --", "--no-such-option, a--pr, --"},
        {NULL, "give --base REVISION (in Actions the input 'base')",
         "give --base REVISION (in Actions the input 'base')"},
        {NULL, "", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct options options = {.given = cases[i].typed ? given(cases[i].typed) : 0};
        struct err err = {0};
        (void)err_set(&err, ERR_USAGE, "%s", cases[i].message);
        struct err said = err_for_a_job(&options, &err);
        assert_string_equal(said.message, cases[i].said);
        assert_int_equal(said.code, ERR_USAGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_messages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
