/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/config only: the parts of files as text. */
#ifndef IAMLEASE_CONFIG_FILE_ROLES_H
#define IAMLEASE_CONFIG_FILE_ROLES_H

#include "config/yaml_writer.h"
#include "model/configuration.h"

/* What stands in aws-roles/<team>.yaml, within the mapping that the file is. */
void file_write_roles(struct yaml_writer *writer, const struct team_config *team);

/* A key and its list; nothing for one that is empty. */
void file_write_list(struct yaml_writer *writer, const char *key, const struct located_list *list);

/* Whether two roles of aws-roles, or two OIDC providers, are declared alike; places do not matter. */
bool file_same_role(const struct policy_decl *a, const struct policy_decl *b);

#endif
