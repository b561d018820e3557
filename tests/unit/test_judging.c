/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "config_run.h"
#include "unit.h"

static const char now[] = "2026-06-01T09:00:00Z";

#define ACCOUNTS                                                                             \
    {                                                                                        \
        "aws-accounts/a.yaml", "aws-accounts: { prod: '123456789012', dev: '345678901234' }" \
    }
#define OTHER_NAME                                                      \
    {                                                                   \
        "aws-accounts/b.yaml", "aws-accounts: { live: '345678901234' }" \
    }
#define POLICIES                                                                                                   \
    {                                                                                                              \
        "aws-policies/a.yaml",                                                                                     \
            "aws-policies:\n  p: { custom_statements: [{ effect: Allow, actions: 's3:Get*', resources: '*' }] }\n" \
            "  m: { managed_policies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }\n"                              \
    }
#define TEMPORARY(entry)                                                \
    {                                                                   \
        "temporary-access/a.yaml", "temporary-access:\n- {" entry "}\n" \
    }
#define SETTINGS(text)        \
    {                         \
        "iamlease.yaml", text \
    }

struct judge_case {
    struct text_file files[TEXT_FILES_MAX];
    const char *expected;       /* as config_run_diags() gives it */
    const char *message, *hint; /* of the first one; NULL: not compared */
};

/* A configuration that is judged by its own rules. */
static struct diags judge(struct arena *arena, const struct text_file files[static TEXT_FILES_MAX])
{
    struct diags diags = diags_new(arena);
    struct all_account_rules accounts;
    struct config *config = config_run(arena, files, &diags);
    const struct rules *rules = &config->settings.rules;
    int64_t now_s;
    assert_true(time_parse_rfc3339(now, &now_s));
    config_account_rules(arena, rules, NULL, config, &accounts);
    config_judge(config, &(struct judge){.rules = rules, .accounts = &accounts, .now_s = now_s}, &diags);
    return diags;
}

static void run_cases(const struct judge_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags = judge(arena, cases[i].files);
        const char *got = config_run_diags(arena, &diags);
        CHECK(str_eq(got, cases[i].expected), "case %zu gives\n%s", i, got);
        CHECK(!cases[i].message || str_eq(diags.items[0].message, cases[i].message), "'%s'",
              diags.items[0].message);
        CHECK(!cases[i].hint || str_eq(diags.items[0].hint, cases[i].hint), "'%s'", diags.items[0].hint);
    }
}

static void test_the_smallest_limit_counts(void **state)
{
    (void)state;
    static const struct judge_case cases[] = {
        {{ACCOUNTS, POLICIES, SETTINGS("environments: { prod: { max_days: 2 } }"),
          TEMPORARY("user: u, grant: p, environment: prod, expiration_date: 2026-06-03")},
         "",
         NULL,
         NULL},
        {{ACCOUNTS, POLICIES, SETTINGS("environments: { prod: { max_days: 2 } }"),
          TEMPORARY("user: u, grant: p, environment: prod, expiration_date: 2026-06-04")},
         "temporary-access/a.yaml:2:59+10 expiry-too-far\n",
         "this lease would end at 2026-06-05T00:00:00Z, more than 2 days from today",
         "the latest date allowed is 2026-06-03: environments.prod.max_days is 2"},
        {{ACCOUNTS, POLICIES, SETTINGS("environments: { prod: { max_days: 2 } }"),
          TEMPORARY("user: u, grant: p, environment: dev, expiration_date: 2026-06-07")},
         "",
         NULL,
         NULL},
        /* An account has the rules of every name that stands for it, in any team. */
        {{ACCOUNTS, OTHER_NAME, POLICIES,
          SETTINGS("environments: { live: { max_days: 1 }, dev: { max_days: 3 } }"),
          TEMPORARY("user: u, grant: p, environment: dev, expiration_date: 2026-06-04")},
         "temporary-access/a.yaml:2:58+10 expiry-too-far\n",
         NULL,
         "the latest date allowed is 2026-06-02: environments.live.max_days is 1, and account 345678901234, here "
         "'dev', is that environment elsewhere"},
        {{ACCOUNTS, POLICIES, SETTINGS("grants: { p: { max_days: 0 } }"),
          TEMPORARY("user: u, grants: [m, p], environment: dev, expires_at: 2026-06-01T09:00:01Z")},
         "temporary-access/a.yaml:2:59+20 expiry-too-far\n",
         "this lease would end at 2026-06-01T09:00:01Z, more than 0 days from now",
         "the latest end allowed is 2026-06-01T09:00:00Z: grants.p.max_days is 0"},
        /* An instant counts hours, not days. */
        {{ACCOUNTS, POLICIES,
          TEMPORARY("user: u, grant: p, environment: dev, expires_at: 2026-06-07T09:00:00Z")},
         "",
         NULL,
         NULL},
        {{ACCOUNTS, POLICIES,
          TEMPORARY("user: u, grant: p, environment: dev, expires_at: 2026-06-07T09:00:01Z")},
         "temporary-access/a.yaml:2:53+20 expiry-too-far\n",
         "this lease would end at 2026-06-07T09:00:01Z, more than 6 days from now",
         "the latest end allowed is 2026-06-07T09:00:00Z"},
    };
    run_cases(cases, COUNT(cases));
}

