/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry.h"
#include "unit.h"

static void test_verdicts(void **state)
{
    (void)state;
    static const struct {
        long status;
        enum net_verdict verdict;
    } cases[] = {
        {200, NET_FINAL}, {204, NET_FINAL}, {301, NET_FINAL}, {400, NET_FINAL},     {404, NET_FINAL},
        {500, NET_RETRY}, {503, NET_RETRY}, {599, NET_RETRY}, {429, NET_THROTTLED}, {600, NET_FINAL},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(retry_verdict(cases[i].status) == cases[i].verdict, "%ld", cases[i].status);
}

static void test_failures(void **state)
{
    (void)state;
    static const struct {
        CURLcode code;
        enum failure failure;
    } cases[] = {
        {CURLE_COULDNT_CONNECT, FAILURE_UNREACHABLE}, {CURLE_COULDNT_RESOLVE_HOST, FAILURE_UNREACHABLE},
        {CURLE_OPERATION_TIMEDOUT, FAILURE_BROKEN},   {CURLE_RECV_ERROR, FAILURE_BROKEN},
        {CURLE_GOT_NOTHING, FAILURE_BROKEN},          {CURLE_PARTIAL_FILE, FAILURE_BROKEN},
        {CURLE_URL_MALFORMAT, FAILURE_FINAL},         {CURLE_PEER_FAILED_VERIFICATION, FAILURE_FINAL},
        {CURLE_WRITE_ERROR, FAILURE_FINAL},           {CURLE_UNSUPPORTED_PROTOCOL, FAILURE_FINAL},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(retry_failure(cases[i].code) == cases[i].failure, "%d", cases[i].code);
}

/* The most that can be waited doubles with each attempt and ends at the limit; the least is nothing. */
static void test_waits_are_full_jitter(void **state)
{
    (void)state;
    static const struct {
        unsigned attempts, most, most_throttled;
    } cases[] = {
        {1, 200, 1000},   {2, 400, 2000},    {3, 800, 4000},          {5, 3200, 16000},
        {6, 6400, 20000}, {8, 20000, 20000}, {4000000, 20000, 20000},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned attempts = cases[i].attempts;
        CHECK(retry_wait_ms(200, attempts, false, UINT32_MAX) == cases[i].most, "%u", attempts);
        CHECK(retry_wait_ms(200, attempts, true, UINT32_MAX) == cases[i].most_throttled, "%u", attempts);
        CHECK(retry_wait_ms(200, attempts, false, UINT32_MAX / 2) <= cases[i].most / 2, "%u", attempts);
        CHECK(retry_wait_ms(200, attempts, true, 0) == 0, "%u", attempts);
    }
    assert_int_equal(retry_wait_ms(UINT32_MAX, 1, true, UINT32_MAX), WAIT_MAX_MS);
    assert_int_equal(retry_wait_ms(0, 9, true, UINT32_MAX), 0);
}

/* A source of random numbers of our own: over many draws the waits fill their range evenly. */
static void test_waits_are_spread(void **state)
{
    (void)state;
    enum { DRAWS = 4000, BINS = 8 };
    unsigned bins[BINS] = {0};
    uint32_t random = 1;
    for (int i = 0; i < DRAWS; i++) {
        random = random * 1664525 + 1013904223;
        unsigned wait_ms = retry_wait_ms(200, 2, false, random);
        assert_true(wait_ms <= 400);
        bins[wait_ms == 400 ? BINS - 1 : wait_ms * BINS / 400]++;
    }
    for (int i = 0; i < BINS; i++)
        assert_in_range(bins[i], DRAWS / BINS * 8 / 10, DRAWS / BINS * 12 / 10);
}

static void test_pace(void **state)
{
    (void)state;
    struct pace pace = {0};
    pace_succeeded(&pace);
    assert_int_equal(pace_interval_ms(&pace), 0);
    pace_throttled(&pace);
    assert_int_equal(pace_interval_ms(&pace), 100);
    pace_throttled(&pace);
    assert_in_range(pace_interval_ms(&pace), 140, 145);
    for (int i = 0; i < 100; i++)
        pace_throttled(&pace);
    assert_int_equal(pace_interval_ms(&pace), 2000);
    unsigned before = pace_interval_ms(&pace);
    pace_succeeded(&pace);
    assert_true(pace_interval_ms(&pace) < before);
    for (int i = 0; i < 100; i++)
        pace_succeeded(&pace);
    assert_int_equal(pace_interval_ms(&pace), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_waits_are_full_jitter),
        cmocka_unit_test(test_waits_are_spread),
        cmocka_unit_test(test_pace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
