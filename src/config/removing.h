/* SPDX-License-Identifier: Apache-2.0 */
/* Takes one entry out of the text of a file of temporary-access, and touches nothing else in it. */
#ifndef IAMLEASE_CONFIG_REMOVING_H
#define IAMLEASE_CONFIG_REMOVING_H

#include "base/diag.h"
#include "base/err.h"

/*
 * `entry`: the place of the entry in its file, as the configuration has it. ERR_REFUSED: the entry
 * cannot be taken out without changing what stands beside it; then a person has to do it.
 */
int config_remove_entry(struct arena *arena, struct span entry, const char **ret_text, struct err *err);

#endif
