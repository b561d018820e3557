/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of iamlease.yaml, and words of which there are only a few. */
#include "base/str.h"
#include "config/grammar.h"
#include "config/ids.h"

#include <stdio.h>
#include <string.h>

/* Lengths of IAM and STS: the shapes of their APIs (facts/aws.md §1.1). */
enum { OWNER_MAX = 64, PATH_MAX_IAM = 512, EXTERNAL_ID_MIN = 2, EXTERNAL_ID_MAX = 1224, REGION_MAX = 32 };

enum { URL_MAX = 200, PORT_ACTION_MAX = 100, DOMAIN_MAX = 253, LABEL_MAX = 63 };

enum { REPOSITORY_OWNER_MAX = 39, REPOSITORY_NAME_MAX = 100, REPOSITORY_ID_MAX = 20, BRANCH_MAX = 200 };

static bool has_length(const char *text, size_t min, size_t max)
{
    size_t length = strlen(text);
    return length >= min && length <= max;
}

/* Stands in marks between "[iamlease " and "/". */
static bool is_owner(const char *text)
{
    return has_length(text, 1, OWNER_MAX) && str_only(text, "._-");
}

static bool is_policy_path(const char *text)
{
    return has_length(text, 1, PATH_MAX_IAM) && *text == '/' && str_suffix(text, "/") &&
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

/* "us-east-1", "us-gov-west-1": small letters and dashes, and a number at the end. */
static bool is_region(const char *text)
{
    size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz-"),
           digits = strspn(text + letters, "0123456789");
    return has_length(text, 1, REGION_MAX) && letters > 3 && *text != '-' && !strstr(text, "--") &&
           strchr(text, '-') < text + letters - 1 && text[letters - 1] == '-' && digits &&
           !text[letters + digits];
}

static bool is_external_id(const char *text)
{
    return has_length(text, EXTERNAL_ID_MIN, EXTERNAL_ID_MAX) && str_only(text, "_+=,.@:/-");
}

/* Only slashes, or nothing. */
static bool is_end_of_url(const char *text)
{
    return text[strspn(text, "/")] == 0;
}

/*
 * Port's credentials go there, which may do more than iamlease: no other host than Port's gets them, whoever
 * may change the settings; but this machine itself, for tests.
 */
static bool is_url(const char *text)
{
    static const char scheme[] = "https://", loopback[] = "http://127.0.0.1:";
    static const char *const domains[] = {".getport.io", ".port.io"};
    if (strlen(text) > URL_MAX)
        return false;
    if (str_prefix(text, loopback)) {
        const char *port = text + strlen(loopback);
        size_t digits = strspn(port, "0123456789");
        return digits && is_end_of_url(port + digits);
    }
    const char *host = text + strlen(scheme);
    if (!str_prefix(text, scheme) || !is_end_of_url(host + strcspn(host, "/")))
        return false;
    char name[URL_MAX + 1];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(host, "/"), host);
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        if (str_suffix(name, domains[i]) && *name != '.' && *name != '-' && str_only(name, ".-") &&
            !strstr(name, ".."))
            return true;
    return false;
}

/* What GitHub takes for names of owners and repositories. */
static bool is_repository(const char *text)
{
    const char *slash = strchr(text, '/');
    size_t owner = slash ? (size_t)(slash - text) : 0;
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
    return owner && owner <= REPOSITORY_OWNER_MAX && strspn(text, letters) == owner && *text != '-' &&
           has_length(slash + 1, 1, REPOSITORY_NAME_MAX) && str_only(slash + 1, "._-");
}

static bool is_repository_ids(const char *text)
{
    size_t owner = strspn(text, "0123456789");
    size_t name = text[owner] == '/' ? strspn(text + owner + 1, "0123456789") : 0;
    return owner && name && owner <= REPOSITORY_ID_MAX && name <= REPOSITORY_ID_MAX && !text[owner + 1 + name];
}

