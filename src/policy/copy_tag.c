/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/copy_tag.h"

#include "base/hash.h"
#include "base/str.h"

#include <string.h>

const char *copy_tag(struct arena *arena, const char *arn)
{
    char hex[SHA256_HEX_SIZE];
    return arena_printf(arena, "x%.*s", COPY_TAG_SIZE - 1, sha256_hex(arn, strlen(arn), hex));
}

const char *copy_tag_version(struct arena *arena, const char *version_id)
{
    char *clean = arena_strdup(arena, version_id), *to = clean;
    for (; *version_id; version_id++)
        if (*version_id != '.' && *version_id != '-')
            *to++ = *version_id;
    *to = 0;
    return clean;
}

const char *copy_tag_of(const struct statement *statement, const char *sid_prefix)
{
    const char *sid = statement->sid;
    if (!sid || !str_prefix(sid, sid_prefix))
        return "";
    sid += strlen(sid_prefix);
    return sid + strspn(sid, "0123456789");
}
