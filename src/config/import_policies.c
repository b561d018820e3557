/* SPDX-License-Identifier: Apache-2.0 */
/* Managed policies as entries of aws-policies. */
#include "base/str.h"
#include "config/grammar.h"
#include "config/import_work.h"
#include "policy/document.h"
#include "policy/mark.h"
#include "policy/ownership.h"
#include "policy/self_serve.h"

#include <string.h>

const char *import_plain(struct arena *arena, const char *text)
{
    char *plain = arena_alloc(arena, strlen(text) + 1), *end = plain;
    uint32_t code_point;
    for (size_t rest = strlen(text), size; rest; text += size, rest -= size) {
        size = str_decode_utf8(text, rest, &code_point);
        bool is_space = size == 1 && (code_point == ' ' || code_point == '\t' || code_point == '\n');
        if (is_space && end > plain && end[-1] != ' ')
            *end++ = ' ';
        else if (!is_space && size && !str_is_invisible(code_point)) {
            memcpy(end, text, size);
            end += size;
        }
        size = size ? size : 1;
    }
    if (end > plain && end[-1] == ' ')
        end--;
    *end = 0;
    return plain;
}

const char *import_own_description(struct arena *arena, const char *description)
{
    const size_t size =
        str_suffix(description, "]") ? mark_own_size(description) : self_serve_own_size(description);
    return import_plain(arena, arena_strndup(arena, description, size));
}

struct import_grant *import_as_statements(struct import_work *work, const struct observed_policy *policy,
                                          const char *name, const struct strings *managed, const char **detail)
{
    struct document document = {0};
    struct err err;
    if (document_parse(work->arena, policy->document, strlen(policy->document), &document, &err) < 0) {
        *detail = arena_strdup(work->arena, err.message);
        return NULL;
    }
    for (size_t i = 0; i < document.count; i++)
        if (document.items[i].sid && !*document.items[i].sid)
            document.items[i].sid = NULL;
    return import_custom_grant(work, name, import_own_description(work->arena, policy->description),
                               &document, managed, detail);
}

/* The grant that --adopt takes a policy of cloud-iam-self-serve over for; NULL: it is none. */
static const char *grant_to_adopt(struct import_work *work, const struct observed_policy *policy)
{
    const char *team = work->request->team;
    const size_t size = strlen(team);
    if (!work->request->adopts || !self_serve_made_policy(policy, team) || !str_prefix(policy->name, team) ||
        policy->name[size] != '-' || !policy->name[size + 1])
        return NULL;
    const char *grant = policy->name + size + 1;
    return str_eq(policy->name, mark_policy_name(work->arena, team, grant)) ? grant : NULL;
}

/* A policy that carries a mark comes with its grant, and only that of this team is ours to declare. */
static struct import_grant *grant_of_marked(struct import_work *work, const struct observed_policy *policy,
                                            const struct mark *mark, const char **reason, const char **detail)
{
    bool is_own = str_eq(mark->owner, work->settings->owner) && str_eq(mark->team, work->request->team) &&
                  !mark_is_lease(mark) &&
                  str_casecmp(mark_policy_name(work->arena, mark->team, mark->name), policy->name) == 0;
    *reason = is_own ? "not-expressible" : "of-iamlease";
    *detail = arena_printf(work->arena, "iamlease made this policy for %s/%s (owner %s)", mark->team,
                           mark->name, mark->owner);
    return is_own ? import_as_statements(work, policy, mark->name, &(struct strings){0}, detail) : NULL;
}

static struct import_grant *grant_of_arn(struct import_work *work, const char *arn,
                                         const struct observed_policy *policy, const char **reason,
                                         const char **detail)
{
    struct import_grant *grant = map_get(&work->grants, arn);
    if (grant)
        return grant;
    *reason = "policy-arn";
    if (!grammar_policy_arn.matches(arn) || !grammar_arn_in_partition(arn, work->settings->partition)) {
        *detail = arena_printf(work->arena, "this is no ARN of a policy in the partition '%s'",
                               work->settings->partition);
        return NULL;
    }
    const char *account_id = grammar_policy_arn_account(work->arena, arn);
    if (account_id && !str_eq(account_id, work->decl->account_id.text)) {
        *detail = "a customer managed policy of another account";
        return NULL;
    }
    return import_add_grant(work, arn,
                            (struct import_grant){
                                .arn = arn,
                                .environment = account_id ? work->decl->environment.text : NULL,
                                .base = strrchr(arn, '/') + 1,
                                .description = policy ? import_plain(work->arena, policy->description) : "",
                            });
}

struct import_grant *import_grant_of(struct import_work *work, const char *arn, const char **reason,
                                     const char **detail)
{
    const struct observed_policy *policy = map_get(&work->policies, arn);
    struct mark mark;
    if (policy && (policy_is_ours(work->arena, policy, work->settings->owner, &mark) ||
                   mark_parse(work->arena, policy->description, &mark)))
        return grant_of_marked(work, policy, &mark, reason, detail);
    if (policy && !policy_is_free(policy)) {
        *reason = policy->tag ? "of-iamlease" : "tags-unreadable";
        *detail = policy->tag
                      ? arena_printf(work->arena, "its tag iamlease says '%s'", policy->tag)
                      : arena_printf(work->arena, "whether it is ours is not known: %s", policy->tag_error);
        return NULL;
    }
    const char *name = policy ? grant_to_adopt(work, policy) : NULL;
    struct import_grant *grant =
        name ? import_as_statements(work, policy, name, &(struct strings){0}, detail) : NULL;
    return grant ? grant : grant_of_arn(work, arn, policy, reason, detail);
}
