/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/form.h"
#include "base/arena.h"
#include "unit.h"

#include <stdio.h>

static void test_encoding(void **state)
{
    (void)state;
    static const struct {
        const char *value, *encoded;
    } cases[] = {
        {"", ""},
        {"abcXYZ019-._~", "abcXYZ019-._~"},
        {"a b", "a+b"},
        {"a+b", "a%2Bb"},
        {"*", "%2A"},
        {"arn:aws:iam::1:policy/x", "arn%3Aaws%3Aiam%3A%3A1%3Apolicy%2Fx"},
        {"{\"a\":[1,2]}", "%7B%22a%22%3A%5B1%2C2%5D%7D"},
        {"&=%;?#", "%26%3D%25%3B%3F%23"},
        {"\xc3\xa9\n", "%C3%A9%0A"},
        {"(!')", "%28%21%27%29"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf form;
        buf_init(&form, FORM_MAX);
        form_begin(&form, "Do", "2010-05-08");
        form_add(&form, "Key", cases[i].value);
        char wanted[256];
        snprintf(wanted, sizeof wanted, "Action=Do&Version=2010-05-08&Key=%s", cases[i].encoded);
        assert_string_equal(form.bytes, wanted);
        buf_free(&form);
    }
}

static void test_documents(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const struct {
        const char *text, *document;
    } cases[] = {
        {"%7B%22a%22%3A%22%2A%22%7D", "{\"a\":\"*\"}"},
        {" \n%7b%20+%7d", " \n{ +}"},
        {"{\"Resource\":\"arn:aws:s3:::a%2Fb\"}", "{\"Resource\":\"arn:aws:s3:::a%2Fb\"}"},
        {"%7B%C3%A9%7D", "{\xc3\xa9}"},
        {"%7B%4", "%7B%4"},
        {"%7B%", "%7B%"},
        {"%zz", "%zz"},
        {"%7B%00%7D", "%7B%00%7D"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(document_decode(arena, cases[i].text), cases[i].document);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoding),
        cmocka_unit_test(test_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
