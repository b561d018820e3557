/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: what can be seen to only read. */
#ifndef IAMLEASE_CONFIG_ONLY_READS_H
#define IAMLEASE_CONFIG_ONLY_READS_H

#include "config/judging.h"

/*
 * Whether all that an entry grants can be seen to only read: actions whose names begin so and that give no
 * credentials, and AWS's managed policies for that; what cannot be read here is not known to. A grant that
 * the team does not have counts as reading: it grants nothing.
 */
bool entry_only_reads(const struct judging *judging, const struct access_entry *entry);

#endif
