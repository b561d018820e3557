/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/base_credentials.h"

#include "aws/credentials.h"
#include "aws/profile.h"
#include "base/str.h"

#include <string.h>

/* Says only what is wrong, never what stands in it. */
static int check_text(const char *name, const char *text, struct err *err)
{
    for (; *text; text++)
        if (*text <= ' ' || *text >= 0x7f)
            return err_set(err, ERR_USAGE,
                           "%s has a blank, a line break or another character that does not belong in it",
                           name);
    return 0;
}

static int use_keys(struct aws *aws, const char *key, const struct secret *secret, const struct secret *token,
                    const char *const names[3], struct err *err)
{
    if (check_text(names[0], key, err) < 0 || check_text(names[1], secret_reveal(secret), err) < 0 ||
        check_text(names[2], secret_reveal(token), err) < 0)
        return -1;
    struct credentials *credentials = credentials_new(key);
    secret_set(&credentials->secret_access_key, secret_reveal(secret), secret->size);
    if (secret_is_set(token))
        secret_set(&credentials->session_token, secret_reveal(token), token->size);
    aws->base.id = "base";
    aws->base.credentials = credentials;
    return 0;
}

static int use_profile(struct aws *aws, const struct aws_environment *environment, struct err *err)
{
    static const char *const names[] = {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"};
    struct secret secret = {0}, token = {0};
    const char *key = NULL;
    if (!environment->credentials_file)
        return err_set(
            err, ERR_USAGE,
            "AWS_PROFILE is set, but neither AWS_SHARED_CREDENTIALS_FILE nor HOME says where the profile is");
    int result = profile_read(aws->arena, environment->credentials_file, environment->profile, &key, &secret,
                              &token, err);
    if (result == 0)
        result = use_keys(aws, key, &secret, &token, names, err);
    secret_clear(&secret);
    secret_clear(&token);
    return result;
}

/* "arn:aws:iam::123456789012:role/path/name": its account id, or NULL. */
static const char *account_of_role(struct arena *arena, const char *arn, const char *partition)
{
    enum { ACCOUNT_DIGITS = 12, ARN_MAX = 2048 };
    const char *prefix = arena_printf(arena, "arn:%s:iam::", partition);
    const char *account = arn + strlen(prefix);
    if (!str_prefix(arn, prefix) || strlen(arn) > ARN_MAX ||
        strspn(account, "0123456789") != ACCOUNT_DIGITS || !str_prefix(account + ACCOUNT_DIGITS, ":role/") ||
        !account[ACCOUNT_DIGITS + strlen(":role/")] || !str_only(account + ACCOUNT_DIGITS, ":/_+=,.@-"))
        return NULL;
    return arena_strndup(arena, account, ACCOUNT_DIGITS);
}

bool aws_has_credentials(const struct aws_environment *environment)
{
    if (environment->role_to_assume)
        return environment->id_token_url && secret_is_set(&environment->id_token_bearer);
    return environment->access_key_id || environment->profile;
}

static int use_web_identity(struct aws *aws, const struct aws_environment *environment, struct err *err)
{
    const char *role = environment->role_to_assume, *url = environment->id_token_url;
    const char *account = account_of_role(aws->arena, role, aws->partition);
    if (!account)
        return err_set(err, ERR_USAGE,
                       "role-to-assume '%.200s' is not the ARN of a role in partition '%s', such as "
                       "arn:%s:iam::123456789012:role/NAME",
                       role, aws->partition, aws->partition);
    if (!url || !secret_is_set(&environment->id_token_bearer))
        return err_set(
            err, ERR_USAGE,
            "role-to-assume is set, but this job gets no OIDC token: give it 'permissions: id-token: write' (a pull "
            "request from a fork never gets one)");
    if (!net_url_is_allowed(url, NULL))
        return err_set(err, ERR_USAGE, "ACTIONS_ID_TOKEN_REQUEST_URL is neither https nor a loopback address");
    if (check_text("ACTIONS_ID_TOKEN_REQUEST_TOKEN", secret_reveal(&environment->id_token_bearer), err) < 0)
        return -1;
    bool is_china = str_eq(aws->partition, "aws-cn");
    aws->id_token.url = arena_printf(aws->arena, "%s%saudience=%s", url, strchr(url, '?') ? "&" : "?",
                                     is_china ? "sts.amazonaws.com.cn" : "sts.amazonaws.com");
    secret_set(&aws->id_token.bearer, secret_reveal(&environment->id_token_bearer),
               environment->id_token_bearer.size);
    aws->base.id = account;
    aws->base.role_arn = arena_strdup(aws->arena, role);
    return 0;
}

int base_credentials_choose(struct aws *aws, const struct aws_environment *environment, struct err *err)
{
    static const char *const names[] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
    const char *key = environment->access_key_id;
    bool has_key = key && key[0], has_secret = secret_is_set(&environment->secret_access_key);
    if (environment->role_to_assume)
        return use_web_identity(aws, environment, err);
    if (has_key && has_secret)
        return use_keys(aws, key, &environment->secret_access_key, &environment->session_token, names, err);
    if (environment->profile && !has_key && !has_secret)
        return use_profile(aws, environment, err);
    return err_set(
        err, ERR_USAGE,
        "there are no AWS credentials: set role-to-assume in a job of GitHub Actions, or AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones), or AWS_PROFILE");
}
