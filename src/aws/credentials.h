/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials, and getting those of an account by AssumeRole. They are counted references: a request that is
 * on its way keeps what signed it, even when the account has newer ones.
 */
#ifndef IAMLEASE_AWS_CREDENTIALS_H
#define IAMLEASE_AWS_CREDENTIALS_H

#include "aws/outcome.h"

struct credentials {
    unsigned references;
    char *access_key_id;
    struct secret secret_access_key, session_token;
    int64_t renew_at_ms; /* on net's clock; INT64_MAX: never */
};

/* One reference, no secrets yet. */
struct credentials *credentials_new(const char *access_key_id);
struct credentials *credentials_ref(struct credentials *credentials);

/* Wipes and frees with the last reference; NULL is allowed. */
void credentials_unref(struct credentials *credentials);

/* Either credentials (with a reference for the one who is called) or, as NULL, why there are none. */
typedef void credentials_done(void *context, struct credentials *credentials, const struct outcome *failure);

/*
 * The account's credentials: at once when they are at least five minutes from their end, otherwise when
 * AssumeRole has answered. Those who ask meanwhile wait for the same answer.
 */
void credentials_get(struct aws *aws, struct account_session *account, credentials_done *done, void *context);

/* AssumeRole for at least an hour, the most that a role assumed from a role may live (facts of STS). */
enum { CREDENTIALS_DURATION_S = 3600 };

/*
 * The answer to the question of those who wait for `account`: the credentials in a successful answer of an
 * AssumeRole… call that was sent at `sent_at_ms`, otherwise why there are none.
 */
void credentials_settle(const struct aws *aws, struct account_session *account, const char *action,
                        int64_t sent_at_ms, struct outcome *outcome);

/* AWS called these expired: the next to ask gets others. */
void credentials_drop(struct account_session *account, const struct credentials *credentials);

#endif
