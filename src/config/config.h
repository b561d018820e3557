/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files to typed configuration, and every check that files alone allow. Nothing here reads a disk or a clock.
 * Trouble goes to `diags`; the result is usable only when diags->errors did not grow.
 */
#ifndef IAMLEASE_CONFIG_CONFIG_H
#define IAMLEASE_CONFIG_CONFIG_H

#include "model/rules.h"

/*
 * Which kind of file a path below the config root is: "aws-accounts/payments.yaml" → FILE_ACCOUNTS, "payments".
 * Returns 1 for a file that is ours, 0 for one that is none of our business (README.md at the root, another
 * folder), and -1, with a diagnostic, for something in one of the four folders that is not `<team>.yaml` (team:
 * [a-z0-9][a-z0-9_-]*, at most 64). `display_path` is how the path is shown (with the config root).
 */
int config_classify(struct arena *arena, const char *path, const char *display_path, enum file_kind *ret_kind,
                    const char **ret_team, struct diags *diags);

/*
 * Decodes all files and checks what they say about each other: unknown environments and grants, names and
 * lengths, collisions of names and users. Inputs come in any order; teams come out sorted. From the team on
 * with which there are too many grants (config/check.h), teams have no entries. With inputs->beside, files
 * without diagnostics that both have are decoded once.
 */
struct config *config_load(struct arena *arena, const struct config_inputs *inputs, struct diags *diags);

/*
 * Binds the rules for environments to account ids: an account has the strictest of every name that stands for
 * it in any team, in `base` (or NULL) or in `head`.
 */
void config_account_rules(struct arena *arena, const struct rules *rules, const struct config *base,
                          const struct config *head, struct all_account_rules *ret);

/*
 * Objects in AWS that would have one name: two leases of `head`, or something new in `head` and something
 * else that is in `base` only, and still in AWS when the new one is made. Two policies of one side that are
 * called alike are config_load()'s affair. What has ended has no name. `base` and `head` may be one.
 */
void config_check_names(const struct config *base, const struct config *head, int64_t now_s,
                        struct diags *diags);

/* What a configuration is judged by. */
struct judge {
    const struct rules *rules; /* of the base, or of the first configuration itself */
    const struct all_account_rules *accounts;
    const struct settings *before; /* the base's mapping, or NULL */
    int64_t now_s;
};

/*
 * Judges every entry that has not ended, by each (account, grant) that it names:
 *
 * - the end: a date at most max_days days after today, UTC, an instant at most max_days × 24 hours after now;
 *   the smallest of the limits that apply counts, and the message names it;
 * - a reason and MFA where they are required;
 * - accounts that the team may name, and roles that nobody may be granted anything: the deployer's and plan's;
 * - guardrails, against every policy and every ad-hoc grant;
 * - the sizes of the documents that leases would have.
 *
 * A lease that has ended is a warning: it grants nothing and can be removed.
 */
void config_judge(const struct config *config, const struct judge *judge, struct diags *diags);

#endif
