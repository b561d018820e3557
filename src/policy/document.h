/* SPDX-License-Identifier: Apache-2.0 */
/* Policy documents: read, written, compared by meaning, measured. */
#ifndef IAMLEASE_POLICY_DOCUMENT_H
#define IAMLEASE_POLICY_DOCUMENT_H

#include "base/err.h"
#include "model/policy_document.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads a policy document as AWS stores it: Statement as object or list, strings where lists are allowed.
 * ERR_INPUT: not JSON, an element that identity policies do not have (Principal …), a wrong type, a missing
 * Effect, not exactly one of Action and NotAction, of Resource and NotResource. A Version other than
 * 2012-10-17 is an error too, because its variables would mean something else: such a document is never equal
 * to one of ours. Elements that are not known are errors; a top-level Id is allowed and forgotten. Numbers
 * and booleans as condition values become texts.
 */
int document_parse(struct arena *arena, const char *json, size_t size, struct document *ret, struct err *err);

/*
 * Reads the trust policy of a role likewise: each statement has a Principal ("*", or kinds that hold one text
 * or a list) and no Resource. NotPrincipal is an error.
 */
int document_parse_trust(struct arena *arena, const char *json, size_t size, struct document *ret,
                         struct err *err);

/*
 * Minified JSON: Version 2012-10-17, actions and resources always as lists, a single
 * condition value as a string (so that nobody takes a date for the first of several), keys in the order Sid,
 * Effect, Action… Conditions are grouped by operator; no statement may hold one operator and key, spelled
 * alike, twice.
 */
const char *document_to_json(struct arena *arena, const struct document *document);

/*
 * Equal in meaning: the order of statements and of lists does not matter, repeated statements and values
 * count once, actions, condition operators and keys are compared without regard to case, resources exactly,
 * Sids not at all.
 */
bool document_equal(struct arena *arena, const struct document *a, const struct document *b);

/* A text that is the same for documents that are equal in meaning, and for no others. */
const char *document_canonical(struct arena *arena, const struct document *document);

/*
 * What AWS counts against its quotas: characters (code points) without white space outside of strings. Our
 * own documents are minified; a foreign one is counted with the white space inside its strings, which is
 * never too little.
 */
size_t document_measure(const char *json);

/*
 * Whether a statement allows every action of IAM on every resource of IAM, and with that everything: "*",
 * "iam:*", "i*", a NotAction that leaves some of IAM in; on "*", "arn:aws:iam::123456789012:*", a NotResource
 * that leaves some of it in. Conditions that say when or how (time, MFA) do not change that; others do.
 */
bool document_is_administrative(const struct document *document);

/*
 * Whether an Allow statement may let `action` be done on something that `resource` stands for: an ARN in
 * which '*' and '?' are any text and any character. Conditions and Deny statements are not looked at: they
 * may narrow it, and who relies on this wants to know what may be.
 */
bool document_may(struct arena *arena, const struct document *document, const char *action,
                  const char *resource);

/*
 * Adds the actions of all Allow statements, sorted, each once, without regard to case. The NotAction of a
 * statement is one text: "everything but iam:*, sts:*".
 */
void document_allowed_actions(struct arena *arena, const struct document *document, struct strings *ret);

#endif
