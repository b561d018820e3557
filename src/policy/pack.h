/* SPDX-License-Identifier: Apache-2.0 */
/* Things of a size into as few bins as possible. */
#ifndef IAMLEASE_POLICY_PACK_H
#define IAMLEASE_POLICY_PACK_H

#include "base/arena.h"

#include <stddef.h>

/*
 * Gives each of `count` things a bin, from 0 on, and returns how many bins there are: the fewest, except that
 * the search for them is cut off where it would take long (then those of first-fit decreasing, at most).
 * A bin holds `room` at most; a thing that is larger has one to itself. The same input gives the same bins.
 */
size_t pack_into_bins(struct arena *arena, const size_t *sizes, size_t count, size_t room, size_t *ret_bins);

#endif
