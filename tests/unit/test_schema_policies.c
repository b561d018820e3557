/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config_run.h"
#include "policy/document.h"
#include "unit.h"

static const struct policy_decl *run(struct arena *arena, const char *statements, struct diags *diags)
{
    const struct text_file files[TEXT_FILES_MAX] = {
        {"aws-policies/a.yaml",
         arena_printf(arena, "aws-policies:\n  p:\n    custom_statements:\n%s", statements)}};
    *diags = diags_new(arena);
    return &config_run(arena, files, diags)->items[0].policies.items[0];
}

static void test_statements(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags;
    const struct policy_decl *policy =
        run(arena,
            "    - sid: Read\n"
            "      effect: Allow\n"
            "      not_actions: 'iam:*'\n"
            "      not_resources: ['arn:aws:s3:::b']\n"
            "      conditions:\n"
            "        StringEquals: { aws:PrincipalTag/team: [a, b], s3:prefix: '' }\n"
            "        BoolIfExists: { aws:SecureTransport: true }\n"
            "        DateLessThan: { aws:CurrentTime: 2026-11-30 }\n"
            "    - { sid: Write, effect: Deny, actions: 's3:*', resources: '*' }\n",
            &diags);
    assert_string_equal(config_run_diags(arena, &diags), "");
    assert_string_equal(
        document_to_json(arena, &policy->custom),
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Read\",\"Effect\":\"Allow\",\"NotAction\":[\"iam:*\"],"
        "\"NotResource\":[\"arn:aws:s3:::b\"],\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":[\"a\",\"b\"],"
        "\"s3:prefix\":\"\"},\"BoolIfExists\":{\"aws:SecureTransport\":\"true\"},\"DateLessThan\":{\"aws:CurrentTime\":"
        "\"2026-11-30\"}}},{\"Sid\":\"Write\",\"Effect\":\"Deny\",\"Action\":[\"s3:*\"],\"Resource\":[\"*\"]}]}");
}

#define STATEMENT "    - effect: Allow\n      actions: 's3:*'\n      resources: '*'\n"

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *statements, *id, *message;
    } cases[] = {
        {STATEMENT "      not_actions: 'iam:*'\n", "keys-exclude",
         "'not_actions' cannot stand beside 'actions' in a statement"},
        {STATEMENT "      not_resources: '*'\n", "keys-exclude", NULL},
        {"    - { effect: Allow, actions: [], resources: '*' }\n", "missing-value", NULL},
        {STATEMENT "      sid: read-only\n", "invalid-sid", "'read-only' is not an id for a statement"},
        {STATEMENT "      sid: A\n" STATEMENT "      sid: A\n", "repeated-sid",
         "another statement of this policy has the id 'A' too"},
        {STATEMENT "      conditions: [a]\n", "wrong-type", NULL},
        {STATEMENT "      conditions: { StringEqual: { aws:x: y } }\n", "invalid-condition",
         "'StringEqual' is not an operator of a condition"},
        {STATEMENT "      conditions: { StringEquals: x }\n", "wrong-type", NULL},
        {STATEMENT "      conditions: { StringEquals: { x: y } }\n", "invalid-condition",
         "'x' is not a key of a condition"},
        {STATEMENT "      conditions: { StringEquals: { aws:x: [] } }\n", "missing-value", NULL},
        {STATEMENT "      conditions: { StringEquals: { aws:x: ~ } }\n", "missing-value", NULL},
        {STATEMENT "      conditions: { StringEquals: { aws:x: [{}] } }\n", "wrong-type", NULL},
        {STATEMENT "      conditions: { StringEquals: { aws:x: a, AWS:X: b } }\n", "invalid-condition",
         "'AWS:X' and 'aws:x' are one key to AWS"},
        {STATEMENT "      conditions: { StringEquals: { aws:x: \xe2\x82\xac } }\n", "invalid-condition", NULL},
        {STATEMENT "      conditions: { DateLessThan: { aws:CurrentTime: soon } }\n", "invalid-condition",
         "the value 'soon' for 'DateLessThan' is not a date"},
        {STATEMENT "      conditions: { 'ForAnyValue:Bool': { aws:x: yes } }\n", "invalid-condition",
         "the value 'yes' for 'ForAnyValue:Bool' is neither 'true' nor 'false'"},
        {STATEMENT "      conditions: { 'Null': { aws:x: 1 } }\n", "invalid-condition", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags;
        run(arena, cases[i].statements, &diags);
        CHECK(diags.count == 1 && str_eq(diags.items[0].id, cases[i].id), "%s gives %s", cases[i].statements,
              config_run_diags(arena, &diags));
        CHECK(!cases[i].message || str_eq(diags.items[0].message, cases[i].message), "%s",
              diags.items[0].message);
    }
}

static void test_what_is_no_mistake(void **state)
{
    (void)state;
    static const char *const conditions[] = {
        "{ StringEquals: { aws:x: a }, StringLike: { AWS:X: b } }", /* two operators */
        "{ DateLessThan: { aws:CurrentTime: [2026-11-30, 2026-11-30T14:00:00+01:00, '1795996800'] } }",
        "{ DateLessThan: { aws:CurrentTime: '${aws:PrincipalTag/end}' } }",
        "{ 'ForAllValues:StringLike': { aws:TagKeys: ['a*', b] }, 'Null': { aws:TagKeys: false } }",
        "{}",
    };
    for (size_t i = 0; i < COUNT(conditions); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags;
        run(arena, arena_printf(arena, STATEMENT "      conditions: %s\n", conditions[i]), &diags);
        CHECK(diags.count == 0, "%s gives %s", conditions[i], config_run_diags(arena, &diags));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_what_is_no_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
