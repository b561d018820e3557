/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in policy documents: ARNs, actions, conditions. */
#include "base/str.h"
#include "config/grammar.h"
#include "config/ids.h"

#include <string.h>

/* Lengths of IAM: the shapes of its API (facts/aws.md §1.1). */
enum { ARN_MIN = 20, ARN_MAX = 2048, ACTION_MAX = 256, SID_MAX = 128, KEY_MAX = 256, ACCOUNT_ID_DIGITS = 12 };

static bool has_length(const char *text, size_t min, size_t max)
{
    size_t length = strlen(text);
    return length >= min && length <= max;
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

/* policy/[<path>/]<name> */
static bool is_policy_place(const char *text)
{
    static const char prefix[] = "policy/";
    if (!str_prefix(text, prefix))
        return false;
    const char *path = text + strlen(prefix), *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    return str_only(path, "/_+=,.@-") && !strstr(path, "//") && *path != '/' && grammar_is_iam_name(name);
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
    return (part_is(parts[4], sizes[4], "aws") || part_is_account_id(parts[4], sizes[4])) &&
           is_policy_place(parts[5]);
}

/* The account may be left out (policy/boundary.h). */
static bool is_boundary(const char *text)
{
    return is_policy_arn(text) || (has_length(text, 1, ARN_MAX) && is_policy_place(text));
}

/* "*", or service:Action with wildcards in the action only: IAM wants to know the service. */
static bool is_action(const char *text)
{
    if (str_eq(text, "*"))
        return true;
    size_t service = strcspn(text, ":");
    if (!has_length(text, 1, ACTION_MAX) || service == 0 || !text[service])
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

/* IAM takes letters and digits only, though other services take more (facts/aws.md §1.3). */
static bool is_statement_id(const char *text)
{
    return has_length(text, 1, SID_MAX) && str_only(text, "");
}

static const char *const operators[] = {
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
    NULL,
};

/* An operator, perhaps with "ForAllValues:" or "ForAnyValue:" before it and "IfExists" behind it; Null has no IfExists. */
static bool is_operator(const char *text)
{
    static const char *const sets[] = {"ForAllValues:", "ForAnyValue:"};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        if (str_prefix(text, sets[i])) {
            text += strlen(sets[i]);
            break;
        }
    for (const char *const *name = operators; *name; name++) {
        if (!str_prefix(text, *name))
            continue;
        const char *rest = text + strlen(*name);
        if (!*rest || (str_eq(rest, "IfExists") && !str_eq(*name, "Null")))
            return true;
    }
    return false;
}

/* "aws:SourceIp", "s3:prefix", "aws:RequestTag/cost center"; a policy document holds U+0020 to U+00FF only. */
static bool is_condition_key(const char *text)
{
    size_t service = strcspn(text, ":");
    uint32_t code_point;
    if (!has_length(text, 1, KEY_MAX) || !service || !text[service] || !text[service + 1])
        return false;
    for (size_t i = 0; i < service; i++)
        if (!str_only((char[]){text[i], 0}, ".-"))
            return false;
    for (size_t size = strlen(text), length; size; text += length, size -= length) {
        length = str_decode_utf8(text, size, &code_point);
        if (!length || code_point < 0x20 || code_point > 0xff)
            return false;
    }
    return true;
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

const struct grammar grammar_policy_arn = {
    .id = ID_INVALID_POLICY_ARN,
    .what = "the ARN of a managed policy",
    .hint = "such as 'arn:aws:iam::aws:policy/ReadOnlyAccess'",
    .matches = is_policy_arn,
    .arn = true,
    .pattern = "^arn:[a-z0-9-]+:iam::(aws|[0-9]{12}):policy/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,128}$",
};
const struct grammar grammar_boundary = {
    .id = ID_INVALID_POLICY_ARN,
    .what = "the ARN of a managed policy, or 'policy/NAME'",
    .hint =
        "such as 'arn:aws:iam::aws:policy/PowerUserAccess', or 'policy/limits/team' for that of each account",
    .matches = is_boundary,
    .arn = true,
    .pattern =
        "^(arn:[a-z0-9-]+:iam::(aws|[0-9]{12}):)?policy/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,128}$",
};
const struct grammar grammar_action = {
    .id = ID_INVALID_ACTION,
    .what = "an action",
    .hint = "write 'service:Action', as in 's3:GetObject' or 's3:Get*', or '*' for all",
    .matches = is_action,
    .pattern = "^([*]|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$",
};
const struct grammar grammar_resource = {
    .id = ID_INVALID_RESOURCE,
    .what = "a resource",
    .hint = "write an ARN, as in 'arn:aws:s3:::bucket/*', or '*' for all",
    .matches = is_resource,
    .arn = true,
    .pattern = "^([*]|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+)$",
};
const struct grammar grammar_statement_id = {
    .id = ID_INVALID_SID,
    .what = "an id for a statement",
    .hint = "letters and digits only",
    .matches = is_statement_id,
    .pattern = "^[A-Za-z0-9]{1,128}$",
    .any_scalar = true,
};
const struct grammar grammar_operator = {
    .id = ID_INVALID_CONDITION,
    .what = "an operator of a condition",
    .hint = "such as 'StringEquals', 'StringLike', 'IpAddress', 'Bool', also with 'IfExists' behind it",
    .matches = is_operator,
    .words = operators,
    .pattern = "^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|"
               "Date(Not)?Equals|(Numeric|Date)(LessThan|GreaterThan)(Equals)?|Bool|BinaryEquals|"
               "(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$",
};
const struct grammar grammar_condition_key = {
    .id = ID_INVALID_CONDITION,
    .what = "a key of a condition",
    .hint = "such as 'aws:SourceIp' or 's3:prefix'",
    .matches = is_condition_key,
    .pattern = "^[A-Za-z0-9.-]+:.+$",
};