static void test_requirements(void **state)
{
    (void)state;
    static const struct judge_case cases[] = {
        {{ACCOUNTS, POLICIES, SETTINGS("environments: { prod: { require_reason: true } }"),
          TEMPORARY("user: u, grant: p, environments: [dev, prod], expiration_date: 2026-06-02")},
         "temporary-access/a.yaml:2:3+75 reason-missing\n",
         "a lease in 'prod', account 123456789012, needs a reason",
         "add 'reason:'"},
        {{ACCOUNTS, POLICIES, SETTINGS("environments: { prod: { require_reason: true } }"),
          TEMPORARY("user: u, grant: p, environment: prod, expiration_date: 2026-06-02, reason: x")},
         "",
         NULL,
         NULL},
        {{ACCOUNTS, OTHER_NAME, POLICIES, SETTINGS("environments: { live: { require_mfa: true } }"),
          TEMPORARY("role: r, grant: p, environment: dev, expiration_date: 2026-06-02")},
         "temporary-access/a.yaml:2:10+1 role-without-mfa\n",
         "role 'r' cannot have a lease in 'dev', account 345678901234: MFA is required there",
         NULL},
        {{ACCOUNTS,
          POLICIES,
          SETTINGS("environments: { prod: { require_mfa: true, require_reason: true } }"),
          {"permanent-access/a.yaml",
           "permanent-access: [{ roles: [r], grants: [p], environments: [prod] }]\n"}},
         "",
         NULL,
         NULL},
        {{ACCOUNTS,
          POLICIES,
          SETTINGS("aws: { deployer_role: Deployer, plan_role: Reader }\nbootstrap: { through_role: Way }"),
          {"permanent-access/a.yaml",
           "permanent-access: [{ roles: [deployer, READER, way, r], grants: [p], environments: [prod] }]\n"}},
         "permanent-access/a.yaml:1:30+8 own-role\npermanent-access/a.yaml:1:40+6 own-role\n"
         "permanent-access/a.yaml:1:48+3 own-role\n",
         "'deployer' is a role that iamlease itself works with",
         NULL},
        {{ACCOUNTS,
          SETTINGS("teams: { a: { accounts: ['123456789012'] }, b: { accounts: ['345678901234'] } }")},
         "aws-accounts/a.yaml:1:44+14 account-not-allowed\n",
         "team 'a' may not name account 345678901234",
         "teams.a.accounts in iamlease.yaml must list it, in a change before this one"},
        {{ACCOUNTS, SETTINGS("teams: {}")},
         "aws-accounts/a.yaml:1:23+14 account-not-allowed\naws-accounts/a.yaml:1:44+14 account-not-allowed\n",
         NULL,
         NULL},
        /* What has ended is not judged. */
        {{ACCOUNTS, POLICIES, SETTINGS("environments: { prod: { require_reason: true, require_mfa: true } }"),
          TEMPORARY("role: r, grant: p, environment: prod, expiration_date: 2026-05-30")},
         "temporary-access/a.yaml:2:59+10 lease-ended?\n",
         NULL,
         NULL},
    };
    run_cases(cases, COUNT(cases));
}

