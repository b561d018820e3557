/* SPDX-License-Identifier: Apache-2.0 */
#include "config/grammar.h"

#include "base/str.h"
#include "config/ids.h"
#include "model/configuration.h"

#include <string.h>

/* Lengths and alphabets of IAM: the shapes of its API (facts/aws.md §1.1). */
enum {
    NAME_MAX_TEAM = 64,
    NAME_MAX_ENVIRONMENT = 64,
    NAME_MAX_USER = 64,
    NAME_MAX_ROLE = 64,
    NAME_MAX_IAM = 128, /* of a policy, of a group */
    EMAIL_MAX = 254,
};

static const char iam_name_others[] = "_+=,.@-";

static bool has_length(const char *text, size_t min, size_t max)
{
    size_t length = strlen(text);
    return length >= min && length <= max;
}

static bool is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool grammar_is_team(const char *text)
{
    if (!has_length(text, 1, NAME_MAX_TEAM) || !is_lower_or_digit(*text))
        return false;
    for (; *text; text++)
        if (!is_lower_or_digit(*text) && *text != '_' && *text != '-')
            return false;
    return true;
}

static bool is_environment(const char *text)
{
    return has_length(text, 1, NAME_MAX_ENVIRONMENT) && str_only(text, "._-") && !strchr("._-", *text);
}

bool grammar_is_iam_name(const char *text)
{
    return has_length(text, 1, NAME_MAX_IAM) && str_only(text, iam_name_others);
}

static bool is_role(const char *text)
{
    return has_length(text, 1, NAME_MAX_ROLE) && str_only(text, iam_name_others);
}

/* "name" or "name@domain", where the name is one that an IAM user can have. */
static bool is_user(const char *text)
{
    size_t name = strcspn(text, "@");
    if (name < 1 || name > NAME_MAX_USER || !str_only(text, iam_name_others) || strlen(text) > EMAIL_MAX)
        return false;
    if (!text[name])
        return true;
    const char *domain = text + name + 1;
    return *domain && str_only(domain, ".-") && !strchr(".-", *domain) && !str_suffix(domain, ".");
}

const struct grammar grammar_account_id = {
    .id = ID_INVALID_ACCOUNT_ID,
    .what = "an AWS account id",
    .hint = "an account id has 12 digits, such as \"012345678901\"",
    .matches = account_id_is_valid,
    .pattern = "^[0-9]{12}$",
    .any_scalar = true,
};
const struct grammar grammar_environment = {
    .id = ID_INVALID_ENVIRONMENT,
    .what = "a name for an environment",
    .hint = "up to 64 letters, digits, '.', '_' and '-', beginning with a letter or a digit",
    .matches = is_environment,
    .pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
    .any_scalar = true,
};
const struct grammar grammar_policy_name = {
    .id = ID_INVALID_POLICY_NAME,
    .what = "a name for a policy",
    .hint = "up to 128 letters, digits and '.', '_', '-', '+', '=', ',', '@', as in 'dev.read-only'",
    .matches = grammar_is_iam_name,
    .pattern = "^[A-Za-z0-9_+=,.@-]{1,128}$",
    .any_scalar = true,
};
const struct grammar grammar_user = {
    .id = ID_INVALID_USER,
    .what = "an e-mail address whose local part can be an IAM user",
    .hint =
        "up to 64 letters, digits and '_', '+', '=', ',', '.', '-' before the '@', as in 'bert@example.com'",
    .matches = is_user,
    .pattern = "^[A-Za-z0-9_+=,.-]{1,64}(@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9-])?)?$",
    .any_scalar = true,
};
const struct grammar grammar_role = {
    .id = ID_INVALID_ROLE,
    .what = "the name of an IAM role",
    .hint = "the name alone, not the ARN: up to 64 letters, digits and '_', '+', '=', ',', '.', '@', '-'",
    .matches = is_role,
    .pattern = "^[A-Za-z0-9_+=,.@-]{1,64}$",
    .any_scalar = true,
};
const struct grammar grammar_group = {
    .id = ID_INVALID_GROUP,
    .what = "the name of an IAM group",
    .hint = "the name alone, not the ARN: up to 128 letters, digits and '_', '+', '=', ',', '.', '@', '-'",
    .matches = grammar_is_iam_name,
    .pattern = "^[A-Za-z0-9_+=,.@-]{1,128}$",
    .any_scalar = true,
};
const struct grammar grammar_team = {
    .id = ID_INVALID_TEAM,
    .what = "a name for a team",
    .hint = "up to 64 small letters, digits, '_' and '-', beginning with a letter or a digit",
    .matches = grammar_is_team,
    .pattern = "^[a-z0-9][a-z0-9_-]{0,63}$",
    .any_scalar = true,
};

static bool is_email(const char *text)
{
    return strchr(text, '@') && is_user(text);
}

static bool is_iam_user(const char *text)
{
    return has_length(text, 1, NAME_MAX_USER) && str_only(text, iam_name_others);
}

const struct grammar grammar_email = {
    .id = ID_INVALID_USER,
    .what = "an e-mail address as it can stand in an entry",
    .hint = "as in 'bert@example.com'",
    .matches = is_email,
    .pattern = "^[A-Za-z0-9_+=,.-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9-])?$",
};
const struct grammar grammar_iam_user = {
    .id = ID_INVALID_USER,
    .what = "the name of an IAM user",
    .hint = "up to 64 letters, digits and '_', '+', '=', ',', '.', '@', '-'",
    .matches = is_iam_user,
    .pattern = "^[A-Za-z0-9_+=,.@-]{1,64}$",
    .any_scalar = true,
};
