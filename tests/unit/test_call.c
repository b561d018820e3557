/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials.h"
#include "aws/session.h"
#include "aws_double.h"
#include "base/str.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define POLICY_ARN "arn:aws:iam::" DOUBLE_ACCOUNT ":policy/iamlease/p"
#define DOCUMENT \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\"],\"Resource\":[\"*\"]}]}"
#define SAME_DOCUMENT \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":\"s3:Get*\"}}"
#define OTHER_DOCUMENT \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":\"s3:*\"}}"

#define GET_POLICY(description)                                                           \
    "<R><Result><Policy><DefaultVersionId>v2</DefaultVersionId><Description>" description \
    "</Description></Policy></Result></R>"
#define GET_VERSION(document) \
    "<R><Result><PolicyVersion><Document>" document "</Document></PolicyVersion></Result></R>"
#define GET_INLINE(document) "<R><Result><PolicyDocument>" document "</PolicyDocument></Result></R>"

#define TRUST(action)                                                                                                       \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::" DOUBLE_ACCOUNT \
    ":user/bert\"},\"Action\":\"" action "\"}}"
#define MARK "default/t/g:user:bert"
#define GET_ROLE(trust, key, mark)                                            \
    "<R><Result><Role><RoleName>r</RoleName><AssumeRolePolicyDocument>" trust \
    "</AssumeRolePolicyDocument><Tags><member><Key>" key "</Key><Value>" mark \
    "</Value></member></Tags></Role>"                                         \
    "</Result></R>"
#define ABSENT_ROLE DOUBLE_ERROR("NoSuchEntity", "The role with name bert cannot be found.")

#define ASSUME                                                              \
    {                                                                       \
        "Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 0 \
    }
#define LINE(action, status, body)                               \
    {                                                            \
        "Action=" action "&", status, NULL, body, HTTP_ANSWER, 0 \
    }
#define ALWAYS(action, status, body)                              \
    {                                                             \
        "Action=" action "&", status, NULL, body, HTTP_ANSWER, 99 \
    }
#define LOST(action)                                      \
    {                                                     \
        "Action=" action "&", 200, NULL, "", HTTP_DROP, 0 \
    }
#define ABSENT_USER DOUBLE_ERROR("NoSuchEntity", "The user with name bert cannot be found.")
#define ABSENT_POLICY \
    DOUBLE_ERROR("NoSuchEntity", "Policy " POLICY_ARN " does not exist or is not attachable.")
#define EXISTS DOUBLE_ERROR("EntityAlreadyExists", "A policy called p already exists.")

#define TAGGED(key, value)                                                                        \
    "<ListPolicyTagsResponse><ListPolicyTagsResult><Tags><member><Key>" key "</Key><Value>" value \
    "</Value></member></Tags><IsTruncated>false</IsTruncated></ListPolicyTagsResult></ListPolicyTagsResponse>"

static bool is_about_role(enum operation_kind kind)
{
    return kind >= OP_CREATE_ROLE && kind < OP_CREATE_PROVIDER;
}

#define PROVIDER_URL  "oidc.example.com/x"
#define PROVIDER_ARN  "arn:aws:iam::" DOUBLE_ACCOUNT ":oidc-provider/" PROVIDER_URL
#define PROVIDER_MARK "default/t/p"
#define GET_PROVIDER(client, mark)                                                                   \
    "<R><Result><Url>" PROVIDER_URL "</Url><ClientIDList><member>" client "</member></ClientIDList>" \
    "<Tags><member><Key>iamlease</Key><Value>" mark "</Value></member></Tags></Result></R>"

static struct operation operation_on_provider(enum operation_kind kind)
{
    static const char *client_ids[] = {"sts.amazonaws.com"};
    static const struct oidc_provider provider = {.arn = PROVIDER_ARN,
                                                  .url = PROVIDER_URL,
                                                  .client_ids = {.items = client_ids, .count = 1}};
    return (struct operation){.kind = kind,
                              .account_id = DOUBLE_ACCOUNT,
                              .provider = &provider,
                              .mark = PROVIDER_MARK,
                              .reason = "test"};
}

static struct operation operation_of(enum operation_kind kind)
{
    if (kind >= OP_CREATE_PROVIDER)
        return operation_on_provider(kind);
    if (is_about_role(kind))
        return (struct operation){
            .kind = kind,
            .account_id = DOUBLE_ACCOUNT,
            .principal_kind = PRINCIPAL_ROLE,
            .principal = "bert",
            .path = "/iamlease/",
            .document = kind == OP_DELETE_ROLE ? NULL : TRUST("sts:AssumeRole"),
            .mark = kind == OP_DELETE_ROLE ? NULL : MARK,
            .reason = "test",
        };
    return (struct operation){
        .kind = kind,
        .account_id = DOUBLE_ACCOUNT,
        .principal = "bert",
        .policy_name = "p",
        .policy_arn = kind == OP_CREATE_POLICY ? NULL : POLICY_ARN,
        .path = "/iamlease/",
        .description = "words [iamlease default/t/p]",
        .document = operation_info(kind)->removes && kind != OP_DELETE_INLINE_POLICY ? NULL : DOCUMENT,
        .version_id = "v1",
        .mark = kind == OP_TAG_POLICY ? MARK : NULL,
        .reason = "test",
    };
}

static void note(void *context, const struct result *result)
{
    struct result *seen = context;
    assert_int_equal(seen->status, RESULT_BLOCKED); /* called once only */
    *seen = *result;
}

/* Runs operations one after the other against a script; gives the result of the last. */
static struct aws_double *run(const struct http_line *script, size_t count, const enum operation_kind *kinds,
                              size_t kind_count, struct result *ret)
{
    struct aws_double *fake = aws_double_start(script, count);
    for (size_t i = 0; i < kind_count; i++) {
        struct operation operation = operation_of(kinds[i]);
        struct err err = {0};
        *ret = (struct result){.status = RESULT_BLOCKED};
        aws_call(fake->arena, fake->aws, &operation, note, ret);
        assert_int_equal(net_run(fake->net, &err), 0);
    }
    aws_double_stop(fake);
    return fake;
}

/* What the program promises for one operation and the answers to it. */
struct call_case {
    const char *name;
    enum operation_kind kind;
    struct http_line script[8];
    enum result_status status;
    const char *code, *message; /* parts of them; NULL: must be NULL */
    size_t requests;            /* without AssumeRole */
};

static void check_cases(const struct call_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct call_case *c = &cases[i];
        size_t lines = 0;
        while (lines < COUNT(c->script) && c->script[lines].match)
            lines++;
        struct result result;
        struct aws_double *fake = run(c->script, lines, &c->kind, 1, &result);
        CHECK(result.status == c->status, "%s: %s", c->name, result.message ? result.message : "no message");
        CHECK(str_eq(result.error_code ? result.error_code : "", c->code ? c->code : ""), "%s: %s", c->name,
              result.error_code);
        CHECK(!!result.message == !!c->message && (!c->message || strstr(result.message, c->message)),
              "%s: %s", c->name, result.message);
        CHECK(http_double_count(fake->server) == c->requests + 1, "%s: %zu", c->name,
              http_double_count(fake->server));
        aws_double_free(fake);
    }
}

