/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/unread.h"
#include "unit.h"

#include <string.h>

static struct policy_decl policy_of(struct arena *arena, int from, int count)
{
    struct policy_decl policy = {0};
    for (int i = from; i < from + count; i++)
        *VEC_ADD(arena, &policy.managed_policies) = (struct located){.text = arena_printf(arena, "p%02d", i)};
    return policy;
}

static void test_who_gains(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct policy_decl none = {0}, two = policy_of(arena, 1, 2), lost = policy_of(arena, 7, 1),
                       many = policy_of(arena, 0, 12);
    const char *names[] = {"p90"};
    const struct policy_change gained = {.policies_gained = {.items = names, .count = 1}};
    const struct fact gains_none = {.policy = &none}, gains_two = {.policy = &two}, loses = {.policy = &lost},
                      gains_many = {.policy = &many};
    struct delta_row rows[] = {{.kind = CHANGE_REVOKE, .before = &loses},
                               {.kind = CHANGE_HOLD, .after = &loses},
                               {.kind = CHANGE_SHORTEN, .after = &loses},
                               {.kind = CHANGE_GRANT, .after = &gains_none},
                               {.kind = CHANGE_GRANT, .after = &gains_two},
                               {.kind = CHANGE_EXTEND, .after = &gains_two},
                               {.kind = CHANGE_MODIFY, .after = &loses, .policy = &gained},
                               {.kind = CHANGE_EXTEND, .after = &gains_many}};
    struct notices notices = {0};
    unread_note(arena, &(struct delta){.items = rows, .count = 4}, &notices);
    assert_int_equal(notices.count, 0);
    unread_note(arena, &(struct delta){.items = rows, .count = 6}, &notices);
    assert_int_equal(notices.count, 1);
    assert_non_null(strstr(notices.items[0], ": p01, p02"));
    assert_null(strstr(notices.items[0], "p07"));
    unread_note(arena, &(struct delta){.items = rows, .count = 7}, &notices);
    assert_non_null(strstr(notices.items[1], ": p01, p02, p90"));
    unread_note(arena, &(struct delta){.items = rows, .count = COUNT(rows)}, &notices);
    assert_non_null(strstr(notices.items[2], ": p00, p01, p02, p03, p04, p05, p06, p07 and 5 more"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_who_gains)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