/* Of what git allows, what needs no care in a policy. */
static bool is_branch(const char *text)
{
    return has_length(text, 1, BRANCH_MAX) && str_only(text, "/._+@=,#-") && *text != '/' && *text != '-' &&
           !str_suffix(text, "/") && !strstr(text, "//") && !strstr(text, "..");
}

/* Organizations API reference, Organization. */
static bool is_organization(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    return str_prefix(text, "o-") && has_length(text + 2, 10, 32) && !text[2 + strspn(text + 2, letters)];
}

static bool is_port_action(const char *text)
{
    return has_length(text, 1, PORT_ACTION_MAX) && str_only(text, "@_.:/=-");
}

/* At least two labels of letters, digits and '-'. */
static bool is_domain(const char *text)
{
    const char *label = text;
    if (!has_length(text, 1, DOMAIN_MAX) || !str_only(text, "-.") || !strchr(text, '.'))
        return false;
    for (;;) {
        const size_t length = strcspn(label, ".");
        if (!length || length > LABEL_MAX || label[0] == '-' || label[length - 1] == '-')
            return false;
        if (!label[length])
            return true;
        label += length + 1;
    }
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(text, *words))
            return true;
    return false;
}

static const char *const effects[] = {"Allow", "Deny", NULL};

static bool is_effect(const char *text)
{
    return is_one_of(text, effects);
}

static const char *const booleans[] = {"true", "false", NULL};

static bool is_boolean(const char *text)
{
    return is_one_of(text, booleans);
}

static const char *const versions[] = {"1", NULL};

static bool is_version(const char *text)
{
    return is_one_of(text, versions);
}

static const char *const usernames[] = {"local-part", "email", NULL};

static bool is_usernames(const char *text)
{
    return is_one_of(text, usernames);
}

static const char *const request_modes[] = {"pull-request", "direct", NULL};

static bool is_request_mode(const char *text)
{
    return is_one_of(text, request_modes);
}

static const char *const subjects[] = {"both", "ids", "names", NULL};

static bool is_subjects(const char *text)
{
    return is_one_of(text, subjects);
}

static const char *const modes[] = {"auto", "inline", "policy", "role", NULL};

static bool is_mode(const char *text)
{
    return is_one_of(text, modes);
}

