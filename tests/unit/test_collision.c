/* SPDX-License-Identifier: Apache-2.0 */
#include "check_run.h"
#include "unit.h"

#define TEAM_ACCOUNTS(team, id)                                                               \
    {                                                                                         \
        "aws-accounts/" team ".yaml", "aws-accounts: {prod: '" id "', dev: '000000000000'}\n" \
    }
#define ONLY_PROD(team, id)                                              \
    {                                                                    \
        "aws-accounts/" team ".yaml", "aws-accounts: {prod: '" id "'}\n" \
    }
#define POLICY(team, name)                                                                   \
    {                                                                                        \
        "aws-policies/" team ".yaml",                                                        \
            "aws-policies:\n  " name ": {managed_policies: ['arn:aws:iam::aws:policy/R']}\n" \
    }
#define ENTRY(team, principals)                                                         \
    {                                                                                   \
        "permanent-access/" team ".yaml",                                               \
            "permanent-access: [{" principals ", environments: [prod], grants: [p]}]\n" \
    }

static const struct check_case cases[] = {
    /* Users: in any teams, wherever their accounts are. */
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"),
      ENTRY("a", "users: [bert@example.com, ernie@example.com, bert@example.com.de]")},
     "permanent-access/a.yaml:1:66+19 user-collision\n",
     "'bert@example.com.de' comes to the IAM user 'bert', and so does 'bert@example.com'",
     "'bert@example.com' stands in permanent-access/a.yaml:1; one of them would get the other's access"},
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"), ENTRY("a", "users: [bert@example.com]"),
      ONLY_PROD("b", "200000000000"), POLICY("b", "p"), ENTRY("b", "users: [bert@other.com]")},
     "permanent-access/b.yaml:1:29+14 user-collision\n",
     NULL,
     NULL},
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"),
      ENTRY("a", "users: [bert@example.com, Bert@example.com]")},
     "permanent-access/a.yaml:1:47+16 user-collision\n",
     NULL,
     "'bert@example.com' stands in permanent-access/a.yaml:1; write it alike everywhere"},
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"), ENTRY("a", "users: [bert@example.com, bert]")},
     "permanent-access/a.yaml:1:47+4 user-collision\n",
     NULL,
     NULL},
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"), ENTRY("a", "users: [bert@example.com]"),
      ONLY_PROD("b", "100000000000"), POLICY("b", "p"), ENTRY("b", "users: [bert@example.com]")},
     "",
     NULL,
     NULL},
    /* A user and a role have names of their own. */
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"), ENTRY("a", "users: [bert], roles: [BERT]")},
     "",
     NULL,
     NULL},
    /* A map of user names is all that is known. */
    {{ONLY_PROD("a", "100000000000"),
      POLICY("a", "p"),
      ENTRY("a", "users: [bert@example.com, ida@example.com, eve]"),
      {"iamlease.yaml", "usernames: {bert@example.com: bert.b}\n"}},
     "permanent-access/a.yaml:1:47+15 username-unknown\n",
     "'usernames' does not say which IAM user 'ida@example.com' is",
     "add the address to 'usernames' in iamlease.yaml"},
    {{ONLY_PROD("a", "100000000000"),
      POLICY("a", "p"),
      ENTRY("a", "users: [bert@example.com, b@example.com]"),
      {"iamlease.yaml", "usernames: {bert@example.com: bert, b@example.com: Bert}\n"}},
     "permanent-access/a.yaml:1:47+13 user-collision\n",
     NULL,
     NULL},
    {{ONLY_PROD("a", "100000000000"),
      POLICY("a", "p"),
      ENTRY("a", "users: [bert@a.com, bert@b.com]"),
      {"iamlease.yaml", "usernames: email\n"}},
     "",
     NULL,
     NULL},
    /* Groups, as roles. */
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"), ENTRY("a", "roles: [x], groups: [X, Admins, admins]")},
     "permanent-access/a.yaml:1:53+6 group-collision\n",
     "'admins' and 'Admins' are one group in IAM",
     "'Admins' stands in permanent-access/a.yaml:1; write it alike everywhere"},
    /* Roles: in one account. */
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"), ENTRY("a", "roles: [Deployer]"),
      ONLY_PROD("b", "100000000000"), POLICY("b", "p"), ENTRY("b", "roles: [deployer]")},
     "permanent-access/b.yaml:1:29+8 role-collision\n",
     "'deployer' and 'Deployer' are one role in IAM",
     NULL},
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "p"), ENTRY("a", "roles: [Deployer]"),
      ONLY_PROD("b", "200000000000"), POLICY("b", "p"), ENTRY("b", "roles: [deployer]")},
     "",
     NULL,
     NULL},
    /* Policies of one team. */
    {{POLICY("a", "dev.x: {managed_policies: ['arn:aws:iam::aws:policy/R']}\n  dev-x")},
     "aws-policies/a.yaml:3:3+5 policy-name-collision\n",
     "'dev-x' comes to the name 'a-dev-x' in AWS, and so does 'dev.x' of team 'a'",
     "'dev.x' stands in aws-policies/a.yaml:2; rename one of them"},
    {{POLICY("a", "dev: {managed_policies: ['arn:aws:iam::aws:policy/R']}\n  Dev")},
     "aws-policies/a.yaml:3:3+3 policy-name-collision\n",
     NULL,
     NULL},
    {{POLICY("a", "dev_x: {managed_policies: ['arn:aws:iam::aws:policy/R']}\n  dev-x")}, "", NULL, NULL},
    /* Policies of two teams: only where they share an account. */
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "b.c"), ONLY_PROD("a-b", "100000000000"), POLICY("a-b", "c")},
     "aws-policies/a-b.yaml:2:3+1 policy-name-collision\n",
     NULL,
     NULL},
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "b.c"), ONLY_PROD("a-b", "200000000000"), POLICY("a-b", "c")},
     "",
     NULL,
     NULL},
    {{TEAM_ACCOUNTS("a", "100000000000"), POLICY("a", "b.c"), TEAM_ACCOUNTS("a-b", "200000000000"),
      POLICY("a-b", "c")},
     "aws-policies/a-b.yaml:2:3+1 policy-name-collision\n",
     NULL,
     NULL},
    /* Three teams: the third shares an account with the second only, and with the first no name would do. */
    {{ONLY_PROD("a", "100000000000"), POLICY("a", "b.c.d"), TEAM_ACCOUNTS("a-b", "200000000000"),
      POLICY("a-b", "c.d"), TEAM_ACCOUNTS("a-b-c", "300000000000"), POLICY("a-b-c", "d")},
     "aws-policies/a-b-c.yaml:2:3+1 policy-name-collision\n",
     "'d' comes to the name 'a-b-c-d' in AWS, and so does 'c.d' of team 'a-b'",
     NULL},
};

static void test_collisions(void **state)
{
    (void)state;
    check_run_cases(cases, COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_collisions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
