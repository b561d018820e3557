/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the pages of GetAccountAuthorizationDetails as they come in and keeps what somebody needs
 * (account_keeper.h). Nothing else stays in memory.
 */
#ifndef IAMLEASE_AWS_ACCOUNT_READER_H
#define IAMLEASE_AWS_ACCOUNT_READER_H

#include "model/observed.h"
#include "net/net.h"

struct account_reader;

/* Keeps, in `arena`, what belongs to `account`; all arguments live as long as the reader. */
struct account_reader *account_reader_new(struct arena *arena, const struct account_needs *needs,
                                          const char *owner, struct observed_account *account);
void account_reader_free(struct account_reader *reader);

/* Takes one page; a reset forgets what came of that page so far. */
struct net_sink account_reader_sink(struct account_reader *reader);

/*
 * Ends a page; false when it was not whole, or says that a page comes next which came already. *ret_marker is
 * what asks for the next page, NULL after the last one; it lives until the next page begins.
 */
bool account_reader_end_page(struct account_reader *reader, const char **ret_marker);

/* After the last page: makes the account ready, see account_keeper_finish(). */
void account_reader_finish(struct account_reader *reader);

#endif
