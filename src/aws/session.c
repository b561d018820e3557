/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/session.h"

#include "aws/base_credentials.h"
#include "aws/credentials.h"
#include "aws/waiters.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { SESSION_NAME_MIN = 2, SESSION_NAME_MAX = 64 };

const char *session_name_clean(struct arena *arena, const char *name)
{
    char *cleaned = arena_strndup(arena, name, SESSION_NAME_MAX);
    for (char *c = cleaned; *c; c++) {
        const char letter[] = {*c, 0};
        if (!str_only(letter, "_+=,.@-"))
            *c = '-';
    }
    return strlen(cleaned) >= SESSION_NAME_MIN ? cleaned : "iamlease";
}

/* NULL, the partition's first, where the settings say what they say by themselves. */
static const char *region_of(const struct settings *settings)
{
    return str_eq(settings->region, settings_defaults().region) ? NULL : settings->region;
}

static int open_session(struct aws **ret, const struct aws_environment *environment,
                        const struct settings *settings, const char *role, const char *role_kind,
                        const char *session_name, struct net *net, struct err *err)
{
    struct endpoint_wishes wishes = {
        .region = environment->region ? environment->region : region_of(settings),
        .url = environment->endpoint_url,
        .url_iam = environment->endpoint_url_iam,
        .url_sts = environment->endpoint_url_sts,
    };
    struct arena *arena = arena_new();
    struct endpoint iam, sts;
    if (endpoints_resolve(arena, settings->partition, &wishes, &iam, &sts, err) < 0) {
        arena_free(arena);
        return -1;
    }
    struct aws *aws = ARENA_NEW(arena, struct aws);
    *aws = (struct aws){
        .net = net,
        .arena = arena,
        .partition = arena_strdup(arena, settings->partition),
        .role = arena_strdup(arena, role),
        .role_kind = role_kind,
        .session_name = session_name_clean(arena, session_name),
        .external_id = arena_strdup(arena, role_kind ? settings->external_id : ""),
        .iam = iam,
        .sts = sts,
        .accounts = map_new(arena),
        .on_secret = environment->on_secret,
        .on_secret_context = environment->on_secret_context,
        .created = map_new(arena),
    };
    if (base_credentials_choose(aws, environment, err) < 0) {
        arena_free(arena);
        return -1;
    }
    *ret = aws;
    return 0;
}

int aws_open(struct aws **ret, const struct aws_environment *environment, const struct settings *settings,
             enum role_kind role, const char *session_name, struct net *net, struct err *err)
{
    return role == ROLE_PLAN
               ? open_session(ret, environment, settings, settings->plan_role, "plan", session_name, net, err)
               : open_session(ret, environment, settings, settings->deployer_role, "deployer", session_name,
                              net, err);
}

int aws_open_through(struct aws **ret, const struct aws_environment *environment,
                     const struct settings *settings, const char *role, const char *session_name,
                     struct net *net, struct err *err)
{
    return open_session(ret, environment, settings, role, NULL, session_name, net, err);
}

static void close_account(struct account_session *account)
{
    credentials_unref(account->credentials);
    waiters_free(account);
}

void aws_close(struct aws *aws)
{
    if (!aws)
        return;
    for (size_t i = 0; i < aws->account_list.count; i++)
        close_account(aws->account_list.items[i]);
    close_account(&aws->base);
    secret_clear(&aws->id_token.bearer);
    arena_free(aws->arena);
}

void aws_secret_came(const struct aws *aws, const struct secret *secret)
{
    if (aws->on_secret && secret_is_set(secret))
        aws->on_secret(aws->on_secret_context, secret);
}

bool aws_is_loopback(const struct aws *aws)
{
    return aws->iam.is_loopback && aws->sts.is_loopback;
}

struct account_session *aws_account(struct aws *aws, const char *account_id)
{
    struct account_session *account = map_get(&aws->accounts, account_id);
    if (account)
        return account;
    account = ARENA_NEW(aws->arena, struct account_session);
    account->id = arena_strdup(aws->arena, account_id);
    account->role_arn =
        arena_printf(aws->arena, "arn:%s:iam::%s:role/%s", aws->partition, account_id, aws->role);
    account->role_kind = aws->role_kind;
    map_put(&aws->accounts, account->id, account);
    *VEC_ADD(aws->arena, &aws->account_list) = account;
    return account;
}
