/* SPDX-License-Identifier: Apache-2.0 */
/* Which teams a change can affect: the files of the others need not be read (DESIGN §4). */
#ifndef IAMLEASE_FLOW_AFFECTED_H
#define IAMLEASE_FLOW_AFFECTED_H

#include "flow/source.h"

/*
 * Fills `teams` with those that a file of theirs differs of, and those whose aws-accounts name an account
 * that one of these names, on either side. *ret_all: this cannot be said, or is most of them; then all teams
 * have to be read. Nothing is decoded: of doubtful files (too large, escapes that may spell an account id)
 * all or more is affected, never less.
 */
int affected_teams(struct arena *arena, struct repo *repo, const struct source *base,
                   const struct source *head, struct map *teams, bool *ret_all, struct err *err);

#endif
