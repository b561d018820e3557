/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/bootstrap_documents.h"

#include "base/json.h"
#include "base/str.h"

#include <string.h>

enum { DOCUMENT_MAX = 4 * 1024 * 1024 };

static struct json_writer begin_document(struct buf *text)
{
    buf_init(text, DOCUMENT_MAX);
    struct json_writer json = json_writer_new(text, false);
    json_begin_object(&json);
    json_key_string(&json, "Version", "2012-10-17");
    json_key(&json, "Statement");
    json_begin_array(&json);
    json_begin_object(&json);
    json_key_string(&json, "Effect", "Allow");
    return json;
}

static const char *end_document(struct arena *arena, struct json_writer *json, struct buf *text)
{
    json_end_object(json);
    json_end_array(json);
    json_end_object(json);
    const char *document = arena_strdup(arena, text->bytes);
    buf_free(text);
    return document;
}

const char *bootstrap_arn(const struct wanting *wanting, const char *account_id, const char *kind,
                          const char *name)
{
    return arena_printf(wanting->arena, "arn:%s:iam::%s:%s/%s", wanting->settings->partition, account_id,
                        kind, name);
}

static void write_principal(struct json_writer *json, const char *kind, const char *arn)
{
    json_key(json, "Principal");
    json_begin_object(json);
    json_key_string(json, kind, arn);
    json_end_object(json);
}

/* In China STS has another name (facts/github.md §4.1). */
const char *bootstrap_audience(const struct wanting *wanting)
{
    return str_eq(wanting->settings->partition, "aws-cn") ? "sts.amazonaws.com.cn" : "sts.amazonaws.com";
}

const char *bootstrap_provider_url(const struct wanting *wanting)
{
    return wanting->bootstrap->issuer + strlen("https://");
}

/* A role that trusts tokens of GitHub with one of these subjects. */
const char *bootstrap_token_trust(const struct wanting *wanting, const char *operator,
                                  const struct strings * subjects)
{
    const char *url = bootstrap_provider_url(wanting);
    struct buf text;
    struct json_writer json = begin_document(&text);
    write_principal(&json, "Federated",
                    bootstrap_arn(wanting, wanting->bootstrap->hub_account, "oidc-provider", url));
    json_key_string(&json, "Action", "sts:AssumeRoleWithWebIdentity");
    json_key(&json, "Condition");
    json_begin_object(&json);
    json_key(&json, "StringEquals");
    json_begin_object(&json);
    json_key_string(&json, arena_printf(wanting->arena, "%s:aud", url), bootstrap_audience(wanting));
    if (!str_eq(operator, BOOTSTRAP_EXACTLY)) { /* both must hold */
        json_end_object(&json);
        json_key(&json, operator);
        json_begin_object(&json);
    }
    json_key_strings(&json, arena_printf(wanting->arena, "%s:sub", url), subjects);
    json_end_object(&json);
    json_end_object(&json);
    return end_document(wanting->arena, &json, &text);
}

/* A role that trusts one role of the hub account. */
const char *bootstrap_role_trust(const struct wanting *wanting, const char *hub_role)
{
    struct buf text;
    struct json_writer json = begin_document(&text);
    write_principal(&json, "AWS", bootstrap_arn(wanting, wanting->bootstrap->hub_account, "role", hub_role));
    json_key_string(&json, "Action", "sts:AssumeRole");
    if (*wanting->settings->external_id) {
        json_key(&json, "Condition");
        json_begin_object(&json);
        json_key(&json, "StringEquals");
        json_begin_object(&json);
        json_key_string(&json, "sts:ExternalId", wanting->settings->external_id);
        json_end_object(&json);
        json_end_object(&json);
    }
    return end_document(wanting->arena, &json, &text);
}

/* May assume that role in these accounts, and nothing else. */
static const char *assume_policy(const struct wanting *wanting, const char *role)
{
    const struct strings *accounts = &wanting->input->accounts;
    struct strings arns = {0};
    struct buf text;
    struct json_writer json = begin_document(&text);
    for (size_t i = 0; i < accounts->count; i++)
        strings_add(wanting->arena, &arns, bootstrap_arn(wanting, accounts->items[i], "role", role));
    json_key_string(&json, "Action", "sts:AssumeRole");
    json_key_strings(&json, "Resource", &arns);
    return end_document(wanting->arena, &json, &text);
}

/* The same where the ARNs would be too long: the name of the role, and a condition on its account. */
static const char *short_assume_policy(const struct wanting *wanting, const char *role, const char *key,
                                       const struct strings *values)
{
    struct buf text;
    struct json_writer json = begin_document(&text);
    json_key_string(&json, "Action", "sts:AssumeRole");
    json_key_string(&json, "Resource", bootstrap_arn(wanting, "*", "role", role));
    json_key(&json, "Condition");
    json_begin_object(&json);
    json_key(&json, "StringEquals");
    json_begin_object(&json);
    json_key_strings(&json, key, values);
    json_end_object(&json);
    json_end_object(&json);
    return end_document(wanting->arena, &json, &text);
}

int bootstrap_assume_policy(const struct wanting *wanting, const char *role, const char **ret, struct err *err)
{
    const char *organization = wanting->bootstrap->organization;
    struct strings organizations = {0};
    *ret = assume_policy(wanting, role);
    if (strlen(*ret) > BOOTSTRAP_POLICY_MAX)
        *ret = short_assume_policy(wanting, role, "aws:ResourceAccount", &wanting->input->accounts);
    if (strlen(*ret) <= BOOTSTRAP_POLICY_MAX)
        return 0;
    if (!*organization)
        return err_set(
            err, ERR_USAGE,
            "%zu accounts are more than the policy of one role can name (it has %d characters at most): "
            "set bootstrap.organization in iamlease.yaml to the id of the organization that they all "
            "belong to",
            wanting->input->accounts.count, BOOTSTRAP_POLICY_MAX);
    strings_add(wanting->arena, &organizations, organization);
    *ret = short_assume_policy(wanting, role, "aws:ResourceOrgID", &organizations);
    return 0;
}
