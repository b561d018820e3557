/* SPDX-License-Identifier: Apache-2.0 */
/* iamlease.yaml: what `iamlease bootstrap` makes, and where. */
#include "base/str.h"
#include "config/schema.h"

#define AT(member) offsetof(struct settings, bootstrap.member)

static void decode_subjects(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                            void *record)
{
    struct settings *settings = record;
    const char *word = decode_word(decoder, node, field->key, field->grammar);
    if (word)
        settings->bootstrap.subjects = str_eq(word, "ids")     ? SUBJECTS_IDS
                                       : str_eq(word, "names") ? SUBJECTS_NAMES
                                                               : SUBJECTS_BOTH;
}

static const struct value_type type_subjects = {decode_subjects, SHAPE_WORD};

static const struct field bootstrap_fields[] = {
    {.key = "hub_account",
     .type = &type_name,
     .offset = AT(hub_account),
     .grammar = &grammar_account_id,
     .help = "the id of the account in which jobs begin: it gets the OIDC provider and the hub roles"},
    {.key = "repository",
     .type = &type_name,
     .offset = AT(repository),
     .grammar = &grammar_repository,
     .help = "the repository on GitHub whose jobs are trusted, as OWNER/REPOSITORY"},
    {.key = "repository_ids",
     .type = &type_name,
     .offset = AT(repository_ids),
     .grammar = &grammar_repository_ids,
     .help = "its ids, as OWNER_ID/REPOSITORY_ID"},
    {.key = "subjects",
     .type = &type_subjects,
     .grammar = &grammar_subjects,
     .initial = "both",
     .help = "which forms of a token's `sub` are trusted: with ids, with names only, or both"},
    {.key = "environments",
     .type = &type_located_list,
     .offset = AT(environments),
     .grammar = &grammar_environment,
     .help =
         "environments of GitHub whose jobs may apply; where neither these nor a branch is given: `iamlease`"},
    {.key = "branch",
     .type = &type_name,
     .offset = AT(branch),
     .may_be_empty = true,
     .grammar = &grammar_branch,
     .help = "a branch whose jobs may apply without an environment; empty: none"},
    {.key = "plan_branch",
     .type = &type_name,
     .offset = AT(plan_branch),
     .may_be_empty = true,
     .grammar = &grammar_branch,
     .help = "a branch whose jobs may plan, for workflow_run and schedules: the default branch; empty: none"},
    {.key = "adopts",
     .type = &type_boolean,
     .offset = AT(adopts),
     .initial = "false",
     .help = "whether the roles may do what `--adopt` takes, as long as there is a policy that was adopted"},
    {.key = "accounts",
     .type = &type_located_list,
     .offset = AT(accounts),
     .grammar = &grammar_account_id,
     .help = "the ids of the accounts that get the deployer role; without them all that aws-accounts/ names"},
    {.key = "hub_role",
     .type = &type_name,
     .offset = AT(hub_role),
     .grammar = &grammar_role,
     .initial = "iamlease-hub",
     .help = "the name of the role that jobs of apply and cleanup begin with"},
    {.key = "plan_hub_role",
     .type = &type_name,
     .offset = AT(plan_hub_role),
     .grammar = &grammar_role,
     .initial = "iamlease-plan-hub",
     .help = "the name of the role that jobs of plan begin with, where `aws.plan_role` is set"},
    {.key = "through_role",
     .type = &type_name,
     .offset = AT(through_role),
     .may_be_empty = true,
     .grammar = &grammar_role,
     .help = "the name of a role in each account that bootstrap works through, such as "
             "OrganizationAccountAccessRole; empty: only the account of the credentials is reached"},
    {.key = "organization",
     .type = &type_name,
     .offset = AT(organization),
     .may_be_empty = true,
     .grammar = &grammar_organization,
     .help =
         "the id of the organization that all accounts belong to; needed where they are more than the policy of a "
         "role can name, some 650"},
    {.key = "issuer",
     .type = &type_name,
     .offset = AT(issuer),
     .grammar = &grammar_issuer,
     .initial = "https://token.actions.githubusercontent.com",
     .help = "who signs the tokens of jobs; GitHub Enterprise Server has one of its own"},
};
const struct record schema_bootstrap = RECORD("'bootstrap'", bootstrap_fields);
