/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/iam_request.h"

#include "aws/form.h"
#include "aws/request.h"
#include "base/str.h"
#include "policy/role_mark.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* A provider's URL has 255 characters at most (IAM API reference, CreateOpenIDConnectProvider). */
enum { MEMBER_NAME_SIZE = 64, URL_SIZE = 512, SESSION_SIZE = 24, SESSION_MIN_S = 3600 };

enum parameter {
    PRINCIPAL = 1 << 0, /* UserName, RoleName or GroupName */
    POLICY_NAME = 1 << 1,
    POLICY_ARN = 1 << 2,
    PATH = 1 << 3,
    DESCRIPTION = 1 << 4,
    DOCUMENT = 1 << 5,
    VERSION_ID = 1 << 6,
    SET_AS_DEFAULT = 1 << 7,
    TRUST = 1 << 8,       /* `document`, where the action has another policy's name for it */
    SESSION_END = 1 << 9, /* MaxSessionDuration */
    MARK = 1 << 10,       /* the tag that is a mark */
    BOUNDARY = 1 << 11,
    PROVIDER_URL = 1 << 12,
    PROVIDER_ARN = 1 << 13,
    CLIENT_ID = 1 << 14,
    CLIENT_IDS = 1 << 15, /* what follows are lists */
    THUMBPRINTS = 1 << 16,
    TAGS = 1 << 17, /* behind the mark */
    TAG_KEYS = 1 << 18,
};

struct action {
    const char *names[PRINCIPAL_KIND_COUNT]; /* the same where no principal takes part */
    enum action_target target;
    unsigned parameters;
    bool repeatable; /* IAM API reference; facts/aws.md §2.5 */
};

#define ALIKE(action)          \
    {                          \
        action, action, action \
    }
#define OF_EACH(verb, end)                                 \
    {                                                      \
        verb "User" end, verb "Role" end, verb "Group" end \
    }

static const struct action actions[OP_KIND_COUNT] = {
    [OP_CREATE_POLICY] = {ALIKE("CreatePolicy"), TARGET_NEW_POLICY,
                          POLICY_NAME | PATH | DESCRIPTION | DOCUMENT, true},
    [OP_DELETE_POLICY_VERSION] = {ALIKE("DeletePolicyVersion"), TARGET_OUR_POLICY, POLICY_ARN | VERSION_ID,
                                  true},
    [OP_CREATE_POLICY_VERSION] = {ALIKE("CreatePolicyVersion"), TARGET_OUR_POLICY,
                                  POLICY_ARN | DOCUMENT | SET_AS_DEFAULT, false},
    [OP_ATTACH_POLICY] = {OF_EACH("Attach", "Policy"), TARGET_PRINCIPAL, PRINCIPAL | POLICY_ARN, true},
    [OP_PUT_INLINE_POLICY] = {OF_EACH("Put", "Policy"), TARGET_PRINCIPAL, PRINCIPAL | POLICY_NAME | DOCUMENT,
                              true},
    [OP_DETACH_POLICY] = {OF_EACH("Detach", "Policy"), TARGET_PRINCIPAL, PRINCIPAL | POLICY_ARN, true},
    [OP_DELETE_INLINE_POLICY] = {OF_EACH("Delete", "Policy"), TARGET_PRINCIPAL, PRINCIPAL | POLICY_NAME, true},
    [OP_DELETE_POLICY] = {ALIKE("DeletePolicy"), TARGET_OUR_POLICY, POLICY_ARN, true},
    [OP_CREATE_ROLE] = {ALIKE("CreateRole"), TARGET_NEW_ROLE,
                        PRINCIPAL | PATH | DESCRIPTION | TRUST | SESSION_END | MARK | TAGS | BOUNDARY, true},
    [OP_UPDATE_TRUST] = {ALIKE("UpdateAssumeRolePolicy"), TARGET_OUR_ROLE, PRINCIPAL | DOCUMENT, true},
    [OP_UPDATE_ROLE] = {ALIKE("UpdateRole"), TARGET_OUR_ROLE, PRINCIPAL | DESCRIPTION | SESSION_END, true},
    [OP_TAG_ROLE] = {ALIKE("TagRole"), TARGET_ROLE_TAG, PRINCIPAL | MARK | TAGS, true},
    [OP_UNTAG_ROLE] = {ALIKE("UntagRole"), TARGET_OUR_ROLE, PRINCIPAL | TAG_KEYS, true},
    [OP_DELETE_ROLE] = {ALIKE("DeleteRole"), TARGET_OUR_ROLE, PRINCIPAL, true},
    [OP_PUT_BOUNDARY] = {ALIKE("PutRolePermissionsBoundary"), TARGET_BOUND_ROLE, PRINCIPAL | BOUNDARY, true},
    [OP_DELETE_BOUNDARY] = {ALIKE("DeleteRolePermissionsBoundary"), TARGET_FREE_ROLE, PRINCIPAL, true},
    [OP_CREATE_PROVIDER] = {ALIKE("CreateOpenIDConnectProvider"), TARGET_NEW_PROVIDER,
                            PROVIDER_URL | CLIENT_IDS | THUMBPRINTS | MARK | TAGS, true},
    [OP_ADD_CLIENT_ID] = {ALIKE("AddClientIDToOpenIDConnectProvider"), TARGET_OUR_PROVIDER,
                          PROVIDER_ARN | CLIENT_ID, true},
    [OP_REMOVE_CLIENT_ID] = {ALIKE("RemoveClientIDFromOpenIDConnectProvider"), TARGET_OUR_PROVIDER,
                             PROVIDER_ARN | CLIENT_ID, true},
    [OP_UPDATE_THUMBPRINTS] = {ALIKE("UpdateOpenIDConnectProviderThumbprint"), TARGET_OUR_PROVIDER,
                               PROVIDER_ARN | THUMBPRINTS, true},
    [OP_TAG_PROVIDER] = {ALIKE("TagOpenIDConnectProvider"), TARGET_NEW_PROVIDER, PROVIDER_ARN | MARK | TAGS,
                         true},
    [OP_UNTAG_PROVIDER] = {ALIKE("UntagOpenIDConnectProvider"), TARGET_OUR_PROVIDER, PROVIDER_ARN | TAG_KEYS,
                           true},
    [OP_DELETE_PROVIDER] = {ALIKE("DeleteOpenIDConnectProvider"), TARGET_OUR_PROVIDER, PROVIDER_ARN, true},
    [OP_TAG_POLICY] = {ALIKE("TagPolicy"), TARGET_POLICY_TAG, POLICY_ARN | MARK, true},
};

