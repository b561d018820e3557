/* SPDX-License-Identifier: Apache-2.0 */
#include "config/grammar.h"

#include "base/str.h"
#include "config/ids.h"

#include <string.h>

/* Lengths and alphabets of IAM: the shapes of its API (facts/aws.md §1.1). */
enum {
    NAME_MAX_TEAM = 64,
    NAME_MAX_ENVIRONMENT = 64,
    NAME_MAX_OWNER = 64,
    NAME_MAX_USER = 64,
    NAME_MAX_ROLE = 64,
    NAME_MAX_POLICY = 128,
    EMAIL_MAX = 254,
    ARN_MIN = 20,
    ARN_MAX = 2048,
    PATH_MAX_POLICY = 512,
    ACCOUNT_ID_DIGITS = 12,
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

static bool is_account_id(const char *text)
{
    return strlen(text) == ACCOUNT_ID_DIGITS && strspn(text, "0123456789") == ACCOUNT_ID_DIGITS;
}

static bool is_environment(const char *text)
{
    return has_length(text, 1, NAME_MAX_ENVIRONMENT) && str_only(text, "._-") && !strchr("._-", *text);
}

static bool is_policy_name(const char *text)
{
    return has_length(text, 1, NAME_MAX_POLICY) && str_only(text, iam_name_others);
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

/* The parts of an ARN, cut at its first five colons. False when there are fewer. */
static bool split_arn(const char *text, const char *parts[6], size_t sizes[6])
{
    for (int i = 0; i < 5; i++) {
        parts[i] = text;
        sizes[i] = strcspn(text, ":");
        if (!text[sizes[i]])
            return false;
        text += sizes[i] + 1;
    }
    parts[5] = text;
    sizes[5] = strlen(text);
    return true;
}

static bool part_is(const char *part, size_t size, const char *expected)
{
    return size == strlen(expected) && memcmp(part, expected, size) == 0;
}

/* The name of a partition, whichever; a policy that is attached has no wildcard there. */
static bool part_is_partition(const char *part, size_t size)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return size > 0 && strspn(part, alphabet) == size;
}

static bool part_is_account_id(const char *part, size_t size)
{
    return size == ACCOUNT_ID_DIGITS && strspn(part, "0123456789") == ACCOUNT_ID_DIGITS;
}

/* arn:<partition>:iam::(aws|<account id>):policy/[<path>/]<name> */
static bool is_policy_arn(const char *text)
{
    const char *parts[6];
    size_t sizes[6];
    if (!has_length(text, ARN_MIN, ARN_MAX) || !split_arn(text, parts, sizes))
        return false;
    if (!part_is(parts[0], sizes[0], "arn") || !part_is_partition(parts[1], sizes[1]) ||
        !part_is(parts[2], sizes[2], "iam") || sizes[3] != 0)
        return false;
    if (!part_is(parts[4], sizes[4], "aws") && !part_is_account_id(parts[4], sizes[4]))
        return false;
    static const char prefix[] = "policy/";
    if (!str_prefix(parts[5], prefix))
        return false;
    const char *path = parts[5] + strlen(prefix), *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    return str_only(path, "/_+=,.@-") && !strstr(path, "//") && *path != '/' && is_policy_name(name);
}

static bool is_effect(const char *text)
{
    return str_eq(text, "Allow") || str_eq(text, "Deny");
}

/* "*", or service:Action with wildcards in the action only: IAM wants to know the service. */
static bool is_action(const char *text)
{
    if (str_eq(text, "*"))
        return true;
    size_t service = strcspn(text, ":");
    if (!has_length(text, 1, 256) || service == 0 || !text[service])
        return false;
    for (size_t i = 0; i < service; i++)
        if (!str_only((char[]){text[i], 0}, "-"))
            return false;
    const char *action = text + service + 1;
    return *action && str_only(action, "*?");
}

/* "*" or an ARN, which may hold wildcards and variables. A policy document holds U+0020 to U+00FF only. */
static bool is_resource(const char *text)
{
    if (str_eq(text, "*"))
        return true;
    const char *parts[6];
    size_t sizes[6];
    if (!split_arn(text, parts, sizes) || !part_is(parts[0], sizes[0], "arn") || sizes[1] == 0 ||
        sizes[2] == 0 || sizes[5] == 0 || strlen(text) > ARN_MAX)
        return false;
    uint32_t code_point;
    for (size_t size = strlen(text), length; size; text += length, size -= length) {
        length = str_decode_utf8(text, size, &code_point);
        if (!length || code_point < 0x20 || code_point > 0xff)
            return false;
    }
    return true;
}

/* Stands in marks between "[iamlease " and "/". */
static bool is_owner(const char *text)
{
    return has_length(text, 1, NAME_MAX_OWNER) && str_only(text, "._-");
}

static bool is_policy_path(const char *text)
{
    return has_length(text, 1, PATH_MAX_POLICY) && *text == '/' && str_suffix(text, "/") &&
           str_only(text, "/_+=,.@-") && !strstr(text, "//");
}

static const char *const partitions[] = {"aws",       "aws-cn",   "aws-us-gov", "aws-iso",
                                         "aws-iso-b", "aws-eusc", NULL};

static bool is_partition(const char *text)
{
    for (const char *const *partition = partitions; *partition; partition++)
        if (str_eq(text, *partition))
            return true;
    return false;
}

bool grammar_arn_in_partition(const char *arn, const char *partition)
{
    const char *parts[6];
    size_t sizes[6];
    if (!split_arn(arn, parts, sizes))
        return true;
    return part_is(parts[1], sizes[1], partition) || strcspn(parts[1], "*?$") < sizes[1];
}

const char *grammar_policy_arn_account(struct arena *arena, const char *arn)
{
    const char *parts[6];
    size_t sizes[6];
    if (!split_arn(arn, parts, sizes) || !part_is_account_id(parts[4], sizes[4]))
        return NULL;
    return arena_strndup(arena, parts[4], sizes[4]);
}

const struct grammar grammar_account_id = {
    .id = ID_INVALID_ACCOUNT_ID,
    .what = "an AWS account id",
    .hint = "an account id has 12 digits, such as \"012345678901\"",
    .matches = is_account_id,
};
const struct grammar grammar_environment = {
    .id = ID_INVALID_ENVIRONMENT,
    .what = "a name for an environment",
    .hint = "up to 64 letters, digits, '.', '_' and '-', beginning with a letter or a digit",
    .matches = is_environment,
};
const struct grammar grammar_policy_name = {
    .id = ID_INVALID_POLICY_NAME,
    .what = "a name for a policy",
    .hint = "up to 128 letters, digits and '.', '_', '-', '+', '=', ',', '@', as in 'dev.read-only'",
    .matches = is_policy_name,
};
const struct grammar grammar_user = {
    .id = ID_INVALID_USER,
    .what = "an e-mail address whose local part can be an IAM user",
    .hint =
        "up to 64 letters, digits and '_', '+', '=', ',', '.', '-' before the '@', as in 'bert@example.com'",
    .matches = is_user,
};
const struct grammar grammar_role = {
    .id = ID_INVALID_ROLE,
    .what = "the name of an IAM role",
    .hint = "the name alone, not the ARN: up to 64 letters, digits and '_', '+', '=', ',', '.', '@', '-'",
    .matches = is_role,
};
const struct grammar grammar_policy_arn = {
    .id = ID_INVALID_POLICY_ARN,
    .what = "the ARN of a managed policy",
    .hint = "such as 'arn:aws:iam::aws:policy/ReadOnlyAccess'",
    .matches = is_policy_arn,
    .arn = true,
};
const struct grammar grammar_effect = {
    .id = ID_INVALID_EFFECT,
    .what = "an effect",
    .hint = "'Allow' or 'Deny', written exactly so",
    .matches = is_effect,
    .words = (const char *const[]){"Allow", "Deny", NULL},
};
const struct grammar grammar_action = {
    .id = ID_INVALID_ACTION,
    .what = "an action",
    .hint = "write 'service:Action', as in 's3:GetObject' or 's3:Get*', or '*' for all",
    .matches = is_action,
};
const struct grammar grammar_resource = {
    .id = ID_INVALID_RESOURCE,
    .what = "a resource",
    .hint = "write an ARN, as in 'arn:aws:s3:::bucket/*', or '*' for all",
    .matches = is_resource,
    .arn = true,
};
const struct grammar grammar_owner = {
    .id = ID_INVALID_OWNER,
    .what = "a name for an owner",
    .hint = "up to 64 letters, digits, '.', '_' and '-'",
    .matches = is_owner,
};
const struct grammar grammar_policy_path = {
    .id = ID_INVALID_POLICY_PATH,
    .what = "a path of IAM",
    .hint = "it begins and ends with '/', as in '/iamlease/'",
    .matches = is_policy_path,
};
const struct grammar grammar_partition = {
    .id = ID_INVALID_PARTITION,
    .what = "a partition of AWS",
    .hint = "one of 'aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-eusc'",
    .matches = is_partition,
    .words = partitions,
};
