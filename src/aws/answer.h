/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the XML of AWS's answers in pieces. What comes is hostile until it is read: no DOCTYPE, nesting at
 * most 32, one text at most 1 MiB, and what a person will see is cleaned and cut.
 */
#ifndef IAMLEASE_AWS_ANSWER_H
#define IAMLEASE_AWS_ANSWER_H

#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>

enum element_event { ELEMENT_BEGIN, ELEMENT_END };

/*
 * Called at the begin and at the end of each element below the answer's result. `path` names it from there:
 * "UserDetailList/member/UserName". `text` is, at the end, what stands between the tags ("" at the begin).
 */
typedef void answer_visit(void *context, enum element_event event, const char *path, const char *text);

struct answer_reader;

struct answer_reader *answer_reader_new(answer_visit *visit, void *context);
void answer_reader_free(struct answer_reader *reader);

/* Takes the next bytes; false when they are no answer of AWS, and ever after. */
bool answer_feed(struct answer_reader *reader, const char *bytes, size_t size);

/* Whether the answer came to its end. */
bool answer_finish(struct answer_reader *reader);

/* All of an answer at once; false when it cannot be read (what could be was visited). */
bool answer_read(const char *bytes, size_t size, answer_visit *visit, void *context);

/*
 * Whether this is how AWS says that a write was done: XML that is whole, and its root is an "…Response". A
 * web page of somebody in between is none, whatever its status.
 */
bool answer_confirms(const char *bytes, size_t size);

/* What an answer with an error says. */
struct aws_error {
    char code[64];     /* "NoSuchEntity"; "" when the body names none */
    char message[513]; /* printable, one line; "" when there is none */
};

/*
 * Reads <Code> and <Message>, each the first anywhere in the body; of a body that breaks off, what came
 * before. The message ends with its first line: below it AWS repeats the signed request, token included.
 * Where one of the secrets stands in it all the same, there is "***".
 */
void aws_error_read(const char *body, size_t size, const struct secret *const *secrets, size_t secret_count,
                    struct aws_error *ret);

#endif