#define BOUND(boundary) SETTINGS("aws: { permissions_boundary: '" boundary "' }")
#define OWN(account)    "arn:aws:iam::" account ":policy/limits/x"
#define BOUND_ROLE(more)                                                                                \
    {                                                                                                   \
        "aws-roles/a.yaml",                                                                             \
            "aws-roles: { r: { environments: [prod, dev], trust: [{ services: "                         \
            "[ec2.amazonaws.com] }], managed_policies: ['arn:aws:iam::aws:policy/ReadOnlyAccess']" more \
            " } }\n"                                                                                    \
    }
#define LENT(mode) \
    TEMPORARY("user: u, grant: m, environments: [prod, dev], expiration_date: 2026-06-02, mode: " mode)

/* AWS takes its own policies and those of the role's account. */
static void test_boundaries_are_of_the_roles_account(void **state)
{
    (void)state;
    static const struct judge_case cases[] = {
        {{ACCOUNTS, BOUND_ROLE(", permissions_boundary: '" OWN("123456789012") "'")},
         "aws-roles/a.yaml:1:174+43 policy-other-account\n",
         "role 'r' in 'dev', account 345678901234, cannot have the permissions boundary "
         "'arn:aws:iam::123456789012:policy/limits/x', a policy of another account",
         "for the policy of that name in each account write 'policy/limits/x'"},
        {{ACCOUNTS, BOUND_ROLE(""), BOUND(OWN("345678901234"))},
         "aws-roles/a.yaml:1:34+4 policy-other-account\n",
         "role 'r' in 'prod', account 123456789012, cannot have the permissions boundary "
         "'arn:aws:iam::345678901234:policy/limits/x' of 'aws.permissions_boundary', a policy of another account",
         "for the policy of that name in each account write 'policy/limits/x' in iamlease.yaml"},
        {{ACCOUNTS, POLICIES, LENT("role"), BOUND(OWN("123456789012"))},
         "temporary-access/a.yaml:2:44+3 policy-other-account\n",
         "a lease in mode 'role' in 'dev', account 345678901234, cannot have the permissions boundary "
         "'arn:aws:iam::123456789012:policy/limits/x' of 'aws.permissions_boundary', a policy of another account",
         NULL},
        {{ACCOUNTS, POLICIES, LENT("policy"), BOUND(OWN("123456789012"))}, "", NULL, NULL},
        {{ACCOUNTS, BOUND_ROLE(", permissions_boundary: 'policy/limits/x'")}, "", NULL, NULL},
        {{ACCOUNTS, BOUND_ROLE(""), POLICIES, LENT("role"), BOUND("policy/limits/x")}, "", NULL, NULL},
        {{ACCOUNTS, BOUND_ROLE(""), BOUND("arn:aws:iam::aws:policy/ReadOnlyAccess")}, "", NULL, NULL},
        /* Another one than that of the settings, in one account or by another name. */
        {{ACCOUNTS, BOUND_ROLE(", permissions_boundary: 'policy/limits/x'"), BOUND("policy/limits/y")},
         "aws-roles/a.yaml:1:17+176 role-boundary\n",
         "role 'r' has another permissions boundary than 'aws.permissions_boundary'",
         NULL},
        {{{"aws-accounts/a.yaml", "aws-accounts: { prod: '123456789012', dev: '123456789012' }"},
          BOUND_ROLE(", permissions_boundary: '" OWN("123456789012") "'"),
          BOUND("policy/limits/x")},
         "",
         NULL,
         NULL},
    };
    run_cases(cases, COUNT(cases));
}

