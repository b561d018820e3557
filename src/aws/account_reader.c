/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/account_reader.h"

#include "aws/answer.h"
#include "aws/form.h"
#include "base/str.h"
#include "base/time.h"
#include "policy/mark.h"

#include <stdlib.h>
#include <string.h>

struct principals {
    VEC_FIELDS(struct observed_principal);
};

struct account_reader {
    struct arena *arena;
    const char *owner, *sid_prefix;
    struct observed_account *account;
    struct map users, roles, policies; /* wanted names, in lower case */

    struct answer_reader *answer; /* of the page that is being read */
    struct arena *scratch;        /* of the element that is being read */
    struct observed_principal principal;
    struct observed_policy policy;
    const char *version_document; /* of the version that is being read */
    bool is_truncated;
    const char *marker; /* in page_arena */
    struct arena *page_arena;

    /* Attached to a policy of the account of which it is not known yet whether it is ours: AWS sends policies last. */
    struct principals perhaps;
    struct arena *perhaps_arena;
    size_t principals_before, policies_before, perhaps_before; /* this page */
};

static const char *lower_case(struct arena *arena, const char *text)
{
    char *lower = arena_strdup(arena, text);
    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return lower;
}

static struct map wanted_names(struct arena *arena, const struct strings *names)
{
    static char present;
    struct map map = map_new(arena);
    for (size_t i = 0; i < names->count; i++)
        map_put(&map, lower_case(arena, names->items[i]), &present);
    return map;
}

static bool is_wanted(const struct account_reader *reader, const struct map *names, const char *name)
{
    return name && map_get(names, lower_case(reader->scratch, name));
}

static bool is_marked(const struct account_reader *reader, struct arena *arena, const char *description)
{
    struct mark mark;
    return description && mark_parse(arena, description, &mark) && str_eq(mark.owner, reader->owner);
}

/* Where the text of our mark stands, the plan looks closer: a lease that somebody damaged must not go unseen. */
static bool has_marked_document(const struct account_reader *reader)
{
    const struct observed_principal *principal = &reader->principal;
    for (size_t i = 0; i < principal->inline_policies.count; i++) {
        const char *json = principal->inline_policies.items[i].document;
        if (json && strstr(json, reader->sid_prefix))
            return true;
    }
    return false;
}

/* "arn:aws:iam::aws:policy/…" belongs to AWS and is never ours. */
static bool is_local_policy(const struct account_reader *reader, const char *arn)
{
    const char *account = strstr(arn, ":iam::");
    return account && str_prefix(account + strlen(":iam::"), reader->account->account_id);
}

static bool has_local_attachment(const struct account_reader *reader)
{
    for (size_t i = 0; i < reader->principal.attached.count; i++)
        if (is_local_policy(reader, reader->principal.attached.items[i]))
            return true;
    return false;
}

static struct observed_principal copy_principal(struct arena *arena, const struct observed_principal *from)
{
    struct observed_principal copy = {.kind = from->kind, .name = arena_strdup(arena, from->name)};
    for (size_t i = 0; i < from->attached.count; i++)
        strings_add(arena, &copy.attached, arena_strdup(arena, from->attached.items[i]));
    for (size_t i = 0; i < from->inline_policies.count; i++) {
        const struct inline_policy *policy = &from->inline_policies.items[i];
        *VEC_ADD(arena, &copy.inline_policies) = (struct inline_policy){
            .name = arena_strdup(arena, policy->name),
            .document = arena_strdup(arena, policy->document ? policy->document : ""),
        };
    }
    return copy;
}

static void keep_principal(struct account_reader *reader)
{
    const struct observed_principal *principal = &reader->principal;
    if (!principal->name)
        return;
    const struct map *wanted = principal->kind == PRINCIPAL_USER ? &reader->users : &reader->roles;
    if (is_wanted(reader, wanted, principal->name) || has_marked_document(reader))
        *VEC_ADD(reader->arena, &reader->account->principals) = copy_principal(reader->arena, principal);
    else if (has_local_attachment(reader))
        *VEC_ADD(reader->perhaps_arena, &reader->perhaps) = copy_principal(reader->perhaps_arena, principal);
}

static const char *copy_text(struct arena *arena, const char *text)
{
    return arena_strdup(arena, text ? text : "");
}

