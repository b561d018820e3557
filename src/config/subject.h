/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a diagnostic is about, found by the place where it stands, and its identity: its name and the values
 * that it concerns, but no line. Two sides of a change have one identity where nothing that matters changed.
 */
#ifndef IAMLEASE_CONFIG_SUBJECT_H
#define IAMLEASE_CONFIG_SUBJECT_H

#include "base/map.h"
#include "config/config.h"

/* Where the files of a configuration are. */
struct subjects {
    struct arena *arena;
    const struct config *config;
    struct map files; /* address of a struct source_file → struct subject: the file as a whole */
};

/*
 * At most one of entry, policy and account is set, and then a team; with a team alone, it is the whole team;
 * with nothing, the whole configuration: the settings, or something that is no file of ours.
 */
struct subject {
    enum file_kind kind;
    const struct team_config *team;
    const struct access_entry *entry;
    const struct policy_decl *policy;
    const struct account_decl *account;
};

/* `inputs` are those from which `config` was loaded; both must live on. */
struct subjects subjects_new(struct arena *arena, const struct config_inputs *inputs,
                             const struct config *config);

struct subject subject_find(const struct subjects *subjects, struct span span);

/*
 * The diagnostic's id, path and message, and of its subject: who gets what, where, from when to when, and
 * what the policies behind it hold.
 */
const char *subject_identity(const struct subjects *subjects, const struct diag *diag);

#endif