static void test_guardrails(void **state)
{
    (void)state;
    static const struct judge_case cases[] = {
        {{POLICIES, SETTINGS("guardrails: { warn: ['s3:*Object', 'iam:*'] }")},
         "aws-policies/a.yaml:2:3+1 guardrail-warn?\n",
         "'p' allows 's3:Get*'; guardrails.warn names 's3:*Object'",
         NULL},
        {{POLICIES, SETTINGS("guardrails: { deny: ['s3:GetObject'] }")},
         "aws-policies/a.yaml:2:3+1 guardrail-deny\naws-policies/a.yaml:3:27+40 guardrail-unreadable\n",
         "'p' allows 's3:Get*', which guardrails.deny rules out with 's3:GetObject'",
         "allow less"},
        {{ACCOUNTS, SETTINGS("guardrails: { deny: ['iam:*'] }"),
          TEMPORARY("user: u, permissions: 'iam:GetUser', resources: '*', environment: prod, "
                    "expiration_date: 2026-06-02")},
         "temporary-access/a.yaml:2:26+13 guardrail-deny\n",
         NULL,
         NULL},
        {{{"aws-policies/a.yaml",
           "aws-policies:\n  p: { custom_statements: [{ effect: Allow, not_actions: 'iam:*', resources: '*' }] }\n"},
          SETTINGS("guardrails: { deny: ['iam:PassRole'], warn: ['organizations:*'] }")},
         "aws-policies/a.yaml:2:3+1 guardrail-warn?\n",
         "'p' allows 'NotAction'; guardrails.warn names 'organizations:*'",
         NULL},
    };
    run_cases(cases, COUNT(cases));
}

/* A team with a policy of so many actions, and one entry. */
static const char *sizes(struct arena *arena, unsigned actions, const char *entry)
{
    struct buf text;
    buf_init(&text, 1024 * 1024);
    buf_add_text(&text,
                 "aws-policies:\n  p: { custom_statements: [{ effect: Allow, resources: '*', actions: [");
    for (unsigned i = 0; i < actions; i++)
        buf_addf(&text, "%s's3:Action%06u'", i ? ", " : "", i);
    buf_add_text(&text, "] }] }\n");
    const struct text_file files[TEXT_FILES_MAX] = {
        ACCOUNTS,
        {"aws-policies/a.yaml", arena_strdup(arena, text.bytes)},
        {"temporary-access/a.yaml",
         arena_printf(arena,
                      "temporary-access:\n- {grant: p, environment: prod, expiration_date: 2026-06-02, %s}\n",
                      entry)}};
    buf_free(&text);
    struct diags diags = judge(arena, files);
    return config_run_diags(arena, &diags);
}

/* An action takes 18 characters, what is around it about 180. */
/* A file with a role `pr` that only reads, whom a subject of an issuer may use. */
#define TRUSTING(issuer, subject)                                                                           \
    {                                                                                                       \
        "aws-roles/a.yaml",                                                                                 \
            "aws-roles:\n  pr:\n    environments: [prod]\n"                                                 \
            "    managed_policies: ['arn:aws:iam::aws:policy/ReadOnlyAccess']\n"                            \
            "    trust: [{oidc: {provider: 'https://" issuer "', audience: a, subjects: '" subject "'}}]\n" \
    }
#define GITHUB "token.actions.githubusercontent.com"
#define PULLS  "repo:acme/app:pull_request"
#define ADMIN                                                                                       \
    {                                                                                               \
        "aws-policies/b.yaml", "aws-policies:\n  x: { managed_policies: ['arn:aws:iam::aws:policy/" \
                               "AdministratorAccess'] }\n  y: { managed_policies: "                 \
                               "['arn:aws:iam::aws:policy/SecurityAudit'] }\n"                      \
    }
#define BESIDE                                                                                \
    {                                                                                         \
        "aws-accounts/b.yaml", "aws-accounts: { live: '123456789012', test: '345678901234' }" \
    }

