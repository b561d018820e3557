/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stable names of everything that can be wrong in a configuration. A name is never given a new meaning;
 * the documentation has an entry for each.
 */
#ifndef IAMLEASE_CONFIG_IDS_H
#define IAMLEASE_CONFIG_IDS_H

/* Names and sizes of files. */
#define ID_UNEXPECTED_FILE "unexpected-file" /* something in one of our folders that is no <team>.yaml */
#define ID_FILE_TOO_LARGE  "file-too-large"
#define ID_NOT_A_FILE      "not-a-file"   /* a subfolder, symbolic link or submodule in one of our folders */
#define ID_NOT_A_FOLDER    "not-a-folder" /* one of our folders is something else */

/* The text, and YAML itself. A file with one of these is not read any further. */
#define ID_INVALID_UTF8         "invalid-utf8"
#define ID_INVISIBLE_CHARACTER  "invisible-character" /* control, bidirectional, zero-width */
#define ID_YAML_SYNTAX          "yaml-syntax"
#define ID_YAML_DIRECTIVE       "yaml-directive" /* %YAML, %TAG */
#define ID_YAML_ALIAS           "yaml-alias"
#define ID_YAML_ANCHOR          "yaml-anchor"
#define ID_YAML_TAG             "yaml-tag"
#define ID_YAML_MERGE_KEY       "yaml-merge-key"
#define ID_YAML_COMPLEX_KEY     "yaml-complex-key" /* a list or a mapping as key */
#define ID_YAML_SECOND_DOCUMENT "yaml-second-document"
#define ID_YAML_TOO_DEEP        "yaml-too-deep"
#define ID_YAML_TOO_MANY_VALUES "yaml-too-many-values"

/* What a mapping holds. */
#define ID_DUPLICATE_KEY "duplicate-key"
#define ID_UNKNOWN_KEY   "unknown-key"
#define ID_MISSING_KEY   "missing-key"
#define ID_MISSING_VALUE "missing-value" /* a key without a value, an empty text or list */
#define ID_WRONG_TYPE    "wrong-type"    /* a list where a text is wanted, and so on */
#define ID_KEYS_EXCLUDE  "keys-exclude"  /* two keys of which only one may be given */

/* What a single value looks like. */
#define ID_INVALID_ACCOUNT_ID  "invalid-account-id"
#define ID_INVALID_ENVIRONMENT "invalid-environment"
#define ID_INVALID_POLICY_NAME "invalid-policy-name"
#define ID_INVALID_USER        "invalid-user"
#define ID_INVALID_ROLE        "invalid-role"
#define ID_INVALID_GROUP       "invalid-group"
#define ID_INVALID_TEAM        "invalid-team"
#define ID_INVALID_POLICY_ARN  "invalid-policy-arn"
#define ID_INVALID_EFFECT      "invalid-effect"
#define ID_INVALID_ACTION      "invalid-action"
#define ID_INVALID_RESOURCE    "invalid-resource"
#define ID_INVALID_SID         "invalid-sid"
#define ID_REPEATED_SID        "repeated-sid"
#define ID_INVALID_CONDITION   "invalid-condition"
#define ID_INVALID_MODE        "invalid-mode"
#define ID_INVALID_DATE        "invalid-date"
#define ID_INVALID_NUMBER      "invalid-number"
#define ID_INVALID_BOOLEAN     "invalid-boolean"
#define ID_INVALID_USERNAMES   "invalid-usernames"
#define ID_INVALID_REGION      "invalid-region"
#define ID_INVALID_EXTERNAL_ID "invalid-external-id"
#define ID_INVALID_URL         "invalid-url"
#define ID_INVALID_REPOSITORY  "invalid-repository"
#define ID_INVALID_BRANCH      "invalid-branch"
#define ID_INVALID_ORG         "invalid-organization"
#define ID_INVALID_PORT_ACTION "invalid-port-action"
#define ID_INVALID_DOMAIN      "invalid-domain"
#define ID_INVALID_PRINCIPAL   "invalid-principal" /* whom a role trusts */
#define ID_INVALID_ISSUER      "invalid-issuer"    /* an OIDC provider */
#define ID_INVALID_CLAIM       "invalid-claim"     /* what a token says */
#define ID_INVALID_THUMBPRINT  "invalid-thumbprint"
#define ID_INVALID_TAG         "invalid-tag"
#define ID_INVALID_WINDOW      "invalid-window" /* a lease that would begin at its end or later */
#define ID_INVALID_OWNER       "invalid-owner"
#define ID_INVALID_POLICY_PATH "invalid-policy-path"
#define ID_INVALID_PARTITION   "invalid-partition"
#define ID_WRONG_PARTITION     "wrong-partition" /* an ARN of another partition than the settings' */
#define ID_UNKNOWN_VERSION     "unknown-version"