/* An operation of operation_of() that looks before it writes. */
static bool is_read_first(enum operation_kind kind)
{
    return kind == OP_DELETE_INLINE_POLICY || kind == OP_DELETE_PROVIDER || kind == OP_TAG_POLICY;
}

static void test_success(void **state)
{
    (void)state;
    static const char *const actions[OP_KIND_COUNT] = {
        [OP_CREATE_POLICY] = "CreatePolicy",
        [OP_DELETE_POLICY_VERSION] = "DeletePolicyVersion",
        [OP_CREATE_POLICY_VERSION] = "CreatePolicyVersion",
        [OP_ATTACH_POLICY] = "AttachUserPolicy",
        [OP_PUT_INLINE_POLICY] = "PutUserPolicy",
        [OP_DETACH_POLICY] = "DetachUserPolicy",
        [OP_DELETE_INLINE_POLICY] = "DeleteUserPolicy",
        [OP_DELETE_POLICY] = "DeletePolicy",
        [OP_CREATE_ROLE] = "CreateRole",
        [OP_UPDATE_TRUST] = "UpdateAssumeRolePolicy",
        [OP_DELETE_ROLE] = "DeleteRole",
        [OP_PUT_BOUNDARY] = "PutRolePermissionsBoundary",
        [OP_DELETE_BOUNDARY] = "DeleteRolePermissionsBoundary",
        [OP_UPDATE_ROLE] = "UpdateRole",
        [OP_TAG_ROLE] = "TagRole",
        [OP_UNTAG_ROLE] = "UntagRole",
        [OP_CREATE_PROVIDER] = "CreateOpenIDConnectProvider",
        [OP_ADD_CLIENT_ID] = "AddClientIDToOpenIDConnectProvider",
        [OP_REMOVE_CLIENT_ID] = "RemoveClientIDFromOpenIDConnectProvider",
        [OP_UPDATE_THUMBPRINTS] = "UpdateOpenIDConnectProviderThumbprint",
        [OP_TAG_PROVIDER] = "TagOpenIDConnectProvider",
        [OP_UNTAG_PROVIDER] = "UntagOpenIDConnectProvider",
        [OP_DELETE_PROVIDER] = "DeleteOpenIDConnectProvider",
        [OP_TAG_POLICY] = "TagPolicy",
    };
    for (enum operation_kind kind = 0; kind < OP_KIND_COUNT; kind++) {
        char match[64];
        snprintf(match, sizeof match, "Action=%s&", actions[kind]);
        const struct http_line script[] = {
            ASSUME,
            LINE("GetUserPolicy", 200, GET_INLINE(SAME_DOCUMENT)),
            LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("x", PROVIDER_MARK)),
            LINE("ListPolicyTags", 200, TAGGED("team", "t")),
            {match, 200, "x-amzn-RequestId: r-1\r\n", DOUBLE_OK, HTTP_ANSWER, 0},
        };
        struct result result;
        struct aws_double *fake = run(script, COUNT(script), &kind, 1, &result);
        CHECK(result.status == RESULT_DONE, "%s: %s", actions[kind], result.message);
        assert_string_equal(result.request_id, "r-1");
        assert_int_equal(result.attempts, 1);
        assert_null(result.error_code);
        const char *write = http_double_request(fake->server, is_read_first(kind) ? 2 : 1);
        CHECK(strstr(write, match), "%s", write);
        assert_non_null(strstr(write, "Credential=ASIAEXAMPLE/"));
        assert_non_null(strstr(write, "X-Amz-Security-Token: " DOUBLE_TOKEN));
        aws_double_free(fake);
    }
}

