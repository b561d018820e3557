/* SPDX-License-Identifier: Apache-2.0 */
#include "aws_memory.h"

#include "aws_memory_roles.h"
#include "base/str.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static void *duplicate(struct arena *arena, const void *items, size_t count, size_t size)
{
    void *copy = arena_array(arena, count + 1, size);
    if (count)
        memcpy(copy, items, count * size);
    return copy;
}

#define UNSHARE(arena, vec)                                                               \
    ((vec)->items = duplicate((arena), (vec)->items, (vec)->count, sizeof *(vec)->items), \
     (vec)->capacity = (vec)->count)

#define REMOVE(vec, index)                                    \
    memmove(&(vec)->items[index], &(vec)->items[(index) + 1], \
            (--(vec)->count - (index)) * sizeof *(vec)->items)

struct observed aws_memory_copy(struct arena *arena, const struct observed *observed)
{
    struct observed copy = *observed;
    UNSHARE(arena, &copy);
    for (size_t i = 0; i < copy.count; i++) {
        struct observed_account *account = &copy.items[i];
        account->index = (struct observed_index){0}; /* elements of the copy are removed */
        UNSHARE(arena, &account->principals);
        UNSHARE(arena, &account->policies);
        UNSHARE(arena, &account->providers);
        for (size_t j = 0; j < account->principals.count; j++) {
            UNSHARE(arena, &account->principals.items[j].attached);
            account->principals.items[j].attached_sorted = 0;
            UNSHARE(arena, &account->principals.items[j].inline_policies);
        }
        for (size_t j = 0; j < account->policies.count; j++)
            UNSHARE(arena, &account->policies.items[j].versions);
    }
    return copy;
}

static struct observed_account *find_account(struct observed *observed, const char *account_id)
{
    for (size_t i = 0; i < observed->count; i++)
        if (str_eq(observed->items[i].account_id, account_id))
            return &observed->items[i];
    return NULL;
}

static struct observed_policy *find_policy(struct observed_account *account, const char *arn)
{
    for (size_t i = 0; arn && i < account->policies.count; i++)
        if (str_eq(account->policies.items[i].arn, arn))
            return &account->policies.items[i];
    return NULL;
}

static struct observed_principal *find_principal(struct observed_account *account,
                                                 const struct operation *operation)
{
    for (size_t i = 0; i < account->principals.count; i++)
        if (account->principals.items[i].kind == operation->principal_kind &&
            str_casecmp(account->principals.items[i].name, operation->principal) == 0)
            return &account->principals.items[i];
    return NULL;
}

/* As IAM counts: white space never, so a document cannot be larger than document_measure() says. */
static int64_t size_of(const char *json)
{
    int64_t size = 0;
    for (; *json; json++)
        size += !strchr(" \t\r\n", *json);
    return size;
}

static const char *create_policy(struct arena *arena, struct observed_account *account,
                                 const struct operation *operation)
{
    if (observed_find_policy(account, operation->policy_name))
        return "EntityAlreadyExists";
    if (size_of(operation->document) > account->quotas.managed_policy_size)
        return "LimitExceeded: size of a managed policy";
    struct observed_policy *policy = VEC_ADD(arena, &account->policies);
    *policy = (struct observed_policy){
        .arn = arena_printf(arena, "arn:aws:iam::%s:policy%s%s", account->account_id, operation->path,
                            operation->policy_name),
        .name = operation->policy_name,
        .path = operation->path,
        .description = operation->description,
        .document = operation->document,
    };
    *VEC_ADD(arena, &policy->versions) = (struct policy_version){.id = "v1", .is_default = true};
    return NULL;
}

static const char *create_version(struct arena *arena, struct observed_account *account,
                                  const struct operation *operation)
{
    struct observed_policy *policy = find_policy(account, operation->policy_arn);
    unsigned long newest = 0;
    if (!policy)
        return "NoSuchEntity: policy";
    if ((int64_t)policy->versions.count >= account->quotas.versions_per_policy)
        return "LimitExceeded: versions";
    for (size_t i = 0; i < policy->versions.count; i++) {
        unsigned long number = strtoul(policy->versions.items[i].id + 1, NULL, 10);
        newest = number > newest ? number : newest;
        policy->versions.items[i].is_default = false;
    }
    *VEC_ADD(arena, &policy->versions) =
        (struct policy_version){.id = arena_printf(arena, "v%lu", newest + 1), .is_default = true};
    policy->document = operation->document;
    return NULL;
}

static const char *delete_version(struct observed_account *account, const struct operation *operation)
{
    struct observed_policy *policy = find_policy(account, operation->policy_arn);
    for (size_t i = 0; policy && i < policy->versions.count; i++) {
        if (!str_eq(policy->versions.items[i].id, operation->version_id))
            continue;
        if (policy->versions.items[i].is_default)
            return "DeleteConflict: default version";
        REMOVE(&policy->versions, i);
        return NULL;
    }
    return "NoSuchEntity: version";
}

static const char *attach(struct arena *arena, struct observed_account *account,
                          struct observed_principal *principal, const struct operation *operation)
{
    int64_t quota = account->quotas.attached[principal->kind];
    if (!strstr(operation->policy_arn, ":iam::aws:") && !find_policy(account, operation->policy_arn))
        return "NoSuchEntity: policy";
    if (strings_contain(&principal->attached, operation->policy_arn))
        return "attached already: a call for nothing";
    if ((int64_t)principal->attached.count >= quota)
        return "LimitExceeded: attachments";
    strings_add(arena, &principal->attached, operation->policy_arn);
    return NULL;
}

