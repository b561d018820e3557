/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint.h"
#include "unit.h"

#include <string.h>

static void test_partitions(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const struct {
        const char *partition, *region, *iam, *iam_sigv4, *sts, *sts_sigv4;
    } cases[] = {
        {"aws", NULL, "https://iam.amazonaws.com/", "aws:amz:us-east-1:iam",
         "https://sts.us-east-1.amazonaws.com/", "aws:amz:us-east-1:sts"},
        {"aws", "eu-west-1", "https://iam.amazonaws.com/", "aws:amz:us-east-1:iam",
         "https://sts.eu-west-1.amazonaws.com/", "aws:amz:eu-west-1:sts"},
        {"aws-cn", NULL, "https://iam.cn-north-1.amazonaws.com.cn/", "aws:amz:cn-north-1:iam",
         "https://sts.cn-north-1.amazonaws.com.cn/", "aws:amz:cn-north-1:sts"},
        {"aws-cn", "cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn/", "aws:amz:cn-north-1:iam",
         "https://sts.cn-northwest-1.amazonaws.com.cn/", "aws:amz:cn-northwest-1:sts"},
        {"aws-iso", NULL, "https://iam.us-iso-east-1.c2s.ic.gov/", "aws:amz:us-iso-east-1:iam",
         "https://sts.us-iso-east-1.c2s.ic.gov/", "aws:amz:us-iso-east-1:sts"},
        {"aws-iso", "us-iso-west-1", "https://iam.us-iso-east-1.c2s.ic.gov/", "aws:amz:us-iso-east-1:iam",
         "https://sts.us-iso-west-1.c2s.ic.gov/", "aws:amz:us-iso-west-1:sts"},
        {"aws-iso-b", NULL, "https://iam.us-isob-east-1.sc2s.sgov.gov/", "aws:amz:us-isob-east-1:iam",
         "https://sts.us-isob-east-1.sc2s.sgov.gov/", "aws:amz:us-isob-east-1:sts"},
        {"aws-eusc", NULL, "https://iam.eusc-de-east-1.amazonaws.eu/", "aws:amz:eusc-de-east-1:iam",
         "https://sts.eusc-de-east-1.amazonaws.eu/", "aws:amz:eusc-de-east-1:sts"},
        {"aws-us-gov", "us-gov-east-1", "https://iam.us-gov.amazonaws.com/", "aws:amz:us-gov-west-1:iam",
         "https://sts.us-gov-east-1.amazonaws.com/", "aws:amz:us-gov-east-1:sts"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct endpoint_wishes wishes = {.region = cases[i].region};
        struct endpoint iam, sts;
        struct err err = {0};
        assert_int_equal(endpoints_resolve(arena, cases[i].partition, &wishes, &iam, &sts, &err), 0);
        assert_string_equal(iam.url, cases[i].iam);
        assert_string_equal(iam.sigv4, cases[i].iam_sigv4);
        assert_string_equal(sts.url, cases[i].sts);
        assert_string_equal(sts.sigv4, cases[i].sts_sigv4);
        assert_false(iam.is_loopback || sts.is_loopback);
    }
    arena_free(arena);
}

static void test_the_more_special_url_wins(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct endpoint_wishes wishes = {.url = "http://127.0.0.1:5000", .url_sts = "https://sts.example.com/x"};
    struct endpoint iam, sts;
    struct err err = {0};
    assert_int_equal(endpoints_resolve(arena, "aws", &wishes, &iam, &sts, &err), 0);
    assert_string_equal(iam.url, "http://127.0.0.1:5000/");
    assert_true(iam.is_loopback);
    assert_string_equal(sts.url, "https://sts.example.com/x");
    assert_false(sts.is_loopback);
    arena_free(arena);
}

static void test_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const struct {
        const char *partition, *region, *url;
    } cases[] = {
        {"aws-moon", NULL, NULL},
        {"", NULL, NULL},
        {"aws", "cn-north-1", NULL},
        {"aws", "us-gov-west-1", NULL},
        {"aws-cn", "us-east-1", NULL},
        {"aws-iso", "us-isob-east-1", NULL},
        {"aws", "eusc-de-east-1", NULL},
        {"aws", "", NULL},
        {"aws", "us-east-1.evil.com/", NULL},
        {"aws", "us east", NULL},
        {"aws", NULL, "http://iam.example.com"},
        {"aws", NULL, "http://127.0.0.1@evil.com"},
        {"aws", NULL, "127.0.0.1:5000"},
        {"aws", NULL, "https://host/?query"},
        {"aws", NULL, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct endpoint_wishes wishes = {.region = cases[i].region, .url = cases[i].url};
        struct endpoint iam, sts;
        struct err err = {0};
        CHECK(endpoints_resolve(arena, cases[i].partition, &wishes, &iam, &sts, &err) == -1, "case %zu", i);
        assert_int_equal(err.code, ERR_USAGE);
    }
    arena_free(arena);
}

/* Signed requests need no password in a URL; and one that stands there is not printed. */
static void test_user_info(void **state)
{
    (void)state;
    static const struct {
        const char *url, *shown;
    } cases[] = {
        {"http://user:secret@127.0.0.1:5000", "'127.0.0.1:5000'"},
        {"https://user:secret@sts.example.com/x", "'sts.example.com/x'"},
        {"https://secret@sts.example.com", "'sts.example.com'"},
        {"http://us:se@cret@elsewhere.com", "'elsewhere.com'"},
        {"user:secret@127.0.0.1", "'127.0.0.1'"},
        {"https://user:secret/@host", "'host'"},
        {"https://user:secret@", "''"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        struct endpoint_wishes wishes = {.url = cases[i].url};
        struct endpoint iam, sts;
        struct err err = {0};
        CHECK(endpoints_resolve(arena, "aws", &wishes, &iam, &sts, &err) == -1, "%s", cases[i].url);
        CHECK(!strstr(err.message, "secret"), "%s", err.message);
        CHECK(strstr(err.message, cases[i].shown), "%s", err.message);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_partitions),
        cmocka_unit_test(test_the_more_special_url_wins),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_user_info),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
