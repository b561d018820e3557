/* SPDX-License-Identifier: Apache-2.0 */
#include "call_run.h"

#include "base/str.h"
#include "unit.h"

#include <string.h>

static bool is_about_role(enum operation_kind kind)
{
    return kind >= OP_CREATE_ROLE && kind < OP_CREATE_PROVIDER;
}

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

struct operation call_run_operation(enum operation_kind kind)
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
            .boundary = kind == OP_CREATE_ROLE ? BOUNDARY : NULL,
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

void call_run_note(void *context, const struct result *result)
{
    struct result *seen = context;
    assert_int_equal(seen->status, RESULT_BLOCKED); /* called once only */
    *seen = *result;
}

struct aws_double *call_run(const struct http_line *script, size_t count, const enum operation_kind *kinds,
                            size_t kind_count, struct result *ret)
{
    struct aws_double *fake = aws_double_start(script, count);
    for (size_t i = 0; i < kind_count; i++) {
        struct operation operation = call_run_operation(kinds[i]);
        struct err err = {0};
        *ret = (struct result){.status = RESULT_BLOCKED};
        aws_call(fake->arena, fake->aws, &operation, call_run_note, ret);
        assert_int_equal(net_run(fake->net, &err), 0);
    }
    aws_double_stop(fake);
    return fake;
}

void call_run_cases(const struct call_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct call_case *c = &cases[i];
        size_t lines = 0;
        while (lines < COUNT(c->script) && c->script[lines].match)
            lines++;
        struct result result;
        struct aws_double *fake = call_run(c->script, lines, &c->kind, 1, &result);
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
