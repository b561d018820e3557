/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/form.h"
#include "aws/iam_request.h"
#include "base/str.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define ARN         "arn:aws:iam::123456789012:policy/iamlease/p"
#define ARN_ENCODED "arn%3Aaws%3Aiam%3A%3A123456789012%3Apolicy%2Fiamlease%2Fp"

#define PROVIDER         "arn:aws:iam::123456789012:oidc-provider/oidc.example.com/id/X"
#define PROVIDER_ENCODED "arn%3Aaws%3Aiam%3A%3A123456789012%3Aoidc-provider%2Foidc.example.com%2Fid%2FX"
#define TAGS                                                                                      \
    "&Tags.member.1.Key=iamlease&Tags.member.1.Value=default%2Fpayments%2Fdev.read%3Auser%3Abert" \
    "&Tags.member.2.Key=port&Tags.member.2.Value=integration&Tags.member.3.Key=team&Tags.member.3.Value="
#define TAG_KEYS "&TagKeys.member.1=port&TagKeys.member.2=team"

/* All fields are set, so that one which does not belong in a request would show. */
static struct tag tag_items[] = {{"port", "integration"}, {"team", ""}};
static const struct tags tags = {.items = tag_items, .count = 2};
static const char *client_ids[] = {"sts.amazonaws.com", "a b"};
static const char *thumbprints[] = {"0123456789abcdef0123456789abcdef01234567"};
static const struct oidc_provider provider = {
    .arn = PROVIDER,
    .url = "oidc.example.com/id/X",
    .client_ids = {.items = client_ids, .count = 2},
    .thumbprints = {.items = thumbprints, .count = 1},
};

static struct operation full_operation(enum operation_kind kind, enum principal_kind principal_kind)
{
    return (struct operation){
        .kind = kind,
        .account_id = "123456789012",
        .principal_kind = principal_kind,
        .principal = "bert+x",
        .policy_name = "p",
        .policy_arn = ARN,
        .path = "/iamlease/",
        .description = "read it [iamlease default/payments/dev.read]",
        .document = "{\"Version\":\"2012-10-17\"}",
        .version_id = "v2",
        .mark = "default/payments/dev.read:user:bert",
        .boundary = ARN,
        .trust = "{}",
        .tags = &tags,
        .provider = &provider,
        .session_s = 7200,
        .reason = "test",
    };
}

