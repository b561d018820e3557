/* SPDX-License-Identifier: Apache-2.0 */
/* Ad-hoc grants: `permissions` and `resources` of an entry of temporary-access, instead of a grant with a name. */
#ifndef IAMLEASE_CONFIG_AD_HOC_H
#define IAMLEASE_CONFIG_AD_HOC_H

#include "config/decode.h"

/* [struct access_entry] one text or a list; both write to the statement of entry->ad_hoc. */
extern const struct value_type type_ad_hoc_permissions, type_ad_hoc_resources;

/* Gives the entry's policy its name, when both keys are decoded; an entry without one stays as it is. */
void ad_hoc_finish(struct arena *arena, struct access_entry *entry);

#endif
