/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who approved a merged pull request (DESIGN §5). An approval counts when its commit is the pull request's
 * last one, it is that reviewer's latest word, the reviewer may write to the repository and is neither author
 * nor committer nor somebody whom the change grants something; and when what that commit changes is what was
 * merged. Comments are no evidence for anything.
 */
#ifndef IAMLEASE_FLOW_APPROVALS_H
#define IAMLEASE_FLOW_APPROVALS_H

#include "flow/merges.h"

#define LABEL_REMOVALS_OK "iamlease:removals-ok"

struct approvals {
    size_t count;
    const char *why; /* why it is not more, a clause */
};

/* `named`: whom the change grants something, in lower case: IAM names, addresses and their local parts. */
struct approvals approvals_find(const struct step_reader *reader, const struct merge *merge,
                                const struct strings *named);

struct labelled_pull {
    int64_t number;
    const char *author; /* login; NULL: the account is gone */
    const struct strings *labels;
};

/* Whether somebody else than its author set the label that lets many removals pass. *ret_why: why not, a clause. */
bool label_allows_removals(struct arena *arena, struct github *github, const struct labelled_pull *pull,
                           const char **ret_why);

/* The same for a pull request that was merged. */
bool approvals_allow_removals(const struct step_reader *reader, const struct merge *merge,
                              const char **ret_why);

#endif