static const char *detach(struct observed_principal *principal, const struct operation *operation)
{
    for (size_t i = 0; i < principal->attached.count; i++)
        if (str_eq(principal->attached.items[i], operation->policy_arn)) {
            REMOVE(&principal->attached, i);
            return NULL;
        }
    return "NoSuchEntity: attachment";
}

static struct inline_policy *find_inline(struct observed_principal *principal, const char *name)
{
    for (size_t i = 0; i < principal->inline_policies.count; i++)
        if (str_casecmp(principal->inline_policies.items[i].name, name) == 0)
            return &principal->inline_policies.items[i];
    return NULL;
}

static const char *put_inline(struct arena *arena, const struct quotas *quotas,
                              struct observed_principal *principal, const struct operation *operation)
{
    int64_t sum = size_of(operation->document);
    struct inline_policy *there = find_inline(principal, operation->policy_name);
    for (size_t i = 0; i < principal->inline_policies.count; i++)
        if (&principal->inline_policies.items[i] != there)
            sum += size_of(principal->inline_policies.items[i].document);
    if (sum > quotas->inline_size[principal->kind])
        return "LimitExceeded: size of inline policies";
    if (!there)
        there = VEC_ADD(arena, &principal->inline_policies);
    *there = (struct inline_policy){.name = operation->policy_name, .document = operation->document};
    return NULL;
}

static const char *delete_inline(struct observed_principal *principal, const struct operation *operation)
{
    struct inline_policy *there = find_inline(principal, operation->policy_name);
    if (!there)
        return "NoSuchEntity: inline policy";
    if (operation->document && !str_eq(there->document, operation->document))
        return "it is not what was to be deleted";
    REMOVE(&principal->inline_policies, (size_t)(there - principal->inline_policies.items));
    return NULL;
}

static const char *delete_policy(struct observed_account *account, const struct operation *operation)
{
    struct observed_policy *policy = find_policy(account, operation->policy_arn);
    if (!policy)
        return "NoSuchEntity: policy";
    if (policy->versions.count != 1)
        return "DeleteConflict: other versions";
    for (size_t i = 0; i < account->principals.count; i++)
        if (strings_contain(&account->principals.items[i].attached, policy->arn))
            return "DeleteConflict: attached";
    REMOVE(&account->policies, (size_t)(policy - account->policies.items));
    return NULL;
}

static const char *tag_policy(struct observed_account *account, const struct operation *operation)
{
    struct observed_policy *policy = find_policy(account, operation->policy_arn);
    if (!policy)
        return "NoSuchEntity: policy";
    if (policy->tag)
        return "somebody's tag is overwritten";
    policy->tag = operation->mark;
    return NULL;
}

/* Whatever is done to a policy that is adopted, its mark comes first. */
static bool is_touched_too_early(struct observed_account *account, const struct operation *operation)
{
    const struct observed_policy *policy = find_policy(account, operation->policy_arn);
    return policy && str_eq(policy->path, "/") && !policy->tag && operation->kind != OP_TAG_POLICY;
}

static const char *update_trust(struct observed_principal *role, const struct operation *operation)
{
    role->trust = operation->document;
    return NULL;
}

static const char *put_boundary(struct observed_principal *role, const struct operation *operation)
{
    role->boundary = operation->boundary;
    return NULL;
}

static const char *delete_role(struct observed_account *account, const struct observed_principal *role)
{
    if (role->attached.count || role->inline_policies.count)
        return "DeleteConflict: policies";
    REMOVE(&account->principals, (size_t)(role - account->principals.items));
    return NULL;
}

const char *aws_memory_execute(struct arena *arena, struct observed *observed,
                               const struct operation *operation)
{
    struct observed_account *account = find_account(observed, operation->account_id);
    if (!account || account->error)
        return "no such account";
    struct observed_principal *principal = operation->principal ? find_principal(account, operation) : NULL;
    if (operation->principal && !principal && operation->kind != OP_CREATE_ROLE)
        return "NoSuchEntity: principal";
    if (is_touched_too_early(account, operation))
        return "it is not ours yet";
    switch (operation->kind) {
    case OP_CREATE_POLICY: return create_policy(arena, account, operation);
    case OP_DELETE_POLICY_VERSION: return delete_version(account, operation);
    case OP_CREATE_POLICY_VERSION: return create_version(arena, account, operation);
    case OP_ATTACH_POLICY: return attach(arena, account, principal, operation);
    case OP_PUT_INLINE_POLICY: return put_inline(arena, &account->quotas, principal, operation);
    case OP_DETACH_POLICY: return detach(principal, operation);
    case OP_DELETE_INLINE_POLICY: return delete_inline(principal, operation);
    case OP_DELETE_POLICY: return delete_policy(account, operation);
    case OP_CREATE_ROLE: return memory_create_role(arena, account, operation);
    case OP_UPDATE_TRUST: return update_trust(principal, operation);
    case OP_PUT_BOUNDARY:
    case OP_DELETE_BOUNDARY: return put_boundary(principal, operation);
    case OP_DELETE_ROLE: return delete_role(account, principal);
    case OP_UPDATE_ROLE:
    case OP_TAG_ROLE:
    case OP_UNTAG_ROLE: return memory_change_role(arena, principal, operation);
    case OP_CREATE_PROVIDER:
    case OP_ADD_CLIENT_ID:
    case OP_REMOVE_CLIENT_ID:
    case OP_UPDATE_THUMBPRINTS:
    case OP_TAG_PROVIDER:
    case OP_UNTAG_PROVIDER:
    case OP_DELETE_PROVIDER: return memory_change_provider(arena, account, operation);
    case OP_TAG_POLICY: return tag_policy(account, operation);
    case OP_KIND_COUNT: break;
    }
    return "no such operation";
}
