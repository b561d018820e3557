/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint.h"

#include "base/str.h"
#include "net/net.h"

#include <string.h>

struct partition {
    const char *name;
    const char *region_prefix; /* of all its regions; "": those that no other partition claims */
    const char *region;        /* when none is asked for */
    const char *iam_host, *iam_region;
    const char *suffix; /* of the host names of STS */
};

static const struct partition partitions[] = {
    {"aws", "", "us-east-1", "iam.amazonaws.com", "us-east-1", "amazonaws.com"},
    {"aws-cn", "cn-", "cn-north-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1", "amazonaws.com.cn"},
    {"aws-us-gov", "us-gov-", "us-gov-west-1", "iam.us-gov.amazonaws.com", "us-gov-west-1", "amazonaws.com"},
    {"aws-iso", "us-iso-", "us-iso-east-1", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "c2s.ic.gov"},
    {"aws-iso-b", "us-isob-", "us-isob-east-1", "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
     "sc2s.sgov.gov"},
    {"aws-eusc", "eusc-", "eusc-de-east-1", "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1",
     "amazonaws.eu"},
};

enum { PARTITION_COUNT = sizeof partitions / sizeof *partitions };

static const struct partition *find_partition(const char *name)
{
    for (size_t i = 0; i < PARTITION_COUNT; i++)
        if (str_eq(partitions[i].name, name))
            return &partitions[i];
    return NULL;
}

static const struct partition *partition_of_region(const char *region)
{
    for (size_t i = 1; i < PARTITION_COUNT; i++)
        if (str_prefix(region, partitions[i].region_prefix))
            return &partitions[i];
    return &partitions[0];
}

static bool has_user_info(const char *url)
{
    const char *colon = strstr(url, "://"), *authority = colon ? colon + 3 : url;
    return memchr(authority, '@', strcspn(authority, "/?#")) != NULL;
}

/* What may be printed of a URL: a password may hold whatever there is, so nothing before the last '@'. */
static const char *without_user_info(const char *url)
{
    const char *at = strrchr(url, '@');
    return at ? at + 1 : url;
}

static int make(struct arena *arena, const char *service, const char *url, const char *region,
                struct endpoint *ret, struct err *err)
{
    bool is_loopback = false;
    if (has_user_info(url) || !net_url_is_allowed(url, &is_loopback) || strchr(url, '?'))
        return err_set(err, ERR_USAGE,
                       "the endpoint '%.200s' for %s cannot be used: it must be https://HOST, or http:// with a "
                       "loopback address, and without a user's name or password; look at AWS_ENDPOINT_URL",
                       without_user_info(url), service);
    const char *authority = strstr(url, "://") + 3;
    *ret = (struct endpoint){
        .service = service,
        .url = strchr(authority, '/') ? arena_strdup(arena, url) : arena_printf(arena, "%s/", url),
        .sigv4 = arena_printf(arena, "aws:amz:%s:%s", region, service),
        .is_loopback = is_loopback,
    };
    return 0;
}

int endpoints_resolve(struct arena *arena, const char *partition, const struct endpoint_wishes *wishes,
                      struct endpoint *ret_iam, struct endpoint *ret_sts, struct err *err)
{
    const struct partition *known = find_partition(partition);
    if (!known)
        return err_set(
            err, ERR_USAGE,
            "there is no partition '%.64s'; it is aws, aws-cn, aws-us-gov, aws-iso, aws-iso-b or aws-eusc",
            partition);
    const char *region = wishes->region ? wishes->region : known->region;
    size_t length = strlen(region);
    if (length < 1 || length > 32 || !str_only(region, "-"))
        return err_set(err, ERR_USAGE, "'%.64s' is no region; look at AWS_REGION", region);
    if (partition_of_region(region) != known)
        return err_set(err, ERR_USAGE,
                       "region '%s' is not in partition '%s'; look at AWS_REGION and aws.region", region,
                       partition);

    const char *iam_url = wishes->url_iam ? wishes->url_iam : wishes->url;
    const char *sts_url = wishes->url_sts ? wishes->url_sts : wishes->url;
    if (!iam_url)
        iam_url = arena_printf(arena, "https://%s/", known->iam_host);
    if (!sts_url)
        sts_url = arena_printf(arena, "https://sts.%s.%s/", region, known->suffix);
    if (make(arena, "iam", iam_url, known->iam_region, ret_iam, err) < 0)
        return -1;
    return make(arena, "sts", sts_url, region, ret_sts, err);
}