static void test_removals_of_what_is_gone(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"detach",
         OP_DETACH_POLICY,
         {ASSUME, LINE("DetachUserPolicy", 404, ABSENT_USER)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"policy",
         OP_DELETE_POLICY,
         {ASSUME, LINE("DeletePolicy", 404, ABSENT_POLICY)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"version",
         OP_DELETE_POLICY_VERSION,
         {ASSUME, LINE("DeletePolicyVersion", 404, ABSENT_POLICY)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"inline, gone before",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 404, ABSENT_USER)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"inline, gone meanwhile",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 200, GET_INLINE(DOCUMENT)), LINE("DeleteUserPolicy", 404, ABSENT_USER)},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"a 404 that is not IAM's",
         OP_DELETE_POLICY,
         {ASSUME, LINE("DeletePolicy", 404, "<html>nothing here</html>")},
         RESULT_FAILED,
         NULL,
         "HTTP status 404",
         1},
    };
    check_cases(cases, COUNT(cases));
}

static void test_create_policy_that_exists(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"as wanted",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease default/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(SAME_DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         3},
        {"after a lost answer",
         OP_CREATE_POLICY,
         {ASSUME, LOST("CreatePolicy"), LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease default/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         4},
        {"another document",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease default/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(OTHER_DOCUMENT))},
         RESULT_FAILED,
         NULL,
         "the name 'p' is taken in account " DOUBLE_ACCOUNT,
         3},
        {"another mark",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease other/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(DOCUMENT))},
         RESULT_FAILED,
         NULL,
         "the name 'p' is taken",
         3},
        {"another path or case",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS), LINE("GetPolicy", 404, ABSENT_POLICY),
          LINE("CreatePolicy", 409, EXISTS), LINE("GetPolicy", 404, ABSENT_POLICY),
          LINE("CreatePolicy", 409, EXISTS), LINE("GetPolicy", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "at another path",
         6},
        {"not seen yet",
         OP_CREATE_POLICY,
         {ASSUME, LOST("CreatePolicy"), LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 404, ABSENT_POLICY), LINE("CreatePolicy", 409, EXISTS),
          LINE("GetPolicy", 200, GET_POLICY("words [iamlease default/t/p]")),
          LINE("GetPolicyVersion", 200, GET_VERSION(DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         6},
        {"cannot be read",
         OP_CREATE_POLICY,
         {ASSUME, LINE("CreatePolicy", 409, EXISTS), LINE("GetPolicy", 200, "<R/>")},
         RESULT_FAILED,
         NULL,
         "the answer cannot be read",
         2},
    };
    check_cases(cases, COUNT(cases));
}

