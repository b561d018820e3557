/* SPDX-License-Identifier: Apache-2.0 */
/* iamlease bootstrap: what must be there before the first apply, described, made or checked. */
#ifndef IAMLEASE_FLOW_BOOTSTRAPPING_H
#define IAMLEASE_FLOW_BOOTSTRAPPING_H

#include "flow/applying.h"
#include "model/bootstrap.h"

/* What the command line says beside the settings; NULL and empty lists: what these say. */
struct bootstrap_request {
    const char *head; /* revision; NULL: the files on disk, in a job HEAD */
    const char *root_option;
    const char *hub_account, *repository, *repository_ids, *through_role;
    const struct strings *accounts; /* ids, some with commas between */
    const char *journal;            /* path, or NULL */
    bool dry_run, check;
    int64_t now_s;
};

struct bootstrap_plan {
    struct settings settings; /* with what the command line says */
    struct bootstrap wanted;
    const char *head_name, *head_id;
};

/*
 * Reads the settings and, where nothing else names the accounts, aws-accounts/ of all teams. Needs no AWS.
 * What is wrong in the files goes to `diags`: then `ret` says nothing. ERR_USAGE: something is missing or
 * malformed.
 */
int bootstrap_describe(struct arena *arena, struct repo *repo, bool is_actions,
                       const struct bootstrap_request *request, struct diags *diags,
                       struct bootstrap_plan *ret, struct err *err);

/*
 * Reads the accounts, and makes what is missing unless `dry_run` or `check` is asked for. The account of the
 * environment's credentials is reached with them, the others by the role settings.bootstrap.through_role;
 * without it they are problems of the report.
 */
int flow_bootstrap(const struct run *run, const struct bootstrap_request *request,
                   const struct bootstrap_plan *bootstrap, struct report *ret, struct err *err);

#endif
