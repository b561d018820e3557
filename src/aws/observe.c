/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading accounts side by side: each goes through its pages and then its quotas, and whoever is done makes
 * room for the next. Not all at once, because what is kept for the moment would add up.
 */
#include "aws/account_reader.h"
#include "aws/form.h"
#include "aws/iam_request.h"
#include "aws/observe_copied.h"
#include "aws/observe_more.h"
#include "aws/policy_tags.h"
#include "aws/readback.h"
#include "aws/request.h"
#include "base/str.h"
#include "policy/ownership.h"
#include "policy/self_serve.h"

#include <string.h>

enum { ACCOUNTS_AT_ONCE = 64 };

struct sweep {
    struct arena *arena;
    struct aws *aws;
    const struct needs *needs;
    const char *owner;
    struct observed *observed;
    size_t next;
    struct map sources, copied; /* AWS's own policies that were read: they are the same in every account */
};

struct account_sweep {
    struct sweep *sweep;
    const struct account_needs *needs;
    struct observed_account *account;
    struct account_reader *reader;
    struct net_sink sink;
    int64_t *quota; /* that of the entry of the summary that is being read, or NULL */
    size_t tagged;  /* so many policies were looked at for tags */
};

static void start_next(struct sweep *sweep);

/* `error` NULL: the account was read. */
static void end_account(struct account_sweep *state, const char *error)
{
    struct observed_account *account = state->account;
    if (error)
        *account = (struct observed_account){.account_id = account->account_id,
                                             .error = arena_strdup(state->sweep->arena, error),
                                             .quotas = quotas_defaults()};
    account_reader_free(state->reader);
    start_next(state->sweep);
}

static void end_unreadable(struct account_sweep *state, const char *action)
{
    struct outcome outcome = {0};
    outcome_unreadable(action, aws_account(state->sweep->aws, state->account->account_id), &outcome);
    end_account(state, outcome.explanation);
}

/* Where the value of an entry of the summary goes; NULL: nobody wants it. */
static int64_t *quota_of(struct quotas *quotas, const char *key)
{
    const struct {
        const char *key;
        int64_t *quota;
    } known[] = {
        {"PolicySizeQuota", &quotas->managed_policy_size},
        {"UserPolicySizeQuota", &quotas->inline_size[PRINCIPAL_USER]},
        {"RolePolicySizeQuota", &quotas->inline_size[PRINCIPAL_ROLE]},
        {"GroupPolicySizeQuota", &quotas->inline_size[PRINCIPAL_GROUP]},
        {"AttachedPoliciesPerUserQuota", &quotas->attached[PRINCIPAL_USER]},
        {"AttachedPoliciesPerRoleQuota", &quotas->attached[PRINCIPAL_ROLE]},
        {"AttachedPoliciesPerGroupQuota", &quotas->attached[PRINCIPAL_GROUP]},
        {"VersionsPerPolicyQuota", &quotas->versions_per_policy},
        {"Policies", &quotas->policies},
        {"PoliciesQuota", &quotas->policies_max},
        {"Roles", &quotas->roles},
        {"RolesQuota", &quotas->roles_max},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(known[i].key, key))
            return known[i].quota;
    return NULL;
}

static void take_quota(int64_t *quota, const char *value)
{
    int64_t number = 0;
    for (const char *c = value; *c; c++) {
        if (*c < '0' || *c > '9' || number > 1000 * 1000 * 1000)
            return;
        number = number * 10 + (*c - '0');
    }
    if (number > 0)
        *quota = number;
}

static void visit_summary(void *context, enum element_event event, const char *path, const char *text)
{
    struct account_sweep *state = context;
    if (event == ELEMENT_END && str_eq(path, "SummaryMap/entry/key"))
        state->quota = quota_of(&state->account->quotas, text);
    else if (event == ELEMENT_END && str_eq(path, "SummaryMap/entry/value") && state->quota)
        take_quota(state->quota, text);
}

static void read_next_source(struct account_sweep *state);

static void on_more(void *context, const char *error)
{
    end_account(context, error);
}

static void on_copied(void *context)
{
    struct account_sweep *state = context;
    observe_more(state->sweep->arena, state->sweep->aws, state->needs, state->account, on_more, state);
}

static void on_source(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct account_sweep *state = context;
    struct arena *arena = state->sweep->arena;
    struct observed_source *source = VEC_ADD(arena, &state->account->sources);
    source->arn = arena_strdup(arena, state->needs->sources.items[state->account->sources.count - 1]);
    if (readback->status == READBACK_FOUND) {
        source->version_id = readback->version_id;
        source->document = readback->document;
    } else {
        source->error = readback->status == READBACK_ABSENT ? "there is no such policy"
                                                            : arena_strdup(arena, outcome->explanation);
    }
    if (policy_arn_is_of_aws(source->arn) && readback->status == READBACK_FOUND) {
        struct observed_source *known = ARENA_NEW(arena, struct observed_source);
        *known = *source;
        map_put(&state->sweep->sources, source->arn, known);
    }
    read_next_source(state);
}

