/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "policy/role_mark.h"
#include "unit.h"

#include <string.h>

/* IAM's pattern of the values of tags, as far as ASCII goes. */
static bool is_tag_value(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.:/=+-@", *c))
            return false;
    return strlen(text) <= 256;
}

static void test_there_and_back(void **state)
{
    (void)state;
    static const struct {
        struct mark mark;
        const char *value;
    } cases[] = {
        {{"default", "payments", "dev.break-glass:user:bert"}, "default/payments/dev.break-glass:user:bert"},
        {{"default", "payments", "a,b=c:user:x,y@z"}, "default/payments/a=2Cb=3Dc:user:x=2Cy@z"},
        {{"o/w ner", "t", "g:role:r"}, "o=2Fw=20ner/t/g:role:r"},
        {{"caf\xc3\xa9", "t", "g:user:u"}, "caf=C3=A9/t/g:user:u"},
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *value = role_mark(arena, &cases[i].mark);
        struct mark mark;
        assert_string_equal(value, cases[i].value);
        assert_true(is_tag_value(value));
        assert_true(role_mark_is_lease(arena, value, cases[i].mark.owner, &mark));
        assert_string_equal(mark.owner, cases[i].mark.owner);
        assert_string_equal(mark.team, cases[i].mark.team);
        assert_string_equal(mark.name, cases[i].mark.name);
        assert_false(role_mark_is_lease(arena, value, "another", &mark));
    }
}

/* What is too long still says whose it is, is that of a lease, and no other has it. */
static void test_long_names(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char name[300], other[300];
    memset(name, 'g', sizeof name);
    name[sizeof name - 1] = 0;
    memcpy(other, name, sizeof other);
    other[sizeof other - 2] = 'h';
    struct mark mark;
    const char *value = role_mark(arena, &(struct mark){"default", "t", name});
    assert_true(is_tag_value(value));
    assert_true(role_mark_is_lease(arena, value, "default", &mark));
    assert_string_equal(mark.team, "t");
    assert_false(str_eq(value, role_mark(arena, &(struct mark){"default", "t", other})));
}

static void test_others(void **state)
{
    (void)state;
    static const char *const values[] = {
        "",
        "default",
        "default/t",
        "default//g:user:u",
        "/t/g:user:u",
        "default/t/",
        "default/t/g:user:u/x",
        "default/t/dev.read", /* of no lease */
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct mark mark;
    for (size_t i = 0; i < COUNT(values); i++)
        CHECK(!role_mark_is_lease(arena, values[i], "default", &mark), "%s", values[i]);
    assert_false(role_mark_is_lease(arena, NULL, "default", &mark));
    assert_true(role_mark_parse(arena, "default/t/a=zz=", &mark));
    assert_string_equal(mark.name, "a=zz=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