/* A second version would use up one of five: before the request is sent again, somebody looks. */
static void test_create_policy_version_without_an_answer(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"was made",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LOST("CreatePolicyVersion"), LINE("GetPolicy", 200, GET_POLICY("x")),
          LINE("GetPolicyVersion", 200, GET_VERSION(SAME_DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         3},
        {"was made, and the server said 503",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LINE("CreatePolicyVersion", 503, "<html/>"), LINE("GetPolicy", 200, GET_POLICY("x")),
          LINE("GetPolicyVersion", 200, GET_VERSION(SAME_DOCUMENT))},
         RESULT_DONE,
         NULL,
         NULL,
         3},
        {"policy is gone",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LOST("CreatePolicyVersion"), LINE("GetPolicy", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "does not exist in account " DOUBLE_ACCOUNT,
         2},
        {"throttled is not lost",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LINE("CreatePolicyVersion", 400, DOUBLE_ERROR("Throttling", "Rate exceeded")),
          LINE("CreatePolicyVersion", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"too many versions",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LINE("CreatePolicyVersion", 409,
                       DOUBLE_ERROR("LimitExceeded", "A managed policy can have up to 5 versions."))},
         RESULT_FAILED,
         "LimitExceeded",
         "quota",
         1},
        {"was not made, then made",
         OP_CREATE_POLICY_VERSION,
         {ASSUME, LOST("CreatePolicyVersion"), LINE("GetPolicy", 200, GET_POLICY("x")),
          LINE("GetPolicyVersion", 200, GET_VERSION(OTHER_DOCUMENT)),
          LINE("CreatePolicyVersion", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         4},
    };
    check_cases(cases, COUNT(cases));
}

static void test_principals_and_policies_that_do_not_exist(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"attach, no user",
         OP_ATTACH_POLICY,
         {ASSUME, LINE("AttachUserPolicy", 404, ABSENT_USER)},
         RESULT_FAILED,
         "NoSuchEntity",
         "user 'bert' does not exist in account " DOUBLE_ACCOUNT "; create it first, or mend the name",
         1},
        {"attach, no policy",
         OP_ATTACH_POLICY,
         {ASSUME, LINE("AttachUserPolicy", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "policy " POLICY_ARN " does not exist",
         1},
        {"put, no user",
         OP_PUT_INLINE_POLICY,
         {ASSUME, LINE("PutUserPolicy", 404, ABSENT_USER)},
         RESULT_FAILED,
         "NoSuchEntity",
         "user 'bert' does not exist",
         1},
        {"delete, still in use",
         OP_DELETE_POLICY,
         {ASSUME, LINE("DeletePolicy", 409,
                       DOUBLE_ERROR("DeleteConflict", "Cannot delete a policy attached to entities."))},
         RESULT_FAILED,
         "DeleteConflict",
         "Cannot delete a policy attached to entities; detach it",
         1},
    };
    check_cases(cases, COUNT(cases));
}

/* A policy that this run has just made may not be seen by the next call. */
static void test_attach_waits_for_a_policy_of_its_own(void **state)
{
    (void)state;
    const struct http_line script[] = {ASSUME, LINE("CreatePolicy", 200, DOUBLE_OK),
                                       LINE("AttachUserPolicy", 404, ABSENT_POLICY),
                                       LINE("AttachUserPolicy", 200, DOUBLE_OK)};
    const enum operation_kind kinds[] = {OP_CREATE_POLICY, OP_ATTACH_POLICY};
    struct result result;
    struct aws_double *fake = run(script, COUNT(script), kinds, COUNT(kinds), &result);
    assert_int_equal(result.status, RESULT_DONE);
    assert_int_equal(result.attempts, 2);
    assert_int_equal(http_double_count_of(fake->server, "Action=AssumeRole&"), 1);
    aws_double_free(fake);

    const struct http_line no_user[] = {ASSUME, LINE("CreatePolicy", 200, DOUBLE_OK),
                                        LINE("AttachUserPolicy", 404, ABSENT_USER)};
    fake = run(no_user, COUNT(no_user), kinds, COUNT(kinds), &result);
    assert_int_equal(result.status, RESULT_FAILED);
    assert_int_equal(result.attempts, 1);
    aws_double_free(fake);
}

static void test_an_inline_policy_that_changed_is_not_deleted(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"changed",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 200, GET_INLINE(OTHER_DOCUMENT))},
         RESULT_FAILED,
         NULL,
         "inline policy 'p' of user 'bert' in account " DOUBLE_ACCOUNT " was changed",
         1},
        {"no policy document",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 200, GET_INLINE("nonsense"))},
         RESULT_FAILED,
         NULL,
         "was changed",
         1},
        {"cannot be read",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 200, "<html>")},
         RESULT_FAILED,
         NULL,
         "the answer is a web page, so it is not from AWS",
         1},
        {"is answered by a page, and that is no yes",
         OP_ATTACH_POLICY,
         {ASSUME, LINE("AttachUserPolicy", 200, "<?xml version='1.0'?><html><body>Welcome</body></html>"),
          LINE("AttachUserPolicy", 200, "<?xml version='1.0'?><html><body>Welcome</body></html>"),
          LINE("AttachUserPolicy", 200, "<?xml version='1.0'?><html><body>Welcome</body></html>")},
         RESULT_FAILED,
         NULL,
         "iam:AttachUserPolicy failed in account " DOUBLE_ACCOUNT ": the answer cannot be read",
         3},
        {"is answered by half a yes",
         OP_ATTACH_POLICY,
         {ASSUME, LINE("AttachUserPolicy", 200, "<AttachUserPolicyResponse><ResponseMetadata>"),
          LINE("AttachUserPolicy", 200, "<AttachUserPolicyResponse><ResponseMetadata>"),
          LINE("AttachUserPolicy", 200, "<AttachUserPolicyResponse><ResponseMetadata>")},
         RESULT_FAILED,
         NULL,
         "the answer cannot be read",
         3},
        {"may not be read",
         OP_DELETE_INLINE_POLICY,
         {ASSUME, LINE("GetUserPolicy", 403, DOUBLE_ERROR("AccessDenied", "no"))},
         RESULT_FAILED,
         "AccessDenied",
         "allow iam:GetUserPolicy to role arn:aws:iam::" DOUBLE_ACCOUNT ":role/AWSSelfServeDeployer",
         1},
    };
    check_cases(cases, COUNT(cases));
}