/* A role that pull requests may use only reads, whoever grants it more, in that account. */
static void test_what_pull_requests_may_use(void **state)
{
    (void)state;
    static const struct judge_case cases[] = {
        {{ACCOUNTS,
          BESIDE,
          ADMIN,
          TRUSTING(GITHUB, PULLS),
          {"permanent-access/b.yaml",
           "permanent-access: [{ roles: [q, PR], grants: [x], environments: [live] }]"}},
         "permanent-access/b.yaml:1:33+2 role-collision\npermanent-access/b.yaml:1:33+2 trust-pull-request\n",
         NULL,
         NULL},
        {{ACCOUNTS,
          BESIDE,
          ADMIN,
          TRUSTING(GITHUB, PULLS),
          {"permanent-access/b.yaml",
           "permanent-access: [{ roles: [pr], grants: [x], environments: [live] }]"}},
         "permanent-access/b.yaml:1:30+2 trust-pull-request\n",
         "'repo:acme/app:pull_request' lets pull requests use role 'pr', which gets more here than to read",
         NULL},
        {{ACCOUNTS,
          BESIDE,
          ADMIN,
          TRUSTING(GITHUB, "repo:acme/app:*"),
          {"permanent-access/b.yaml",
           "permanent-access: [{ roles: [pr], grants: [x], environments: [live] }]"}},
         "permanent-access/b.yaml:1:30+2 trust-pull-request?\n",
         NULL,
         NULL},
        {{ACCOUNTS,
          BESIDE,
          ADMIN,
          TRUSTING(GITHUB, PULLS),
          {"temporary-access/b.yaml",
           "temporary-access:\n- {role: pr, permissions: 's3:PutObject', resources: '*', "
           "environment: live, expiration_date: 2026-06-02}"}},
         "temporary-access/b.yaml:2:10+2 trust-pull-request\n",
         NULL,
         NULL},
        /* Only reads; another role; another account; no pull requests. */
        {{ACCOUNTS,
          BESIDE,
          ADMIN,
          TRUSTING(GITHUB, PULLS),
          {"permanent-access/b.yaml", "permanent-access: [{ roles: [pr], grants: [y], environments: [live] }, "
                                      "{ roles: [q], grants: [x], environments: [live] }, "
                                      "{ roles: [pr], grants: [x], environments: [test] }]"}},
         "",
         NULL,
         NULL},
        {{ACCOUNTS,
          BESIDE,
          ADMIN,
          TRUSTING(GITHUB, "repo:acme/app:environment:prod"),
          {"permanent-access/b.yaml",
           "permanent-access: [{ roles: [pr], grants: [x], environments: [live] }]"}},
         "",
         NULL,
         NULL},
    };
    run_cases(cases, COUNT(cases));
}

/* Roles of two teams in account 123456789012, of which the first one, `pr`, only reads. */
#define ROLES_OF(team, roles)                                \
    {                                                        \
        "aws-roles/" team ".yaml", "aws-roles:\n" roles "\n" \
    }
#define OF_ROLE(name) "'arn:aws:iam::123456789012:role/iamlease/" name "'"
#define TRUSTING_ROLE(name, trusted)                                                                       \
    "  " name ": {environments: [live], trust: [{principals: [" OF_ROLE(trusted) "]}], managed_policies: " \
                                                                                 "['arn:aws:iam::aws:policy/"
#define READS  "ReadOnlyAccess']}\n"
#define WRITES "PowerUserAccess']}\n"

