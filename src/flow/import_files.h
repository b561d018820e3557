/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: the files that import writes. */
#ifndef IAMLEASE_FLOW_IMPORT_FILES_H
#define IAMLEASE_FLOW_IMPORT_FILES_H

#include "flow/importing.h"
#include "flow/source.h"

/* Where they go. */
struct import_place {
    const char *top;   /* a folder that is there */
    const char *root;  /* below it: "", or a path without slash at the end */
    const char *shown; /* in front of a path where a reader sees it: "", or --out with a slash behind */
    bool has_accounts; /* the file of aws-accounts is there and stays */
};

/* "aws-policies/payments.yaml" below the place, as readers see it. */
const char *import_path(struct arena *arena, const struct import_place *place, enum file_kind kind,
                        const char *team);

/* ERR_REFUSED when a file is there that would be written; asked before AWS is. */
int import_check_free(struct arena *arena, const struct import_place *place, const char *team,
                      struct err *err);

/*
 * Makes the texts and looks at them as `validate` will, among the other files of `source`, and as the next
 * plan does (flow/import_plan.h). ERR_REFUSED: they would not pass; `diags` says why, or the message.
 */
int import_make_files(const struct run *run, const struct importing_request *request,
                      const struct import_place *place, const struct source *source,
                      const struct observed *observed, const struct team_config *team, bool writes_roles,
                      struct map *unfit, struct diags *diags, bool *ret_is_unfit, struct imported *ret,
                      struct err *err);

/* Writes all of them, or none. */
int import_write_files(struct arena *arena, const struct import_place *place, const struct imported *imported,
                       struct err *err);

#endif