/* Cleanup says what a policy must still be: an apply may have prolonged the lease meanwhile. */
static void test_a_policy_that_changed_is_not_taken_away(void **state)
{
    (void)state;
    static const enum operation_kind kinds[] = {OP_DETACH_POLICY, OP_DELETE_POLICY};
    static const char *const actions[] = {"Action=DetachUserPolicy&", "Action=DeletePolicy&"};
    for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
        const bool changed = i >= COUNT(kinds);
        const struct http_line script[] = {
            ASSUME,
            LINE("GetPolicy", 200, GET_POLICY("")),
            LINE("GetPolicyVersion", 200, ""),
            {actions[i % COUNT(kinds)], 200, NULL, DOUBLE_OK, HTTP_ANSWER, 0},
        };
        struct http_line lines[COUNT(script)];
        memcpy(lines, script, sizeof lines);
        lines[2].body = changed ? GET_VERSION(OTHER_DOCUMENT) : GET_VERSION(SAME_DOCUMENT);
        struct operation operation = operation_of(kinds[i % COUNT(kinds)]);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        operation.document = DOCUMENT;
        struct aws_double *fake = aws_double_start(lines, COUNT(lines) - changed);
        aws_call(fake->arena, fake->aws, &operation, note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, changed ? RESULT_FAILED : RESULT_DONE);
        if (changed)
            assert_non_null(strstr(result.message, "policy 'p' of user 'bert' in account " DOUBLE_ACCOUNT
                                                   " was changed after it was read, so it was not deleted"));
        aws_double_free(fake);
    }
}

static void test_roles_that_cannot_be_assumed(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"denied",
         OP_ATTACH_POLICY,
         {LINE("AssumeRole", 403, DOUBLE_ERROR("AccessDenied", "not authorized"))},
         RESULT_FAILED,
         "AccessDenied",
         "cannot assume role arn:aws:iam::" DOUBLE_ACCOUNT ":role/AWSSelfServeDeployer: AccessDenied",
         0},
        {"wrong secret",
         OP_ATTACH_POLICY,
         {LINE("AssumeRole", 403, DOUBLE_ERROR("SignatureDoesNotMatch", "no match"))},
         RESULT_FAILED,
         "SignatureDoesNotMatch",
         "AWS_SECRET_ACCESS_KEY",
         0},
        {"no credentials in the answer",
         OP_ATTACH_POLICY,
         {LINE("AssumeRole", 200, DOUBLE_OK)},
         RESULT_FAILED,
         NULL,
         "the answer cannot be read",
         0},
        {"a token with a line break",
         OP_ATTACH_POLICY,
         {LINE("AssumeRole", 200,
               "<R><Result><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
               "<SessionToken>t&#13;&#10;X-Evil: 1</SessionToken></Credentials></Result></R>")},
         RESULT_FAILED,
         NULL,
         "the answer cannot be read",
         0},
    };
    check_cases(cases, COUNT(cases));
}