/* Whoever may use a role may use those that trust it, and those that trust these. */
static void test_what_pull_requests_reach_through_roles(void **state)
{
    (void)state;
    static const struct judge_case cases[] = {
        {{ACCOUNTS, BESIDE, TRUSTING(GITHUB, PULLS), ROLES_OF("b", TRUSTING_ROLE("w", "pr") WRITES)},
         "aws-roles/b.yaml:2:51+44 trust-pull-request\n",
         "'repo:acme/app:pull_request' lets pull requests use role 'pr', which role 'w' trusts, and that one can do "
         "more than read",
         NULL},
        {{ACCOUNTS, BESIDE, TRUSTING(GITHUB, "repo:acme/app:*"),
          ROLES_OF("b", TRUSTING_ROLE("w", "PR") WRITES)},
         "aws-roles/b.yaml:2:51+44 trust-pull-request?\n",
         NULL,
         NULL},
        /* By way of another role, which stands behind it; and a ring. */
        {{ACCOUNTS, BESIDE, TRUSTING(GITHUB, PULLS),
          ROLES_OF("b", TRUSTING_ROLE("w", "r") WRITES TRUSTING_ROLE("r", "pr") READS)},
         "aws-roles/b.yaml:2:51+43 trust-pull-request\n",
         NULL,
         NULL},
        {{ACCOUNTS,
          BESIDE,
          ADMIN,
          TRUSTING(GITHUB, PULLS),
          ROLES_OF("b", TRUSTING_ROLE("r", "s")
                            READS TRUSTING_ROLE("s", "r', 'arn:aws:iam::123456789012:role/iamlease/pr") READS),
          {"permanent-access/b.yaml", "permanent-access: [{ roles: [r], grants: [x], environments: [live] }]"}},
         "permanent-access/b.yaml:1:30+1 trust-pull-request\n",
         NULL,
         NULL},
        /* Only reads; trusts another one; in another account; nobody lets pull requests in. */
        {{ACCOUNTS, BESIDE, TRUSTING(GITHUB, PULLS), ROLES_OF("b", TRUSTING_ROLE("w", "pr") READS)},
         "",
         NULL,
         NULL},
        {{ACCOUNTS, BESIDE, TRUSTING(GITHUB, PULLS), ROLES_OF("b", TRUSTING_ROLE("w", "pr2") WRITES)},
         "",
         NULL,
         NULL},
        {{ACCOUNTS, BESIDE, TRUSTING(GITHUB, PULLS),
          ROLES_OF("b", "  w: {environments: [test], trust: [{principals: [" OF_ROLE(
                            "pr") "]}], "
                                  "managed_policies: ['arn:aws:iam::aws:policy/PowerUserAccess']}")},
         "",
         NULL,
         NULL},
        {{ACCOUNTS, BESIDE, TRUSTING(GITHUB, "repo:acme/app:environment:prod"),
          ROLES_OF("b", TRUSTING_ROLE("w", "pr") WRITES)},
         "",
         NULL,
         NULL},
    };
    run_cases(cases, COUNT(cases));
}

