/* SPDX-License-Identifier: Apache-2.0 */
#include "net/queue.h"
#include "unit.h"

enum { PER_GROUP = 2 };

struct fixture {
    struct arena *arena;
    struct queue queue;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture.arena = arena_new();
    fixture.queue = queue_new(fixture.arena, PER_GROUP);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    queue_free(&fixture->queue);
    arena_free(fixture->arena);
    return 0;
}

static struct exchange *new_exchange(struct queue *queue, const char *group)
{
    struct exchange *exchange =
        exchange_new(&(struct net_request){.method = "GET", .url = "http://localhost/"});
    exchange->group = queue_group(queue, group);
    return exchange;
}

static struct exchange *add(struct queue *queue, const char *group)
{
    struct exchange *exchange = new_exchange(queue, group);
    queue_add(queue, exchange);
    return exchange;
}

/* Takes one and counts it as in flight. */
static struct exchange *take(struct queue *queue, int64_t now_ms)
{
    struct exchange *exchange = queue_take(queue, now_ms);
    if (exchange)
        exchange->group->in_flight++;
    return exchange;
}

static void test_groups_take_turns_and_have_a_limit(void **state)
{
    struct queue *queue = &((struct fixture *)*state)->queue;
    struct exchange *a[3], *b[3];
    for (int i = 0; i < 3; i++)
        a[i] = add(queue, "a");
    for (int i = 0; i < 3; i++)
        b[i] = add(queue, "b");
    assert_int_equal(queue->count, 6);
    assert_int_equal(queue_room(queue, queue_group(queue, "a")), 0);
    assert_int_equal(queue_room(queue, queue_group(queue, "c")), PER_GROUP);
    assert_ptr_equal(take(queue, 0), a[0]);
    assert_ptr_equal(take(queue, 0), b[0]);
    assert_ptr_equal(take(queue, 0), a[1]);
    assert_ptr_equal(take(queue, 0), b[1]);
    assert_null(take(queue, 0));
    assert_int_equal(queue_next_ms(queue, 250), 250);
    queue_group(queue, "b")->in_flight--;
    assert_int_equal(queue_room(queue, queue_group(queue, "b")), 0); /* b[2] is ready */
    assert_ptr_equal(take(queue, 0), b[2]);
    assert_null(take(queue, 0));
    assert_int_equal(queue->count, 1);
    exchange_free(a[0]);
    exchange_free(a[1]);
    for (int i = 0; i < 3; i++)
        exchange_free(b[i]);
}

static void test_what_waited_comes_first(void **state)
{
    struct queue *queue = &((struct fixture *)*state)->queue;
    struct exchange *late = new_exchange(queue, NULL);
    queue_add_later(queue, late, 100);
    assert_null(queue_take(queue, 99));
    assert_int_equal(queue_next_ms(queue, 250), 100);
    struct exchange *ready = add(queue, "");
    assert_ptr_equal(queue_take(queue, 100), late);
    assert_ptr_equal(queue_take(queue, 100), ready);
    assert_null(queue_take(queue, 100));
    exchange_free(late);
    exchange_free(ready);
}

static void test_a_paced_group_waits_as_a_whole(void **state)
{
    struct queue *queue = &((struct fixture *)*state)->queue;
    struct exchange *paced = add(queue, "a"), *retried = new_exchange(queue, "a"), *free_one = add(queue, "b");
    queue_add_later(queue, retried, 10);
    queue_group(queue, "a")->not_before_ms = 50;
    assert_ptr_equal(queue_take(queue, 20), free_one);
    assert_null(queue_take(queue, 20));
    assert_int_equal(queue_next_ms(queue, 250), 50);
    assert_ptr_equal(queue_take(queue, 50), retried);
    assert_ptr_equal(queue_take_any(queue), paced);
    assert_null(queue_take_any(queue));
    exchange_free(paced);
    exchange_free(retried);
    exchange_free(free_one);
}

static void test_any_takes_all_and_the_rest_is_freed(void **state)
{
    struct queue *queue = &((struct fixture *)*state)->queue;
    queue_add_later(queue, new_exchange(queue, "a"), INT64_MAX);
    add(queue, "b");
    struct exchange *exchange = queue_take_any(queue);
    assert_non_null(exchange);
    exchange_free(exchange);
    assert_int_equal(queue->count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_groups_take_turns_and_have_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_waited_comes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_paced_group_waits_as_a_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_any_takes_all_and_the_rest_is_freed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
