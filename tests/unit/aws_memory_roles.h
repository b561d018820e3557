/* SPDX-License-Identifier: Apache-2.0 */
/* Of an AWS in memory (aws_memory.h): roles and OIDC providers. */
#ifndef IAMLEASE_UNIT_AWS_MEMORY_ROLES_H
#define IAMLEASE_UNIT_AWS_MEMORY_ROLES_H

#include "model/observed.h"
#include "model/operation.h"

/* Each changes the state; gives NULL, or why IAM would say no. */
const char *memory_create_role(struct arena *arena, struct observed_account *account,
                               const struct operation *operation);
const char *memory_change_role(struct arena *arena, struct observed_principal *role,
                               const struct operation *operation);
const char *memory_change_provider(struct arena *arena, struct observed_account *account,
                                   const struct operation *operation);

#endif
