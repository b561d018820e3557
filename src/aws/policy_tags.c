/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/policy_tags.h"

#include "aws/form.h"
#include "aws/iam_request.h"
#include "aws/request.h"
#include "base/str.h"
#include "policy/role_mark.h"

enum { PAGES_MAX = 50 }; /* a policy has 50 tags at most (IAM user guide, "IAM and AWS STS quotas") */

struct tag_reading {
    struct arena *arena;
    struct aws *aws;
    const char *account_id;
    struct observed_policy *policy;
    policy_tags_done *done;
    void *context;
    const char *key;    /* of the tag that is being read */
    const char *marker; /* what asks for the next page */
    bool is_truncated;
    unsigned pages;
};

static void visit(void *context, enum element_event event, const char *path, const char *text)
{
    struct tag_reading *tags = context;
    if (event != ELEMENT_END)
        return;
    if (str_eq(path, "Tags/member/Key"))
        tags->key = arena_strdup(tags->arena, text);
    else if (str_eq(path, "Tags/member/Value") && tags->key && str_casecmp(tags->key, role_mark_key) == 0)
        tags->policy->tag = arena_strdup(tags->arena, text);
    else if (str_eq(path, "IsTruncated"))
        tags->is_truncated = str_eq(text, "true");
    else if (str_eq(path, "Marker"))
        tags->marker = arena_strdup(tags->arena, text);
}

static void ask(struct tag_reading *tags);

static void fail(struct tag_reading *tags, const struct outcome *outcome)
{
    tags->policy->tag = NULL;
    tags->policy->tag_error = arena_strdup(tags->arena, outcome->explanation);
    tags->done(tags->context, outcome);
}

static void on_page(void *context, const struct outcome *outcome)
{
    struct tag_reading *tags = context;
    if (!outcome->ok) {
        fail(tags, outcome);
        return;
    }
    tags->is_truncated = false;
    tags->marker = NULL;
    if (!answer_confirms(outcome->body, outcome->body_size) ||
        !answer_read(outcome->body, outcome->body_size, visit, tags) ||
        (tags->is_truncated && (!tags->marker || !*tags->marker || ++tags->pages == PAGES_MAX))) {
        struct outcome unreadable = *outcome;
        outcome_unreadable("iam:ListPolicyTags", aws_account(tags->aws, tags->account_id), &unreadable);
        fail(tags, &unreadable);
    } else if (tags->is_truncated) {
        ask(tags);
    } else {
        tags->done(tags->context, outcome);
    }
}

static void ask(struct tag_reading *tags)
{
    const char *action = read_action(READ_POLICY_TAGS, 0);
    struct buf form;
    buf_init(&form, FORM_MAX);
    form_begin(&form, action, IAM_VERSION);
    form_add(&form, "PolicyArn", tags->policy->arn);
    if (tags->marker)
        form_add(&form, "Marker", tags->marker);
    iam_send(tags->aws, &(struct iam_request){
                            .account_id = tags->account_id,
                            .action = action,
                            .form = &form,
                            .repeatable = true,
                            .done = on_page,
                            .context = tags,
                        });
    buf_free(&form);
}

void policy_tags_read(struct arena *arena, struct aws *aws, const char *account_id,
                      struct observed_policy *policy, policy_tags_done *done, void *context)
{
    struct tag_reading *tags = ARENA_NEW(arena, struct tag_reading);
    *tags = (struct tag_reading){
        .arena = arena,
        .aws = aws,
        .account_id = account_id,
        .policy = policy,
        .done = done,
        .context = context,
    };
    ask(tags);
}