/* One after the other: most accounts have few, and no more than two calls at once go to one account. */
static void read_next_source(struct account_sweep *state)
{
    struct sweep *sweep = state->sweep;
    while (state->account->sources.count < state->needs->sources.count) {
        const char *arn = state->needs->sources.items[state->account->sources.count];
        const struct observed_source *known = map_get(&sweep->sources, arn);
        if (!known) {
            readback_policy(sweep->arena, sweep->aws, state->account->account_id, arn, on_source, state);
            return;
        }
        *VEC_ADD(sweep->arena, &state->account->sources) = *known;
    }
    observe_copied(sweep->arena, sweep->aws, state->account, &sweep->copied, on_copied, state);
}

static void read_next_tags(struct account_sweep *state);

static void on_tags(void *context, const struct outcome *outcome)
{
    (void)outcome; /* the policy has what came of it */
    read_next_tags(context);
}

/* A policy of cloud-iam-self-serve may have been adopted, and no listing shows that: one call for each. */
static void read_next_tags(struct account_sweep *state)
{
    struct mark ignored;
    while (state->tagged < state->account->policies.count) {
        struct observed_policy *policy = &state->account->policies.items[state->tagged++];
        if (self_serve_made_policy(policy, NULL) &&
            !mark_parse(state->sweep->arena, policy->description, &ignored)) {
            policy_tags_read(state->sweep->arena, state->sweep->aws, state->account->account_id, policy,
                             on_tags, state);
            return;
        }
    }
    read_next_source(state);
}

static void on_summary(void *context, const struct outcome *outcome)
{
    struct account_sweep *state = context;
    if (!outcome->ok) {
        end_account(state, outcome->explanation);
        return;
    }
    if (!answer_read(outcome->body, outcome->body_size, visit_summary, state)) {
        end_unreadable(state, "iam:GetAccountSummary");
        return;
    }
    account_reader_finish(state->reader);
    read_next_tags(state);
}

static void ask(struct account_sweep *state, const char *action, struct buf *form,
                const struct net_sink *sink, outcome_done *done)
{
    iam_send(state->sweep->aws, &(struct iam_request){
                                    .account_id = state->account->account_id,
                                    .action = action,
                                    .form = form,
                                    .repeatable = true,
                                    .sink = sink,
                                    .done = done,
                                    .context = state,
                                });
    buf_free(form);
}

static void ask_summary(struct account_sweep *state)
{
    const char *action = read_action(READ_SUMMARY, 0);
    struct buf form;
    buf_init(&form, FORM_MAX);
    form_begin(&form, action, IAM_VERSION);
    ask(state, action, &form, NULL, on_summary);
}

static void ask_page(struct account_sweep *state, const char *marker);

static void on_page(void *context, const struct outcome *outcome)
{
    struct account_sweep *state = context;
    const char *marker = NULL;
    if (!outcome->ok)
        end_account(state, outcome->explanation);
    else if (!account_reader_end_page(state->reader, &marker))
        end_unreadable(state, "iam:GetAccountAuthorizationDetails");
    else if (marker)
        ask_page(state, marker);
    else
        ask_summary(state);
}

static void ask_page(struct account_sweep *state, const char *marker)
{
    const char *action = read_action(READ_ACCOUNT, 0);
    struct buf form;
    buf_init(&form, FORM_MAX);
    form_begin(&form, action, IAM_VERSION);
    form_add(&form, "Filter.member.1", "User");
    form_add(&form, "Filter.member.2", "Role");
    form_add(&form, "Filter.member.3", "Group");
    form_add(&form, "Filter.member.4", "LocalManagedPolicy");
    form_add(&form, "MaxItems", "1000");
    if (marker)
        form_add(&form, "Marker", marker);
    ask(state, action, &form, &state->sink, on_page);
}

static void start_next(struct sweep *sweep)
{
    if (sweep->next == sweep->needs->count)
        return;
    const struct account_needs *needs = &sweep->needs->items[sweep->next];
    struct account_sweep *state = ARENA_NEW(sweep->arena, struct account_sweep);
    state->sweep = sweep;
    state->needs = needs;
    state->account = &sweep->observed->items[sweep->next++];
    state->reader = account_reader_new(sweep->arena, needs, sweep->owner, state->account);
    state->sink = account_reader_sink(state->reader);
    ask_page(state, NULL);
}

int aws_observe(struct arena *arena, struct aws *aws, const struct needs *needs, const char *owner,
                struct observed *ret, struct err *err)
{
    *ret = (struct observed){
        .items = arena_array(arena, needs->count, sizeof *ret->items),
        .count = needs->count,
        .capacity = needs->count,
    };
    for (size_t i = 0; i < needs->count; i++)
        ret->items[i] = (struct observed_account){
            .account_id = arena_strdup(arena, needs->items[i].account_id),
            .quotas = quotas_defaults(),
        };
    struct sweep sweep = {.arena = arena, .aws = aws, .needs = needs, .owner = owner, .observed = ret};
    sweep.sources = map_new(arena);
    sweep.copied = map_new(arena);
    for (size_t i = 0; i < ACCOUNTS_AT_ONCE; i++)
        start_next(&sweep);
    return net_run(aws->net, err);
}
