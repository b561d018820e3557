/* SPDX-License-Identifier: Apache-2.0 */
/* Where IAM and STS are, and how requests to them are signed. */
#ifndef IAMLEASE_AWS_ENDPOINT_H
#define IAMLEASE_AWS_ENDPOINT_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

struct endpoint {
    const char *service; /* "iam" */
    const char *url;     /* with a path, at least "/" */
    const char *sigv4;   /* as libcurl wants it: "aws:amz:us-east-1:iam" */
    bool is_loopback;
};

/* What was asked for; NULL: nothing. */
struct endpoint_wishes {
    const char *region, *url, *url_iam, *url_sts;
};

/*
 * The endpoints of a partition (facts/aws.md §7.3; from the rule sets of AWS's own SDKs). A URL of a service
 * wins over the general one, and that over the partition's. Without a region it is the partition's first.
 * ERR_USAGE: an unknown partition, a region of another one, a URL that is neither https nor loopback.
 */
int endpoints_resolve(struct arena *arena, const char *partition, const struct endpoint_wishes *wishes,
                      struct endpoint *ret_iam, struct endpoint *ret_sts, struct err *err);

#endif
