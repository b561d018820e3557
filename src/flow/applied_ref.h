/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the applied ref lives: in a job at GitHub, because the checkout is gone with the job; otherwise in
 * this clone. Whoever cannot read or write it stops before anything is written to AWS.
 */
#ifndef IAMLEASE_FLOW_APPLIED_REF_H
#define IAMLEASE_FLOW_APPLIED_REF_H

#include "github/client.h"
#include "repo/repo.h"

struct applied_ref {
    struct repo *repo;
    struct github *github; /* NULL: the ref of this clone */
};

/* The commit that it names; *ret is NULL when there is no such ref. */
int applied_ref_read(struct arena *arena, const struct applied_ref *ref, const char **ret, struct err *err);

/*
 * Sets it to `commit_id` when it still is at `expected` (NULL: when it does not exist). With both equal it
 * only proves that the ref can be written. ERR_REFUSED or ERR_GIT otherwise: another run moved it, or it
 * cannot be written. Made by another run for the same commit is as good.
 */
int applied_ref_write(struct arena *arena, const struct applied_ref *ref, const char *commit_id,
                      const char *expected, struct err *err);

/* Whether an apply did everything once, so that the applied ref names what was granted (APPLIED_ONCE_REF). */
int applied_once_read(struct arena *arena, const struct applied_ref *ref, bool *ret, struct err *err);

/* Makes that known; it may be known already. */
int applied_once_make(struct arena *arena, const struct applied_ref *ref, const char *commit_id,
                      struct err *err);

#endif
