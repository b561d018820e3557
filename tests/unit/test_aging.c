/* SPDX-License-Identifier: Apache-2.0 */
#include "render/aging.h"
#include "unit.h"

#include <stdint.h>
#include <string.h>

static struct buf text_of(const char *text)
{
    struct buf buf;
    buf_init(&buf, SIZE_MAX / 4);
    buf_add_text(&buf, text);
    return buf;
}

static void test_write(void **state)
{
    struct buf marked = text_of("until noon" AGING_BEGIN " (in 2 hours)" AGING_END ", then no more"), out;
    (void)state;
    buf_init(&out, SIZE_MAX / 4);
    aging_write(&out, &marked);
    assert_string_equal(out.bytes, "until noon (in 2 hours), then no more");
    buf_free(&out);
    buf_free(&marked);
}

/* Length and hash are those of the lasting part; the clock changes neither. */
static void test_clock_changes_nothing(void **state)
{
    struct buf now = text_of("a" AGING_BEGIN "in 11 days 23 hours" AGING_END "b"),
               later = text_of("a" AGING_BEGIN "in 1 hour" AGING_END "b"),
               other = text_of("a" AGING_BEGIN "in 1 hour" AGING_END "c"), plain = text_of("ab");
    char one[SHA256_HEX_SIZE], two[SHA256_HEX_SIZE];
    (void)state;
    assert_int_equal(aging_size(&now), aging_size(&later));
    assert_true(aging_size(&now) >= now.size - 2);
    assert_int_equal(aging_size(&plain), 2);
    assert_string_equal(aging_hash(&now, one), aging_hash(&later, two));
    assert_string_equal(one, aging_hash(&plain, two));
    assert_string_not_equal(one, aging_hash(&other, two));
    struct buf *all[] = {&now, &later, &other, &plain};
    for (size_t i = 0; i < COUNT(all); i++)
        buf_free(all[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_clock_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
