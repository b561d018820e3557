/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "plan_world.h"
#include "policy/document.h"
#include "policy/trust.h"
#include "unit.h"

#define ACCOUNTS "aws-accounts: {prod: '123456789012'}\n"
#define ROLE(trust, more) \
    ACCOUNTS "aws-roles:\n  r: {environments: [prod], trust: [" trust "]" more "}\n" PROVIDERS
#define PROVIDERS                                                                                     \
    "oidc-providers:\n  eks: {url: 'https://id.example.com/a', client_ids: sts.amazonaws.com, tags: " \
    "{a: b}, environments: [prod]}\n"
#define CI          "principals: 'arn:aws:iam::123456789012:role/ci'"
#define LAMBDA      "services: lambda.amazonaws.com"
#define TOKEN(subs) "oidc: {provider: eks, audience: sts.amazonaws.com, subjects: [" subs "]}"
#define THUMB(digit)                                                                                    \
    "'" digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit \
        digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit \
            digit digit digit digit digit digit digit digit "'"
#define AUDIENCES(audiences) "oidc: {provider: eks, audience: [" audiences "], subjects: [s, t]}"

static const struct policy_decl *find(struct world *world, const char *yaml, bool is_role)
{
    const struct config *config = world_config(world, yaml);
    for (size_t i = 0; i < config->items[0].entries.count; i++) {
        const struct policy_decl *policy = config->items[0].entries.items[i].ad_hoc;
        if (is_role == (policy->role != NULL))
            return policy;
    }
    fail_msg("not declared");
    return NULL;
}

static const struct role_decl *role_of(struct world *world, const char *yaml)
{
    return find(world, yaml, true)->role;
}

static void test_documents(void **state)
{
    (void)state;
#define ALLOW(principal, action, more)                                                           \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{" principal \
    "},\"Action\":"                                                                              \
    "[\"sts:AssumeRole" action "\"]" more "}]}"
#define WHEN(operator, key, value) "\"" operator"\":{\"" key "\":" value "}"
#define FEDERATED                  "\"Federated\":\"arn:aws:iam::123456789012:"
    static const struct {
        const char *trust, *document;
    } cases[] = {
        {"account: '210987654321'", ALLOW("\"AWS\":\"arn:aws:iam::210987654321:root\"", "", "")},
        {"account: '210987654321', external_id: theirs",
         ALLOW("\"AWS\":\"arn:aws:iam::210987654321:root\"", "",
               ",\"Condition\":{" WHEN("StringEquals", "sts:ExternalId", "\"theirs\"") "}")},
        {"principals: ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:user/p/b']",
         ALLOW("\"AWS\":[\"arn:aws:iam::123456789012:role/a\",\"arn:aws:iam::123456789012:user/p/b\"]", "",
               "")},
        {LAMBDA, ALLOW("\"Service\":\"lambda.amazonaws.com\"", "", "")},
        {"saml: {provider: idp}", ALLOW(FEDERATED "saml-provider/idp\"", "WithSAML",
                                        ",\"Condition\":{" WHEN("StringEquals", "SAML:aud",
                                                                "\"https://signin.aws.amazon.com/saml\"") "}")},
        {TOKEN("a"), ALLOW(FEDERATED "oidc-provider/id.example.com/a\"", "WithWebIdentity",
                           ",\"Condition\":{\"StringEquals\":{\"id.example.com/a:aud\":\"sts.amazonaws.com\","
                           "\"id.example.com/a:sub\":\"a\"}}")},
        {TOKEN("a, 'b*'"), /* by one operator: two would both have to hold */
         ALLOW(FEDERATED "oidc-provider/id.example.com/a\"", "WithWebIdentity",
               ",\"Condition\":{" WHEN("StringEquals", "id.example.com/a:aud",
                                       "\"sts.amazonaws.com\"") "," WHEN("StringLike", "id.example.com/a:sub",
                                                                         "[\"a\",\"b*\"]") "}")},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const char *yaml = arena_printf(world->arena, ROLE("{%s}", ""), cases[i].trust);
        struct document trust, again = {0};
        struct err err;
        trust_document(world->arena, "aws", "123456789012", role_of(world, yaml), &trust);
        const char *json = document_to_json(world->arena, &trust);
        CHECK(str_eq(json, cases[i].document), "%zu: %s", i, json);
        CHECK(document_parse_trust(world->arena, json, strlen(json), &again, &err) == 0, "%zu", i);
        CHECK(document_equal(world->arena, &trust, &again), "%zu", i);
        world_free(world);
    }
}

static void test_words(void **state)
{
    (void)state;
    struct world *world = world_new();
    const char *yaml = ROLE("{" CI "}, {" LAMBDA
                            "}, {" TOKEN("b, 'a*'") "}, {account: '210987654321'}, {saml: {provider: idp}}",
                            ", max_session_hours: 2, tags: {t: x}, path: /iamlease/p/");
    static const char *const trust[] = {
        "arn:aws:iam::123456789012:role/ci",
        "people of the SAML provider idp with the audience https://signin.aws.amazon.com/saml",
        "the service lambda.amazonaws.com",
        "the subject a* of id.example.com/a with the audience sts.amazonaws.com",
        "the subject b of id.example.com/a with the audience sts.amazonaws.com",
        "whoever the policies of account 210987654321 let",
    };
    static const char *const settings[] = {"sessions of 2 hours", "the path /iamlease/p/", "the tag t=x"};
    static const char *const provider[] = {"the audience sts.amazonaws.com", "the tag a=b"};
    struct strings said[3] = {0};
    trust_describe(world->arena, role_of(world, yaml), &said[0]);
    role_describe(world->arena, role_of(world, yaml), &said[1]);
    provider_describe(world->arena, find(world, yaml, false)->provider, &said[2]);
    const struct strings expected[] = {
        {.items = (const char **)(uintptr_t)trust, .count = COUNT(trust)},
        {.items = (const char **)(uintptr_t)settings, .count = COUNT(settings)},
        {.items = (const char **)(uintptr_t)provider, .count = COUNT(provider)}};
    for (size_t i = 0; i < COUNT(said); i++) {
        assert_int_equal(said[i].count, expected[i].count);
        for (size_t j = 0; j < said[i].count; j++)
            assert_string_equal(said[i].items[j], expected[i].items[j]);
    }
    world_free(world);
}

