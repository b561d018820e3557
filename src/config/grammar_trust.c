/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in aws-roles: who may assume a role, OIDC providers, tags. */
#include "base/str.h"
#include "config/grammar.h"
#include "config/ids.h"

#include <string.h>

/* Lengths of IAM: the shapes of its API (facts/aws.md §1.1). */
enum {
    ARN_MAX = 2048,
    ISSUER_MAX = 255,
    CLIENT_ID_MAX = 255,
    THUMBPRINT_DIGITS = 40,
    TAG_KEY_MAX = 128,
    TAG_VALUE_MAX = 256,
    SAML_NAME_MAX = 128,
    SERVICE_MAX = 128,
    CLAIM_MAX = 1024,
    ACCOUNT_ID_DIGITS = 12,
};

static bool has_length(const char *text, size_t min, size_t max)
{
    size_t length = strlen(text);
    return length >= min && length <= max;
}

/* Behind "arn:<partition>:iam::<account id>:", or NULL. */
static const char *after_account(const char *arn)
{
    static const char iam[] = ":iam::";
    if (!str_prefix(arn, "arn:") || strlen(arn) > ARN_MAX)
        return NULL;
    const char *partition = arn + strlen("arn:"), *at = partition + strcspn(partition, ":");
    if (at == partition || !str_prefix(at, iam))
        return NULL;
    at += strlen(iam);
    return strspn(at, "0123456789") == ACCOUNT_ID_DIGITS && at[ACCOUNT_ID_DIGITS] == ':'
               ? at + ACCOUNT_ID_DIGITS + 1
               : NULL;
}

/* A user, a role, or "*" and wildcards in a name, of which config/trust_rules.c says more than that they are wrong. */
static bool is_principal(const char *text)
{
    const char *what = after_account(text);
    if (str_eq(text, "*"))
        return true;
    if (!what || (!str_prefix(what, "user/") && !str_prefix(what, "role/")))
        return false;
    const char *path = what + strlen("user/"); /* as long as "role/" */
    return *path && *path != '/' && !strstr(path, "//") && !str_suffix(path, "/") &&
           str_only(path, "/_+=,.@-*?");
}

static bool is_service(const char *text)
{
    return has_length(text, 1, SERVICE_MAX) && str_only(text, ".-") && !strchr(".-", *text) &&
           (str_suffix(text, ".amazonaws.com") || str_suffix(text, ".amazonaws.com.cn"));
}

static bool is_saml_name(const char *text)
{
    return has_length(text, 1, SAML_NAME_MAX) && str_only(text, "._-");
}

static bool is_saml_provider(const char *text)
{
    static const char kind[] = "saml-provider/";
    const char *what = after_account(text);
    return what ? str_prefix(what, kind) && is_saml_name(what + strlen(kind)) : is_saml_name(text);
}

/* IAM API reference, CreateOpenIDConnectProvider: https, no query; and no port, which tokens do not name. */
static bool is_issuer(const char *text)
{
    static const char scheme[] = "https://";
    const char *host = text + strlen(scheme);
    return str_prefix(text, scheme) && strlen(text) <= ISSUER_MAX && *host && !strchr(".-/", *host) &&
           str_only(host, ".-/_~") && !strstr(host, "//") && !str_suffix(host, "/") &&
           str_only((char[]){host[0], 0}, "");
}

static bool is_provider_name(const char *text)
{
    return has_length(text, 1, TAG_KEY_MAX) && str_only(text, "._-");
}

static bool is_provider(const char *text)
{
    return is_issuer(text) || is_provider_name(text);
}

/* What a token says. A policy document holds U+0020 to U+00FF only, and '$' begins a variable in it. */
static bool is_claim(const char *text)
{
    if (!has_length(text, 1, CLAIM_MAX))
        return false;
    for (const char *c = text; *c; c++)
        if (*c < 0x21 || *c > 0x7e || *c == '$' || *c == '"' || *c == '\\')
            return false;
    return true;
}

static bool is_client_id(const char *text)
{
    return strlen(text) <= CLIENT_ID_MAX && is_claim(text) && !strpbrk(text, "*?");
}

static bool is_thumbprint(const char *text)
{
    return strlen(text) == THUMBPRINT_DIGITS && strspn(text, "0123456789abcdefABCDEF") == THUMBPRINT_DIGITS;
}

/* IAM API reference, Tag: letters, digits, spaces and these; of the letters we take ASCII's. */
static const char tag_others[] = "_.:/=+-@ ";

/* Whether a text begins with `prefix`, which is in small letters, in any case. */
static bool begins_with(const char *text, const char *prefix)
{
    for (; *prefix; text++, prefix++)
        if ((*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text) != *prefix)
            return false;
    return true;
}

