/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What leases copied of managed policies that changed since: only the version that was copied says whether a
 * lease is what it was when it was lent. One call for each such version; none where nothing changed.
 */
#ifndef IAMLEASE_AWS_OBSERVE_COPIED_H
#define IAMLEASE_AWS_OBSERVE_COPIED_H

#include "aws/aws.h"

/* What is called when all that there is was read. */
typedef void observe_copied_done(void *context);

/*
 * Reads into `account`, whose policies and sources are there already, the versions that the Sids of its
 * policies name and that are not the default of their source any more; calls `done` once, perhaps before it
 * returns. Of a version that cannot be read there is no document. `known`: ARN and version of AWS's own
 * policies → struct observed_copied; they are the same in every account. All arguments live until then.
 */
void observe_copied(struct arena *arena, struct aws *aws, struct observed_account *account, struct map *known,
                    observe_copied_done *done, void *context);

#endif