/* Actions whose names begin like those that read, and give credentials with which one can write. */
static void test_what_only_reads(void **state)
{
    (void)state;
    static const struct {
        const char *action;
        bool reads;
    } cases[] = {
        {"s3:GetObject", true},
        {"s3:Get*", true}, /* as AWS's ReadOnlyAccess has it */
        {"s3:GetDataAccess", false},
        {"s3:GetD*", false},
        {"s3:Get?ataAccess", false},
        {"s3:Get*Access", false},
        {"s3:GetObject*", true},
        {"ssm:GetAccessToken", false},
        {"s3:GetDataA*", false},
        {"redshift:DescribeClusters", true},
        {"redshift:GetClusterCredentialsWithIAM", false},
        {"redshift:GetClusterCredentials", false},
        {"redshift:Get*", false},
        {"redshift-serverless:GetCredentials", false},
        {"sso:GetRoleCredentials", false},
        {"sso:ListAccounts", true},
        {"lakeformation:GetTemporaryGlueTableCredentials", false},
        {"lakeformation:GetEffectivePermissionsForPath", true},
        {"cognito-identity:GetCredentialsForIdentity", false},
        {"sts:GetCallerIdentity", true},
        {"sts:GetFederationToken", false},
        {"sts:GetSessionToken", false},
        {"ec2:GetPasswordData", false},
        {"lightsail:GetInstanceAccessDetails", false},
        {"s3:PutObject", false},
        {"*", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *yaml = "permanent-access: [{ roles: [pr], grants: [z], environments: [live] }]";
        const char *policies = arena_printf(
            arena,
            "aws-policies: {z: {custom_statements: [{effect: Allow, actions: ['%s'], resources: '*'}]}}",
            cases[i].action);
        const struct text_file files[TEXT_FILES_MAX] = {ACCOUNTS,
                                                        BESIDE,
                                                        TRUSTING(GITHUB, PULLS),
                                                        {"aws-policies/b.yaml", policies},
                                                        {"permanent-access/b.yaml", yaml}};
        struct diags diags = judge(arena, files);
        CHECK((diags.count == 0) == cases[i].reads, "%s gives\n%s", cases[i].action,
              config_run_diags(arena, &diags));
    }
}

/* Whom a subject lets in; the role of its entry can do more than read in those of pull requests. */
static void test_subjects(void **state)
{
    (void)state;
    static const struct {
        const char *issuer, *subject, *expected;
    } cases[] = {
        {"Token.Actions.githubusercontent.com", "repo:*", "trust-wide-subject"},
        {GITHUB "/ENTERPRISE", "repo:*:pull_request", "trust-wide-subject"},
        {GITHUB "/ENTERPRISE", PULLS, "trust-pull-request"},
        {"git.example.com/_services/token", "repo:*", "trust-wide-subject"},
        {GITHUB, "repo:acme/app:pull_reques?", "trust-pull-request"},
        {GITHUB, "repo:acme/app:pull_*", "trust-pull-request"},
        {GITHUB, "repo:acme/app:pull_request:*", "trust-pull-request"},
        {GITHUB, "repo:acme/app:pull_request:actor:bert", "trust-pull-request"},
        {GITHUB, "repo:acme/app:*", "trust-pull-request?"},
        {GITHUB, "repo:acme/app", "trust-pull-request?"},
        {GITHUB, "repo:acme/app:ref:refs/*", "trust-pull-request?"},
        {GITHUB, "repo:acme/*", "trust-wide-subject?trust-pull-request?"},
        {GITHUB, "repo:acme/*:pull_request", "trust-wide-subject?trust-pull-request"},
        {GITHUB, "repo:acme/app:environment:prod", ""},
        {GITHUB, "repo:acme/app:environment:prod-*", ""},
        {GITHUB, "repo:acme/app:environment:*", ""},
        {GITHUB, "repo:acme/app:ref:refs/heads/release-?", ""},
        {GITHUB, "repo:acme/app:ref:refs/heads/release/*", ""},
        {GITHUB, "repo:acme/app:ref:refs/tags/v*", ""},
        {GITHUB, "repo:acme/app-*:environment:prod", "trust-wide-subject?"},
        {GITHUB, "repo:acme/app-*:ref:refs/heads/main", "trust-wide-subject?"},
        {GITHUB, "repo:acme/*:environment:prod", "trust-wide-subject?"},
        {"gitlab.com", "project_path:*", "trust-wide-subject"},
        {"gitlab.com", "project_path:acme*:ref_type:branch:ref:main", "trust-wide-subject"},
        {"gitlab.com", "project_path:acme/*:ref_type:branch:ref:main", ""},
        {"app.terraform.io", "organization:*:project:p:workspace:w:run_phase:apply", "trust-wide-subject"},
        {"app.terraform.io", "organization:acme:project:*:workspace:*:run_phase:apply", ""},
        {"oidc.eks.eu-west-1.amazonaws.com/id/A", "s*", "trust-wide-subject"},
        {"oidc.eks.eu-west-1.amazonaws.com/id/A", "system:service*", "trust-wide-subject"},
        {"oidc.eks.eu-west-1.amazonaws.com/id/A", "system:serviceaccount:*", "trust-wide-subject"},
        {"oidc.eks.eu-west-1.amazonaws.com/id/A", "system:serviceaccount:payments:*", ""},
        {"example.com", "::a*", "trust-wide-subject"},
        {"example.com", "{0a}:*", ""},
        {"example.com", "{*}:a:b", "trust-wide-subject"},
        {"example.com", "exact", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *yaml = arena_printf(
            arena,
            "aws-roles: {ci: {environments: [prod], managed_policies: ['arn:aws:iam::aws:policy/PowerUserAccess'], "
            "trust: [{oidc: {provider: 'https://%s', audience: a, subjects: '%s'}}]}}",
            cases[i].issuer, cases[i].subject);
        const struct text_file files[TEXT_FILES_MAX] = {ACCOUNTS, {"aws-roles/a.yaml", yaml}};
        struct diags diags = judge(arena, files);
        const char *got = config_run_diags(arena, &diags), *ids = "";
        for (const char *id = strchr(got, ' '); id; id = strchr(id + 1, ' '))
            ids = arena_printf(arena, "%s%.*s", ids, (int)strcspn(id + 1, "\n"), id + 1);
        CHECK(str_eq(ids, cases[i].expected), "'%s' at %s gives\n%s", cases[i].subject, cases[i].issuer, got);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    assert_string_equal(sizes(arena, 100, "user: u"), "");
    assert_string_equal(sizes(arena, 110, "user: u"), "temporary-access/a.yaml:2:68+1 inline-full?\n");
    assert_string_equal(sizes(arena, 110, "user: u, mode: policy"), "");
    assert_string_equal(sizes(arena, 110, "group: g"), "");
    assert_string_equal(sizes(arena, 285, "group: g"), "temporary-access/a.yaml:2:69+1 inline-full?\n");
    assert_string_equal(sizes(arena, 285, "role: r"), "");
    assert_string_equal(sizes(arena, 334, "user: u, mode: policy"),
                        "temporary-access/a.yaml:2:3+81 lease-too-large\n");
    assert_string_equal(sizes(arena, 334, "group: g"), "temporary-access/a.yaml:2:3+68 lease-too-large\n"
                                                       "temporary-access/a.yaml:2:69+1 inline-full?\n");
}

static void test_account_rules(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct diags diags = diags_new(arena);
    const struct text_file base[TEXT_FILES_MAX] = {
        {"aws-accounts/a.yaml", "aws-accounts: { prod: '222222222222', dev: '111111111111' }"}};
    const struct text_file head[TEXT_FILES_MAX] = {
        {"aws-accounts/b.yaml",
         "aws-accounts: { live: '222222222222', prod: '333333333333', other: '444444444444' }"},
        SETTINGS("environments:\n  prod: { max_days: 3, require_mfa: true, approvals: 2 }\n"
                 "  live: { max_days: 2, require_reason: true, approvals: 1 }\n  dev: {}\n")};
    const struct config *before = config_run(arena, base, &diags), *after = config_run(arena, head, &diags);
    struct all_account_rules all;
    config_account_rules(arena, &after->settings.rules, before, after, &all);
    assert_int_equal(diags.count, 0);
    assert_int_equal(all.count, 3);
    assert_string_equal(all.items[0].account_id, "111111111111");
    assert_int_equal(all.items[0].max_days, DAYS_UNSET);
    const struct account_rules *both = &all.items[1], *prod = &all.items[2];
    assert_string_equal(both->account_id, "222222222222");
    assert_int_equal(both->max_days, 2);
    assert_string_equal(both->max_days_environment, "live");
    assert_true(both->require_mfa && both->require_reason);
    assert_int_equal(both->approvals, 2);
    assert_string_equal(prod->account_id, "333333333333");
    assert_int_equal(prod->max_days, 3);
    assert_false(prod->require_reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_smallest_limit_counts),
        cmocka_unit_test(test_requirements),
        cmocka_unit_test(test_boundaries_are_of_the_roles_account),
        cmocka_unit_test(test_guardrails),
        cmocka_unit_test(test_what_pull_requests_may_use),
        cmocka_unit_test(test_what_pull_requests_reach_through_roles),
        cmocka_unit_test(test_what_only_reads),
        cmocka_unit_test(test_subjects),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_account_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
