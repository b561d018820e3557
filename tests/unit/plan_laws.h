/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every configuration and every plan. plan_world.c asks for it wherever one comes by. */
#ifndef IAMLEASE_UNIT_PLAN_LAWS_H
#define IAMLEASE_UNIT_PLAN_LAWS_H

#include "plan_world.h"

/* Facts are sorted, each identity once; where AWS holds what they imply there is nothing to do. */
void plan_laws_of_facts(const struct world *world, const struct facts *facts);

/*
 * An operation stands behind all that it waits for; executed in whatever order that allows, none is refused
 * by an AWS as strict as IAM; afterwards there is nothing to do, unless a problem asks for another run; and
 * in between nobody may do what neither state allows (plan_moments.h).
 */
void plan_laws_of_plan(const struct world *world);

#endif
