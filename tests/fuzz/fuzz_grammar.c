/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a name, an ARN, an action: the answer is that of a regular expression written from AWS's manuals. */
#include "base/str.h"
#include "config/grammar.h"
#include "model/configuration.h"
#include "require.h"

#include <regex.h>

#define IAM_NAME "[A-Za-z0-9_+=,.@-]+"

/* One character of a policy document, U+0020 to U+00FF in UTF-8, but no colon. */
#define PART "([ -9;-\x7f]|\xc2[\x80-\xbf]|\xc3[\x80-\xbf])"

/* Texts are compared byte by byte; lengths are apart, since a regular expression that counts to 2,048 is huge. */
static struct rule {
    const struct grammar *grammar;
    const char *expression;
    size_t longest;
    regex_t compiled;
} rules[] = {
    {.grammar = &grammar_account_id, "[0-9]{12}", 12},
    {.grammar = &grammar_environment, "[A-Za-z0-9][A-Za-z0-9._-]*", 64},
    {.grammar = &grammar_policy_name, IAM_NAME, 128},
    {.grammar = &grammar_role, IAM_NAME, 64},
    {.grammar = &grammar_user, "[A-Za-z0-9_+=,.-]{1,64}(@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9-])?)?", 254},
    {.grammar = &grammar_policy_arn,
     "arn:[a-z0-9-]+:iam::(aws|[0-9]{12}):policy/([A-Za-z0-9_+=,.@-]+/)*" IAM_NAME,
     2048},
    {.grammar = &grammar_effect, "Allow|Deny", 5},
    {.grammar = &grammar_action, "\\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+", 256},
    {.grammar = &grammar_resource, "\\*|arn:" PART "+:" PART "+:" PART "*:" PART "*:(" PART "|:)+", 2048},
    {.grammar = &grammar_owner, "[A-Za-z0-9._-]+", 64},
    {.grammar = &grammar_policy_path, "/([A-Za-z0-9_+=,.@-]+/)*", 512},
    {.grammar = &grammar_partition, "aws|aws-cn|aws-us-gov|aws-iso|aws-iso-b|aws-eusc", 16},
};

static void compile(struct arena *arena, struct rule *rule)
{
    const char *whole = arena_printf(arena, "^(%s)$", rule->expression);
    REQUIRE(regcomp(&rule->compiled, whole, REG_EXTENDED | REG_NOSUB) == 0);
}

static bool is_matched(const struct rule *rule, const char *text)
{
    return strlen(text) <= rule->longest && regexec(&rule->compiled, text, 0, NULL, 0) == 0;
}

/* The name behind the last slash of a policy's ARN is one that a policy can have. */
static bool has_policy_name(const char *arn)
{
    return grammar_policy_name.matches(strrchr(arn, '/') + 1);
}

static void check_policy_arn(struct arena *arena, const char *arn)
{
    const char *account = grammar_policy_arn_account(arena, arn);
    REQUIRE(grammar_resource.matches(arn));
    REQUIRE(strstr(arn, "::aws:") ? !account : grammar_account_id.matches(account));
    REQUIRE(!account || strstr(arn, arena_printf(arena, "::%s:policy/", account)));
    const char *partition = arn + strlen("arn:");
    partition = arena_strndup(arena, partition, strcspn(partition, ":"));
    REQUIRE(grammar_arn_in_partition(arn, partition));
    REQUIRE(!grammar_arn_in_partition(arn, arena_printf(arena, "%s-x", partition)));
}

/* A team is the only name that stands in a path of ours. */
static void check_team(const char *text)
{
    if (!grammar_is_team(text))
        return;
    REQUIRE(grammar_environment.matches(text) && !strpbrk(text, "./") && *text != '-');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool compiled;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *text = fuzz_text(arena, data, size);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!compiled)
            compile(arena, &rules[i]);
        bool expected = is_matched(&rules[i], text);
        if (rules[i].grammar == &grammar_policy_arn)
            expected = expected && strlen(text) >= 20 && has_policy_name(text);
        if (rules[i].grammar->matches(text) != expected)
            fprintf(stderr, "%s\n", rules[i].grammar->id);
        REQUIRE(rules[i].grammar->matches(text) == expected);
    }
    compiled = true;
    check_team(text);
    if (grammar_policy_arn.matches(text))
        check_policy_arn(arena, text);
    const struct settings settings = settings_defaults();
    if (grammar_user.matches(text)) /* the name of a user is one that a role could have, too */
        REQUIRE(grammar_role.matches(principal_user_name(arena, &settings, text)));
    return 0;
}
