/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/account_reader.h"

#include "aws/account_keeper.h"
#include "aws/answer.h"
#include "aws/form.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "model/bootstrap.h"
#include "policy/role_mark.h"

#include <stdlib.h>
#include <string.h>

struct account_reader {
    struct account_keeper *keeper;
    struct answer_reader *answer; /* of the page that is being read */
    struct arena *scratch;        /* of the element that is being read */
    struct observed_principal principal;
    struct observed_policy policy;
    struct role_details details;  /* of the role that is being read */
    const char *tag_key;          /* of the tag that is being read */
    const char *version_document; /* of the version that is being read */
    bool is_truncated;
    const char *marker; /* in page_arena */
    struct arena *page_arena;
    struct arena *marker_arena;
    struct map markers; /* that asked for a page */
};

/* How the answer spells what it says of each kind of principal. */
static const struct {
    const char *member, *name, *inline_list;
} details[PRINCIPAL_KIND_COUNT] = {
    [PRINCIPAL_USER] = {"UserDetailList/member", "UserName", "UserPolicyList/member"},
    [PRINCIPAL_ROLE] = {"RoleDetailList/member", "RoleName", "RolePolicyList/member"},
    [PRINCIPAL_GROUP] = {"GroupDetailList/member", "GroupName", "GroupPolicyList/member"},
};

static const char policy_member[] = "Policies/member", version_member[] = "PolicyVersionList/member";

/* What stands in `path` behind `start` and a slash; "" when it is `start` itself, NULL when it is elsewhere. */
static const char *path_below(const char *path, const char *start)
{
    if (!str_prefix(path, start))
        return NULL;
    const char *rest = path + strlen(start);
    return !*rest ? rest : *rest == '/' ? rest + 1 : NULL;
}

/* The element of a list that is being read: its last one. */
#define LAST(vec) ((vec)->items[(vec)->count - 1])

static void begin_detail(struct account_reader *reader, enum principal_kind kind)
{
    arena_free(reader->scratch);
    reader->scratch = arena_new();
    reader->details = (struct role_details){.description = ""};
    reader->principal = (struct observed_principal){.kind = kind, .details = &reader->details};
    reader->tag_key = NULL;
    reader->policy = (struct observed_policy){0};
}

static void begin_element(struct account_reader *reader, const char *path)
{
    const char *below = path_below(path, policy_member);
    if (below && !*below) {
        begin_detail(reader, PRINCIPAL_USER);
    } else if (below && str_eq(below, version_member)) {
        (void)VEC_ADD(reader->scratch, &reader->policy.versions);
        reader->version_document = NULL;
    }
    for (enum principal_kind kind = 0; !below && kind < PRINCIPAL_KIND_COUNT; kind++) {
        below = path_below(path, details[kind].member);
        if (below && !*below)
            begin_detail(reader, kind);
        else if (below && str_eq(below, details[kind].inline_list))
            VEC_ADD(reader->scratch, &reader->principal.inline_policies)->name = "";
    }
}

/* What only roles have. False: it is another field. */
static bool end_role_field(struct account_reader *reader, const char *path, const char *text)
{
    struct observed_principal *role = &reader->principal;
    if (str_eq(path, "AssumeRolePolicyDocument"))
        role->trust = document_decode(reader->scratch, arena_strdup(reader->scratch, text));
    else if (str_eq(path, "InstanceProfileList/member/InstanceProfileName"))
        strings_add(reader->scratch, &role->instance_profiles, arena_strdup(reader->scratch, text));
    else if (str_eq(path, "Tags/member/Key"))
        reader->tag_key = arena_strdup(reader->scratch, text);
    else if (!str_eq(path, "Tags/member/Value"))
        return false;
    else if (reader->tag_key) {
        tags_add(reader->scratch, &reader->details.tags, reader->tag_key, arena_strdup(reader->scratch, text));
        role->mark = tags_get(&reader->details.tags, BOOTSTRAP_TAG)
                         ? NULL /* what bootstrap made is no role of an entry, whatever else it is tagged */
                         : tags_get(&reader->details.tags, role_mark_key);
        role->direct = tags_get(&reader->details.tags, role_direct_key);
    }
    return true;
}

