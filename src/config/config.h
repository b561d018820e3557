/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files to typed configuration, and every check that files alone allow. Nothing here reads a disk or a clock.
 * Trouble goes to `diags`; the result is usable only when diags->errors did not grow.
 */
#ifndef IAMLEASE_CONFIG_CONFIG_H
#define IAMLEASE_CONFIG_CONFIG_H

#include "model/configuration.h"

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
 * Expiry limits, judged by `rules` (from the base) at `now_s`: an expiration date at most max_days days after
 * today, UTC ("expiry-too-far", error). A lease that has ended is a warning ("lease-ended": it grants nothing
 * and can be removed).
 */
void config_check_expiry(const struct config *config, const struct rules *rules, int64_t now_s,
                         struct diags *diags);

#endif
