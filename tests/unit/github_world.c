/* SPDX-License-Identifier: Apache-2.0 */
#include "github_world.h"

#include "unit.h"

struct github_world *github_world_new(const struct http_line *script, size_t count)
{
    struct arena *arena = arena_new();
    struct github_world *world = ARENA_NEW(arena, struct github_world);
    world->arena = arena;
    world->server = http_double_start(script, count);
    secret_set(&world->token, "t0ken", 5);
    const struct net_options net = {.user_agent = "unit/1", .backoff_base_ms = 1};
    assert_int_equal(net_open(&world->net, &net, &world->err), 0);
    const struct github_options options = {.net = world->net,
                                           .api_url = http_double_url(world->server),
                                           .repository = "acme/access",
                                           .token = &world->token};
    assert_int_equal(github_open(arena, &options, &world->github, &world->err), 0);
    return world;
}

void github_world_stop(struct github_world *world)
{
    net_close(world->net);
    world->net = NULL;
    http_double_stop(world->server);
}

void github_world_free(struct github_world *world)
{
    net_close(world->net);
    http_double_free(world->server);
    secret_clear(&world->token);
    arena_free(world->arena);
}
