/* SPDX-License-Identifier: Apache-2.0 */
/* What libyaml could not read, in words that help. */
#ifndef IAMLEASE_CONFIG_YAML_PROBLEM_H
#define IAMLEASE_CONFIG_YAML_PROBLEM_H

#include "config/source_text.h"

#include <yaml.h>

/* Adds the diagnostic for a parser that has failed. */
void yaml_problem_report(const yaml_parser_t *parser, const struct source_text *text, struct diags *diags);

#endif