/* What is read: one action each. */
static const struct {
    const char *names[PRINCIPAL_KIND_COUNT];
    enum action_target target;
    bool for_plan;
} reads[READ_KIND_COUNT] = {
    [READ_ACCOUNT] = {ALIKE("GetAccountAuthorizationDetails"), TARGET_ACCOUNT, true},
    [READ_SUMMARY] = {ALIKE("GetAccountSummary"), TARGET_ACCOUNT, true},
    [READ_POLICY] = {ALIKE("GetPolicy"), TARGET_ANY_POLICY, true},
    [READ_POLICY_VERSION] = {ALIKE("GetPolicyVersion"), TARGET_ANY_POLICY, true},
    [READ_ROLE] = {ALIKE("GetRole"), TARGET_READ_ROLE, true},
    [READ_POLICY_TAGS] = {ALIKE("ListPolicyTags"), TARGET_TAGS, true},
    [READ_PROVIDERS] = {ALIKE("ListOpenIDConnectProviders"), TARGET_ACCOUNT, true},
    [READ_PROVIDER] = {ALIKE("GetOpenIDConnectProvider"), TARGET_ANY_PROVIDER, true},
    [READ_INLINE_POLICY] = {OF_EACH("Get", "Policy"), TARGET_PRINCIPAL, false},
};

const char *read_action(enum read_kind kind, enum principal_kind principal_kind)
{
    assert((unsigned)kind < READ_KIND_COUNT);
    return reads[kind].names[principal_kind];
}

static bool visit_action(action_visitor *visit, void *context, const char *const names[PRINCIPAL_KIND_COUNT],
                         struct action_info info)
{
    for (enum principal_kind kind = 0; kind < PRINCIPAL_KIND_COUNT; kind++) {
        info.name = names[kind];
        info.principal_kind = kind;
        if (!visit(context, &info))
            return false;
        if (str_eq(names[0], names[PRINCIPAL_KIND_COUNT - 1]))
            break;
    }
    return true;
}

bool iam_actions_visit(action_visitor *visit, void *context)
{
    for (size_t i = 0; i < READ_KIND_COUNT; i++) {
        const struct action_info info = {.target = reads[i].target, .for_plan = reads[i].for_plan};
        if (!visit_action(visit, context, reads[i].names, info))
            return false;
    }
    for (size_t i = 0; i < OP_KIND_COUNT; i++) {
        const struct action_info info = {.target = actions[i].target, .writes = true};
        if (!visit_action(visit, context, actions[i].names, info))
            return false;
    }
    return true;
}

