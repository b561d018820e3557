/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: what the next plan makes of the files that import writes. */
#ifndef IAMLEASE_FLOW_IMPORT_PLAN_H
#define IAMLEASE_FLOW_IMPORT_PLAN_H

#include "flow/importing.h"
#include "model/observed.h"
#include "model/rules.h"

/*
 * Looks at the plan of `config`, which has the team's new files. For what the files say nothing may be left
 * to do: an entry for which something is becomes one of `unfit` (see import_request), and *ret_is_unfit is
 * set. ERR_REFUSED: what is left to do is for no single entry. Then marks in `ret` what is left behind and
 * the next apply of all teams takes away, because it carries our mark and nobody declares it.
 */
int import_check_plan(const struct run *run, const struct importing_request *request,
                      const struct config *config, const struct all_account_rules *rules,
                      const struct observed *observed, bool writes_roles, struct map *unfit,
                      bool *ret_is_unfit, struct imported *ret, struct err *err);

#endif