static void test_forms(void **state)
{
    (void)state;
    static const char document[] = "%7B%22Version%22%3A%222012-10-17%22%7D";
    static const struct {
        enum operation_kind kind;
        enum principal_kind principal;
        bool repeatable;
        const char *action, *parameters;
    } cases[] = {
        {OP_CREATE_POLICY, PRINCIPAL_USER, true, "CreatePolicy",
         "PolicyName=p&Path=%2Fiamlease%2F&Description=read+it+%5Biamlease+default%2Fpayments%2Fdev.read%5D&PolicyDocument="},
        {OP_DELETE_POLICY_VERSION, PRINCIPAL_USER, true, "DeletePolicyVersion",
         "PolicyArn=" ARN_ENCODED "&VersionId=v2"},
        {OP_CREATE_POLICY_VERSION, PRINCIPAL_ROLE, false, "CreatePolicyVersion",
         "PolicyArn=" ARN_ENCODED "&PolicyDocument=%7B%22Version%22%3A%222012-10-17%22%7D&SetAsDefault=true"},
        {OP_ATTACH_POLICY, PRINCIPAL_USER, true, "AttachUserPolicy",
         "UserName=bert%2Bx&PolicyArn=" ARN_ENCODED},
        {OP_ATTACH_POLICY, PRINCIPAL_ROLE, true, "AttachRolePolicy",
         "RoleName=bert%2Bx&PolicyArn=" ARN_ENCODED},
        {OP_PUT_INLINE_POLICY, PRINCIPAL_USER, true, "PutUserPolicy",
         "UserName=bert%2Bx&PolicyName=p&PolicyDocument="},
        {OP_PUT_INLINE_POLICY, PRINCIPAL_ROLE, true, "PutRolePolicy",
         "RoleName=bert%2Bx&PolicyName=p&PolicyDocument="},
        {OP_DETACH_POLICY, PRINCIPAL_USER, true, "DetachUserPolicy",
         "UserName=bert%2Bx&PolicyArn=" ARN_ENCODED},
        {OP_DETACH_POLICY, PRINCIPAL_ROLE, true, "DetachRolePolicy",
         "RoleName=bert%2Bx&PolicyArn=" ARN_ENCODED},
        {OP_DELETE_INLINE_POLICY, PRINCIPAL_USER, true, "DeleteUserPolicy", "UserName=bert%2Bx&PolicyName=p"},
        {OP_DELETE_INLINE_POLICY, PRINCIPAL_ROLE, true, "DeleteRolePolicy", "RoleName=bert%2Bx&PolicyName=p"},
        {OP_ATTACH_POLICY, PRINCIPAL_GROUP, true, "AttachGroupPolicy",
         "GroupName=bert%2Bx&PolicyArn=" ARN_ENCODED},
        {OP_PUT_INLINE_POLICY, PRINCIPAL_GROUP, true, "PutGroupPolicy",
         "GroupName=bert%2Bx&PolicyName=p&PolicyDocument="},
        {OP_DETACH_POLICY, PRINCIPAL_GROUP, true, "DetachGroupPolicy",
         "GroupName=bert%2Bx&PolicyArn=" ARN_ENCODED},
        {OP_DELETE_INLINE_POLICY, PRINCIPAL_GROUP, true, "DeleteGroupPolicy",
         "GroupName=bert%2Bx&PolicyName=p"},
        {OP_DELETE_POLICY, PRINCIPAL_USER, true, "DeletePolicy", "PolicyArn=" ARN_ENCODED},
        {OP_CREATE_ROLE, PRINCIPAL_ROLE, true, "CreateRole",
         "RoleName=bert%2Bx&Path=%2Fiamlease%2F&Description=read+it+%5Biamlease+default%2Fpayments%2Fdev.read%5D"
         "&AssumeRolePolicyDocument=%7B%22Version%22%3A%222012-10-17%22%7D&MaxSessionDuration=7200"
         "&PermissionsBoundary=" ARN_ENCODED TAGS},
        {OP_UPDATE_ROLE, PRINCIPAL_ROLE, true, "UpdateRole",
         "RoleName=bert%2Bx&Description=read+it+%5Biamlease+default%2Fpayments%2Fdev.read%5D"
         "&MaxSessionDuration=7200"},
        {OP_TAG_ROLE, PRINCIPAL_ROLE, true, "TagRole", "RoleName=bert%2Bx" TAGS},
        {OP_UNTAG_ROLE, PRINCIPAL_ROLE, true, "UntagRole", "RoleName=bert%2Bx" TAG_KEYS},
        {OP_CREATE_PROVIDER, PRINCIPAL_USER, true, "CreateOpenIDConnectProvider",
         "Url=https%3A%2F%2Foidc.example.com%2Fid%2FX" TAGS
         "&ClientIDList.member.1=sts.amazonaws.com&ClientIDList.member.2=a+b"
         "&ThumbprintList.member.1=0123456789abcdef0123456789abcdef01234567"},
        {OP_ADD_CLIENT_ID, PRINCIPAL_USER, true, "AddClientIDToOpenIDConnectProvider",
         "OpenIDConnectProviderArn=" PROVIDER_ENCODED "&ClientID=sts.amazonaws.com"},
        {OP_REMOVE_CLIENT_ID, PRINCIPAL_USER, true, "RemoveClientIDFromOpenIDConnectProvider",
         "OpenIDConnectProviderArn=" PROVIDER_ENCODED "&ClientID=sts.amazonaws.com"},
        {OP_UPDATE_THUMBPRINTS, PRINCIPAL_USER, true, "UpdateOpenIDConnectProviderThumbprint",
         "OpenIDConnectProviderArn=" PROVIDER_ENCODED
         "&ThumbprintList.member.1=0123456789abcdef0123456789abcdef01234567"},
        {OP_TAG_PROVIDER, PRINCIPAL_USER, true, "TagOpenIDConnectProvider",
         "OpenIDConnectProviderArn=" PROVIDER_ENCODED TAGS},
        {OP_UNTAG_PROVIDER, PRINCIPAL_USER, true, "UntagOpenIDConnectProvider",
         "OpenIDConnectProviderArn=" PROVIDER_ENCODED TAG_KEYS},
        {OP_DELETE_PROVIDER, PRINCIPAL_USER, true, "DeleteOpenIDConnectProvider",
         "OpenIDConnectProviderArn=" PROVIDER_ENCODED},
        {OP_UPDATE_TRUST, PRINCIPAL_ROLE, true, "UpdateAssumeRolePolicy", "RoleName=bert%2Bx&PolicyDocument="},
        {OP_DELETE_ROLE, PRINCIPAL_ROLE, true, "DeleteRole", "RoleName=bert%2Bx"},
        {OP_PUT_BOUNDARY, PRINCIPAL_ROLE, true, "PutRolePermissionsBoundary",
         "RoleName=bert%2Bx&PermissionsBoundary=" ARN_ENCODED},
        {OP_DELETE_BOUNDARY, PRINCIPAL_ROLE, true, "DeleteRolePermissionsBoundary", "RoleName=bert%2Bx"},
        {OP_TAG_POLICY, PRINCIPAL_USER, true, "TagPolicy",
         "PolicyArn=" ARN_ENCODED "&Tags.member.1.Key=iamlease"
         "&Tags.member.1.Value=default%2Fpayments%2Fdev.read%3Auser%3Abert"},
    };
    bool covered[OP_KIND_COUNT] = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct operation operation = full_operation(cases[i].kind, cases[i].principal);
        const char *parameters = cases[i].parameters;
        bool ends_in_document = str_suffix(parameters, "Document=");
        char wanted[1024];
        snprintf(wanted, sizeof wanted, "Action=%s&Version=2010-05-08&%s%s", cases[i].action, parameters,
                 ends_in_document ? document : "");
        struct buf form;
        buf_init(&form, FORM_MAX);
        operation_write_form(&operation, &form);
        assert_string_equal(form.bytes, wanted);
        assert_string_equal(operation_action(&operation), cases[i].action);
        CHECK(operation_is_repeatable(&operation) == cases[i].repeatable, "%s", cases[i].action);
        buf_free(&form);
        covered[cases[i].kind] = true;
    }
    for (size_t i = 0; i < OP_KIND_COUNT; i++)
        CHECK(covered[i], "kind %zu", i);
}

