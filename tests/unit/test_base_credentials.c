/* SPDX-License-Identifier: Apache-2.0 */
/* Which credentials are taken, and that none replaces another that is incomplete. */
#include "aws/credentials.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

#define ROLE "arn:aws:iam::999988887777:role/ci/hub"

struct given {
    const char *key, *secret, *profile, *role, *url, *bearer, *partition;
};

static char profile_path[] = "/tmp/iamlease-base-XXXXXX";

/* What is used, "oidc", or the message. */
static int try_open(const struct given *given, char ret[static 2100])
{
    struct settings settings = settings_defaults();
    struct aws_environment environment = {.access_key_id = given->key,
                                          .profile = given->profile,
                                          .credentials_file = profile_path,
                                          .role_to_assume = given->role,
                                          .id_token_url = given->url};
    struct net_options options = {.user_agent = "unit/1"};
    struct net *net = NULL;
    struct aws *aws = NULL;
    struct err err = {0};
    if (given->partition)
        settings.partition = given->partition;
    if (given->secret)
        secret_set(&environment.secret_access_key, given->secret, strlen(given->secret));
    if (given->bearer)
        secret_set(&environment.id_token_bearer, given->bearer, strlen(given->bearer));
    assert_int_equal(net_open(&net, &options, &err), 0);
    int result = aws_open(&aws, &environment, &settings, ROLE_DEPLOYER, "name", net, &err);
    if (result < 0)
        snprintf(ret, 2100, "%s", err.message);
    else if (aws->base.role_arn)
        snprintf(ret, 2100, "oidc %s %s", aws->base.id, aws->id_token.url);
    else
        snprintf(ret, 2100, "%s", aws->base.credentials->access_key_id);
    aws_close(aws);
    net_close(net);
    secret_clear(&environment.secret_access_key);
    secret_clear(&environment.id_token_bearer);
    return result;
}

static void test_order(void **state)
{
    (void)state;
    static const char url[] = "https://token.example/x?api=2", bearer[] = "sesame";
    static const struct {
        struct given given;
        const char *result; /* a part of it */
        int code;
    } cases[] = {
        {{.key = "AKIAKEY", .secret = "s"}, "AKIAKEY", 0},
        {{.key = "AKIAKEY", .secret = "s", .profile = "work"}, "AKIAKEY", 0},
        {{.profile = "work"}, "AKIAWORK", 0},
        {{.role = ROLE, .url = url, .bearer = bearer, .key = "AKIAKEY", .secret = "s"},
         "oidc 999988887777 https://token.example/x?api=2&audience=sts.amazonaws.com",
         0},
        {{.role = ROLE, .url = "https://token.example/x", .bearer = bearer}, "/x?audience=sts.amazonaws.com", 0},
        {{.role = "arn:aws-cn:iam::999988887777:role/hub", .url = url, .bearer = bearer, .partition = "aws-cn"},
         "audience=sts.amazonaws.com.cn",
         0},
        {{.url = url, .bearer = bearer, .key = "AKIAKEY", .secret = "s"}, "AKIAKEY", 0},

        {{.key = NULL}, "there are no AWS credentials", -1},
        {{.key = "AKIAKEY", .profile = "work"}, "there are no AWS credentials", -1},
        {{.secret = "s", .profile = "work"}, "there are no AWS credentials", -1},
        {{.profile = "other"}, "there is no profile 'other'", -1},
        {{.role = ROLE, .key = "AKIAKEY", .secret = "s"}, "id-token: write", -1},
        {{.role = ROLE, .url = url, .key = "AKIAKEY", .secret = "s"}, "id-token: write", -1},
        {{.role = ROLE, .url = "http://token.example/x", .bearer = bearer}, "neither https nor", -1},
        {{.role = ROLE, .url = url, .bearer = "sesame\n"}, "ACTIONS_ID_TOKEN_REQUEST_TOKEN has", -1},
        {{.role = "hub", .url = url, .bearer = bearer}, "role-to-assume 'hub' is not", -1},
        {{.role = "arn:aws:iam::12:role/hub", .url = url, .bearer = bearer}, "is not the ARN", -1},
        {{.role = "arn:aws:iam::999988887777:role/", .url = url, .bearer = bearer}, "is not the ARN", -1},
        {{.role = "arn:aws:iam::999988887777:user/hub", .url = url, .bearer = bearer}, "is not the ARN", -1},
        {{.role = ROLE "\nx", .url = url, .bearer = bearer}, "is not the ARN", -1},
        {{.role = ROLE, .url = url, .bearer = bearer, .partition = "aws-us-gov"}, "partition 'aws-us-gov'", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char result[2100];
        int code = try_open(&cases[i].given, result);
        CHECK(code == cases[i].code && strstr(result, cases[i].result), "case %zu: %s", i, result);
        assert_null(strstr(result, bearer));
    }
}

static int write_profile(void **state)
{
    (void)state;
    static const char text[] = "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = work\n";
    int file = mkstemp(profile_path);
    bool ok = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
    return ok && close(file) == 0 ? 0 : -1;
}

static int remove_profile(void **state)
{
    (void)state;
    return unlink(profile_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order)};
    return cmocka_run_group_tests(tests, write_profile, remove_profile);
}
