/* SPDX-License-Identifier: Apache-2.0 */
/* The way from GitHub's OIDC token to the credentials of an account, against a server that follows a script. */
#include "aws/credentials.h"
#include "aws_double.h"
#include "unit.h"

#include <string.h>

#define HUB    "arn:aws:iam::999988887777:role/hub"
#define TOKEN  "e30.eyJzdWIiOiJyZXBvOm8vcjpwdWxsX3JlcXVlc3QifQ.c2ln" /* sub repo:o/r:pull_request */
#define ANSWER "{\"count\":1, \"value\" : \"" TOKEN "\"}"
#define WEB_IDENTITY                                                                                        \
    "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAHUB" \
    "</AccessKeyId><SecretAccessKey>hub-secret</SecretAccessKey><SessionToken>hub-token</SessionToken>"     \
    "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"

struct got {
    unsigned calls;
    char key[64], explanation[EXPLANATION_SIZE];
};

static void on_credentials(void *context, struct credentials *credentials, const struct outcome *failure)
{
    struct got *got = context;
    got->calls++;
    if (credentials)
        snprintf(got->key, sizeof got->key, "%s", credentials->access_key_id);
    else
        snprintf(got->explanation, sizeof got->explanation, "%s", failure->explanation);
    credentials_unref(credentials);
}

/* Asks for the credentials of two accounts and gives what came for the first. */
static struct http_double *ask(const struct http_line *script, size_t count, const char *external_id,
                               struct got *ret)
{
    struct http_double *server = http_double_start(script, count);
    struct arena *arena = arena_new();
    struct net_options options = {.user_agent = "unit/1", .max_attempts = 3, .backoff_base_ms = 1};
    struct aws_environment environment = {
        .endpoint_url = http_double_url(server),
        .role_to_assume = HUB,
        .id_token_url = arena_printf(arena, "%s/token?api-version=2", http_double_url(server)),
    };
    struct settings settings = settings_defaults();
    struct net *net;
    struct aws *aws;
    struct err err = {0};
    struct got other = {0};
    *ret = (struct got){0};
    settings.external_id = external_id;
    secret_set(&environment.id_token_bearer, "open-sesame", strlen("open-sesame"));
    assert_int_equal(net_open(&net, &options, &err), 0);
    assert_int_equal(aws_open(&aws, &environment, &settings, ROLE_DEPLOYER, "iamlease-o-r-pr7", net, &err), 0);
    credentials_get(aws, aws_account(aws, DOUBLE_ACCOUNT), on_credentials, ret);
    credentials_get(aws, aws_account(aws, "222222222222"), on_credentials, &other);
    assert_int_equal(net_run(net, &err), 0);
    assert_int_equal(ret->calls, 1);
    assert_int_equal(other.calls, 1);
    aws_close(aws);
    net_close(net);
    http_double_stop(server);
    secret_clear(&environment.id_token_bearer);
    arena_free(arena);
    return server;
}

static void test_from_token_to_account(void **state)
{
    (void)state;
    static const struct http_line script[] = {
        {.match = "GET /token", .status = 200, .body = ANSWER},
        {.match = "AssumeRoleWithWebIdentity", .status = 200, .body = WEB_IDENTITY},
        {.match = "Action=AssumeRole&", .status = 200, .body = DOUBLE_ASSUME_ROLE, .times = 2},
    };
    struct got got;
    struct http_double *server = ask(script, COUNT(script), "x:1", &got);
    assert_string_equal(got.key, "ASIAEXAMPLE");
    assert_int_equal(http_double_count(server), 4);
    const char *token = http_double_request(server, 0), *web = http_double_request(server, 1),
               *role = http_double_request(server, 2);
    assert_non_null(strstr(token, "GET /token?api-version=2&audience=sts.amazonaws.com HTTP"));
    assert_non_null(strstr(token, "Authorization: Bearer open-sesame\r\n"));
    assert_null(strstr(web, "Authorization"));
    assert_non_null(
        strstr(web, "RoleArn=arn%3Aaws%3Aiam%3A%3A999988887777%3Arole%2Fhub&RoleSessionName=iamlease-o-r-"
                    "pr7&DurationSeconds=3600&WebIdentityToken=" TOKEN));
    assert_non_null(strstr(role, "Credential=ASIAHUB/"));
    assert_non_null(strstr(role, "X-Amz-Security-Token: hub-token"));
    assert_non_null(strstr(role, "ExternalId=x%3A1"));
    assert_int_equal(http_double_count_of(server, "open-sesame"), 1);
    http_double_free(server);
}

