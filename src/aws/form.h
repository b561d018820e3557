/* SPDX-License-Identifier: Apache-2.0 */
/* Form encoding of requests, and percent-decoding of the documents in answers. */
#ifndef IAMLEASE_AWS_FORM_H
#define IAMLEASE_AWS_FORM_H

#include "base/buf.h"

struct arena;

/* The longest request: a document of 131,072 characters, each encoded as six bytes, and the rest. */
enum { FORM_MAX = 1024 * 1024 };

/* Begins a form: "Action=…&Version=…". */
void form_begin(struct buf *form, const char *action, const char *version);

/*
 * Adds "&key=value". Letters, digits and "-._~" stay as they are, a space becomes '+', everything else %XX
 * in upper case. AWS signs the bytes as they are sent; an emulator encodes them anew before it checks the
 * signature, and only this form survives that (facts/aws.md §6.3).
 */
void form_add(struct buf *form, const char *key, const char *value);

/*
 * A policy document as it stands in an answer: percent-encoded where its first non-blank byte is '%',
 * otherwise as it is (decoding blindly would break a document in which %2F stands). One that is encoded
 * wrongly stays as it is.
 */
const char *document_decode(struct arena *arena, const char *text);

#endif
