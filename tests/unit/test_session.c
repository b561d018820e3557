/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/session.h"
#include "unit.h"

#include <string.h>

static void test_session_names(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const struct {
        const char *name, *cleaned;
    } cases[] = {
        {"iamlease-org_repo-pr12", "iamlease-org_repo-pr12"},
        {"org/repo #12", "org-repo--12"},
        {"a=b,c.d@e+f", "a=b,c.d@e+f"},
        {"", "iamlease"},
        {"x", "iamlease"},
        {"/", "iamlease"},
        {"//", "--"},
        {"r\xc3\xa9po\r\n", "r--po--"},
        {"0123456789012345678901234567890123456789012345678901234567890123456789",
         "0123456789012345678901234567890123456789012345678901234567890123"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(session_name_clean(arena, cases[i].name), cases[i].cleaned);
    arena_free(arena);
}

/* Opens a session with these texts in the environment; closes it again. */
static int try_open(const char *key, const char *secret, const char *token, const char *url, struct err *err)
{
    struct settings settings = settings_defaults();
    struct aws_environment environment = {.access_key_id = key, .endpoint_url = url};
    struct net *net = NULL;
    struct net_options options = {.user_agent = "unit/1"};
    struct aws *aws = NULL;
    assert_int_equal(net_open(&net, &options, err), 0);
    if (secret)
        secret_set(&environment.secret_access_key, secret, strlen(secret));
    if (token)
        secret_set(&environment.session_token, token, strlen(token));
    int result = aws_open(&aws, &environment, &settings, ROLE_DEPLOYER, "name", net, err);
    if (result == 0) {
        assert_true(aws_is_loopback(aws) == (url != NULL));
        assert_string_equal(aws_account(aws, "123456789012")->role_arn,
                            "arn:aws:iam::123456789012:role/AWSSelfServeDeployer");
        assert_ptr_equal(aws_account(aws, "123456789012"), aws_account(aws, "123456789012"));
    }
    aws_close(aws);
    net_close(net);
    secret_clear(&environment.secret_access_key);
    secret_clear(&environment.session_token);
    return result;
}

/* The settings' region counts where the environment names none; that of the defaults is no wish. */
static void test_region(void **state)
{
    (void)state;
    static const struct {
        const char *partition, *setting, *variable, *url;
    } cases[] = {
        {"aws", "us-east-1", NULL, "https://sts.us-east-1.amazonaws.com/"},
        {"aws", "eu-west-1", NULL, "https://sts.eu-west-1.amazonaws.com/"},
        {"aws", "eu-west-1", "eu-north-1", "https://sts.eu-north-1.amazonaws.com/"},
        {"aws-cn", "us-east-1", NULL, "https://sts.cn-north-1.amazonaws.com.cn/"},
        {"aws-cn", "eu-west-1", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct settings settings = settings_defaults();
        struct aws_environment environment = {.access_key_id = "AKIAEXAMPLE", .region = cases[i].variable};
        struct net_options options = {.user_agent = "unit/1"};
        struct net *net = NULL;
        struct aws *aws = NULL;
        struct err err;
        settings.partition = cases[i].partition;
        settings.region = cases[i].setting;
        secret_set(&environment.secret_access_key, "abc", 3);
        assert_int_equal(net_open(&net, &options, &err), 0);
        int result = aws_open(&aws, &environment, &settings, ROLE_DEPLOYER, "name", net, &err);
        CHECK((result == 0) == (cases[i].url != NULL), "case %zu", i);
        if (result == 0)
            assert_string_equal(aws->sts.url, cases[i].url);
        aws_close(aws);
        net_close(net);
        secret_clear(&environment.secret_access_key);
    }
}

static void test_credentials(void **state)
{
    (void)state;
    static const struct {
        const char *key, *secret, *token;
        const char *trouble; /* NULL: none */
    } cases[] = {
        {"AKIAEXAMPLE", "abc/+123", NULL, NULL},
        {"ASIAEXAMPLE", "abc/+123", "Fwo//+==", NULL},
        {NULL, NULL, NULL, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
        {"", "abc", NULL, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
        {"AKIAEXAMPLE", NULL, NULL, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
        {"AKIAEXAMPLE\n", "abc", NULL, "AWS_ACCESS_KEY_ID has"},
        {"AKIAEXAMPLE", "sesame\n", NULL, "AWS_SECRET_ACCESS_KEY has"},
        {"AKIAEXAMPLE", "abc", "sesame\r\nX-Evil: 1", "AWS_SESSION_TOKEN has"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        int result = try_open(cases[i].key, cases[i].secret, cases[i].token, NULL, &err);
        assert_int_equal(result, cases[i].trouble ? -1 : 0);
        if (!cases[i].trouble)
            continue;
        assert_int_equal(err.code, ERR_USAGE);
        CHECK(strstr(err.message, cases[i].trouble), "%s", err.message);
        assert_null(strstr(err.message, "sesame"));
    }
}

static void test_endpoints(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(try_open("AKIAEXAMPLE", "abc", NULL, "http://localhost:5000", &err), 0);
    assert_int_equal(try_open("AKIAEXAMPLE", "abc", NULL, "http://localhost.evil.com", &err), -1);
    assert_int_equal(err.code, ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session_names),
        cmocka_unit_test(test_region),
        cmocka_unit_test(test_credentials),
        cmocka_unit_test(test_endpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
