/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/observe_more.h"

#include "aws/form.h"
#include "aws/iam_request.h"
#include "aws/readback.h"
#include "aws/request.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

struct more {
    struct arena *arena;
    struct aws *aws;
    const struct account_needs *needs;
    struct observed_account *account;
    size_t next_principal;
    struct strings provider_arns;
    size_t next_provider;
    observe_more_done *done;
    void *context;
};

static int compare_providers(const void *left, const void *right)
{
    const struct oidc_provider *a = left, *b = right;
    return strcmp(a->arn, b->arn);
}

static void read_next_provider(struct more *more);

static void on_provider(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct more *more = context;
    if (readback->status == READBACK_FAILED) {
        more->done(more->context, outcome->explanation);
        return;
    }
    if (readback->status == READBACK_FOUND) { /* otherwise it went since they were listed */
        struct oidc_provider *provider = VEC_ADD(more->arena, &more->account->providers);
        *provider = readback->provider;
        provider->arn = more->provider_arns.items[more->next_provider];
        provider->url = strstr(provider->arn, ":oidc-provider/") + strlen(":oidc-provider/");
    }
    more->next_provider++;
    read_next_provider(more);
}

static void read_next_provider(struct more *more)
{
    if (more->next_provider < more->provider_arns.count) {
        readback_provider(more->arena, more->aws, more->account->account_id,
                          more->provider_arns.items[more->next_provider], on_provider, more);
        return;
    }
    if (more->account->providers.count)
        qsort(more->account->providers.items, more->account->providers.count,
              sizeof *more->account->providers.items, compare_providers);
    more->done(more->context, NULL);
}

static void visit_list(void *context, enum element_event event, const char *path, const char *text)
{
    struct more *more = context;
    if (event == ELEMENT_END && str_eq(path, "OpenIDConnectProviderList/member/Arn") &&
        strstr(text, ":oidc-provider/"))
        strings_add(more->arena, &more->provider_arns, arena_strdup(more->arena, text));
}

static void on_list(void *context, const struct outcome *outcome)
{
    struct more *more = context;
    if (!outcome->ok) {
        more->done(more->context, outcome->explanation);
        return;
    }
    if (!answer_confirms(outcome->body, outcome->body_size) ||
        !answer_read(outcome->body, outcome->body_size, visit_list, more)) {
        struct outcome unreadable = {0};
        outcome_unreadable("iam:ListOpenIDConnectProviders",
                           aws_account(more->aws, more->account->account_id), &unreadable);
        more->done(more->context, unreadable.explanation);
        return;
    }
    read_next_provider(more);
}

static void list_providers(struct more *more)
{
    const char *action = read_action(READ_PROVIDERS, 0);
    struct buf form;
    buf_init(&form, FORM_MAX);
    form_begin(&form, action, IAM_VERSION);
    iam_send(more->aws, &(struct iam_request){
                            .account_id = more->account->account_id,
                            .action = action,
                            .form = &form,
                            .repeatable = true,
                            .done = on_list,
                            .context = more,
                        });
    buf_free(&form);
}

static void read_next_role(struct more *more);

static void on_role(void *context, const struct readback *readback, const struct outcome *outcome)
{
    struct more *more = context;
    struct observed_principal *role = &more->account->principals.items[more->next_principal];
    if (readback->status != READBACK_FOUND) {
        more->done(more->context,
                   readback->status == READBACK_FAILED
                       ? outcome->explanation
                       : arena_printf(more->arena, "role '%s' went away while account %s was read; run again",
                                      role->name, more->account->account_id));
        return;
    }
    struct role_details *details = ARENA_NEW(more->arena, struct role_details);
    *details = (struct role_details){
        .description = readback->description,
        .session_s = readback->session_s,
        .tags = role->details->tags,
    };
    role->details = details;
    more->next_principal++;
    read_next_role(more);
}

static void read_next_role(struct more *more)
{
    while (more->next_principal < more->account->principals.count &&
           !more->account->principals.items[more->next_principal].details)
        more->next_principal++;
    if (more->next_principal < more->account->principals.count)
        readback_role(more->arena, more->aws, more->account->account_id,
                      more->account->principals.items[more->next_principal].name, on_role, more);
    else if (more->needs->providers)
        list_providers(more);
    else
        more->done(more->context, NULL);
}

void observe_more(struct arena *arena, struct aws *aws, const struct account_needs *needs,
                  struct observed_account *account, observe_more_done *done, void *context)
{
    struct more *more = ARENA_NEW(arena, struct more);
    *more = (struct more){.arena = arena,
                          .aws = aws,
                          .needs = needs,
                          .account = account,
                          .done = done,
                          .context = context};
    read_next_role(more);
}
