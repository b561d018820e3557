/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a session: shared by the files of this folder only. */
#ifndef IAMLEASE_AWS_SESSION_H
#define IAMLEASE_AWS_SESSION_H

#include "aws/aws.h"
#include "aws/endpoint.h"
#include "base/map.h"

struct credentials;

/* One account: the role that is assumed there, and what came of it. */
struct account_session {
    const char *id;
    const char *role_arn;
    const char *role_kind; /* "deployer" or "plan", as `iamlease policy` has it; NULL: bootstrap's */
    bool uses_base;        /* no role: the credentials of the environment belong to this account */
    struct credentials *credentials; /* NULL: none yet */
    struct waiter *waiters; /* those who wait for credentials; not NULL while AssumeRole is on its way */
};

struct aws {
    struct net *net;
    struct arena *arena;
    const char *partition, *role, *role_kind, *session_name; /* of accounts: see struct account_session */
    const char *external_id;                                 /* "": none */
    struct endpoint iam, sts;
    struct account_session base; /* what assumes the roles; without a role_arn its credentials never change */
    struct {
        const char *url;      /* with the audience */
        struct secret bearer; /* for the request at `url` */
    } id_token;               /* GitHub's OIDC endpoint; used when base has a role_arn */
    struct map accounts;      /* id → struct account_session */
    struct {
        VEC_FIELDS(struct account_session *);
    } account_list;
    void (*on_secret)(void *context, const struct secret *secret); /* see struct aws_environment */
    void *on_secret_context;
    struct map created; /* what this run made: ARNs of policies, "<account> role <name>" */
};

/* Tells whoever wants to know of a secret that AWS or GitHub gave us. */
void aws_secret_came(const struct aws *aws, const struct secret *secret);

/* The account's session, made at the first call. */
struct account_session *aws_account(struct aws *aws, const char *account_id);

/*
 * A RoleSessionName: 2 to 64 of [A-Za-z0-9_+=,.@-] (STS API reference, AssumeRole). Others become dashes;
 * what is too short becomes "iamlease".
 */
const char *session_name_clean(struct arena *arena, const char *name);

#endif
