/* SPDX-License-Identifier: Apache-2.0 */
/* import: accounts become the files of a team. Nothing is written to AWS, and nothing that is there is
 * overwritten. */
#ifndef IAMLEASE_FLOW_IMPORTING_H
#define IAMLEASE_FLOW_IMPORTING_H

#include "flow/applying.h"
#include "model/imported.h"

struct importing_request {
    const char *team;
    const struct strings *accounts; /* "NAME=ID"; none: those in the team's file of aws-accounts */
    const struct strings *patterns[PRINCIPAL_KIND_COUNT]; /* see import_request */
    const char *root_option;
    const char *out; /* a folder to write into instead of the config root, or NULL */
    bool adopts, dry_run;
    bool strict; /* nothing is written when anything is left behind */
    bool lets_go; /* what the next apply takes away of this team's is meant to go; without it nothing is written */
    int64_t now_s;
};

/*
 * Reads the accounts with the plan role where the settings name one, else with the deployer role, as `who`
 * does, and writes the files of the team, all or none. *ret has their texts. ERR_USAGE: no such team or
 * account can be. ERR_REFUSED: a file is there already; the configuration in the work tree has errors, or
 * would have with these files
 * (`diags` says which). ERR_AWS: an account could not be read.
 */
int flow_import(const struct run *run, const struct importing_request *request, struct diags *diags,
                struct imported *ret, struct err *err);

#endif
