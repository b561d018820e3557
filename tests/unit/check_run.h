/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of checks as a table: the files, what is found in them, and what is said of the first. */
#ifndef IAMLEASE_UNIT_CHECK_RUN_H
#define IAMLEASE_UNIT_CHECK_RUN_H

#include "config_run.h"

#define ACCOUNTS                                                                                    \
    {                                                                                               \
        "aws-accounts/a.yaml", "aws-accounts:\n  nonprod: '123456789012'\n  prod: '345678901234'\n" \
    }
#define POLICIES                                                                                     \
    {                                                                                                \
        "aws-policies/a.yaml",                                                                       \
            "aws-policies:\n  dev.read-only:\n    managed_policies: ['arn:aws:iam::aws:policy/R']\n" \
            "  dev.write:\n    managed_policies: ['arn:aws:iam::aws:policy/W']\n"                    \
    }
#define PERMANENT(entry)                                              \
    {                                                                 \
        "permanent-access/a.yaml", "permanent-access:\n- " entry "\n" \
    }
#define TEMPORARY(grant, environment)                                                      \
    {                                                                                      \
        "temporary-access/a.yaml",                                                         \
            "temporary-access:\n- expiration_date: 2025-11-30\n  user: u\n  grant: " grant \
            "\n  environment: " environment "\n"                                           \
    }

struct check_case {
    struct text_file files[TEXT_FILES_MAX];
    const char *expected;       /* as config_run_diags() gives it */
    const char *message, *hint; /* of the first one; NULL: not compared */
};

void check_run_cases(const struct check_case *cases, size_t count);

/* A list in YAML: "[a0, a1, …]" */
const char *check_run_many(struct arena *arena, char prefix, int count);

#endif
