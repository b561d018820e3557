/* SPDX-License-Identifier: Apache-2.0 */
/* What a single text must look like: account ids, names, ARNs, actions. Nothing here knows where the text stands. */
#ifndef IAMLEASE_CONFIG_GRAMMAR_H
#define IAMLEASE_CONFIG_GRAMMAR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct grammar {
    const char *id;   /* of the diagnostic, from config/ids.h */
    const char *what; /* "'x' is not <what>": "an AWS account id" */
    const char *hint; /* what would be right */
    bool (*matches)(const char *text);
    bool arn;                 /* the text is an ARN, or "*": its partition must be the settings' */
    const char *const *words; /* NULL, or all that is allowed, ending with NULL: for "did you mean" */
    const char *pattern; /* for editors, a regular expression that every text that matches matches too, in
                            what ECMAScript and POSIX have in common; NULL with words */
    bool any_scalar;     /* what YAML takes for a number or a truth value can be such a text: `no`, `1e3` */
};

extern const struct grammar grammar_account_id;
extern const struct grammar grammar_environment;
extern const struct grammar grammar_policy_name;
extern const struct grammar grammar_user;
extern const struct grammar grammar_role;
extern const struct grammar grammar_policy_arn, grammar_boundary;
extern const struct grammar grammar_effect;
extern const struct grammar grammar_action;
extern const struct grammar grammar_resource;
extern const struct grammar grammar_owner;
extern const struct grammar grammar_policy_path;
extern const struct grammar grammar_partition;
extern const struct grammar grammar_group;
extern const struct grammar grammar_team;
extern const struct grammar grammar_statement_id;
extern const struct grammar grammar_operator;
extern const struct grammar grammar_condition_key;
extern const struct grammar grammar_region;
extern const struct grammar grammar_external_id;
extern const struct grammar grammar_url;
extern const struct grammar grammar_repository, grammar_repository_ids, grammar_branch, grammar_subjects,
    grammar_organization;
extern const struct grammar grammar_port_action;
extern const struct grammar grammar_domain;
extern const struct grammar grammar_usernames;
extern const struct grammar grammar_request_mode;
extern const struct grammar grammar_email;
extern const struct grammar grammar_iam_user;
extern const struct grammar grammar_mode;
extern const struct grammar grammar_date;
extern const struct grammar grammar_end;
extern const struct grammar grammar_start;
extern const struct grammar grammar_boolean;
extern const struct grammar grammar_version;
extern const struct grammar grammar_principal;
extern const struct grammar grammar_service;
extern const struct grammar grammar_saml_provider;
extern const struct grammar grammar_issuer;
extern const struct grammar grammar_provider_name;
extern const struct grammar grammar_provider;
extern const struct grammar grammar_claim;
extern const struct grammar grammar_client_id;
extern const struct grammar grammar_thumbprint;
extern const struct grammar grammar_tag_key;
extern const struct grammar grammar_tag_value;

/* A team's name, which is the name of its files: [a-z0-9][a-z0-9_-]*, at most 64 characters. */
bool grammar_is_team(const char *text);

/* What grammar_policy_name and grammar_group take: a name that IAM can give, at most 128 characters. */
bool grammar_is_iam_name(const char *text);

/* What grammar_start takes: a bare date (its first second) or an instant as RFC 3339. */
bool grammar_read_start(const char *text, int64_t *ret_s);

/*
 * Whether an ARN stands in `partition`: its second part is equal, or holds a wildcard or a variable, which
 * AWS resolves. "*" does.
 */
bool grammar_arn_in_partition(const char *arn, const char *partition);

/* The account in an ARN of a managed policy that grammar_policy_arn accepts; NULL for one of AWS's own policies. */
const char *grammar_policy_arn_account(struct arena *arena, const char *arn);

#endif
