/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "policy/document.h"
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define ALLOW(rest)          "{\"Effect\":\"Allow\"," rest "}"
#define ALLOW_READ           ALLOW("\"Action\":\"s3:GetObject\",\"Resource\":\"*\"")
#define CONDITION(condition) \
    DOCUMENT(ALLOW("\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":" condition))

static struct document parsed(struct arena *arena, const char *json)
{
    struct document document;
    struct err err = {0};
    int rc = document_parse(arena, json, strlen(json), &document, &err);
    CHECK(rc == 0, "%s: %s", json, err.message);
    return document;
}

static void test_reads_what_aws_stores(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document document = parsed(
        arena, "{\"Id\":\"x\",\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"A1\",\"Effect\":\"Deny\","
               "\"NotAction\":\"iam:*\",\"NotResource\":[\"arn:a\",\"arn:b\"],\"Condition\":{\"Bool\":"
               "{\"aws:MultiFactorAuthPresent\":true},\"NumericLessThan\":{\"s3:max-keys\":[10,\"20\",-3,0]},"
               "\"StringLike\":{\"aws:x\":\"\",\"aws:y\":[]}}}}");
    assert_int_equal(document.count, 1);
    const struct statement *statement = &document.items[0];
    assert_string_equal(statement->sid, "A1");
    assert_int_equal(statement->effect, EFFECT_DENY);
    assert_int_equal(statement->actions.count, 0);
    assert_int_equal(statement->not_actions.count, 1);
    assert_string_equal(statement->not_actions.items[0], "iam:*");
    assert_int_equal(statement->resources.count, 0);
    assert_int_equal(statement->not_resources.count, 2);
    assert_string_equal(statement->not_resources.items[1], "arn:b");
    assert_int_equal(statement->conditions.count, 4);
    const struct condition *conditions = statement->conditions.items;
    assert_string_equal(conditions[0].operator, "Bool");
    assert_string_equal(conditions[0].key, "aws:MultiFactorAuthPresent");
    assert_string_equal(conditions[0].values.items[0], "true");
    assert_int_equal(conditions[1].values.count, 4);
    assert_string_equal(conditions[1].values.items[0], "10");
    assert_string_equal(conditions[1].values.items[1], "20");
    assert_string_equal(conditions[1].values.items[2], "-3");
    assert_string_equal(conditions[1].values.items[3], "0");
    assert_string_equal(conditions[2].values.items[0], "");
    assert_int_equal(conditions[3].values.count, 0);
}

static void test_a_document_without_statements_is_one(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document document = parsed(arena, DOCUMENT(""));
    assert_int_equal(document.count, 0);
    assert_string_equal(document_to_json(arena, &document), DOCUMENT(""));
}

/* What is refused, and a word of the message that tells why. */
static const struct {
    const char *json, *message;
} refused[] = {
    {"", "not JSON"},
    {"[]", "must be an object"},
    {"null", "must be an object"},
    {"{\"Version\":\"2012-10-17\"}", "Statement must be"},
    {"{\"Version\":\"2012-10-17\",\"Statement\":null}", "Statement must be"},
    {"{\"Version\":\"2012-10-17\",\"Statement\":\"*\"}", "Statement must be"},
    {"{\"Version\":\"2012-10-17\",\"Statement\":[[]]}", "statement 1: it must be an object"},
    {"{\"Statement\":[]}", "Version must be"},
    {"{\"Version\":\"2008-10-17\",\"Statement\":[]}", "Version must be"},
    {"{\"Version\":20121017,\"Statement\":[]}", "Version must be"},
    {"{\"version\":\"2012-10-17\",\"Statement\":[]}", "\"version\""},
    {"{\"Version\":\"2012-10-17\",\"Statement\":[],\"Statements\":[]}", "\"Statements\""},
    {DOCUMENT(ALLOW_READ) "{}", "not JSON"},
    {DOCUMENT(ALLOW_READ ",{\"Effect\":\"Allow\"}"), "statement 2: it must have one of Action and NotAction"},
    {DOCUMENT("{\"Action\":\"*\",\"Resource\":\"*\"}"), "Effect must be"},
    {DOCUMENT("{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}"), "Effect must be"},
    {DOCUMENT("{\"Effect\":\"Allow \",\"Action\":\"*\",\"Resource\":\"*\"}"), "Effect must be"},
    {DOCUMENT("{\"Effect\":[\"Allow\"],\"Action\":\"*\",\"Resource\":\"*\"}"), "Effect must be"},
    {DOCUMENT("{\"Effect\":\"Allow\\u0000\",\"Action\":\"*\",\"Resource\":\"*\"}"), "NUL"},
    {DOCUMENT("{\"Effect\":\"Deny\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"), "twice"},
    {DOCUMENT(ALLOW("\"Resource\":\"*\"")), "Action and NotAction"},
    {DOCUMENT(ALLOW("\"Action\":\"*\"")), "Resource and NotResource"},
    {DOCUMENT(ALLOW("\"Action\":\"*\",\"NotAction\":\"*\",\"Resource\":\"*\"")), "Action and NotAction"},
    {DOCUMENT(ALLOW("\"Action\":\"*\",\"Resource\":\"*\",\"NotResource\":\"*\"")), "Resource and NotResource"},
    {DOCUMENT(ALLOW("\"Action\":[],\"Resource\":\"*\"")), "Action is empty"},
    {DOCUMENT(ALLOW("\"Action\":\"*\",\"NotResource\":[]")), "NotResource is empty"},
    {DOCUMENT(ALLOW("\"Action\":null,\"Resource\":\"*\"")), "Action must be a string"},
    {DOCUMENT(ALLOW("\"Action\":{\"a\":\"*\"},\"Resource\":\"*\"")), "Action must be a string"},
    {DOCUMENT(ALLOW("\"Action\":[\"*\",1],\"Resource\":\"*\"")), "Action must be a string"},
    {DOCUMENT(ALLOW("\"Action\":\"*\",\"Resource\":[[\"*\"]]")), "Resource must be a string"},
    {DOCUMENT(ALLOW("\"Sid\":1,\"Action\":\"*\",\"Resource\":\"*\"")), "Sid must be"},
    {DOCUMENT(ALLOW("\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"")), "\"Principal\""},
    {DOCUMENT(ALLOW("\"action\":\"*\",\"Resource\":\"*\"")), "\"action\""},
    {DOCUMENT(ALLOW("\"Conditions\":{},\"Action\":\"*\",\"Resource\":\"*\"")), "\"Conditions\""},
    {CONDITION("[]"), "Condition must be"},
    {CONDITION("null"), "Condition must be"},
    {CONDITION("{\"Bool\":\"true\"}"), "\"Bool\" must hold"},
    {CONDITION("{\"Bool\":{\"k\":null}}"), "\"k\" has a value"},
    {CONDITION("{\"Bool\":{\"k\":{}}}"), "\"k\" has a value"},
    {CONDITION("{\"Bool\":{\"k\":[[\"v\"]]}}"), "\"k\" has a value"},
    {CONDITION("{\"Numeric\":{\"k\":1.5}}"), "\"k\" has a value"},
    {CONDITION("{\"Numeric\":{\"k\":9007199254740993}}"), "\"k\" has a value"},
    {CONDITION("{\"Numeric\":{\"k\":-1e400}}"), "\"k\" has a value"},
    {CONDITION("{\"Bool\":{\"k\":\"a\",\"k\":\"b\"}}"), "twice"},
};

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document document = {.count = 77};
        struct err err = {0};
        int rc = document_parse(arena, refused[i].json, strlen(refused[i].json), &document, &err);
        CHECK(rc == -1, "%s", refused[i].json);
        CHECK(err.code == ERR_INPUT, "%s", refused[i].json);
        CHECK(str_prefix(err.message, "cannot read policy document: "), "%s: %s", refused[i].json,
              err.message);
        CHECK(strstr(err.message, refused[i].message), "%s: %s", refused[i].json, err.message);
        CHECK(document.count == 77, "%s", refused[i].json); /* untouched */
    }
}

static void test_writes_in_one_order(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document document =
        parsed(arena, "{ \"Statement\": {\"Condition\":{\"Bool\":{\"a\":true,\"b\":[\"x\",\"y\"]},"
                      "\"StringLike\":{\"a\":\"\\u00e9\\\"\"}}, \"Resource\": \"*\", \"Action\": \"s3:Get*\","
                      "\"Effect\":\"Allow\", \"Sid\":\"S\"}, \"Version\" : \"2012-10-17\"}");
    assert_string_equal(document_to_json(arena, &document),
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"S\",\"Effect\":\"Allow\","
                        "\"Action\":[\"s3:Get*\"],\"Resource\":[\"*\"],\"Condition\":{\"Bool\":{\"a\":\"true\","
                        "\"b\":[\"x\",\"y\"]},\"StringLike\":{\"a\":\"\xc3\xa9\\\"\"}}}]}");
}

/* Conditions of one operator that do not stand side by side come under one key. */
static void test_writes_an_operator_once(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document document = {0};
    struct statement *statement = VEC_ADD(arena, &document);
    strings_add(arena, &statement->actions, "*");
    strings_add(arena, &statement->resources, "*");
    static const char *const conditions[][2] = {{"Bool", "a"}, {"StringLike", "b"}, {"Bool", "c"}};
    for (size_t i = 0; i < COUNT(conditions); i++) {
        struct condition *condition = VEC_ADD(arena, &statement->conditions);
        *condition = (struct condition){conditions[i][0], conditions[i][1], {0}};
        strings_add(arena, &condition->values, "v");
    }
    const char *json = document_to_json(arena, &document);
    assert_non_null(
        strstr(json, "\"Condition\":{\"Bool\":{\"a\":\"v\",\"c\":\"v\"},\"StringLike\":{\"b\":\"v\"}}"));
    struct document again = parsed(arena, json);
    assert_true(document_equal(arena, &document, &again));
}

#define AB(a, b) DOCUMENT(ALLOW("\"Action\":[" a "," b "],\"Resource\":\"*\""))

static const struct {
    const char *what, *left, *right;
    bool equal;
} pairs[] = {
    {"itself", DOCUMENT(ALLOW_READ), DOCUMENT(ALLOW_READ), true},
    {"empty", DOCUMENT(""), DOCUMENT(""), true},
    {"statement as object", DOCUMENT(ALLOW_READ), "{\"Version\":\"2012-10-17\",\"Statement\":" ALLOW_READ "}",
     true},
    {"string and list of one", DOCUMENT(ALLOW_READ),
     DOCUMENT(ALLOW("\"Action\":[\"s3:GetObject\"],\"Resource\":[\"*\"]")), true},
    {"Sid", DOCUMENT(ALLOW_READ),
     DOCUMENT(ALLOW("\"Sid\":\"X\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"")), true},
    {"order of a list", AB("\"a:b\"", "\"c:d\""), AB("\"c:d\"", "\"a:b\""), true},
    {"a value repeated", DOCUMENT(ALLOW("\"Action\":\"a:b\",\"Resource\":\"*\"")), AB("\"a:b\"", "\"A:B\""),
     true},
    {"case of actions", AB("\"s3:GetObject\"", "\"c:d\""), AB("\"S3:getobject\"", "\"C:D\""), true},
    {"case of a resource", DOCUMENT(ALLOW("\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::a\"")),
     DOCUMENT(ALLOW("\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::A\"")), false},
    {"another action", AB("\"a:b\"", "\"c:d\""), AB("\"a:b\"", "\"c:e\""), false},
    {"fewer actions", AB("\"a:b\"", "\"c:d\""), DOCUMENT(ALLOW("\"Action\":\"a:b\",\"Resource\":\"*\"")),
     false},
    {"one value that looks like two", AB("\"a:b\"", "\"c:d\""),
     DOCUMENT(ALLOW("\"Action\":\"a:b3:c:d\",\"Resource\":\"*\"")), false},
    {"values cut elsewhere", AB("\"a\"", "\"bc\""), AB("\"ab\"", "\"c\""), false},
    {"another NotResource", DOCUMENT(ALLOW("\"Action\":\"*\",\"NotResource\":\"a\"")),
     DOCUMENT(ALLOW("\"Action\":\"*\",\"NotResource\":\"b\"")), false},
    {"Action and NotAction", DOCUMENT(ALLOW("\"Action\":\"a:b\",\"Resource\":\"*\"")),
     DOCUMENT(ALLOW("\"NotAction\":\"a:b\",\"Resource\":\"*\"")), false},
    {"Resource and NotResource", DOCUMENT(ALLOW("\"Action\":\"a:b\",\"Resource\":\"*\"")),
     DOCUMENT(ALLOW("\"Action\":\"a:b\",\"NotResource\":\"*\"")), false},
    {"Allow and Deny", DOCUMENT(ALLOW_READ),
     DOCUMENT("{\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}"), false},
    {"order of statements", DOCUMENT(ALLOW_READ "," ALLOW("\"Action\":\"a:b\",\"Resource\":\"*\"")),
     DOCUMENT(ALLOW("\"Action\":\"a:b\",\"Resource\":\"*\"") "," ALLOW_READ), true},
    {"a statement repeated", DOCUMENT(ALLOW_READ), DOCUMENT(ALLOW_READ "," ALLOW_READ), true},
    {"a statement more", DOCUMENT(ALLOW_READ),
     DOCUMENT(ALLOW_READ "," ALLOW("\"Action\":\"a:b\",\"Resource\":\"*\"")), false},
    {"one empty", DOCUMENT(ALLOW_READ), DOCUMENT(""), false},
    {"case of operator and key", CONDITION("{\"StringLike\":{\"aws:UserName\":\"v\"}}"),
     CONDITION("{\"stringlike\":{\"AWS:username\":[\"v\"]}}"), true},
    {"case of a condition's value", CONDITION("{\"StringLike\":{\"k\":\"v\"}}"),
     CONDITION("{\"StringLike\":{\"k\":\"V\"}}"), false},
    {"order of conditions", CONDITION("{\"Bool\":{\"a\":\"1\",\"b\":\"2\"},\"StringLike\":{\"a\":\"1\"}}"),
     CONDITION("{\"StringLike\":{\"a\":\"1\"},\"Bool\":{\"b\":\"2\",\"a\":\"1\"}}"), true},
    {"another operator", CONDITION("{\"StringLike\":{\"k\":\"v\"}}"),
     CONDITION("{\"StringEquals\":{\"k\":\"v\"}}"), false},
    {"IfExists", CONDITION("{\"StringLike\":{\"k\":\"v\"}}"),
     CONDITION("{\"StringLikeIfExists\":{\"k\":\"v\"}}"), false},
    {"order of a condition's values", CONDITION("{\"StringLike\":{\"k\":[\"v\",\"w\"]}}"),
     CONDITION("{\"StringLike\":{\"k\":[\"w\",\"v\",\"v\"]}}"), true},
    {"a value more", CONDITION("{\"StringLike\":{\"k\":[\"v\",\"w\"]}}"),
     CONDITION("{\"StringLike\":{\"k\":[\"w\"]}}"), false},
    {"values under other keys", CONDITION("{\"StringLike\":{\"j\":\"1\",\"k\":\"2\"}}"),
     CONDITION("{\"StringLike\":{\"j\":\"2\",\"k\":\"1\"}}"), false},
    {"boolean and text", CONDITION("{\"Bool\":{\"k\":true}}"), CONDITION("{\"Bool\":{\"k\":\"true\"}}"), true},
    {"number and text", CONDITION("{\"NumericLessThan\":{\"k\":123456789012}}"),
     CONDITION("{\"NumericLessThan\":{\"k\":\"123456789012\"}}"), true},
    {"a condition and none", CONDITION("{\"Bool\":{\"k\":true}}"), CONDITION("{}"), false},
    {"no condition and an empty one", CONDITION("{}"), CONDITION("{\"Bool\":{}}"), true},
    {"no value and a missing key", CONDITION("{\"Bool\":{\"k\":[]}}"), CONDITION("{}"), false},
};

static void test_equality(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document left = parsed(arena, pairs[i].left), right = parsed(arena, pairs[i].right);
        CHECK(document_equal(arena, &left, &right) == pairs[i].equal, "%s", pairs[i].what);
        CHECK(document_equal(arena, &right, &left) == pairs[i].equal, "%s, the other way", pairs[i].what);
        CHECK(document_equal(arena, &left, &left), "%s: left and itself", pairs[i].what);
        CHECK(document_equal(arena, &right, &right), "%s: right and itself", pairs[i].what);
    }
}

/* What is written and read again means the same, and is written the same. */
static void test_write_and_read_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pairs) * 2; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *source = i % 2 ? pairs[i / 2].left : pairs[i / 2].right;
        struct document document = parsed(arena, source);
        const char *json = document_to_json(arena, &document);
        struct document again = parsed(arena, json);
        CHECK(document_equal(arena, &document, &again), "%s", source);
        CHECK(str_eq(document_to_json(arena, &again), json), "%s", source);
    }
}

/* A small generator: the same documents in every run. */
static unsigned pick(uint32_t *random, unsigned count)
{
    *random = *random * 1664525 + 1013904223;
    return (*random >> 16) % count;
}

static void add_some(struct arena *arena, struct strings *strings, uint32_t *random)
{
    static const char *const words[] = {"a:b", "A:B", "c:*", "*", "", "\"\\\n\x7f", "\xc3\xa9\xe2\x82\xac"};
    for (unsigned i = 0, count = pick(random, 4) + 1; i < count; i++)
        strings_add(arena, strings, words[pick(random, COUNT(words))]);
}

static struct document random_document(struct arena *arena, uint32_t *random)
{
    static const char *const operators[] = {"Bool", "StringLike", "dateLessThan"},
                             *keys[] = {"a", "b", "aws:C"};
    struct document document = {0};
    for (unsigned i = 0, count = pick(random, 4); i < count; i++) {
        struct statement *statement = VEC_ADD(arena, &document);
        statement->effect = pick(random, 2) ? EFFECT_ALLOW : EFFECT_DENY;
        statement->sid = pick(random, 2) ? "Sid" : NULL;
        add_some(arena, pick(random, 2) ? &statement->actions : &statement->not_actions, random);
        add_some(arena, pick(random, 2) ? &statement->resources : &statement->not_resources, random);
        for (unsigned j = 0; j < COUNT(operators) * COUNT(keys); j++)
            if (pick(random, 4) == 0) {
                struct condition *condition = VEC_ADD(arena, &statement->conditions);
                *condition = (struct condition){operators[j % 3], keys[j / 3], {0}};
                add_some(arena, &condition->values, random);
            }
    }
    return document;
}

static void test_random_documents(void **state)
{
    (void)state;
    uint32_t random = 20261130;
    for (int i = 0; i < 500; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document document = random_document(arena, &random);
        const char *json = document_to_json(arena, &document);
        struct document again = parsed(arena, json);
        CHECK(document_equal(arena, &document, &again), "%s", json);
        CHECK(document_measure(json) <= strlen(json), "%s", json);
        struct document other = random_document(arena, &random);
        CHECK(document_equal(arena, &document, &other) == document_equal(arena, &other, &again), "%s", json);
    }
}

static void test_measure(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        size_t size;
    } cases[] = {
        {"", 0},
        {"{}", 2},
        {" {\t\r\n } ", 2},
        {"{\"a b\": \"c d\"}", 13},
        {"\"a\\\" b\" : 1", 9}, /* the escaped quote does not end the string */
        {"\"a\\\\\" : 1", 7},   /* an escaped backslash does not escape the quote */
        {"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91\"", 5},
        {"\"\\\xc3\xa9 \"", 5},
        {"\"\xff\xfe\"", 4}, /* not UTF-8: bytes */
        {"\"\xc3", 2},
        {"\"\\", 2},
        {"\"\\u00e9\"", 8},
        {"\" \n", 3}, /* an open string counts to its end */
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(document_measure(cases[i].json) == cases[i].size, "%s: %zu", cases[i].json,
              document_measure(cases[i].json));
}

static void test_administrative(void **state)
{
    (void)state;
#define ON(action, resource) DOCUMENT(ALLOW("\"Action\":\"" action "\",\"Resource\":\"" resource "\""))
#define NOT_ACTION(action)   DOCUMENT(ALLOW("\"NotAction\":[" action "],\"Resource\":\"*\""))
    static const struct {
        const char *json;
        bool administrative;
    } cases[] = {
        {DOCUMENT(""), false},
        {ON("*", "*"), true},
        {ON("**", "**"), true},
        {ON("*:*", "*"), true},
        {ON("iam:*", "*"), true},
        {ON("IAM:*", "*"), true},
        {ON("i?m:*", "*"), true},
        {ON("iam:**", "arn:*"), true},
        {ON("iam:*", "arn:aws:iam::*"), true},
        {ON("iam:*", "arn:aws:iam::*:*"), true},
        {ON("iam:*", "arn:*:iam::*:*"), true},
        {ON("iam:*", "arn:aws:iam::123456789012:*"), true},
        {ON("*", "arn:aws-cn:iam::123456789012:*"), true},
        {ON("iam:*", "arn:aws:iam::123456789012:user/*"), false},
        {ON("iam:*", "arn:aws:s3:::*"), false},
        {ON("iam:*", "arn:aws:s3:eu-west-1:123456789012:*"), false},
        {ON("iam:*", "arn:aws:iam"), false},
        {ON("iam:*", ""), false},
        {ON("iam:Get*", "*"), false},
        {ON("iam:", "*"), false},
        {ON("s3:*", "*"), false},
        {ON("", "*"), false},
        {NOT_ACTION("\"s3:*\""), true},
        {NOT_ACTION("\"iam:GetUser\""), true},
        {NOT_ACTION("\"s3:*\",\"iam:*\""), false},
        {NOT_ACTION("\"*\""), false},
        {DOCUMENT(ALLOW("\"Action\":\"*\",\"NotResource\":\"arn:aws:s3:::x\"")), true},
        {DOCUMENT(ALLOW("\"Action\":\"*\",\"NotResource\":[\"a\",\"*\"]")), false},
        {DOCUMENT("{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}"), false},
        {DOCUMENT(ALLOW_READ "," ALLOW("\"Action\":[\"s3:*\",\"*\"],\"Resource\":[\"a\",\"*\"]")), true},
        {DOCUMENT(
             ALLOW("\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringLike\":{\"aws:x\":\"y\"}}")),
         false},
        {DOCUMENT(ALLOW("\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:currenttime\":"
                        "\"2026-11-30\"},\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}")),
         true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document document = parsed(arena, cases[i].json);
        CHECK(document_is_administrative(&document) == cases[i].administrative, "%s", cases[i].json);
    }
}

/* A pattern of many stars against a text that does not match costs a product, not a power. */
static void test_administrative_is_quick(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document document = parsed(arena, DOCUMENT(ALLOW_READ));
    char *pattern = arena_alloc(arena, 20001);
    for (size_t i = 0; i < 20000; i++)
        pattern[i] = i % 2 ? 'm' : '*';
    document.items[0].actions.items[0] = pattern;
    assert_false(document_is_administrative(&document));
}

static void test_allowed_actions(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document document = parsed(
        arena,
        DOCUMENT(ALLOW("\"Action\":[\"s3:PutObject\",\"s3:GetObject\"],\"Resource\":\"*\"") "," ALLOW(
            "\"Action\":\"S3:putobject\",\"Resource\":\"arn:x\"") ","
                                                                  "{\"Effect\":\"Deny\",\"Action\":\"s3:DeleteObject\",\"Resource\":\"*\"}," ALLOW(
                                                                      "\"NotAction\":[\"sts:*\",\"iam:*\",\"sts:*\"],\"Resource\":\"*\"")));
    struct strings actions = {0};
    strings_add(arena, &actions, "s3:ListBucket");
    strings_add(arena, &actions, "s3:GETOBJECT");
    document_allowed_actions(arena, &document, &actions);
    static const char *const expected[] = {"everything but iam:*, sts:*", "s3:GETOBJECT", "s3:ListBucket",
                                           "s3:PutObject"};
    assert_int_equal(actions.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_string_equal(actions.items[i], expected[i]);

    struct document empty = {0};
    struct strings none = {0};
    document_allowed_actions(arena, &empty, &none);
    assert_int_equal(none.count, 0);
}

/* Every beginning of a document and every document with one byte changed is read or refused, and nothing else. */
static void test_damaged_documents(void **state)
{
    (void)state;
    static const char good[] = CONDITION(
        "{\"DateLessThan\":{\"aws:CurrentTime\":[\"2026-11-30T00:00:00Z\",12]},\"Bool\":{\"k\":true}}");
    static const char others[] = "\"\\{}[]:,0\x01\xff";
    char text[sizeof good];
    for (size_t i = 0; i < sizeof good - 1; i++) {
        for (size_t j = 0; j < sizeof others; j++) { /* the NUL too */
            CLEANUP(arena_freep) struct arena *arena = arena_new();
            struct document document;
            struct err err = {0};
            memcpy(text, good, sizeof good);
            text[i] = others[j];
            if (document_parse(arena, text, sizeof good - 1, &document, &err) == 0)
                (void)document_to_json(arena, &document);
            else
                assert_int_equal(err.code, ERR_INPUT);
            CHECK(document_parse(arena, good, i, &document, &err) == -1, "%zu bytes", i);
        }
    }
}

static void test_canonical(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } written[] = {
        {"{\"Action\":\"s3:Get*\",\"Resource\":\"*\"}",
         "{\"Action\":[\"S3:get*\"],\"Resource\":[\"*\",\"*\"]}", true},
        {"{\"Action\":\"s3:Get*\",\"Resource\":\"a\"}", "{\"Action\":\"s3:Get*\",\"Resource\":\"A\"}", false},
        {"{\"Action\":\"s3:Get*\",\"Resource\":\"a\"}", "{\"NotAction\":\"s3:Get*\",\"Resource\":\"a\"}",
         false},
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT(written); i++) {
        const char *texts[2] = {written[i].a, written[i].b}, *canonical[2];
        for (size_t j = 0; j < 2; j++) {
            struct document document;
            struct err err = {0};
            const char *json = arena_printf(
                arena, "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",%s}", texts[j] + 1);
            CHECK(document_parse(arena, json, strlen(json), &document, &err) == 0, "%s: %s", json,
                  err.message);
            canonical[j] = document_canonical(arena, &document);
        }
        CHECK((strcmp(canonical[0], canonical[1]) == 0) == written[i].same, "%s: %s", written[i].a,
              canonical[0]);
    }
}

#define TRUST(rest) DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\"" rest "}")

static void test_trust(void **state)
{
    (void)state;
    static const struct {
        const char *json, *principals; /* NULL: refused */
    } cases[] = {
        {TRUST(",\"Principal\":{\"AWS\":\"arn:aws:iam::1:user/bert\"}"), "AWS:arn:aws:iam::1:user/bert"},
        {TRUST(",\"Principal\":{\"AWS\":[\"a\",\"b\"],\"Service\":\"c\"}"), "AWS:a AWS:b Service:c"},
        {TRUST(",\"Principal\":\"*\""), "AWS:*"},
        {TRUST(",\"Principal\":{\"AWS\":\"*\"}"), "AWS:*"},
        {TRUST(""), NULL},
        {TRUST(",\"Principal\":{}"), NULL},
        {TRUST(",\"Principal\":\"bert\""), NULL},
        {TRUST(",\"Principal\":{\"AWS\":[]}"), NULL},
        {TRUST(",\"Principal\":{\"AWS\":7}"), NULL},
        {TRUST(",\"NotPrincipal\":{\"AWS\":\"a\"}"), NULL},
        {TRUST(",\"Principal\":\"*\",\"Resource\":\"*\""), NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document document = {0}, again = {0};
        struct err err = {0};
        int rc = document_parse_trust(arena, cases[i].json, strlen(cases[i].json), &document, &err);
        CHECK((rc == 0) == (cases[i].principals != NULL), "%s: %s", cases[i].json, err.message);
        if (rc < 0)
            continue;
        const struct strings *principals = &document.items[0].principals;
        CHECK(str_eq(arena_join(arena, ' ', principals->items, principals->count), cases[i].principals),
              "%zu", i);
        CHECK(document_parse(arena, cases[i].json, strlen(cases[i].json), &again, &err) < 0, "%zu", i);
        if (strstr(cases[i].principals, "Service"))
            continue;
        const char *json = document_to_json(arena, &document);
        assert_int_equal(document_parse_trust(arena, json, strlen(json), &again, &err), 0);
        assert_true(document_equal(arena, &document, &again));
        strings_add(arena, &again.items[0].principals, "AWS:other");
        assert_false(document_equal(arena, &document, &again));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_aws_stores),
        cmocka_unit_test(test_a_document_without_statements_is_one),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_writes_in_one_order),
        cmocka_unit_test(test_writes_an_operator_once),
        cmocka_unit_test(test_equality),
        cmocka_unit_test(test_write_and_read_again),
        cmocka_unit_test(test_random_documents),
        cmocka_unit_test(test_measure),
        cmocka_unit_test(test_administrative),
        cmocka_unit_test(test_administrative_is_quick),
        cmocka_unit_test(test_allowed_actions),
        cmocka_unit_test(test_damaged_documents),
        cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_trust),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
