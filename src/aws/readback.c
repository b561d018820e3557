/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/readback.h"

#include "aws/form.h"
#include "aws/iam_request.h"
#include "aws/request.h"
#include "base/str.h"
#include "policy/document.h"
#include "policy/role_mark.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct arena *arena;
    struct aws *aws;
    const char *account_id, *policy_arn;
    const char *inline_action; /* "iam:GetUserPolicy" */
    const char *tag_key;       /* of the tag that is being read */
    struct readback readback;
    readback_done *done;
    void *context;
};

static void visit_tag(struct reading *reading, struct tags *tags, const char *path, const char *text)
{
    if (str_eq(path, "Key")) {
        reading->tag_key = arena_strdup(reading->arena, text);
    } else if (str_eq(path, "Value") && reading->tag_key) {
        tags_add(reading->arena, tags, reading->tag_key, arena_strdup(reading->arena, text));
        reading->readback.mark = tags_get(tags, role_mark_key);
    }
}

/* What the answer says of a provider stands in no element of its own. */
static void visit_provider(struct reading *reading, const char *path, const char *text)
{
    struct oidc_provider *provider = &reading->readback.provider;
    if (str_eq(path, "Url"))
        provider->url = arena_strdup(reading->arena, text);
    else if (str_eq(path, "ClientIDList/member"))
        strings_add(reading->arena, &provider->client_ids, arena_strdup(reading->arena, text));
    else if (str_eq(path, "ThumbprintList/member"))
        strings_add(reading->arena, &provider->thumbprints, arena_strdup(reading->arena, text));
    else if (str_prefix(path, "Tags/member/"))
        visit_tag(reading, &provider->tags, path + strlen("Tags/member/"), text);
}

static void visit(void *context, enum element_event event, const char *path, const char *text)
{
    struct reading *reading = context;
    if (event != ELEMENT_END)
        return;
    if (str_eq(path, "Policy/Description"))
        reading->readback.description = arena_strdup(reading->arena, text);
    else if (str_eq(path, "Policy/DefaultVersionId"))
        reading->readback.version_id = arena_strdup(reading->arena, text);
    else if (str_eq(path, "Role/AssumeRolePolicyDocument"))
        reading->readback.trust = document_decode(reading->arena, arena_strdup(reading->arena, text));
    else if (str_eq(path, "Role/Description"))
        reading->readback.description = arena_strdup(reading->arena, text);
    else if (str_eq(path, "Role/MaxSessionDuration"))
        reading->readback.session_s = strtoll(text, NULL, 10);
    else if (str_eq(path, "Role/PermissionsBoundary/PermissionsBoundaryArn"))
        reading->readback.boundary = arena_strdup(reading->arena, text);
    else if (str_prefix(path, "Role/Tags/member/"))
        visit_tag(reading, &reading->readback.tags, path + strlen("Role/Tags/member/"), text);
    else if (str_eq(path, "PolicyVersion/Document") || str_eq(path, "PolicyDocument"))
        reading->readback.document = document_decode(reading->arena, arena_strdup(reading->arena, text));
    else
        visit_provider(reading, path, text);
}

static void end(struct reading *reading, enum readback_status status, const struct outcome *outcome)
{
    reading->readback.status = status;
    reading->done(reading->context, &reading->readback, outcome);
}

/* Reads the answer into `reading`; ends it, and returns false, when there is nothing in it to go on with. */
static bool take(struct reading *reading, const char *action, const struct outcome *outcome,
                 const char *const *wanted)
{
    if (!outcome->ok) {
        end(reading, outcome->class == CLASS_ABSENT ? READBACK_ABSENT : READBACK_FAILED, outcome);
        return false;
    }
    if (answer_read(outcome->body, outcome->body_size, visit, reading) && *wanted)
        return true;
    struct outcome unreadable = *outcome;
    outcome_unreadable(action, aws_account(reading->aws, reading->account_id), &unreadable);
    end(reading, READBACK_FAILED, &unreadable);
    return false;
}

static void ask(struct reading *reading, const char *action, const struct buf *form, outcome_done *done)
{
    iam_send(reading->aws, &(struct iam_request){
                               .account_id = reading->account_id,
                               .action = action,
                               .form = form,
                               .repeatable = true,
                               .done = done,
                               .context = reading,
                           });
}

static void on_document(void *context, const struct outcome *outcome)
{
    struct reading *reading = context;
    if (take(reading, "iam:GetPolicyVersion", outcome, &reading->readback.document))
        end(reading, READBACK_FOUND, outcome);
}

static void ask_version(struct reading *reading)
{
    const char *action = read_action(READ_POLICY_VERSION, 0);
    struct buf form;
    buf_init(&form, FORM_MAX);
    form_begin(&form, action, IAM_VERSION);
    form_add(&form, "PolicyArn", reading->policy_arn);
    form_add(&form, "VersionId", reading->readback.version_id);
    ask(reading, action, &form, on_document);
    buf_free(&form);
}

