/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was taken back in Port before its end. Each run of a request whose access went that way has a tag of
 * its name, made before anything goes from AWS: from then on no apply grants what the run asked for, whatever
 * the files say and whatever becomes of the pull request that takes the entry out. Only who deletes the tag
 * takes the revocation back. The tags live where the applied ref does.
 */
#ifndef IAMLEASE_FLOW_PORT_REVOKED_H
#define IAMLEASE_FLOW_PORT_REVOKED_H

#include "flow/applying.h"

#define PORT_REVOKED_PREFIX "refs/tags/iamlease/revoked/"

/* Begins the names of the branches that take an entry out; the id of the run that asked follows. */
#define PORT_REVOKE_BRANCH "iamlease/revoke-"

/* Marks the run; one that is marked already is success. */
int port_revoked_add(const struct run *run, const char *run_id, const char *commit_id, struct err *err);

/*
 * The runs that are marked, sorted: at GitHub, or with NULL in this clone. -1: nobody can tell what was taken
 * back, so nothing may be granted.
 */
int port_revoked_read(struct arena *arena, struct repo *repo, struct github *github, struct strings *ret,
                      struct err *err);

/* The same, but asks only where an entry of `config` names a run, or one of `candidates` (or NULL) does. */
int port_revoked_of(const struct run *run, const struct config *config, const struct facts *candidates,
                    struct strings *ret, struct err *err);

/*
 * Adds them where they were not read and an account holds what was granted at once: no file names such a
 * run.
 */
int port_revoked_of_direct(const struct run *run, const struct settings *settings,
                           const struct observed *observed, struct strings *revoked, struct err *err);

/* Whether that is a fact of one of these runs. */
bool port_revoked_is(const struct strings *revoked, const struct fact *fact);

/*
 * What was taken back goes also where its team or its entry is held: takes it out of `held`, and says so in
 * the rows of held entries. What another entry in `desired` asks for, too, stays held.
 */
void port_revoked_release(const struct strings *revoked, const struct facts *desired, struct facts *held,
                          struct problems *problems);

/*
 * Notes what of a plan no apply would grant: of its rows, or of all facts of both sides, which a plan with
 * AWS compares. *ret: the runs that are marked; none where no fact names one. Where the tags cannot be read,
 * that is the note.
 */
void port_revoked_note(struct arena *arena, struct repo *repo, struct github *github,
                       const struct facts *all_before, const struct facts *all_after, struct plan *plan,
                       struct strings *ret);

/* What is left of facts without those of these runs; of several entries, the others ask for it still. */
struct facts port_revoked_without(struct arena *arena, const struct strings *revoked,
                                  const struct facts *facts);

/* `config` without the entries of these runs, with a notice for each that has not ended. */
void port_revoked_leave_out(struct arena *arena, const struct strings *revoked, const struct config *config,
                            int64_t now_s, struct config *ret, struct notices *notices);

#endif
