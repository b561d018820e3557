/* SPDX-License-Identifier: Apache-2.0 */
#include "net/net.h"
#include "unit.h"

static void test_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool loopback;
    } cases[] = {
        {"https://iam.amazonaws.com/", false},
        {"https://iam.amazonaws.com", false},
        {"https://sts.eu-west-1.amazonaws.com:443/path?query=1", false},
        {"https://[2001:db8::1]/", false},
        {"https://127.0.0.1/", true},
        {"http://127.0.0.1:5000", true},
        {"http://127.0.0.1:65535/", true},
        {"http://127.255.255.255/", true},
        {"http://localhost:4566/", true},
        {"http://localhost", true},
        {"http://[::1]:80/", true},
        {"http://[::1]", true},
        {"https://host/.a/..b/c./d../.../a..b...c//%2e%2ee?x=/../", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool loopback = !cases[i].loopback;
        CHECK(net_url_is_allowed(cases[i].url, &loopback), "%s", cases[i].url);
        CHECK(loopback == cases[i].loopback, "%s", cases[i].url);
        CHECK(net_url_is_allowed(cases[i].url, NULL), "%s", cases[i].url);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "http://",
        "https://",
        "https:///path",
        "iam.amazonaws.com",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "HTTP://127.0.0.1/",
        " https://iam.amazonaws.com/",
        "http://iam.amazonaws.com/",
        "http://127.0.0.1.evil.com/",
        "http://127.0.0.1@evil.com/",
        "http://localhost@evil.com/",
        "https://user:password@iam.amazonaws.com/",
        "http://localhost.evil.com/",
        "http://localhost./",
        "http://evil.com/?http://127.0.0.1",
        "http://evil.com/127.0.0.1",
        "http://evil.com#127.0.0.1",
        "http://127.0.0.1#@evil.com/",
        "http://127.0.0.1\\@evil.com/",
        "http://127.0.0.1%2eevil.com/",
        "http://127.0.0.1 .evil.com/",
        "http://127.1/",
        "http://127.0.0.256/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://127.0.0.0x1/",
        "http://127.0.0./",
        "http://2130706433/",
        "http://0.0.0.0/",
        "http://0/",
        "http://128.0.0.1/",
        "http://[::1]evil.com/",
        "http://[::1].evil.com/",
        "http://[::2]/",
        "http://[::1%25lo]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::1",
        "http://[]/",
        "http://127.0.0.1:/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1:123456/",
        "http://127.0.0.1:80:80/",
        "http://127.0.0.1:80@evil.com/",
        "http://127.0.0.1:8o/",
        "https://host\r\nX-Header: 1/",
        "https://host/\x7f",
        "https://h\xc3\xb6st/",
        "https://.host/",
        "https://-host/",
        "https://ho_st/",
        "https://host/a b",
        "https://host/#fragment",
        "https://host/.",
        "https://host/..",
        "https://host/a/../b",
        "https://host/a/./b",
        "https://host/a/..?query=1",
        "https://host/a/%2e%2E/b",
        "https://host/a/.%2e",
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(!net_url_is_allowed(cases[i], NULL), "%s", cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
