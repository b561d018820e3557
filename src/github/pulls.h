/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pull requests that were merged, and what their reviews are worth (facts/github.md §3). Logins and ids are
 * checked by shape; what people write is not read: a comment is never evidence.
 */
#ifndef IAMLEASE_GITHUB_PULLS_H
#define IAMLEASE_GITHUB_PULLS_H

#include "github/client.h"

struct pull {
    int64_t number;
    const char *author;          /* login; NULL: the account is gone */
    const char *head_id;         /* the last commit of its branch */
    const char *base_branch;     /* what it was merged into */
    const char *merge_commit_id; /* the last commit that the merge made, or NULL */
    bool is_merged;
    struct strings labels;
};

struct pulls {
    VEC_FIELDS(struct pull);
};

/* Every pull request, merged or not, that GitHub knows the commit of. */
int pulls_of_commit(struct arena *arena, struct github *github, const char *commit_id, struct pulls *ret,
                    struct err *err);

enum review_state { REVIEW_APPROVED, REVIEW_CHANGES_REQUESTED, REVIEW_DISMISSED, REVIEW_OTHER };

struct review {
    const char *login;     /* NULL: the account is gone */
    const char *commit_id; /* that it is about, or NULL */
    enum review_state state;
};

struct reviews {
    VEC_FIELDS(struct review); /* oldest first */
};

int pull_reviews(struct arena *arena, struct github *github, int64_t number, struct reviews *ret,
                 struct err *err);

/*
 * Adds the logins of all authors and committers of its commits, but for GitHub's own (web-flow). *ret_unknown
 * names a commit of which GitHub does not know both, or is NULL. ERR_REFUSED: more commits than GitHub lists
 * (250).
 */
int pull_people(struct arena *arena, struct github *github, int64_t number, struct strings *ret_logins,
                const char **ret_unknown, struct err *err);

/* Whether somebody may write to the repository. */
int pull_may_write(struct arena *arena, struct github *github, const char *login, bool *ret, struct err *err);

/* Who set a label that it has, the last time; *ret is NULL when GitHub does not say. */
int pull_label_actor(struct arena *arena, struct github *github, int64_t number, const char *label,
                     const char **ret, struct err *err);

#endif
