/* SPDX-License-Identifier: Apache-2.0 */
/* What is printed for others to run: whatever stands in a name, it stays a name. */
#include "render/render.h"
#include "unit.h"

#include <string.h>

static struct bootstrap_role role_items[] = {
    {.name = "it's $(id) `id`\n; \"x\": !Sub ${y} # z",
     .description = "'",
     .trust = "{\"a'\":\"${AWS::AccountId}\"}",
     .policy = "{}"},
};
static struct tag tag_items[] = {{BOOTSTRAP_TAG, "default"}};
static const char *client_ids[] = {"a'b"};
static const struct oidc_provider provider = {.url = "x/'\"", .client_ids = {.items = client_ids, .count = 1}};
static struct bootstrap_account account_items[] = {
    {.account_id = "111111111111", .provider = &provider, .roles = {.items = role_items, .count = 1}}};
static const struct bootstrap hostile = {.items = account_items,
                                         .count = 1,
                                         .partition = "aws",
                                         .tags = {.items = tag_items, .count = 1}};

static void test_words_of_the_shell(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1024 * 1024);
    render_bootstrap_commands(&out, &hostile);
    assert_non_null(strstr(out.bytes, "--role-name 'it'\\''s $(id) `id`\n; \"x\": !Sub ${y} # z'"));
    assert_non_null(strstr(out.bytes, "--description ''\\'''"));
    assert_non_null(strstr(out.bytes, "--assume-role-policy-document '{\"a'\\''\":\"${AWS::AccountId}\"}'"));
    assert_non_null(strstr(out.bytes, "'https://x/'\\''\"'"));
    assert_non_null(strstr(out.bytes, "--client-id-list 'a'\\''b'"));
    buf_free(&out);
}

static void test_texts_of_a_template(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1024 * 1024);
    render_bootstrap_hub(&out, &hostile);
    assert_non_null(strstr(out.bytes, "RoleName: \"it's $(id) `id`\\n; \\\"x\\\": !Sub ${y} # z\"\n"));
    assert_non_null(strstr(out.bytes, "Url: \"https://x/'\\\"\"\n"));
    assert_non_null(strstr(out.bytes, "Description: \"'\"\n"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_the_shell),
        cmocka_unit_test(test_texts_of_a_template),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