static void test_expired_credentials_are_renewed_once(void **state)
{
    (void)state;
    const enum operation_kind kind = OP_ATTACH_POLICY;
    struct http_line script[] = {
        {"Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 2},
        LINE("AttachUserPolicy", 403,
             DOUBLE_ERROR("ExpiredToken", "The security token included in the request is expired")),
        LINE("AttachUserPolicy", 200, DOUBLE_OK),
    };
    struct result result;
    struct aws_double *fake = run(script, COUNT(script), &kind, 1, &result);
    assert_int_equal(result.status, RESULT_DONE);
    assert_int_equal(result.attempts, 2);
    assert_int_equal(http_double_count_of(fake->server, "Action=AssumeRole&"), 2);
    aws_double_free(fake);

    script[1].times = 99;
    fake = run(script, COUNT(script), &kind, 1, &result);
    assert_int_equal(result.status, RESULT_FAILED);
    assert_string_equal(result.error_code, "ExpiredToken");
    assert_int_equal(http_double_count_of(fake->server, "Action=AttachUserPolicy&"), 2);
    aws_double_free(fake);
}

/* Five minutes before their end, by net's clock, credentials are left alone and others are asked for. */
static void test_credentials_near_their_end_are_renewed(void **state)
{
    (void)state;
    struct http_line script[] = {
        {"Action=AssumeRole&", 200, NULL, DOUBLE_ASSUME_ROLE, HTTP_ANSWER, 2},
        {"Action=AttachUserPolicy&", 200, NULL, DOUBLE_OK, HTTP_ANSWER, 3},
    };
    struct aws_double *fake = aws_double_start(script, COUNT(script));
    struct account_session *account = aws_account(fake->aws, DOUBLE_ACCOUNT);
    for (size_t i = 0; i < 3; i++) {
        const struct operation operation = operation_of(OP_ATTACH_POLICY);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err;
        aws_call(fake->arena, fake->aws, &operation, note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        assert_int_equal(result.status, RESULT_DONE);
        int64_t left_ms = account->credentials->renew_at_ms - net_clock_ms();
        assert_in_range(left_ms, 54 * 60 * 1000, 55 * 60 * 1000);
        if (i == 1)
            account->credentials->renew_at_ms = net_clock_ms();
    }
    aws_double_stop(fake);
    assert_int_equal(http_double_count_of(fake->server, "Action=AssumeRole&"), 2);
    assert_int_equal(http_double_count_of(fake->server, "Action=AttachUserPolicy&"), 3);
    aws_double_free(fake);
}

/* A server that is not AWS gives back what it was sent. */
static void test_no_token_comes_into_a_message(void **state)
{
    (void)state;
    const enum operation_kind kind = OP_ATTACH_POLICY;
    const struct http_line script[] = {
        ASSUME, LINE("AttachUserPolicy", 400,
                     DOUBLE_ERROR("Odd", "token " DOUBLE_TOKEN " key assumed-secret &#x9b;31m"))};
    struct result result;
    struct aws_double *fake = run(script, COUNT(script), &kind, 1, &result);
    assert_int_equal(result.status, RESULT_FAILED);
    assert_non_null(strstr(result.message, "token *** key *** 31m"));
    assert_null(strchr(result.message, (char)0xc2));
    aws_double_free(fake);
}

static void test_a_signal(void **state)
{
    (void)state;
    const struct http_line script[] = {ALWAYS("AssumeRole", 200, DOUBLE_ASSUME_ROLE)};
    for (enum operation_kind kind = 0; kind < OP_KIND_COUNT; kind++) {
        struct aws_double *fake = aws_double_start(script, COUNT(script));
        struct operation operation = operation_of(kind);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        fake->stop_signal = 15;
        aws_call(fake->arena, fake->aws, &operation, note, &result);
        assert_int_equal(net_run(fake->net, &err), -1);
        assert_int_equal(result.status, RESULT_PENDING);
        assert_null(result.message);
        aws_double_stop(fake);
        assert_int_equal(http_double_count(fake->server), 0);
        aws_double_free(fake);
    }
}

static void test_adopting(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"tagged already",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("iamlease", MARK)), LINE("TagPolicy", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"tagged by somebody else in between",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("Iamlease", "other/t/p"))},
         RESULT_FAILED,
         NULL,
         "got the tag iamlease 'other/t/p'",
         1},
        {"gone in between",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "does not exist",
         1},
        {"gone a moment later",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("a", "b")), LINE("TagPolicy", 404, ABSENT_POLICY)},
         RESULT_FAILED,
         "NoSuchEntity",
         "does not exist",
         2},
        {"not allowed",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("a", "b")),
          LINE("TagPolicy", 403, DOUBLE_ERROR("AccessDenied", ""))},
         RESULT_FAILED,
         "AccessDenied",
         "'iamlease policy deployer --adopt'",
         2},
        {"no look, no tag",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 403, DOUBLE_ERROR("AccessDenied", ""))},
         RESULT_FAILED,
         "AccessDenied",
         "iam:ListPolicyTags",
         1},
        {"a lost answer",
         OP_TAG_POLICY,
         {ASSUME, LINE("ListPolicyTags", 200, TAGGED("a", "b")), LOST("TagPolicy"),
          LINE("TagPolicy", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         3},
    };
    check_cases(cases, COUNT(cases));
}