const struct grammar grammar_effect = {
    .id = ID_INVALID_EFFECT,
    .what = "an effect",
    .hint = "'Allow' or 'Deny', written exactly so",
    .matches = is_effect,
    .words = effects,
};
const struct grammar grammar_owner = {
    .id = ID_INVALID_OWNER,
    .what = "a name for an owner",
    .hint = "up to 64 letters, digits, '.', '_' and '-'",
    .matches = is_owner,
    .pattern = "^[A-Za-z0-9._-]{1,64}$",
    .any_scalar = true,
};
const struct grammar grammar_policy_path = {
    .id = ID_INVALID_POLICY_PATH,
    .what = "a path of IAM",
    .hint = "it begins and ends with '/', as in '/iamlease/'",
    .matches = is_policy_path,
    .pattern = "^/([A-Za-z0-9_+=,.@-]+/)*$",
};
const struct grammar grammar_partition = {
    .id = ID_INVALID_PARTITION,
    .what = "a partition of AWS",
    .hint = "one of 'aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-eusc'",
    .matches = is_partition,
    .words = partitions,
};
const struct grammar grammar_region = {
    .id = ID_INVALID_REGION,
    .what = "a region of AWS",
    .hint = "as in 'us-east-1'",
    .matches = is_region,
    .pattern = "^[a-z]+(-[a-z]+)+-[0-9]+$",
};
const struct grammar grammar_external_id = {
    .id = ID_INVALID_EXTERNAL_ID,
    .what = "an external id",
    .hint = "2 to 1224 letters, digits and '_', '+', '=', ',', '.', '@', ':', '/', '-'",
    .matches = is_external_id,
    .pattern = "^[A-Za-z0-9_+=,.@:/-]{2,}$",
    .any_scalar = true,
};
const struct grammar grammar_url = {
    .id = ID_INVALID_URL,
    .what = "an address of Port",
    .hint =
        "https and a host of getport.io or port.io, as in 'https://api.getport.io': the credentials go there",
    .matches = is_url,
    .pattern = "^(https://([A-Za-z0-9][A-Za-z0-9-]*[.])+(getport|port)[.]io|http://127[.]0[.]0[.]1:[0-9]+)/*$",
};
const struct grammar grammar_repository = {
    .id = ID_INVALID_REPOSITORY,
    .what = "a repository",
    .hint = "its owner and its name, as in 'acme/access'",
    .matches = is_repository,
    .pattern = "^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$",
};
const struct grammar grammar_repository_ids = {
    .id = ID_INVALID_REPOSITORY,
    .what = "the ids of a repository",
    .hint = "as 'gh api repos/OWNER/REPOSITORY --jq \"\\(.owner.id)/\\(.id)\"' prints them: '1234/567890'",
    .matches = is_repository_ids,
    .pattern = "^[0-9]{1,20}/[0-9]{1,20}$",
};
const struct grammar grammar_branch = {
    .id = ID_INVALID_BRANCH,
    .what = "the name of a branch",
    .hint = "the name alone, as in 'main': letters, digits and '/', '.', '_', '+', '@', '=', ',', '#', '-'",
    .matches = is_branch,
    .pattern = "^[A-Za-z0-9._+@=,#][A-Za-z0-9/._+@=,#-]{0,199}$",
    .any_scalar = true,
};
const struct grammar grammar_organization = {
    .id = ID_INVALID_ORG,
    .what = "the id of an organization of AWS",
    .hint = "as in 'o-a1b2c3d4e5'",
    .matches = is_organization,
    .pattern = "^o-[a-z0-9]{10,32}$",
};
const struct grammar grammar_subjects = {
    .id = ID_INVALID_MODE,
    .what = "a form of subjects",
    .hint = "one of 'both', 'ids', 'names'",
    .matches = is_subjects,
    .words = subjects,
};
const struct grammar grammar_port_action = {
    .id = ID_INVALID_PORT_ACTION,
    .what = "the identifier of an action in Port",
    .hint = "up to 100 letters, digits and '@', '_', '.', ':', '/', '=', '-'",
    .matches = is_port_action,
    .pattern = "^[A-Za-z0-9@_.:/=-]{1,100}$",
    .any_scalar = true,
};
const struct grammar grammar_domain = {
    .id = ID_INVALID_DOMAIN,
    .what = "a mail domain",
    .hint = "what stands behind the '@' of addresses, as in 'example.com'",
    .matches = is_domain,
    .pattern =
        "^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?[.])+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$",
};
const struct grammar grammar_boolean = {
    .id = ID_INVALID_BOOLEAN,
    .what = "'true' or 'false'",
    .hint = "write 'true' or 'false'",
    .matches = is_boolean,
    .words = booleans,
};
const struct grammar grammar_version = {
    .id = ID_UNKNOWN_VERSION,
    .what = "a version that is known",
    .hint = "this iamlease reads version 1",
    .matches = is_version,
    .words = versions,
    .any_scalar = true,
};
const struct grammar grammar_usernames = {
    .id = ID_INVALID_USERNAMES,
    .what = "a way from e-mail addresses to IAM users",
    .hint = "'local-part', 'email', or a mapping from e-mail addresses to names of IAM users",
    .matches = is_usernames,
    .words = usernames,
};
const struct grammar grammar_request_mode = {
    .id = ID_INVALID_MODE,
    .what = "a way to ask",
    .hint = "'pull-request' or 'direct'",
    .matches = is_request_mode,
    .words = request_modes,
};
const struct grammar grammar_mode = {
    .id = ID_INVALID_MODE,
    .what = "a mode",
    .hint = "one of 'auto', 'inline', 'policy', 'role'",
    .matches = is_mode,
    .words = modes,
};
