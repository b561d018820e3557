/* SPDX-License-Identifier: Apache-2.0 */
/* What AWS's errors mean: whether to try again, what is as good as success, and what a person can do
 * (facts/aws.md §2.2). */
#ifndef IAMLEASE_AWS_CLASSIFY_H
#define IAMLEASE_AWS_CLASSIFY_H

#include "aws/answer.h"

enum error_class {
    CLASS_NONE,      /* no error */
    CLASS_THROTTLED, /* again after a longer wait */
    CLASS_TRANSIENT, /* again */
    CLASS_BUSY,     /* nothing was done, because something else changes the same object: again, for minutes */
    CLASS_EXPIRED,  /* the session's credentials: assume the role anew */
    CLASS_ABSENT,   /* what the call names does not exist */
    CLASS_EXISTS,   /* what the call would make exists */
    CLASS_CONFLICT, /* something still hangs on what the call would delete */
    CLASS_DENIED,   /* a permission is missing */
    CLASS_FINAL,    /* everything else */
};

struct error_info {
    const char *code;
    enum error_class class;
    const char *advice; /* what to do, as a part of a sentence; NULL: the message says it all */
};

/* By AWS's code, otherwise by the HTTP status. Never NULL. */
const struct error_info *classify(long status, const struct aws_error *error);

#endif
