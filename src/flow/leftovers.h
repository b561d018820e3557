/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leftovers (DESIGN §3): attachments that a commit before the applied ref once declared, none declares now,
 * and AWS still has. A forged ref hides them from apply; the whole history does not. Only accounts that head,
 * or a commit since the ref, names are looked at.
 */
#ifndef IAMLEASE_FLOW_LEFTOVERS_H
#define IAMLEASE_FLOW_LEFTOVERS_H

#include "flow/findings.h"

/*
 * Reads the history before the applied commit, all of which must be in this clone; fills in
 * findings->leftovers. Where it is not, that is a problem when request->leftovers asks for them, and nothing
 * otherwise. ERR_USAGE: request->leftovers is another word.
 */
int leftovers_collect(const struct run *run, const struct apply_request *request, bool by_default,
                      struct findings *findings, struct problems *problems, struct err *err);

/* Of those that AWS still has: a notice each, or with "remove" the call that detaches it. */
void leftovers_add(const struct run *run, const struct apply_request *request,
                   const struct findings *findings, struct plan *plan);

#endif