static bool is_other(void *context, const struct action_info *action)
{
    return !str_eq(context, action->name);
}

bool iam_action_is_known(const char *name)
{
    char copy[ACTION_NAME_SIZE];
    int length = snprintf(copy, sizeof copy, "%s", name);
    return length > 0 && (size_t)length < sizeof copy && !iam_actions_visit(is_other, copy);
}

static const struct action *find_action(const struct operation *operation)
{
    assert((unsigned)operation->kind < OP_KIND_COUNT);
    return &actions[operation->kind];
}

const char *operation_action(const struct operation *operation)
{
    return find_action(operation)->names[operation->principal_kind];
}

bool operation_is_repeatable(const struct operation *operation)
{
    return find_action(operation)->repeatable;
}

const char *principal_parameter(enum principal_kind kind)
{
    static const char *const names[PRINCIPAL_KIND_COUNT] = {
        [PRINCIPAL_USER] = "UserName",
        [PRINCIPAL_ROLE] = "RoleName",
        [PRINCIPAL_GROUP] = "GroupName",
    };
    return names[kind];
}

static void add_member(struct buf *form, const char *list, size_t number, const char *field, const char *value)
{
    char name[MEMBER_NAME_SIZE];
    snprintf(name, sizeof name, "%s.member.%zu%s", list, number, field);
    form_add(form, name, value);
}

static void add_members(struct buf *form, const char *list, const struct strings *values)
{
    for (size_t i = 0; i < values->count; i++)
        add_member(form, list, i + 1, "", values->items[i]);
}

/* Of roles and providers. */
static void add_lists(struct buf *form, unsigned parameters, const struct operation *operation)
{
    static const struct tags no_tags;
    const struct tags *tags = operation->tags ? operation->tags : &no_tags;
    size_t number = 0;
    if ((parameters & MARK) && operation->mark) {
        add_member(form, "Tags", ++number, ".Key", role_mark_key);
        add_member(form, "Tags", number, ".Value", operation->mark);
    }
    for (size_t i = 0; (parameters & TAGS) && i < tags->count; i++) {
        add_member(form, "Tags", ++number, ".Key", tags->items[i].key);
        add_member(form, "Tags", number, ".Value", tags->items[i].value);
    }
    for (size_t i = 0; (parameters & TAG_KEYS) && i < tags->count; i++)
        add_member(form, "TagKeys", i + 1, "", tags->items[i].key);
    if (parameters & CLIENT_IDS)
        add_members(form, "ClientIDList", &operation->provider->client_ids);
    if (parameters & THUMBPRINTS)
        add_members(form, "ThumbprintList", &operation->provider->thumbprints);
}

void operation_write_form(const struct operation *operation, struct buf *form)
{
    const struct action *action = find_action(operation);
    const struct oidc_provider *provider = operation->provider;
    char url[URL_SIZE], session[SESSION_SIZE];
    snprintf(url, sizeof url, "https://%s", (action->parameters & PROVIDER_URL) ? provider->url : "");
    snprintf(session, sizeof session, "%" PRId64, operation->session_s ? operation->session_s : SESSION_MIN_S);
    const struct {
        enum parameter parameter;
        const char *name, *value;
    } parameters[] = {
        {PRINCIPAL, principal_parameter(operation->principal_kind), operation->principal},
        {POLICY_NAME, "PolicyName", operation->policy_name},
        {POLICY_ARN, "PolicyArn", operation->policy_arn},
        {PATH, "Path", operation->path},
        {DESCRIPTION, "Description", operation->description},
        {DOCUMENT, "PolicyDocument", operation->document},
        {VERSION_ID, "VersionId", operation->version_id},
        {SET_AS_DEFAULT, "SetAsDefault", "true"},
        {TRUST, "AssumeRolePolicyDocument", operation->document},
        {SESSION_END, "MaxSessionDuration", session},
        {BOUNDARY, "PermissionsBoundary", operation->boundary},
        {PROVIDER_URL, "Url", url},
        {PROVIDER_ARN, "OpenIDConnectProviderArn", provider ? provider->arn : NULL},
        {CLIENT_ID, "ClientID", provider && provider->client_ids.count ? provider->client_ids.items[0] : NULL},
    };
    form_begin(form, operation_action(operation), IAM_VERSION);
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if ((action->parameters & (unsigned)parameters[i].parameter) && parameters[i].value &&
            (parameters[i].value[0] || (operation->kind == OP_UPDATE_ROLE && /* which clears it so */
                                        parameters[i].parameter == DESCRIPTION)))
            form_add(form, parameters[i].name, parameters[i].value);
    add_lists(form, action->parameters, operation);
}