/* A role without tags and mark, and with the session that IAM gives by default. */
static void test_lists_that_are_empty(void **state)
{
    (void)state;
    const struct operation operation = {.kind = OP_CREATE_ROLE,
                                        .principal_kind = PRINCIPAL_ROLE,
                                        .principal = "x",
                                        .document = "{}"};
    struct buf form;
    buf_init(&form, FORM_MAX);
    operation_write_form(&operation, &form);
    assert_string_equal(form.bytes,
                        "Action=CreateRole&Version=2010-05-08&RoleName=x&AssumeRolePolicyDocument=%7B%7D"
                        "&MaxSessionDuration=3600");
    buf_free(&form);
}

/* IAM refuses an empty parameter; but a description of a role is cleared by one. */
static void test_empty_parameters_are_left_out(void **state)
{
    (void)state;
    struct operation operation = full_operation(OP_CREATE_POLICY, PRINCIPAL_USER);
    operation.description = "";
    operation.path = NULL;
    struct buf form;
    buf_init(&form, FORM_MAX);
    operation_write_form(&operation, &form);
    assert_string_equal(form.bytes, "Action=CreatePolicy&Version=2010-05-08&PolicyName=p&"
                                    "PolicyDocument=%7B%22Version%22%3A%222012-10-17%22%7D");
    buf_free(&form);
    operation = full_operation(OP_UPDATE_ROLE, PRINCIPAL_ROLE);
    operation.description = "";
    buf_init(&form, FORM_MAX);
    operation_write_form(&operation, &form);
    assert_string_equal(form.bytes, "Action=UpdateRole&Version=2010-05-08&RoleName=bert%2Bx&Description="
                                    "&MaxSessionDuration=7200");
    buf_free(&form);
}

static void test_inline_policies_are_read_by_kind(void **state)
{
    (void)state;
    assert_string_equal(read_action(READ_INLINE_POLICY, PRINCIPAL_USER), "GetUserPolicy");
    assert_string_equal(read_action(READ_INLINE_POLICY, PRINCIPAL_ROLE), "GetRolePolicy");
    assert_string_equal(read_action(READ_INLINE_POLICY, PRINCIPAL_GROUP), "GetGroupPolicy");
    assert_string_equal(principal_parameter(PRINCIPAL_GROUP), "GroupName");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_lists_that_are_empty),
        cmocka_unit_test(test_empty_parameters_are_left_out),
        cmocka_unit_test(test_inline_policies_are_read_by_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
