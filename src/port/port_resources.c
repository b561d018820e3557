/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_resources.h"

#include "base/str.h"

#include <stdio.h>

enum { PART_COUNT = 6, ARN_MAX = 1024, ACTION_MAX = 128, ACCOUNT_ID_DIGITS = 12, SUFFIX_COUNT = 2 };

/*
 * AWS's service authorization reference, "Resource types defined by …", as of 2026: `kind` is how the last
 * part of the ARN begins; the name behind it holds only letters, digits and `others`. The suffixes are what
 * belongs to the resource: "" is the resource itself.
 */
static const struct row {
    const char *service, *kind, *others;
    bool has_region, has_account;
    const char *suffixes[SUFFIX_COUNT]; /* NULL ends them */
} rows[] = {
    {"s3", "", ".-", false, false, {"", "/*"}},
    {"ec2", "instance/", "-", true, true, {""}},
    {"ec2", "volume/", "-", true, true, {""}},
    {"ec2", "snapshot/", "-", true, false, {""}},
    {"ec2", "security-group/", "-", true, true, {""}},
    {"dynamodb", "table/", "_.-", true, true, {"", "/*"}},
    {"sqs", "", "_-.", true, true, {""}},
    {"sns", "", "_-.", true, true, {""}},
    {"lambda", "function:", "_-", true, true, {"", ":*"}},
    {"rds", "db:", "-", true, true, {""}},
    {"rds", "cluster:", "-", true, true, {""}},
    {"secretsmanager", "secret:", "/_+=.@-", true, true, {""}},
    {"ssm", "parameter/", "/_.-", true, true, {""}},
    {"logs", "log-group:", "/_.#-", true, true, {"", ":*"}},
    {"ecr", "repository/", "/_.-", true, true, {""}},
    {"kms", "key/", "-", true, true, {""}},
    {"states", "stateMachine:", "_-", true, true, {""}},
    {"kinesis", "stream/", "_.-", true, true, {""}},
    {"eks", "cluster/", "_-", true, true, {""}},
    {"ecs", "cluster/", "_-", true, true, {""}},
    {"ecs", "service/", "/_-", true, true, {""}},
};

static bool is_account_id(const char *text)
{
    return strlen(text) == ACCOUNT_ID_DIGITS && strspn(text, "0123456789") == ACCOUNT_ID_DIGITS;
}

static bool matches(const struct row *row, char *const parts[PART_COUNT])
{
    const char *name = parts[5] + strlen(row->kind);
    return str_eq(parts[2], row->service) && (*parts[3] != 0) == row->has_region &&
           (*parts[4] != 0) == row->has_account && str_prefix(parts[5], row->kind) && *name &&
           str_only(name, row->others) && str_only(parts[3], "-");
}

/* The first five colons cut it; false when there are fewer. */
static bool split(char *text, char *parts[PART_COUNT])
{
    for (int i = 0; i < PART_COUNT - 1; i++) {
        parts[i] = text;
        text = strchr(text, ':');
        if (!text)
            return false;
        *text++ = 0;
    }
    parts[PART_COUNT - 1] = text;
    return true;
}

/* The first is what was asked for: the catalog relates to that. */
static void put_first(struct strings *resources, const char *arn)
{
    for (size_t i = 1; i < resources->count; i++)
        if (str_eq(resources->items[i], arn)) {
            resources->items[i] = resources->items[0];
            resources->items[0] = arn;
        }
}

/* What the console copies of a group of logs ends in ":*". */
static const char *bare(struct arena *arena, const char *arn)
{
    return strstr(arn, ":logs:") && str_suffix(arn, ":*") ? arena_strndup(arena, arn, strlen(arn) - 2) : arn;
}

int port_resource_read(struct arena *arena, const char *arn, struct port_resource *ret, struct err *err)
{
    char *parts[PART_COUNT];
    *ret = (struct port_resource){.arn = bare(arena, arn)};
    if (strlen(arn) > ARN_MAX || !split(arena_strdup(arena, ret->arn), parts) || !str_eq(parts[0], "arn") ||
        !*parts[1] || !str_only(parts[1], "-"))
        return err_set(err, ERR_REFUSED, "'%.200s' is not the ARN of a resource", arn);
    if (*parts[4] && !is_account_id(parts[4]))
        return err_set(err, ERR_REFUSED, "the ARN '%.200s' has no account of 12 digits", arn);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!matches(&rows[i], parts))
            continue;
        ret->partition = parts[1];
        ret->account_id = *parts[4] ? parts[4] : NULL;
        ret->service = rows[i].service;
        for (size_t j = 0; j < SUFFIX_COUNT && rows[i].suffixes[j]; j++)
            strings_add(arena, &ret->resources, arena_printf(arena, "%s%s", ret->arn, rows[i].suffixes[j]));
        put_first(&ret->resources, arn);
        return 0;
    }
    return err_set(err, ERR_REFUSED,
                   "'%.200s' is not a kind of resource that can be asked for in Port; docs/port.md lists them",
                   arn);
}

bool port_action_is_of(const char *action, const char *service)
{
    size_t size = strlen(service);
    return str_prefix(action, service) && action[size] == ':' && action[size + 1] &&
           strlen(action) <= ACTION_MAX && str_only(action + size + 1, "");
}