static void keep_policy(struct account_reader *reader)
{
    struct observed_policy *policy = &reader->policy;
    const char *slash = policy->arn ? strrchr(policy->arn, '/') : NULL;
    if (!slash)
        return;
    policy->name = slash + 1; /* what AWS calls PolicyName; not every emulator sends that */
    if (!is_wanted(reader, &reader->policies, policy->name) &&
        !is_marked(reader, reader->scratch, policy->description))
        return;
    struct arena *arena = reader->arena;
    struct observed_policy *kept = VEC_ADD(arena, &reader->account->policies);
    *kept = (struct observed_policy){
        .arn = arena_strdup(arena, policy->arn),
        .name = arena_strdup(arena, policy->name),
        .path = copy_text(arena, policy->path),
        .description = copy_text(arena, policy->description),
        .document = copy_text(arena, policy->document),
    };
    for (size_t i = 0; i < policy->versions.count; i++) {
        const struct policy_version *version = &policy->versions.items[i];
        *VEC_ADD(arena, &kept->versions) = (struct policy_version){
            .id = copy_text(arena, version->id),
            .is_default = version->is_default,
            .created_at_s = version->created_at_s,
        };
    }
}

/* The element of a list that is being read: its last one. */
#define LAST(vec) ((vec)->items[(vec)->count - 1])

static void begin_element(struct account_reader *reader, const char *path)
{
    bool is_user = str_eq(path, "UserDetailList/member"), is_role = str_eq(path, "RoleDetailList/member");
    if (is_user || is_role || str_eq(path, "Policies/member")) {
        arena_free(reader->scratch);
        reader->scratch = arena_new();
        reader->principal = (struct observed_principal){.kind = is_role ? PRINCIPAL_ROLE : PRINCIPAL_USER};
        reader->policy = (struct observed_policy){0};
    } else if (str_eq(path, "UserDetailList/member/UserPolicyList/member") ||
               str_eq(path, "RoleDetailList/member/RolePolicyList/member")) {
        struct inline_policy *policy = VEC_ADD(reader->scratch, &reader->principal.inline_policies);
        policy->name = "";
    } else if (str_eq(path, "Policies/member/PolicyVersionList/member")) {
        (void)VEC_ADD(reader->scratch, &reader->policy.versions);
        reader->version_document = NULL;
    }
}

/* A field of a user or role; `path` begins behind "UserDetailList/member/". */
static void end_principal_field(struct account_reader *reader, const char *path, const char *text)
{
    struct observed_principal *principal = &reader->principal;
    bool is_user = principal->kind == PRINCIPAL_USER;
    const char *inline_list = is_user ? "UserPolicyList/member/" : "RolePolicyList/member/";
    if (str_eq(path, is_user ? "UserName" : "RoleName")) {
        principal->name = arena_strdup(reader->scratch, text);
    } else if (str_eq(path, "AttachedManagedPolicies/member/PolicyArn")) {
        strings_add(reader->scratch, &principal->attached, arena_strdup(reader->scratch, text));
    } else if (str_prefix(path, inline_list) && principal->inline_policies.count) {
        const char *field = path + strlen(inline_list);
        if (str_eq(field, "PolicyName"))
            LAST(&principal->inline_policies).name = arena_strdup(reader->scratch, text);
        else if (str_eq(field, "PolicyDocument"))
            LAST(&principal->inline_policies).document =
                document_decode(reader->scratch, arena_strdup(reader->scratch, text));
    }
}

static void end_version_field(struct account_reader *reader, const char *field, const char *text)
{
    struct policy_version *version = &LAST(&reader->policy.versions);
    if (str_eq(field, "VersionId"))
        version->id = arena_strdup(reader->scratch, text);
    else if (str_eq(field, "IsDefaultVersion"))
        version->is_default = str_eq(text, "true");
    else if (str_eq(field, "CreateDate"))
        (void)time_parse_rfc3339(text, &version->created_at_s);
    else if (str_eq(field, "Document"))
        reader->version_document = document_decode(reader->scratch, arena_strdup(reader->scratch, text));
}

static void end_policy_field(struct account_reader *reader, const char *path, const char *text)
{
    static const char version_list[] = "PolicyVersionList/member/";
    struct observed_policy *policy = &reader->policy;
    if (str_eq(path, "Arn"))
        policy->arn = arena_strdup(reader->scratch, text);
    else if (str_eq(path, "Path"))
        policy->path = arena_strdup(reader->scratch, text);
    else if (str_eq(path, "Description"))
        policy->description = arena_strdup(reader->scratch, text);
    else if (str_eq(path, "PolicyVersionList/member") && LAST(&policy->versions).is_default)
        policy->document = reader->version_document;
    else if (str_prefix(path, version_list) && policy->versions.count)
        end_version_field(reader, path + strlen(version_list), text);
}

