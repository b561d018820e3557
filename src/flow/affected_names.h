/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which principals the teams of a change name, and which other teams may name one of them. Teams that have an
 * account in common touch each other only where they share a name in it: a principal's attachments, inline
 * policies and their room; two addresses that come to one user; a name in AWS that two policies come to.
 */
#ifndef IAMLEASE_FLOW_AFFECTED_NAMES_H
#define IAMLEASE_FLOW_AFFECTED_NAMES_H

#include "flow/source.h"

/* IAM's names are one when they differ in case only: all are in small letters. */
enum { AFFECTED_NAME_MAX = 254 }; /* of an address; names of IAM are shorter */

struct affected_names {
    struct arena *arena;
    struct repo *repo;
    const struct source *sides[2];
    struct settings settings;
    struct map principals; /* users (the names that addresses come to), roles and groups */
    struct map teams;      /* those of the change */
    struct map stems;      /* how their names begin, up to a dash: "a" and "a-b" of "a-b-c" */
    struct decoded_files decoded;
    bool has_length[AFFECTED_NAME_MAX + 1]; /* of a principal */
    bool unknown;                           /* not all are known: every team may share one */
    char small[256];                        /* small letters of what names are made of; 0: another byte */
};

/* Reads the settings, which say what addresses come to and are the same on both sides. */
int affected_names_begin(struct arena *arena, struct repo *repo, const struct source *base,
                         const struct source *head, struct affected_names *ret, struct err *err);

/* Adds a team that differs, with the principals of its entries on both sides. */
int affected_names_add(struct affected_names *names, const char *team, struct err *err);

/* Whether a team that does not differ may share a name with one of those: never false where it does. */
int affected_names_shared(struct affected_names *names, const char *team, bool *ret, struct err *err);

/*
 * Whether a team may attach a managed policy of an account, which may be one that another team declares: then
 * what else stands in the account matters too (plan/concerned.h).
 */
int affected_names_customer_policy(struct affected_names *names, const char *team, bool *ret, struct err *err);

#endif
