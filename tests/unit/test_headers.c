/* SPDX-License-Identifier: Apache-2.0 */
#include "net/headers.h"
#include "unit.h"

#include <string.h>

static struct headers take(const char *line)
{
    struct headers headers = headers_none();
    headers_take(&headers, line, strlen(line));
    return headers;
}

static void test_request_ids(void **state)
{
    (void)state;
    assert_string_equal(take("x-amzn-RequestId: 1-a:B_c\r\n").request_id, "1-a:B_c");
    assert_string_equal(take("X-GitHub-Request-Id:C0:1\r\n").request_id, "C0:1");
    static const char *const others[] = {"X-Request-Id: 1\r\n", "x-amzn-requestid: a b\r\n",
                                         "x-amzn-requestid: <b>\r\n", "x-amzn-requestid:\r\n",
                                         "x-amzn-requestid"};
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK(take(others[i]).request_id[0] == 0, "%s", others[i]);
    char line[256] = "x-amzn-requestid: ";
    memset(line + strlen(line), 'a', REQUEST_ID_SIZE);
    assert_string_equal(take(line).request_id, "");
}

static void test_links(void **state)
{
    (void)state;
    assert_string_equal(take("Link: <https://api.example.com/a?page=2>; rel=\"next\" \r\n").link,
                        "<https://api.example.com/a?page=2>; rel=\"next\"");
    assert_string_equal(take("link: a\x01"
                             "b\r\n")
                            .link,
                        "");
    assert_string_equal(take("link: \xc3\xa4\r\n").link, "");
    char line[LINK_SIZE + 64] = "link: ";
    memset(line + strlen(line), 'a', LINK_SIZE);
    assert_string_equal(take(line).link, "");
}

static void test_limits(void **state)
{
    (void)state;
    assert_int_equal(take("Retry-After: 60\r\n").limits.retry_after_s, 60);
    assert_int_equal(take("x-ratelimit-remaining: 0\r\n").limits.remaining, 0);
    assert_int_equal(take("X-RateLimit-Reset: 1764147600\r\n").limits.reset_s, 1764147600);
    static const char *const others[] = {"retry-after: Wed, 21 Oct 2026 07:28:00 GMT",
                                         "retry-after: -1",
                                         "retry-after: 999999999999",
                                         "retry-after: 1.5",
                                         "retry-after: ",
                                         "retry-after-2: 7"};
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK(take(others[i]).limits.retry_after_s == -1, "%s", others[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_ids),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
