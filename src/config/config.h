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
 * folder), and -1, with a diagnostic, for something in one of the five folders that is not `<team>.yaml` (team:
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

/* The same inputs, those of the settings first, then team by team in the order of their names, by kind. */
struct config_inputs config_inputs_sorted(struct arena *arena, const struct config_inputs *inputs);

/* Of inputs that are sorted: the place behind the last one of the team that the one at `from` is of. */
size_t config_inputs_of_team(const struct config_inputs *sorted, size_t from);

/*
 * The same file by file, for whoever does not want everything in memory at once. `config` gets the settings;
 * the caller keeps the teams. Settings are read first, the files of a team in the order of their kinds.
 */
struct config_reader;
struct config_reader *config_reader_new(struct arena *arena, struct config *config, struct diags *diags);
void config_read_settings(struct config_reader *reader, const struct config_input *input);

/*
 * Decodes a file of `team` into `arena`, or takes what it declares from `beside` (or NULL), which is that
 * team on the other side of a change. False when nothing is known of it.
 */
bool config_read_file(struct config_reader *reader, struct arena *arena, const struct config_input *input,
                      const struct team_config *beside, struct team_config *team);

/* How many values all files have had so far: for whoever reads one again, who puts the number back. */
size_t *config_reader_values(struct config_reader *reader);

/*
 * What the files of a team say about each other, when all of them were read without an error; but for what it
 * shares with `checked`, which is that team on the other side, or NULL.
 */
void config_check_team(struct config_reader *reader, struct team_config *team,
                       const struct team_config *checked);

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

/* The same team by team, in the order of their names. `settings`: those of the configuration that is judged. */
struct judging *config_judging_new(struct arena *arena, const struct settings *settings,
                                   const struct judge *judge, struct diags *diags);
void config_judge_team(struct judging *judging, const struct team_config *team);

#endif
