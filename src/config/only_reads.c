/* SPDX-License-Identifier: Apache-2.0 */
#include "config/only_reads.h"

#include "base/str.h"
#include "policy/ownership.h"
#include "policy/pattern.h"

#include <string.h>

/* Managed policies of AWS that only read. */
static bool only_reads(const char *arn)
{
    static const char *const names[] = {"/ReadOnlyAccess", "/ViewOnlyAccess", "/SecurityAudit"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_suffix(arn, names[i]))
            return policy_arn_is_of_aws(arn);
    return false;
}

/*
 * Named as if they read, they give credentials or a password, with which one can do whatever whose they are
 * can. "s3:Get*" is let pass, though s3:GetDataAccess is among it: it stands in AWS's ReadOnlyAccess, too.
 */
static bool gives_credentials(const char *action)
{
    static const char *const names[] = {"redshift:GetClusterCredentials*",
                                        "redshift-serverless:GetCredentials",
                                        "sso:GetRoleCredentials",
                                        "lakeformation:GetTemporary*",
                                        "lakeformation:GetDataAccess",
                                        "cognito-identity:GetCredentialsForIdentity",
                                        "cognito-identity:GetOpenIdToken*",
                                        "sts:GetFederationToken",
                                        "sts:GetSessionToken",
                                        "sts:GetWebIdentityToken",
                                        "codeartifact:GetAuthorizationToken",
                                        "connect:GetFederationToken*",
                                        "ec2:GetPasswordData",
                                        "datazone:GetEnvironmentCredentials",
                                        "elasticmapreduce:GetClusterSessionCredentials",
                                        "gamelift:GetComputeAccess",
                                        "gamelift:GetInstanceAccess",
                                        "lightsail:GetBucketAccessKeys",
                                        "lightsail:GetInstanceAccessDetails",
                                        "lightsail:GetRelationalDatabaseMasterUserPassword",
                                        "s3:GetDataAccess",
                                        "ssm:GetAccessToken"};
    if (str_casecmp(action, "s3:Get*") == 0)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (patterns_meet(action, names[i]))
            return true;
    return false;
}

static bool action_only_reads(const char *action)
{
    static const char *const verbs[] = {"Get", "List", "Describe", "BatchGet", "Search", "Lookup", "Head"};
    const char *verb = strchr(action, ':');
    if (gives_credentials(action))
        return false;
    for (size_t i = 0; verb && i < sizeof verbs / sizeof verbs[0]; i++)
        if (str_prefix(verb + 1, verbs[i]))
            return true;
    return false;
}

/* Whether a policy can be seen to only read; what cannot be read here is not known to. */
static bool policy_only_reads(const struct policy_decl *policy)
{
    for (size_t i = 0; i < policy->managed_policies.count; i++)
        if (!only_reads(policy->managed_policies.items[i].text))
            return false;
    for (size_t i = 0; i < policy->custom.count; i++) {
        const struct statement *statement = &policy->custom.items[i];
        if (statement->effect == EFFECT_ALLOW && statement->not_actions.count)
            return false;
        for (size_t j = 0; statement->effect == EFFECT_ALLOW && j < statement->actions.count; j++)
            if (!action_only_reads(statement->actions.items[j]))
                return false;
    }
    return true;
}

bool entry_only_reads(const struct judging *judging, const struct access_entry *entry)
{
    bool reads = !entry->ad_hoc || policy_only_reads(entry->ad_hoc);
    for (size_t i = 0; reads && i < entry->grants.count; i++) {
        const struct judged_policy *policy = map_get(&judging->policies, entry->grants.items[i].text);
        reads = !policy || policy_only_reads(policy->decl);
    }
    return reads;
}
