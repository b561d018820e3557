/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "policy/document.h"
#include "policy/trust_change.h"
#include "unit.h"

#include <string.h>

#define ALLOW(principal, more) \
    "{\"Effect\":\"Allow\",\"Principal\":" principal ",\"Action\":[\"sts:AssumeRole\"]" more "}"
#define CI      ALLOW("{\"AWS\":\"arn:aws:iam::123456789012:role/ci\"}", "")
#define CI_EC2  ALLOW("{\"AWS\":\"arn:aws:iam::123456789012:role/ci\",\"Service\":\"ec2.amazonaws.com\"}", "")
#define EC2     ALLOW("{\"Service\":\"ec2.amazonaws.com\"}", "")
#define LAMBDA  ALLOW("{\"Service\":\"lambda.amazonaws.com\"}", "")
#define ANYBODY ALLOW("{\"AWS\":\"*\"}", "")
#define NOBODY  "{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"*\"},\"Action\":[\"sts:AssumeRole\"]}"
#define KNOWN(values)                                        \
    ALLOW("{\"AWS\":\"arn:aws:iam::123456789012:role/ci\"}", \
          ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":" values "}}")
#define TOKEN(conditions) \
    ALLOW("{\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/i\"}", ",\"Condition\":{" conditions "}")
#define EQUAL(audiences, subjects) TOKEN("\"StringEquals\":{\"i:aud\":" audiences ",\"i:sub\":" subjects "}")
#define LIKE(audiences, subjects) \
    TOKEN("\"StringEquals\":{\"i:aud\":" audiences "},\"StringLike\":{\"i:sub\":" subjects "}")
#define SUBJECT(value)                                       \
    ALLOW("{\"AWS\":\"arn:aws:iam::123456789012:role/ci\"}", \
          ",\"Condition\":{\"StringLike\":{\"i:sub\":" value "}}")
#define BY_MFA                                               \
    ALLOW("{\"AWS\":\"arn:aws:iam::123456789012:role/ci\"}", \
          ",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}")

static void read(struct arena *arena, const char *statements, struct document *ret)
{
    struct err err = {0};
    const char *json = arena_printf(arena, "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}", statements);
    *ret = (struct document){0};
    CHECK(document_parse_trust(arena, json, strlen(json), ret, &err) == 0, "%s", json);
}

static const struct {
    const char *before, *after;
    bool come, go;
    const char *common;
} cases[] = {
    {CI, CI, false, false, CI},
    {CI, CI "," LAMBDA, true, false, CI},
    {CI, CI_EC2, true, false, CI},
    {CI_EC2, CI "," EC2, false, false, CI "," EC2},
    {CI_EC2, CI, false, true, CI},
    {CI_EC2, LAMBDA "," CI, true, true, CI},
    {CI, LAMBDA, true, true, NOBODY},
    {NOBODY, CI, true, false, NOBODY},
    {ANYBODY, CI, false, true, CI},
    {CI, KNOWN("\"x\""), false, true, KNOWN("\"x\"")},
    {KNOWN("\"x\""), CI, true, false, NOBODY},
    {KNOWN("[\"x\",\"y\"]"), KNOWN("[\"y\",\"z\"]"), true, true, KNOWN("\"y\"")},
    {CI, BY_MFA, false, true, BY_MFA},
    {EQUAL("\"a\"", "[\"s\",\"t\"]"), LIKE("\"a\"", "[\"t\",\"u*\"]"), true, true, LIKE("\"a\"", "\"t\"")},
    {EQUAL("[\"a\",\"b\"]", "\"s\""), EQUAL("\"b\"", "\"s\""), false, true, EQUAL("\"b\"", "\"s\"")},
    {EQUAL("\"a\"", "\"s\"") "," EQUAL("\"a\"", "\"t\""), EQUAL("\"a\"", "[\"s\",\"t\"]"), false, false,
     EQUAL("\"a\"", "[\"s\",\"t\"]")},
    {SUBJECT("\"s:*\""), SUBJECT("\"s:1\""), false, true, SUBJECT("\"s:1\"")},
    {SUBJECT("\"s:1\""), SUBJECT("\"s:*\""), true, false, NOBODY},
    {SUBJECT("\"S:*\""), SUBJECT("\"s:1\""), true, true, NOBODY},     /* letters count */
    {SUBJECT("\"s:*:x\""), SUBJECT("\"s:1:x\""), true, true, NOBODY}, /* nobody looks so closely */
    {SUBJECT("\"s:?\""), SUBJECT("\"s:1\""), true, true, NOBODY},
};

static void test_who_comes_and_goes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct document before, after, common, expected;
        read(arena, cases[i].before, &before);
        read(arena, cases[i].after, &after);
        read(arena, cases[i].common, &expected);
        CHECK(trust_admits_more(arena, &before, &after) == cases[i].come, "%zu", i);
        CHECK(trust_admits_more(arena, &after, &before) == cases[i].go, "%zu", i);
        trust_common(arena, &before, &after, &common);
        CHECK(document_equal(arena, &common, &expected), "%zu: %s", i, document_to_json(arena, &common));
        arena_free(arena);
    }
}

/* Somebody else's document may be as large as AWS takes. */
static void test_many_values(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    const char *values = "\"v\"";
    struct document before, after;
    for (int i = 0; i < 200; i++)
        values = arena_printf(arena, "%s,\"v%d\"", values, i);
    const char *text = arena_printf(arena,
                                    ALLOW("{\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/i\"}",
                                          ",\"Condition\":{\"StringEquals\":{\"i:aud\":[%s],\"i:sub\":[%s]}}"),
                                    values, values);
    read(arena, text, &before);
    read(arena, arena_printf(arena, "%s,%s", text, CI), &after);
    assert_true(trust_admits_more(arena, &before, &after));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_comes_and_goes),
        cmocka_unit_test(test_many_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