/* A field of a user, role or group; `path` begins behind "UserDetailList/member/". */
static void end_principal_field(struct account_reader *reader, const char *path, const char *text)
{
    struct observed_principal *principal = &reader->principal;
    const char *field = path_below(path, details[principal->kind].inline_list);
    if (str_eq(path, details[principal->kind].name)) {
        principal->name = arena_strdup(reader->scratch, text);
    } else if (str_eq(path, "Arn")) {
        principal->arn = arena_strdup(reader->scratch, text);
    } else if (str_eq(path, "CreateDate")) {
        (void)time_parse_rfc3339(text, &principal->created_at_s);
    } else if (str_eq(path, "PermissionsBoundary/PermissionsBoundaryArn")) {
        principal->boundary = arena_strdup(reader->scratch, text);
    } else if (principal->kind == PRINCIPAL_USER && str_eq(path, "GroupList/member")) {
        strings_add(reader->scratch, &principal->groups, arena_strdup(reader->scratch, text));
    } else if (principal->kind == PRINCIPAL_ROLE && end_role_field(reader, path, text)) {
        return;
    } else if (str_eq(path, "AttachedManagedPolicies/member/PolicyArn")) {
        strings_add(reader->scratch, &principal->attached, arena_strdup(reader->scratch, text));
    } else if (field && principal->inline_policies.count) {
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
    struct observed_policy *policy = &reader->policy;
    const char *version_field = path_below(path, version_member);
    if (str_eq(path, "Arn"))
        policy->arn = arena_strdup(reader->scratch, text);
    else if (str_eq(path, "Path"))
        policy->path = arena_strdup(reader->scratch, text);
    else if (str_eq(path, "Description"))
        policy->description = arena_strdup(reader->scratch, text);
    else if (str_eq(path, version_member) && LAST(&policy->versions).is_default)
        policy->document = reader->version_document;
    else if (version_field && *version_field && policy->versions.count)
        end_version_field(reader, version_field, text);
}

static void end_element(struct account_reader *reader, const char *path, const char *text)
{
    const char *below = path_below(path, policy_member);
    if (below && !*below)
        account_keep_policy(reader->keeper, reader->scratch, &reader->policy);
    else if (below)
        end_policy_field(reader, below, text);
    else if (str_eq(path, "IsTruncated"))
        reader->is_truncated = str_eq(text, "true");
    else if (str_eq(path, "Marker"))
        reader->marker = arena_strdup(reader->page_arena, text);
    for (enum principal_kind kind = 0; !below && kind < PRINCIPAL_KIND_COUNT; kind++) {
        below = path_below(path, details[kind].member);
        if (below && !*below)
            account_keep_principal(reader->keeper, reader->scratch, &reader->principal);
        else if (below)
            end_principal_field(reader, below, text);
    }
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
    struct account_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        out_of_memory();
    reader->keeper = account_keeper_new(arena, needs, owner, account);
    reader->scratch = arena_new();
    reader->page_arena = arena_new();
    reader->marker_arena = arena_new();
    reader->markers = map_new(reader->marker_arena);
    return reader;
}

void account_reader_free(struct account_reader *reader)
{
    answer_reader_free(reader->answer);
    account_keeper_free(reader->keeper);
    arena_free(reader->scratch);
    arena_free(reader->page_arena);
    arena_free(reader->marker_arena);
    free(reader);
}

static void begin_page(void *context)
{
    struct account_reader *reader = context;
    if (reader->answer) /* a page that did not come to its end */
        account_keeper_rollback(reader->keeper);
    account_keeper_commit(reader->keeper);
    answer_reader_free(reader->answer);
    reader->answer = answer_reader_new(visit, reader);
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

/* A marker that came before would lead round and round. */
static bool is_new_page(struct account_reader *reader, const char *marker)
{
    static char seen;
    if (!marker || !marker[0] || map_get(&reader->markers, marker))
        return false;
    map_put(&reader->markers, arena_strdup(reader->marker_arena, marker), &seen);
    return true;
}

bool account_reader_end_page(struct account_reader *reader, const char **ret_marker)
{
    bool ok = answer_finish(reader->answer);
    answer_reader_free(reader->answer);
    reader->answer = NULL;
    *ret_marker = reader->is_truncated ? reader->marker : NULL;
    return ok && (!reader->is_truncated || is_new_page(reader, reader->marker));
}

void account_reader_finish(struct account_reader *reader)
{
    account_keeper_finish(reader->keeper);
}
