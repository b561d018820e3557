/* SPDX-License-Identifier: Apache-2.0 */
#include "net/headers.h"

#include "base/str.h"

#include <string.h>

/* The largest number that is read: the year 5138 as an epoch, and no danger when it is added to a clock. */
static const int64_t number_max = 99999999999;

struct headers headers_none(void)
{
    return (struct headers){.limits = {.retry_after_s = -1, .remaining = -1, .reset_s = -1}};
}

/* The value of the header `name` without blanks around it, when the line is one; otherwise false. */
static bool take_value(const char *line, size_t size, const char *name, char *ret, size_t room)
{
    size_t length = strlen(name);
    if (size <= length || line[length] != ':' || strncasecmp(line, name, length) != 0)
        return false;
    const char *value = line + length + 1, *end = line + size;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r' || end[-1] == '\n'))
        end--;
    size_t used = (size_t)(end - value);
    ret[0] = 0;
    if (used >= room)
        return true; /* too long to be what we look for */
    for (size_t i = 0; i < used; i++)
        if (value[i] < ' ' || value[i] >= 0x7f)
            return true;
    memcpy(ret, value, used);
    ret[used] = 0;
    return true;
}

static bool take_number(const char *line, size_t size, const char *name, int64_t *ret)
{
    char text[16];
    if (!take_value(line, size, name, text, sizeof text))
        return false;
    int64_t number = 0;
    const char *digit = text;
    for (; *digit >= '0' && *digit <= '9' && number <= number_max; digit++)
        number = number * 10 + (*digit - '0');
    *ret = *text && !*digit && number <= number_max ? number : -1;
    return true;
}

/* The request id goes into reports. */
static bool take_request_id(struct headers *headers, const char *line, size_t size)
{
    char *id = headers->request_id;
    if (!take_value(line, size, "x-amzn-requestid", id, REQUEST_ID_SIZE) &&
        !take_value(line, size, "x-github-request-id", id, REQUEST_ID_SIZE))
        return false;
    if (!str_only(id, "-:_"))
        id[0] = 0;
    return true;
}

void headers_take(struct headers *headers, const char *line, size_t size)
{
    (void)(take_request_id(headers, line, size) ||
           take_value(line, size, "link", headers->link, sizeof headers->link) ||
           take_number(line, size, "retry-after", &headers->limits.retry_after_s) ||
           take_number(line, size, "x-ratelimit-remaining", &headers->limits.remaining) ||
           take_number(line, size, "x-ratelimit-reset", &headers->limits.reset_s));
}