static void test_roles(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"made already",
         OP_CREATE_ROLE,
         {ASSUME, LINE("CreateRole", 409, EXISTS),
          LINE("GetRole", 200, GET_ROLE(TRUST("sts:assumerole"), "IamLease", MARK))},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"another mark",
         OP_CREATE_ROLE,
         {ASSUME, LINE("CreateRole", 409, EXISTS),
          LINE("GetRole", 200, GET_ROLE(TRUST("sts:AssumeRole"), "iamlease", "other/t/g:user:bert"))},
         RESULT_FAILED,
         NULL,
         "the name 'bert' is taken in account " DOUBLE_ACCOUNT ": a role stands there that trusts others",
         2},
        {"no mark",
         OP_CREATE_ROLE,
         {ASSUME, LINE("CreateRole", 409, EXISTS),
          LINE("GetRole", 200, GET_ROLE(TRUST("sts:AssumeRole"), "owner", MARK))},
         RESULT_FAILED,
         NULL,
         "the name 'bert' is taken",
         2},
        {"another trust",
         OP_CREATE_ROLE,
         {ASSUME, LINE("CreateRole", 409, EXISTS),
          LINE("GetRole", 200, GET_ROLE(TRUST("*"), "iamlease", MARK))},
         RESULT_FAILED,
         NULL,
         "the name 'bert' is taken",
         2},
        {"trust of a role that is gone",
         OP_UPDATE_TRUST,
         {ASSUME, LINE("UpdateAssumeRolePolicy", 404, ABSENT_ROLE)},
         RESULT_FAILED,
         "NoSuchEntity",
         "role 'bert' does not exist in account " DOUBLE_ACCOUNT,
         1},
        {"gone", OP_DELETE_ROLE, {ASSUME, LINE("DeleteRole", 404, ABSENT_ROLE)}, RESULT_DONE, NULL, NULL, 1},
        {"something hangs on it",
         OP_DELETE_ROLE,
         {ASSUME, LINE("DeleteRole", 409, DOUBLE_ERROR("DeleteConflict", "It is in an instance profile."))},
         RESULT_FAILED,
         "DeleteConflict",
         "role bert cannot be deleted in account " DOUBLE_ACCOUNT,
         1},
    };
    check_cases(cases, COUNT(cases));
}

static void test_providers(void **state)
{
    (void)state;
    static const struct call_case cases[] = {
        {"made already",
         OP_CREATE_PROVIDER,
         {ASSUME, LINE("CreateOpenIDConnectProvider", 409, EXISTS),
          LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("sts.amazonaws.com", PROVIDER_MARK))},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"of somebody else",
         OP_CREATE_PROVIDER,
         {ASSUME, LINE("CreateOpenIDConnectProvider", 409, EXISTS),
          LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("sts.amazonaws.com", "other/t/p"))},
         RESULT_FAILED,
         NULL,
         "has an OIDC provider " PROVIDER_URL " already",
         2},
        {"for others",
         OP_CREATE_PROVIDER,
         {ASSUME, LINE("CreateOpenIDConnectProvider", 409, EXISTS),
          LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("vault", PROVIDER_MARK))},
         RESULT_FAILED,
         NULL,
         "with other client ids or tags",
         2},
        {"deleted",
         OP_DELETE_PROVIDER,
         {ASSUME, LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("x", PROVIDER_MARK)),
          LINE("DeleteOpenIDConnectProvider", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         2},
        {"taken over",
         OP_DELETE_PROVIDER,
         {ASSUME, LINE("GetOpenIDConnectProvider", 200, GET_PROVIDER("x", "other/t/p"))},
         RESULT_FAILED,
         NULL,
         "was changed after it was read, so it was not deleted",
         1},
        {"gone",
         OP_DELETE_PROVIDER,
         {ASSUME, LINE("GetOpenIDConnectProvider", 404, ABSENT_ROLE)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
        {"changed",
         OP_ADD_CLIENT_ID,
         {ASSUME, LINE("AddClientIDToOpenIDConnectProvider", 200, DOUBLE_OK)},
         RESULT_DONE,
         NULL,
         NULL,
         1},
    };
    check_cases(cases, COUNT(cases));
}

/* Only where the operation knows that whom it trusts exists: otherwise the name is wrong. */
static void test_trust_waits_for_a_principal(void **state)
{
    (void)state;
    static const struct http_line script[] = {
        ASSUME,
        LINE("CreateRole", 400,
             DOUBLE_ERROR("MalformedPolicyDocument", "Invalid principal in policy: \"AWS\":\"x\"")),
        LINE("CreateRole", 200, DOUBLE_OK)};
    for (size_t awaits = 0; awaits < 2; awaits++) {
        struct aws_double *fake = aws_double_start(script, awaits ? COUNT(script) : COUNT(script) - 1);
        struct operation create = operation_of(OP_CREATE_ROLE);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        create.awaits_principal = awaits;
        aws_call(fake->arena, fake->aws, &create, note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, awaits ? RESULT_DONE : RESULT_FAILED);
        aws_double_free(fake);
    }
}

/* A role of aws-roles that is to go: somebody may have made another one of its name since it was read. */
static void test_another_role_of_the_name_is_not_deleted(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        bool goes;
    } cases[] = {
        {GET_ROLE(TRUST("*"), "iamlease", MARK), true},
        {GET_ROLE(TRUST("*"), "iamlease", "other/t/g"), false},
        {GET_ROLE(TRUST("*"), "name", MARK), false},
        {GET_ROLE(TRUST("*"), "iamlease-bootstrap", "default"), false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct http_line script[] = {ASSUME,
                                           {"Action=GetRole&", 200, NULL, cases[i].answer, HTTP_ANSWER, 0},
                                           LINE("DeleteRole", 200, DOUBLE_OK)};
        struct operation operation = operation_of(OP_DELETE_ROLE);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        operation.mark = MARK;
        struct aws_double *fake = aws_double_start(script, COUNT(script) - !cases[i].goes);
        aws_call(fake->arena, fake->aws, &operation, note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, cases[i].goes ? RESULT_DONE : RESULT_FAILED);
        if (!cases[i].goes)
            assert_non_null(strstr(result.message, "was changed after it was read, so it was not deleted"));
        aws_double_free(fake);
    }
}

/* Cleanup: an apply may have prolonged the lease since the role was read. */
static void test_a_role_that_changed_is_left_alone(void **state)
{
    (void)state;
    static const enum operation_kind kinds[] = {OP_DETACH_POLICY, OP_DELETE_INLINE_POLICY, OP_DELETE_ROLE};
    static const char *const actions[] = {"Action=DetachRolePolicy&", "Action=DeleteRolePolicy&",
                                          "Action=DeleteRole&"};
    for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
        const bool changed = i >= COUNT(kinds);
        const struct http_line script[] = {
            ASSUME,
            {"Action=GetRole&", 200, NULL,
             changed ? GET_ROLE(TRUST("sts:*"), "k", "v") : GET_ROLE(TRUST("sts:AssumeRole"), "k", "v"),
             HTTP_ANSWER, 0},
            {actions[i % COUNT(kinds)], 200, NULL, DOUBLE_OK, HTTP_ANSWER, 0},
        };
        struct operation operation = operation_of(kinds[i % COUNT(kinds)]);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        operation.principal_kind = PRINCIPAL_ROLE;
        operation.document = NULL;
        operation.trust = TRUST("sts:AssumeRole");
        struct aws_double *fake = aws_double_start(script, COUNT(script) - changed);
        aws_call(fake->arena, fake->aws, &operation, note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, changed ? RESULT_FAILED : RESULT_DONE);
        if (changed)
            assert_non_null(strstr(result.message, "role 'bert' in account " DOUBLE_ACCOUNT " was changed"));
        aws_double_free(fake);
    }
}

