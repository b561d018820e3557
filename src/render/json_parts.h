/* SPDX-License-Identifier: Apache-2.0 */
/* The parts that JSON documents share. A key is always there; what does not apply is null. */
#ifndef IAMLEASE_RENDER_JSON_PARTS_H
#define IAMLEASE_RENDER_JSON_PARTS_H

#include "base/json.h"
#include "model/plan.h"

/* Opens the document: {"format":"iamlease/<kind>","version":1 */
struct json_writer json_document_begin(struct buf *out, const char *kind);
void json_document_end(struct json_writer *writer);

/* "principal":{"kind","name","declared_as"}; null without a name; no "declared_as" where that is NULL. */
void json_principal(struct json_writer *writer, enum principal_kind kind, const char *name,
                    const char *declared_as);

/* The same where there is no such kind: "oidc-provider". */
void json_principal_of(struct json_writer *writer, const char *kind, const char *name,
                       const char *declared_as);

/* "place":{"file","line","column"}, or null */
void json_place(struct json_writer *writer, struct span span);

/* "base":{"name","id"}, "head":{…} */
void json_commit(struct json_writer *writer, const char *key, const char *name, const char *id);

/* The keys of an operation, into an object that is open. */
void json_operation_keys(struct json_writer *writer, const struct operation *operation);

/* "drift":[…] */
void json_drift(struct json_writer *writer, const struct drift *drift);

/* "problems":[…] and "notices":[…] */
void json_problems(struct json_writer *writer, const struct problems *problems);
void json_notices(struct json_writer *writer, const struct notices *notices);

/* A list of what was found in the files, with its place. */
void json_diagnostics(struct json_writer *writer, const struct diags *diags);

#endif