static void test_what_is_within(void **state)
{
    (void)state;
    static const struct {
        const char *now, *allowed;
        bool within;
    } cases[] = {
        {ROLE("{" CI "}, {" LAMBDA "}", ""), ROLE("{" LAMBDA "}, {" CI "}", ""), true},
        {ROLE("{" CI "}", ""), ROLE("{" LAMBDA "}, {" CI "}", ""), true},
        {ROLE("{" LAMBDA "}, {" CI "}", ""), ROLE("{" CI "}", ""), false},
        {ROLE("{" TOKEN("a") "}", ""), ROLE("{" TOKEN("a, b") "}", ""), true},
        {ROLE("{" TOKEN("a, 'b*'") "}", ""), ROLE("{" TOKEN("a, b") "}", ""), false},
        {ROLE("{" AUDIENCES("a, b") "}", ""), ROLE("{" AUDIENCES("b, a") "}", ""), true},
        {ROLE("{" AUDIENCES("a") "}", ""), ROLE("{" AUDIENCES("a, b") "}", ""), true},
        {ROLE("{" AUDIENCES("a, c") "}", ""), ROLE("{" AUDIENCES("a, b") "}", ""), false},
        {ROLE("{" CI "}", ", max_session_hours: 2"), ROLE("{" CI "}", ", max_session_hours: 3"), true},
        {ROLE("{" CI "}", ", max_session_hours: 3"), ROLE("{" CI "}", ", max_session_hours: 2"), false},
        {ROLE("{" CI "}", ""),
         ROLE("{" CI "}", ", permissions_boundary: 'arn:aws:iam::123456789012:policy/b'"), false},
        {ROLE("{" CI "}", ", tags: {a: b}"), ROLE("{" CI "}", ""), false},
        {ROLE("{" CI "}", ""), ROLE("{" CI ", external_id: theirs}", ""), false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        CHECK(trust_is_within(role_of(world, cases[i].now), role_of(world, cases[i].allowed)) ==
                  cases[i].within,
              "%zu", i);
        world_free(world);
    }
}

/* Of a provider: fewer audiences let nobody in who was not let in before. */
static void test_providers_within(void **state)
{
    (void)state;
#define PROVIDER(more) "url: 'https://id.example.com/a', environments: [prod]" more
    static const struct {
        const char *now, *allowed;
        bool within;
    } cases[] = {
        {PROVIDER(", client_ids: [a, b]"), PROVIDER(", client_ids: [b, a]"), true},
        {PROVIDER(", client_ids: a"), PROVIDER(", client_ids: [b, a]"), true},
        {PROVIDER(", client_ids: [a, b]"), PROVIDER(", client_ids: a"), false},
        {PROVIDER(", client_ids: a"), PROVIDER(", client_ids: a, tags: {a: b}"), false},
        {PROVIDER(", client_ids: a"), PROVIDER(", client_ids: a, thumbprints: [" THUMB("a") "]"), false},
        {PROVIDER(", client_ids: a, thumbprints: [" THUMB("a") "]"), PROVIDER(", client_ids: a"), false},
        {PROVIDER(", client_ids: a, thumbprints: [" THUMB("a") "]"),
         PROVIDER(", client_ids: [a, b], thumbprints: [" THUMB("b") ", " THUMB("a") "]"), true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const struct provider_decl *sides[2];
        for (int j = 0; j < 2; j++)
            sides[j] =
                find(world,
                     arena_printf(world->arena, ACCOUNTS "aws-roles: {}\noidc-providers:\n  eks: {%s}\n",
                                  j ? cases[i].allowed : cases[i].now),
                     false)
                    ->provider;
        CHECK(provider_is_within(sides[0], sides[1]) == cases[i].within, "%zu", i);
        world_free(world);
    }
}

static void test_what_is_equal(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {ROLE("{" CI "}, {" LAMBDA "}", ""), ROLE("{" LAMBDA "}, {" CI "}", ", max_session_hours: 1"), true},
        {ROLE("{" CI "}", ""), ROLE("{" CI "}", ", path: /iamlease/p/"), false},
        {ROLE("{" TOKEN("a, b") "}", ""), ROLE("{" TOKEN("b, a") "}", ""), true},
        {ROLE("{" CI "}", ""), ROLE("{" LAMBDA "}", ""), false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world *world = world_new();
        const char *a = trust_canonical(world->arena, role_of(world, cases[i].a), NULL),
                   *b = trust_canonical(world->arena, role_of(world, cases[i].b), NULL);
        CHECK(str_eq(a, b) == cases[i].equal, "%zu", i);
        world_free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents),      cmocka_unit_test(test_words),
        cmocka_unit_test(test_what_is_within), cmocka_unit_test(test_providers_within),
        cmocka_unit_test(test_what_is_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