/* A role that this run has just made may not be seen by the next call; another one is a mistake. */
static void test_what_is_put_on_a_new_role_waits_for_it(void **state)
{
    (void)state;
    struct http_line script[] = {ASSUME, LINE("CreateRole", 200, DOUBLE_OK),
                                 LINE("PutRolePolicy", 404, ABSENT_ROLE),
                                 LINE("PutRolePolicy", 200, DOUBLE_OK)};
    for (size_t is_new = 0; is_new < 2; is_new++) {
        struct aws_double *fake = aws_double_start(script, COUNT(script));
        struct operation create = operation_of(OP_CREATE_ROLE), put = operation_of(OP_PUT_INLINE_POLICY);
        struct result result = {.status = RESULT_BLOCKED};
        struct err err = {0};
        put.principal_kind = PRINCIPAL_ROLE;
        create.principal = is_new ? "bert" : "ada";
        aws_call(fake->arena, fake->aws, &create, note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        result = (struct result){.status = RESULT_BLOCKED};
        aws_call(fake->arena, fake->aws, &put, note, &result);
        assert_int_equal(net_run(fake->net, &err), 0);
        aws_double_stop(fake);
        assert_int_equal(result.status, is_new ? RESULT_DONE : RESULT_FAILED);
        assert_int_equal(result.attempts, is_new ? 2 : 1);
        aws_double_free(fake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),
        cmocka_unit_test(test_removals_of_what_is_gone),
        cmocka_unit_test(test_create_policy_that_exists),
        cmocka_unit_test(test_create_policy_version_without_an_answer),
        cmocka_unit_test(test_principals_and_policies_that_do_not_exist),
        cmocka_unit_test(test_attach_waits_for_a_policy_of_its_own),
        cmocka_unit_test(test_an_inline_policy_that_changed_is_not_deleted),
        cmocka_unit_test(test_a_policy_that_changed_is_not_taken_away),
        cmocka_unit_test(test_roles_that_cannot_be_assumed),
        cmocka_unit_test(test_expired_credentials_are_renewed_once),
        cmocka_unit_test(test_credentials_near_their_end_are_renewed),
        cmocka_unit_test(test_no_token_comes_into_a_message),
        cmocka_unit_test(test_a_signal),
        cmocka_unit_test(test_adopting),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_providers),
        cmocka_unit_test(test_trust_waits_for_a_principal),
        cmocka_unit_test(test_another_role_of_the_name_is_not_deleted),
        cmocka_unit_test(test_a_role_that_changed_is_left_alone),
        cmocka_unit_test(test_what_is_put_on_a_new_role_waits_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
