/* SPDX-License-Identifier: Apache-2.0 */
/* What the machine does for each kind of operation: the IAM action, its parameters, whether it may be repeated. */
#ifndef IAMLEASE_AWS_IAM_REQUEST_H
#define IAMLEASE_AWS_IAM_REQUEST_H

#include "base/buf.h"
#include "model/operation.h"

/* "AttachUserPolicy" */
const char *operation_action(const struct operation *operation);

/*
 * Whether a second time gives what the first gave, or an error from which one can tell. Not so
 * CreatePolicyVersion: a repeat would use up one of five versions.
 */
bool operation_is_repeatable(const struct operation *operation);

/* The request's form; what the operation leaves NULL or empty is left out. */
void operation_write_form(const struct operation *operation, struct buf *form);

/* "UserName", "RoleName" or "GroupName", and the action that reads an inline policy of such a principal. */
const char *principal_parameter(enum principal_kind kind);
const char *principal_get_inline_action(enum principal_kind kind);

#endif