/* What the files of a team say about each other. */
#define ID_UNKNOWN_ENVIRONMENT  "unknown-environment"
#define ID_UNKNOWN_GRANT        "unknown-grant"
#define ID_NO_PRINCIPAL         "no-principal" /* an entry with neither users nor roles */
#define ID_REPEATED_VALUE       "repeated-value"
#define ID_EMPTY_POLICY         "empty-policy"
#define ID_POLICY_TOO_LARGE     "policy-too-large"
#define ID_POLICY_OTHER_ACCOUNT "policy-other-account" /* a customer managed policy of another account */
#define ID_TOO_MANY_GRANTS      "too-many-grants"
#define ID_UNKNOWN_PROVIDER     "unknown-provider"
#define ID_PROVIDER_NOT_THERE   "provider-not-there" /* declared, but not in every account of the role */

/* What comes to one name in AWS. */
#define ID_USER_COLLISION        "user-collision"
#define ID_ROLE_COLLISION        "role-collision"
#define ID_GROUP_COLLISION       "group-collision"
#define ID_POLICY_NAME_COLLISION "policy-name-collision"
#define ID_LEASE_NAME_COLLISION  "lease-name-collision"
#define ID_ROLE_NAME_TAKEN       "role-name-taken"
#define ID_PROVIDER_DIFFERS      "provider-differs"

#define ID_USERNAME_UNKNOWN  "username-unknown" /* an address that the map of user names does not have */
#define ID_MODE_NOT_POSSIBLE "mode-not-possible"

/* What rules refuse. */
#define ID_REASON_MISSING       "reason-missing"
#define ID_ROLE_WITHOUT_MFA     "role-without-mfa"
#define ID_OWN_ROLE             "own-role" /* a grant to the deployer's or plan's role */
#define ID_ACCOUNT_NOT_ALLOWED  "account-not-allowed"
#define ID_GUARDRAIL_DENY       "guardrail-deny"
#define ID_GUARDRAIL_WARN       "guardrail-warn"
#define ID_GUARDRAIL_UNREADABLE "guardrail-unreadable"
#define ID_LEASE_TOO_LARGE      "lease-too-large"
#define ID_INLINE_FULL          "inline-full"
#define ID_ROLE_PATH            "role-path"
#define ID_ROLE_BOUNDARY        "role-boundary"
#define ID_TRUST_TOO_LARGE      "trust-too-large"

/* Whom a role trusts. */
#define ID_TRUST_ANYBODY       "trust-anybody"
#define ID_TRUST_NO_AUDIENCE   "trust-no-audience"
#define ID_TRUST_NO_SUBJECT    "trust-no-subject"
#define ID_TRUST_WIDE_SUBJECT  "trust-wide-subject"
#define ID_TRUST_PULL_REQUEST  "trust-pull-request"
#define ID_TRUST_OTHER_ACCOUNT "trust-other-account"

/* The clock. */
#define ID_EXPIRY_TOO_FAR "expiry-too-far"
#define ID_LEASE_ENDED    "lease-ended"

#endif
