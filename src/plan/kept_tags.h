/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/plan only: the tags of roles and OIDC providers. A tag that no entry ever declared is somebody else's. */
#ifndef IAMLEASE_PLAN_KEPT_TAGS_H
#define IAMLEASE_PLAN_KEPT_TAGS_H

#include "plan/account_work.h"

/* Those that are declared. */
struct tags *kept_tags_of(struct arena *arena, const struct tag_decls *declared);

/* Those that are declared and are not there, or say something else. */
struct tags *kept_tags_missing(struct account_work *work, const struct tag_decls *declared,
                               const struct tags *live);

/* Those that are there and that a commit since the applied one declared for this role or provider, but `fact` does not. */
struct tags *kept_tags_dropped(struct account_work *work, const struct fact *fact, const struct tags *live);

#endif
