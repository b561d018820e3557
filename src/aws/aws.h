/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS as the rest of the program sees it: a session with credentials, reading the state of accounts, calling
 * one operation. Requests run side by side on one `struct net`; every function that starts something calls
 * back when it is over.
 */
#ifndef IAMLEASE_AWS_AWS_H
#define IAMLEASE_AWS_AWS_H

#include "base/err.h"
#include "base/secret.h"
#include "model/observed.h"
#include "model/operation.h"
#include "model/report.h"
#include "net/net.h"

/* What the environment says; main.c fills it. NULL: unset. */
struct aws_environment {
    const char *access_key_id;
    struct secret secret_access_key, session_token; /* owned by the caller */
    const char *region;                             /* AWS_REGION, AWS_DEFAULT_REGION */
    const char *endpoint_url, *endpoint_url_iam, *endpoint_url_sts;
    const char *profile;          /* AWS_PROFILE */
    const char *credentials_file; /* AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials */
    const char *role_to_assume;   /* the ARN of a role that GitHub's OIDC token opens */
    const char *id_token_url;     /* ACTIONS_ID_TOKEN_REQUEST_URL, and what to show there */
    struct secret id_token_bearer;
    /* Is shown each secret that the session is given, before its first use, so that a log can hide it; or NULL. */
    void (*on_secret)(void *context, const struct secret *secret);
    void *on_secret_context;
};

struct aws;

/* The two roles that the program assumes in accounts; role_policy.h has what each may do. */
enum role_kind {
    ROLE_DEPLOYER, /* of apply, cleanup and who */
    ROLE_PLAN,     /* of plan: reads only */
};

/*
 * Makes a session that assumes that role in each account; makes no request. `session_name` becomes the
 * RoleSessionName (cleaned to what STS allows). ERR_USAGE: no credentials (says which variables to set; in
 * order: GitHub's OIDC token with a role to assume, keys, a named profile, and none replaces another that is
 * incomplete), a malformed endpoint, one that is neither https nor loopback.
 */
int aws_open(struct aws **ret, const struct aws_environment *environment, const struct settings *settings,
             enum role_kind role, const char *session_name, struct net *net, struct err *err);

/*
 * Whether the environment offers any credentials, so that one may ask AWS or leave it: keys, a named profile,
 * or a role to assume in a job that gets an OIDC token. Whether they are good is aws_open()'s and AWS's affair.
 */
bool aws_has_credentials(const struct aws_environment *environment);

/* Wipes the credentials. After net_run(), before net_close(); NULL is allowed. */
void aws_close(struct aws *aws);

/* Whether every endpoint is a loopback address (127.0.0.0/8, [::1], localhost): only there may a test move the clock. */
bool aws_is_loopback(const struct aws *aws);

/*
 * Reads all accounts of `needs` side by side: AssumeRole of the role,
 * GetAccountAuthorizationDetails (User, Role, LocalManagedPolicy; all pages), GetAccountSummary; where they
 * are wanted, GetRole of roles and the OIDC providers. Runs the
 * net until all is read. An account that cannot be read has its `error` set (what happened, and what to do)
 * and does not disturb the others. Principals and policies come sorted by name. Returns -1 only when the run
 * was stopped (ERR_STOPPED).
 */
int aws_observe(struct arena *arena, struct aws *aws, const struct needs *needs, const char *owner,
                struct observed *ret, struct err *err);

/*
 * The outcome of one operation; texts live in the arena that was given to aws_call. RESULT_PENDING: a signal
 * stopped the run before anything was written, or its deadline passed before anything was tried.
 */
typedef void aws_done(void *context, const struct result *result);

/*
 * Starts one operation in its account; `done` is called from within net_run(), until then `operation` and
 * the arena must live. The call knows what repeats are safe: a lost answer of CreatePolicyVersion is settled
 * by reading the versions, EntityAlreadyExists of CreatePolicy by reading the policy, NoSuchEntity of a
 * removal is success; OP_DELETE_INLINE_POLICY with a `document` reads the policy again first and refuses
 * when it changed, OP_TAG_POLICY the tags, and refuses when somebody else's mark is there.
 */
void aws_call(struct arena *arena, struct aws *aws, const struct operation *operation, aws_done *done,
              void *context);

#endif