static void on_policy(void *context, const struct outcome *outcome)
{
    struct reading *reading = context;
    if (take(reading, "iam:GetPolicy", outcome, &reading->readback.version_id))
        ask_version(reading);
}

static void on_inline_policy(void *context, const struct outcome *outcome)
{
    struct reading *reading = context;
    if (take(reading, reading->inline_action, outcome, &reading->readback.document))
        end(reading, READBACK_FOUND, outcome);
}

static void on_role(void *context, const struct outcome *outcome)
{
    struct reading *reading = context;
    if (take(reading, "iam:GetRole", outcome, &reading->readback.trust))
        end(reading, READBACK_FOUND, outcome);
}

static void on_provider(void *context, const struct outcome *outcome)
{
    struct reading *reading = context;
    if (take(reading, "iam:GetOpenIDConnectProvider", outcome, &reading->readback.provider.url))
        end(reading, READBACK_FOUND, outcome);
}

static struct reading *reading_new(struct arena *arena, struct aws *aws, const char *account_id,
                                   readback_done *done, void *context)
{
    struct reading *reading = ARENA_NEW(arena, struct reading);
    *reading = (struct reading){
        .arena = arena,
        .aws = aws,
        .account_id = account_id,
        .readback = {.description = ""},
        .done = done,
        .context = context,
    };
    return reading;
}

/* Asks about what has one name. */
static void ask_about(struct reading *reading, const char *action, const char *parameter, const char *name,
                      outcome_done *done)
{
    struct buf form;
    buf_init(&form, FORM_MAX);
    form_begin(&form, action, IAM_VERSION);
    form_add(&form, parameter, name);
    ask(reading, action, &form, done);
    buf_free(&form);
}

void readback_policy(struct arena *arena, struct aws *aws, const char *account_id, const char *policy_arn,
                     readback_done *done, void *context)
{
    struct reading *reading = reading_new(arena, aws, account_id, done, context);
    reading->policy_arn = policy_arn;
    ask_about(reading, read_action(READ_POLICY, 0), "PolicyArn", policy_arn, on_policy);
}

void readback_policy_version(struct arena *arena, struct aws *aws, const char *account_id,
                             const char *policy_arn, const char *version_id, readback_done *done,
                             void *context)
{
    struct reading *reading = reading_new(arena, aws, account_id, done, context);
    reading->policy_arn = policy_arn;
    reading->readback.version_id = version_id;
    ask_version(reading);
}

void readback_inline_policy(struct arena *arena, struct aws *aws, const char *account_id,
                            enum principal_kind kind, const char *principal, const char *policy_name,
                            readback_done *done, void *context)
{
    const char *action = read_action(READ_INLINE_POLICY, kind);
    struct reading *reading = reading_new(arena, aws, account_id, done, context);
    reading->inline_action = arena_printf(arena, "iam:%s", action);
    struct buf form;
    buf_init(&form, FORM_MAX);
    form_begin(&form, action, IAM_VERSION);
    form_add(&form, principal_parameter(kind), principal);
    form_add(&form, "PolicyName", policy_name);
    ask(reading, action, &form, on_inline_policy);
    buf_free(&form);
}

void readback_role(struct arena *arena, struct aws *aws, const char *account_id, const char *role_name,
                   readback_done *done, void *context)
{
    struct reading *reading = reading_new(arena, aws, account_id, done, context);
    ask_about(reading, read_action(READ_ROLE, PRINCIPAL_ROLE), "RoleName", role_name, on_role);
}

void readback_provider(struct arena *arena, struct aws *aws, const char *account_id, const char *provider_arn,
                       readback_done *done, void *context)
{
    struct reading *reading = reading_new(arena, aws, account_id, done, context);
    ask_about(reading, read_action(READ_PROVIDER, 0), "OpenIDConnectProviderArn", provider_arn, on_provider);
}

bool readback_same_trust(const char *a, const char *b)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct document first = {0}, second = {0};
    struct err ignored;
    if (document_parse_trust(scratch, a, strlen(a), &first, &ignored) < 0 ||
        document_parse_trust(scratch, b, strlen(b), &second, &ignored) < 0)
        return str_eq(a, b);
    return document_equal(scratch, &first, &second);
}

bool readback_same_document(const char *a, const char *b)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct document first = {0}, second = {0};
    struct err ignored;
    if (document_parse(scratch, a, strlen(a), &first, &ignored) < 0 ||
        document_parse(scratch, b, strlen(b), &second, &ignored) < 0)
        return str_eq(a, b);
    return document_equal(scratch, &first, &second);
}
