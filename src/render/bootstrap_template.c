/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates of CloudFormation: the document is YAML, and every value in it is JSON, which YAML contains: so
 * one escaping fits all, and nothing in a value can become an intrinsic function.
 */
#include "base/json.h"
#include "base/str.h"
#include "render/escape.h"
#include "render/render.h"

#include <string.h>

/* `json` as it is, at a depth of the template. */
static void add_json(struct buf *out, const char *indent, const char *json)
{
    struct arena *arena = arena_new();
    struct json *tree;
    struct err ignored;
    struct buf pretty;
    buf_init(&pretty, SIZE_MAX / 4);
    struct json_writer writer = json_writer_new(&pretty, true);
    if (json_parse(arena, json, strlen(json), &tree, &ignored) == 0)
        json_value(&writer, tree);
    for (const char *c = pretty.bytes; *c; c++) {
        buf_add_char(out, *c);
        if (*c == '\n' && c[1])
            buf_add_text(out, indent);
    }
    buf_free(&pretty);
    arena_free(arena);
}

static void add_text(struct buf *out, const char *key, const char *text)
{
    struct json_writer writer = json_writer_new(out, false);
    buf_add_text(out, key);
    json_string(&writer, text);
    RAW(out, "\n");
}

static void add_tags(struct buf *out, const struct tags *tags)
{
    RAW(out, "      Tags:\n");
    for (size_t i = 0; i < tags->count; i++) {
        add_text(out, "        - Key: ", tags->items[i].key);
        add_text(out, "          Value: ", tags->items[i].value);
    }
}

static void add_provider(struct buf *out, const struct oidc_provider *provider, const struct tags *tags)
{
    RAW(out, "  Provider:\n"
             "    Type: AWS::IAM::OIDCProvider\n"
             "    Properties:\n");
    struct buf url;
    buf_init(&url, SIZE_MAX / 4);
    buf_addf(&url, "https://%s", provider->url);
    add_text(out, "      Url: ", url.bytes);
    buf_free(&url);
    RAW(out, "      ClientIdList:\n");
    for (size_t i = 0; i < provider->client_ids.count; i++)
        add_text(out, "        - ", provider->client_ids.items[i]);
    add_tags(out, tags);
}

static void add_role(struct buf *out, size_t number, const struct bootstrap_role *role, const char *needs,
                     const struct tags *tags)
{
    buf_addf(out, "  Role%zu:\n    Type: AWS::IAM::Role\n", number);
    if (needs)
        buf_addf(out, "    DependsOn: %s\n", needs);
    RAW(out, "    Properties:\n");
    add_text(out, "      RoleName: ", role->name);
    add_text(out, "      Description: ", role->description);
    buf_addf(out, "      MaxSessionDuration: %d\n", BOOTSTRAP_SESSION_S);
    RAW(out, "      AssumeRolePolicyDocument: ");
    add_json(out, "        ", role->trust);
    RAW(out, "      Policies:\n");
    add_text(out, "        - PolicyName: ", BOOTSTRAP_POLICY);
    RAW(out, "          PolicyDocument: ");
    add_json(out, "            ", role->policy);
    add_tags(out, tags);
}

static void begin(struct buf *out, const char *what)
{
    RAW(out, "AWSTemplateFormatVersion: \"2010-09-09\"\n");
    add_text(out, "Description: ", what);
    RAW(out, "Resources:\n");
}

/* What a role must wait for: the provider, or the role of the same account that it trusts. */
static const char *needed_by(struct arena *arena, const struct bootstrap_account *account, size_t index)
{
    const char *trusts = account->roles.items[index].trusts;
    if (!trusts)
        return "Provider";
    for (size_t i = 0; account->provider && i < index; i++)
        if (str_eq(account->roles.items[i].name, trusts))
            return arena_printf(arena, "Role%zu", i + 1);
    return NULL;
}

void render_bootstrap_hub(struct buf *out, const struct bootstrap *bootstrap)
{
    struct arena *arena = arena_new();
    const struct bootstrap_account *hub = &bootstrap->items[0];
    begin(out, arena_printf(arena, "iamlease: the hub, account %s", hub->account_id));
    add_provider(out, hub->provider, &bootstrap->tags);
    for (size_t i = 0; i < hub->roles.count; i++)
        add_role(out, i + 1, &hub->roles.items[i], needed_by(arena, hub, i), &bootstrap->tags);
    arena_free(arena);
}

void render_bootstrap_members(struct buf *out, const struct bootstrap *bootstrap)
{
    begin(out, "iamlease: an account in which access is granted; deploy the hub first");
    const struct bootstrap_account *last = &bootstrap->items[bootstrap->count - 1];
    size_t number = 0;
    for (size_t i = 0; i < last->roles.count; i++)
        if (last->roles.items[i].trusts)
            add_role(out, ++number, &last->roles.items[i], NULL, &bootstrap->tags);
}
