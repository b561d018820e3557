/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/waiters.h"

#include <stdlib.h>

struct waiter {
    struct waiter *next;
    credentials_done *done;
    void *context;
};

bool waiters_add(struct account_session *account, credentials_done *done, void *context)
{
    struct waiter *waiter = calloc(1, sizeof *waiter);
    if (!waiter)
        out_of_memory();
    bool is_first = !account->waiters;
    *waiter = (struct waiter){.next = account->waiters, .done = done, .context = context};
    account->waiters = waiter;
    return is_first;
}

/* Those who wait, the first to come first; nobody waits any more. */
static struct waiter *take_waiters(struct account_session *account)
{
    struct waiter *first = NULL;
    for (struct waiter *waiter = account->waiters, *next; waiter; waiter = next) {
        next = waiter->next;
        waiter->next = first;
        first = waiter;
    }
    account->waiters = NULL;
    return first;
}

void waiters_call(struct account_session *account, struct credentials *credentials,
                  const struct outcome *outcome)
{
    /* Those who are called may ask again: they shall find an empty list. */
    struct waiter *waiters = take_waiters(account);
    for (struct waiter *waiter = waiters, *next; waiter; waiter = next) {
        next = waiter->next;
        waiter->done(waiter->context, credentials ? credentials_ref(credentials) : NULL, outcome);
        free(waiter);
    }
}

void waiters_free(struct account_session *account)
{
    for (struct waiter *waiter = account->waiters, *next; waiter; waiter = next) {
        next = waiter->next;
        free(waiter);
    }
    account->waiters = NULL;
}