static void end_element(struct account_reader *reader, const char *path, const char *text)
{
    static const char user[] = "UserDetailList/member", role[] = "RoleDetailList/member",
                      policy[] = "Policies/member";
    if (str_eq(path, user) || str_eq(path, role))
        keep_principal(reader);
    else if (str_eq(path, policy))
        keep_policy(reader);
    else if (str_prefix(path, user) || str_prefix(path, role))
        end_principal_field(reader, path + sizeof user, text);
    else if (str_prefix(path, policy))
        end_policy_field(reader, path + sizeof policy, text);
    else if (str_eq(path, "IsTruncated"))
        reader->is_truncated = str_eq(text, "true");
    else if (str_eq(path, "Marker"))
        reader->marker = arena_strdup(reader->page_arena, text);
}

static void visit(void *context, enum element_event event, const char *path, const char *text)
{
    struct account_reader *reader = context;
    if (event == ELEMENT_BEGIN)
        begin_element(reader, path);
    else
        end_element(reader, path, text);
}

struct account_reader *account_reader_new(struct arena *arena, const struct account_needs *needs,
                                          const char *owner, struct observed_account *account)
{
    struct account_reader *reader = ARENA_NEW(arena, struct account_reader);
    reader->arena = arena;
    reader->owner = owner;
    reader->sid_prefix = mark_sid_prefix(arena, owner);
    reader->account = account;
    reader->scratch = arena_new();
    reader->page_arena = arena_new();
    reader->perhaps_arena = arena_new();
    reader->users = wanted_names(reader->perhaps_arena, &needs->users);
    reader->roles = wanted_names(reader->perhaps_arena, &needs->roles);
    reader->policies = wanted_names(reader->perhaps_arena, &needs->policies);
    return reader;
}

void account_reader_free(struct account_reader *reader)
{
    answer_reader_free(reader->answer);
    arena_free(reader->scratch);
    arena_free(reader->page_arena);
    arena_free(reader->perhaps_arena);
}

static void begin_page(void *context)
{
    struct account_reader *reader = context;
    if (reader->answer) {
        reader->account->principals.count = reader->principals_before;
        reader->account->policies.count = reader->policies_before;
        reader->perhaps.count = reader->perhaps_before;
    }
    answer_reader_free(reader->answer);
    reader->answer = answer_reader_new(visit, reader);
    reader->principals_before = reader->account->principals.count;
    reader->policies_before = reader->account->policies.count;
    reader->perhaps_before = reader->perhaps.count;
    arena_free(reader->page_arena);
    reader->page_arena = arena_new();
    reader->marker = NULL;
    reader->is_truncated = false;
}

static bool take_bytes(void *context, const char *bytes, size_t size)
{
    struct account_reader *reader = context;
    return answer_feed(reader->answer, bytes, size);
}

struct net_sink account_reader_sink(struct account_reader *reader)
{
    return (struct net_sink){.reset = begin_page, .write = take_bytes, .context = reader};
}

bool account_reader_end_page(struct account_reader *reader, const char **ret_marker)
{
    bool ok = answer_finish(reader->answer);
    answer_reader_free(reader->answer);
    reader->answer = NULL;
    *ret_marker = reader->is_truncated ? reader->marker : NULL;
    return ok && (!reader->is_truncated || (reader->marker && reader->marker[0]));
}

static int compare_principals(const void *left, const void *right)
{
    const struct observed_principal *a = left, *b = right;
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

static int compare_policies(const void *left, const void *right)
{
    const struct observed_policy *a = left, *b = right;
    return strcmp(a->arn, b->arn);
}

void account_reader_finish(struct account_reader *reader)
{
    struct observed_account *account = reader->account;
    struct map marked = map_new(reader->perhaps_arena);
    for (size_t i = 0; i < account->policies.count; i++)
        if (is_marked(reader, reader->perhaps_arena, account->policies.items[i].description))
            map_put(&marked, account->policies.items[i].arn, &account->policies.items[i]);
    for (size_t i = 0; i < reader->perhaps.count; i++) {
        const struct observed_principal *principal = &reader->perhaps.items[i];
        bool is_ours = false;
        for (size_t j = 0; j < principal->attached.count; j++)
            is_ours |= map_get(&marked, principal->attached.items[j]) != NULL;
        if (is_ours)
            *VEC_ADD(reader->arena, &account->principals) = copy_principal(reader->arena, principal);
    }
    if (account->principals.count)
        qsort(account->principals.items, account->principals.count, sizeof *account->principals.items,
              compare_principals);
    if (account->policies.count)
        qsort(account->policies.items, account->policies.count, sizeof *account->policies.items,
              compare_policies);
}