static void test_an_expired_token_is_asked_for_once_more(void **state)
{
    (void)state;
    static const struct http_line script[] = {
        {.match = "GET /token", .status = 200, .body = ANSWER, .times = 2},
        {.match = "WithWebIdentity",
         .status = 400,
         .body = DOUBLE_ERROR("ExpiredTokenException", "Token expired")},
        {.match = "WithWebIdentity", .status = 200, .body = WEB_IDENTITY},
        {.match = "Action=AssumeRole&", .status = 200, .body = DOUBLE_ASSUME_ROLE, .times = 2},
    };
    struct got got;
    struct http_double *server = ask(script, COUNT(script), "", &got);
    assert_string_equal(got.key, "ASIAEXAMPLE");
    assert_int_equal(http_double_count_of(server, "ExternalId"), 0);
    http_double_free(server);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        struct http_line script[2];
        const char *says[4];
        size_t requests;
    } cases[] = {
        {{{.status = 200, .body = ANSWER},
          {.status = 403,
           .body = DOUBLE_ERROR("AccessDenied",
                                "Not authorized to perform sts:AssumeRoleWithWebIdentity " TOKEN)}},
         {HUB, "sub 'repo:o/r:pull_request'", "aud '(none)', iss '(none)'", "trust policy"},
         2},
        {{{.status = 200, .body = ANSWER},
          {.status = 400, .body = DOUBLE_ERROR("InvalidIdentityToken", "No OpenIDConnect provider found")}},
         {HUB, "sub 'repo:o/r:pull_request'", "OIDC provider", "InvalidIdentityToken"},
         2},
        {{{.status = 200, .body = ANSWER},
          {.status = 400,
           .times = 9,
           .body = DOUBLE_ERROR("InvalidIdentityToken",
                                "Couldn't retrieve verification key from your provider")}},
         {HUB, "tried 3 times", "run it again", "sub '"},
         4},
        {{{.status = 401, .body = "{}"}}, {HUB, "HTTP status 401", "id-token: write", "no OIDC token"}, 1},
        {{{.status = 200, .body = "{\"value\":\"a.b\"}"}},
         {HUB, "holds none", "ACTIONS_ID", "no OIDC token"},
         1},
        {{{.status = 200, .body = "{\"value\":\"a.b.c&Policy=x\"}"}}, {HUB, "holds none", "GitHub", "gave"}, 1},
        {{{.status = 200, .body = "{\"value\":\"a.b.c"}}, {HUB, "holds none", "GitHub", "gave"}, 1},
        {{{.status = 200, .body = "<html>"}}, {HUB, "holds none", "GitHub", "gave"}, 1},
        {{{.status = 200, .body = ANSWER}, {.status = 200, .body = "<html><body>Welcome"}},
         {HUB, "is a web page", "AWS_ENDPOINT_URL", "proxy"},
         2},
        {{{.status = 500, .times = 9}}, {HUB, "HTTP status 500", "GitHub", "gave"}, 3},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got got;
        struct http_double *server = ask(cases[i].script, COUNT(cases[i].script), "", &got);
        assert_string_equal(got.key, "");
        for (size_t j = 0; j < COUNT(cases[i].says); j++)
            CHECK(strstr(got.explanation, cases[i].says[j]), "case %zu: '%s' not in: %s", i, cases[i].says[j],
                  got.explanation);
        CHECK(http_double_count(server) == cases[i].requests, "case %zu: %zu requests", i,
              http_double_count(server));
        assert_null(strstr(got.explanation, TOKEN));
        assert_null(strstr(got.explanation, "sesame"));
        http_double_free(server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_token_to_account),
        cmocka_unit_test(test_an_expired_token_is_asked_for_once_more),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
