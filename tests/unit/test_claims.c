/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/claims.h"
#include "unit.h"

#include <string.h>

static void check(const char *token, const char *expected)
{
    struct secret secret = {0};
    char text[CLAIMS_SIZE];
    secret_set(&secret, token, strlen(token));
    claims_describe(&secret, text);
    assert_string_equal(text, expected);
    secret_clear(&secret);
}

static void test_claims(void **state)
{
    (void)state;
    /* {"sub":"repo:o/r:pull_request","aud":"sts.amazonaws.com","iss":"https://issuer"} */
    check("e30.eyJzdWIiOiJyZXBvOm8vcjpwdWxsX3JlcXVlc3QiLCJhdWQiOiJzdHMuYW1hem9uYXdzLmNvbSIsImlzcyI6Imh0dHBzOi8v"
          "aXNzdWVyIn0.c2ln",
          "sub 'repo:o/r:pull_request', aud 'sts.amazonaws.com', iss 'https://issuer'");
    /* {"sub":"a'\n::error::\u001b[1m\u202eé","aud":["one","two"]} */
    check("e30.eyJzdWIiOiJhJ1xuOjplcnJvcjo6XHUwMDFiWzFtXHUyMDJlw6kiLCJhdWQiOlsib25lIiwidHdvIl19.c2ln",
          "sub 'a?"
          "?::error::?[1m?"
          "?"
          "?"
          "?"
          "?', aud 'one', iss '(none)'");
}

static void test_what_cannot_be_read(void **state)
{
    (void)state;
    static const char *const tokens[] = {"",        "e30",          "e30.",      "..",
                                         "e30.e30", "e30.bm9uZQ.x", "e30.W10.x", "e30.*.x"};
    for (size_t i = 0; i < COUNT(tokens); i++)
        check(tokens[i], strcmp(tokens[i], "e30.e30") == 0 ? "sub '(none)', aud '(none)', iss '(none)'" : "");
}

static void test_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_token;
    } cases[] = {{"e30.e30.c2ln", true}, {"a_-.b.c", true},  {"a.b", false},       {"a.b.c.d", false},
                 {"..", false},          {"a.b.c\n", false}, {"a.b.c&x=1", false}, {"a.b.c%20", false}};
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK(claims_is_token(cases[i].text, strlen(cases[i].text)) == cases[i].is_token, "%s", cases[i].text);
    assert_false(claims_is_token("a.b.c\0d", 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_what_cannot_be_read),
        cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
