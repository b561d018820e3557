/* SPDX-License-Identifier: Apache-2.0 */
/* Which teams a change can affect: the files of the others need not be read (DESIGN §4). */
#ifndef IAMLEASE_FLOW_AFFECTED_H
#define IAMLEASE_FLOW_AFFECTED_H

#include "flow/source.h"

struct affected {
    bool all;            /* it cannot be said, or most of them are: all files of all teams are to be read */
    struct map teams;    /* team → anything: all files */
    bool all_accounts;   /* the aws-accounts of all teams too, or … */
    struct map accounts; /* … of these: they say which rules hold in the accounts of the teams above */
    struct decoded_files decoded; /* some of the files that differ */
};

/*
 * Finds the teams that a file of theirs differs of, and those that may share something with one of these: an
 * account, and in it a principal or the name of a policy. Where another account stands behind a name, where a
 * policy of the account itself is attached, or where principals cannot be told from the files, the account
 * alone is enough.
 *
 * Where one side has a folder aws-roles, all are affected: names of roles are compared over all teams.
 *
 * Only what differs is decoded. Of doubtful files (too large, escapes that may spell an account id or a name)
 * all or more is affected, never less.
 */
int affected_teams(struct arena *arena, struct repo *repo, const struct source *base,
                   const struct source *head, struct affected *ret, struct err *err);

#endif
