/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the inputs of a workflow that Port starts, as an ARN, and as an action. What is taken from
 * them can stand in a path, name a branch and stand in a policy without saying more than it should.
 */
#include "base/str.h"
#include "port/port_payload.h"
#include "port/port_resources.h"
#include "require.h"

static void check_payload(struct arena *arena, const char *text, size_t size)
{
    struct port_payload payload;
    struct json *inputs;
    struct err err;
    if (json_parse(arena, text, size, &inputs, &err) < 0 ||
        port_payload_read(arena, inputs, &payload, &err) < 0)
        return;
    REQUIRE(payload.run_id && *payload.run_id && strlen(payload.run_id) <= 64);
    for (const char *c = payload.run_id; *c; c++)
        REQUIRE(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", *c));
}

/* One resource, what was asked for first, and what is in it: no wildcard but a last one behind all of the ARN. */
static void check_arn(struct arena *arena, const char *text)
{
    struct port_resource resource;
    struct err err;
    if (port_resource_read(arena, text, &resource, &err) < 0)
        return;
    REQUIRE(!strpbrk(resource.arn, "*?$\"'\\ \n") && str_prefix(resource.arn, "arn:"));
    REQUIRE(resource.resources.count >= 1 && str_eq(resource.resources.items[0], text));
    bool has_arn = false;
    for (size_t i = 0; i < resource.resources.count; i++) {
        const char *item = resource.resources.items[i], *star = strchr(item, '*');
        REQUIRE(str_prefix(item, resource.arn) && (!star || !star[1]));
        has_arn |= str_eq(item, resource.arn);
    }
    REQUIRE(has_arn);
    REQUIRE(!resource.account_id ||
            (strlen(resource.account_id) == 12 && strspn(resource.account_id, "0123456789") == 12));
}

static void check_action(const char *text)
{
    if (port_action_is_of(text, "s3"))
        REQUIRE(str_prefix(text, "s3:") && !strpbrk(text, "*?$\"' \n") && strlen(text) <= 128);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const char *text = arena_strndup(arena, (const char *)data, size);
    check_payload(arena, text, strlen(text));
    check_arn(arena, text);
    check_action(text);
    arena_free(arena);
    return 0;
}