/* "aws:" is AWS's, and "iamlease" begins our marks; keys are told apart without regard to case. */
static bool is_tag_key(const char *text)
{
    return has_length(text, 1, TAG_KEY_MAX) && str_only(text, tag_others) && !begins_with(text, "aws:") &&
           !begins_with(text, "iamlease");
}

static bool is_tag_value(const char *text)
{
    return has_length(text, 1, TAG_VALUE_MAX) && str_only(text, tag_others);
}

const struct grammar grammar_principal = {
    .id = ID_INVALID_PRINCIPAL,
    .what = "the ARN of an IAM user or role",
    .hint = "such as 'arn:aws:iam::123456789012:role/ci'; for a whole account write 'account:'",
    .matches = is_principal,
    .arn = true,
    .pattern = "^([*]|arn:[^:]+:iam::[0-9]{12}:(user|role)/[A-Za-z0-9/_+=,.@*?-]+)$",
};
const struct grammar grammar_service = {
    .id = ID_INVALID_PRINCIPAL,
    .what = "a service of AWS",
    .hint = "such as 'ec2.amazonaws.com'",
    .matches = is_service,
    .pattern = "^[A-Za-z0-9][A-Za-z0-9.-]*[.]amazonaws[.]com([.]cn)?$",
};
const struct grammar grammar_saml_provider = {
    .id = ID_INVALID_PRINCIPAL,
    .what = "a SAML provider",
    .hint = "its name, or an ARN such as 'arn:aws:iam::123456789012:saml-provider/idp'",
    .matches = is_saml_provider,
    .arn = true,
    .pattern = "^(arn:[^:]+:iam::[0-9]{12}:saml-provider/)?[A-Za-z0-9._-]{1,128}$",
};
const struct grammar grammar_issuer = {
    .id = ID_INVALID_ISSUER,
    .what = "the address of an OIDC provider",
    .hint = "it begins with 'https://' and has no port, no query and no '/' at the end",
    .matches = is_issuer,
    .pattern = "^https://[A-Za-z0-9][A-Za-z0-9._~/-]*$",
};
const struct grammar grammar_provider_name = {
    .id = ID_INVALID_ISSUER,
    .what = "a name for an OIDC provider",
    .hint = "up to 128 letters, digits, '.', '_' and '-'",
    .matches = is_provider_name,
    .pattern = "^[A-Za-z0-9._-]{1,128}$",
    .any_scalar = true,
};
const struct grammar grammar_provider = {
    .id = ID_INVALID_ISSUER,
    .what = "an OIDC provider",
    .hint = "its address, which begins with 'https://', or a name from oidc-providers",
    .matches = is_provider,
    .pattern = "^(https://[A-Za-z0-9][A-Za-z0-9._~/-]*|[A-Za-z0-9._-]{1,128})$",
};
const struct grammar grammar_claim = {
    .id = ID_INVALID_CLAIM,
    .what = "a value that a token can have",
    .hint = "up to 1024 printable characters of ASCII, without spaces, '$', '\"' and '\\'",
    .matches = is_claim,
    .pattern = "^[!#%-Z^-~\\[\\]]{1,1024}$",
    .any_scalar = true,
};
const struct grammar grammar_client_id = {
    .id = ID_INVALID_CLAIM,
    .what = "an audience of an OIDC provider",
    .hint = "such as 'sts.amazonaws.com'; up to 255 printable characters, without wildcards",
    .matches = is_client_id,
    .pattern = "^[!#%-Z^-~\\[\\]]{1,255}$",
    .any_scalar = true,
};
const struct grammar grammar_thumbprint = {
    .id = ID_INVALID_THUMBPRINT,
    .what = "the thumbprint of a certificate",
    .hint = "a SHA-1 in 40 hexadecimal digits",
    .matches = is_thumbprint,
    .pattern = "^[0-9A-Fa-f]{40}$",
    .any_scalar = true,
};
const struct grammar grammar_tag_key = {
    .id = ID_INVALID_TAG,
    .what = "a key for a tag",
    .hint = "up to 128 letters, digits, spaces and '_.:/=+-@'; not 'aws:…' and not 'iamlease…'",
    .matches = is_tag_key,
    .pattern = "^[A-Za-z0-9_.:/=+@ -]{1,128}$",
    .any_scalar = true,
};
const struct grammar grammar_tag_value = {
    .id = ID_INVALID_TAG,
    .what = "a value for a tag",
    .hint = "up to 256 letters, digits, spaces and '_.:/=+-@'",
    .matches = is_tag_value,
    .pattern = "^[A-Za-z0-9_.:/=+@ -]{1,256}$",
    .any_scalar = true,
};
