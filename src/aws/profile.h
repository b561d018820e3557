/* SPDX-License-Identifier: Apache-2.0 */
/* The shared credentials file of AWS's own tools (AWS SDKs and Tools Reference Guide, "Shared config and
 * credentials files"). */
#ifndef IAMLEASE_AWS_PROFILE_H
#define IAMLEASE_AWS_PROFILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"

/*
 * Reads the keys of one profile; the secrets are the caller's to clear. ERR_USAGE: the file cannot be read or
 * is larger than 1 MiB, there is no such profile, it has no keys (only static keys are taken: no role_arn, no
 * single sign-on, no credential_process).
 */
int profile_read(struct arena *arena, const char *path, const char *profile, const char **ret_access_key_id,
                 struct secret *ret_secret_access_key, struct secret *ret_session_token, struct err *err);

#endif
