/* SPDX-License-Identifier: Apache-2.0 */
/* iamlease.yaml: its rules, and the whole of it. */
#include "config/ids.h"
#include "config/schema.h"
#include "config/shown.h"

/* The furthest that a limit of days can be set: ten years. Beyond, a lease is none. */
enum { MAX_DAYS_MAX = 3650, APPROVALS_MAX = 20 };

#define AT(member) offsetof(struct settings, member)

static void decode_version(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                           void *record)
{
    (void)record;
    const char *version = decode_word(decoder, node, field->key, NULL);
    if (!version || field->grammar->matches(version))
        return;
    struct diag *diag = diag_error(decoder->diags, node->span, field->grammar->id,
                                   "version '%s' is not known", shown(decoder->diags->arena, version));
    diag_hint(decoder->diags, diag, "%s", field->grammar->hint);
}

static const struct value_type type_version = {decode_version, SHAPE_WORD};

/* --- rules ---------------------------------------------------------------------------------------------- */

static const struct field limits_fields[] = {
    {.key = "max_days",
     .type = &type_number,
     .offset = AT(rules.max_days),
     .max = MAX_DAYS_MAX,
     .initial = "6",
     .help = "how many days after today a lease may reach"},
    {.key = "max_removals",
     .type = &type_percent,
     .offset = AT(rules.max_removals_percent),
     .max = 100,
     .initial = "25%",
     .help = "the share of all access that one change may take away without being held, from 10 removals up"},
};
static const struct record limits_record = RECORD("'limits'", limits_fields);

static const struct field environment_fields[] = {
    {.key = "max_days",
     .type = &type_number,
     .offset = offsetof(struct environment_rules, max_days),
     .max = MAX_DAYS_MAX,
     .help = "how many days after today a lease there may reach"},
    {.key = "require_reason",
     .type = &type_boolean,
     .offset = offsetof(struct environment_rules, require_reason),
     .initial = "false",
     .help = "every temporary entry must say why it is wanted, in `reason`"},
    {.key = "require_mfa",
     .type = &type_boolean,
     .offset = offsetof(struct environment_rules, require_mfa),
     .initial = "false",
     .help = "leases work only in sessions that began with a second factor; a role cannot have one then"},
    {.key = "approvals",
     .type = &type_number,
     .offset = offsetof(struct environment_rules, approvals),
     .max = APPROVALS_MAX,
     .initial = "0",
     .help = "how many reviewers must have approved a change of access there"},
};
static const struct record environment_record = RECORD("the rules of an environment", environment_fields);

static void *add_environment(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct settings *settings = container;
    struct environment_rules *environment = VEC_ADD(arena, &settings->rules.environments);
    *environment = (struct environment_rules){
        .name = {.text = arena_strdup(arena, node->key->text), .span = node->key->span},
        .max_days = DAYS_UNSET,
    };
    return environment;
}

static const struct field grant_fields[] = {
    {.key = "max_days",
     .type = &type_number,
     .offset = offsetof(struct grant_rules, max_days),
     .max = MAX_DAYS_MAX,
     .help = "how many days after today a lease of this grant may reach"},
};
static const struct record grant_record = RECORD("the rules of a grant", grant_fields);

static void *add_grant(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct settings *settings = container;
    struct grant_rules *grant = VEC_ADD(arena, &settings->rules.grants);
    *grant = (struct grant_rules){
        .name = {.text = arena_strdup(arena, node->key->text), .span = node->key->span},
        .max_days = DAYS_UNSET,
    };
    return grant;
}

static const struct field team_fields[] = {
    {.key = "accounts",
     .type = &type_located_list,
     .offset = offsetof(struct team_rules, accounts),
     .required = true,
     .grammar = &grammar_account_id,
     .help = "the ids of the only accounts that the team may name"},
};
static const struct record team_record = RECORD("the rules of a team", team_fields);

static void *add_team(struct arena *arena, void *container, const struct yaml_node *node)
{
    struct settings *settings = container;
    struct team_rules *team = VEC_ADD(arena, &settings->rules.teams);
    *team =
        (struct team_rules){.name = {.text = arena_strdup(arena, node->key->text), .span = node->key->span}};
    return team;
}

/* The section alone, even an empty one, means that no other pair of team and account is allowed. */
static void decode_teams(struct decoder *decoder, const struct yaml_node *node, const struct field *field,
                         void *record)
{
    struct settings *settings = record;
    settings->rules.has_teams = true;
    type_records_by_name.decode(decoder, node, field, record);
}

static const struct value_type type_teams = {decode_teams, SHAPE_RECORDS_BY_NAME};

static const struct field guardrails_fields[] = {
    {.key = "deny",
     .type = &type_located_list,
     .offset = AT(rules.guardrails_deny),
     .grammar = &grammar_action,
     .help = "actions that no grant may allow, with wildcards; a grant with a managed policy, whose document is "
             "not in the files, is refused then too"},
    {.key = "warn",
     .type = &type_located_list,
     .offset = AT(rules.guardrails_warn),
     .grammar = &grammar_action,
     .help = "actions whose grants are shown as a warning, with wildcards"},
};
static const struct record guardrails_record = RECORD("'guardrails'", guardrails_fields);

static const struct field settings_fields[] = {
    {.key = "version",
     .type = &type_version,
     .grammar = &grammar_version,
     .initial = "1",
     .help = "the version of this file's format"},
    {.key = "limits",
     .type = &type_record,
     .may_be_null = true,
     .record = &limits_record,
     .help = "rule: what holds for all teams"},
    {.key = "environments",
     .type = &type_records_by_name,
     .may_be_null = true,
     .key_grammar = &grammar_environment,
     .record = &environment_record,
     .add = add_environment,
     .help = "rule: what holds in every account that an environment of this name stands for, in any team, also "
             "under its other names"},
    {.key = "grants",
     .type = &type_records_by_name,
     .may_be_null = true,
     .key_grammar = &grammar_policy_name,
     .record = &grant_record,
     .add = add_grant,
     .help = "rule: what holds for grants of a name, in every team"},
    {.key = "teams",
     .type = &type_teams,
     .may_be_null = true,
     .key_grammar = &grammar_team,
     .record = &team_record,
     .add = add_team,
     .help =
         "rule: which accounts a team may name; where this section exists, no other pair of team and account "
         "is allowed"},
    {.key = "usernames",
     .type = &schema_usernames,
     .single_grammar = &grammar_usernames,
     .key_grammar = &grammar_email,
     .grammar = &grammar_iam_user,
     .initial = "local-part",
     .help = "mapping: how an e-mail address becomes the name of an IAM user"},
    {.key = "aws",
     .type = &type_record,
     .may_be_null = true,
     .record = &schema_aws,
     .help = "mapping: how accounts are reached, and what our objects there are like"},
    {.key = "guardrails",
     .type = &type_record,
     .may_be_null = true,
     .record = &guardrails_record,
     .help = "rule: actions that must not be granted, or not unseen"},
    {.key = "port",
     .type = &type_record,
     .may_be_null = true,
     .record = &schema_port,
     .help = "rule: who may ask for what in Port"},
    {.key = "bootstrap",
     .type = &type_record,
     .may_be_null = true,
     .record = &schema_bootstrap,
     .help = "what `iamlease bootstrap` makes, and where"},
    {.key = "owner",
     .type = &type_name,
     .offset = AT(owner),
     .grammar = &grammar_owner,
     .initial = "default",
     .help = "mapping: goes into every mark; two repositories that share an account use two owners"},
};

const struct record schema_settings = RECORD("iamlease.yaml", settings_fields);
