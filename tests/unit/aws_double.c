/* SPDX-License-Identifier: Apache-2.0 */
#include "aws_double.h"

#include "unit.h"

struct aws_double *aws_double_start(const struct http_line *script, size_t count)
{
    return aws_double_start_until(script, count, 0);
}

struct aws_double *aws_double_start_until(const struct http_line *script, size_t count, unsigned deadline_s)
{
    struct arena *arena = arena_new();
    struct aws_double *fake = ARENA_NEW(arena, struct aws_double);
    fake->arena = arena;
    fake->server = http_double_start(script, count);
    struct err err = {0};
    struct net_options options = {.user_agent = "unit/1",
                                  .max_attempts = 4,
                                  .backoff_base_ms = 1,
                                  .deadline_s = deadline_s,
                                  .stop_signal = &fake->stop_signal};
    struct aws_environment environment = {.access_key_id = "AKIAEXAMPLE",
                                          .endpoint_url = http_double_url(fake->server)};
    struct settings settings = settings_defaults();
    secret_set(&environment.secret_access_key, "base-secret", 11);
    assert_int_equal(net_open(&fake->net, &options, &err), 0);
    assert_int_equal(aws_open(&fake->aws, &environment, &settings, ROLE_DEPLOYER, "unit", fake->net, &err), 0);
    secret_clear(&environment.secret_access_key);
    return fake;
}

void aws_double_stop(struct aws_double *fake)
{
    aws_close(fake->aws);
    net_close(fake->net);
    http_double_stop(fake->server);
}

void aws_double_free(struct aws_double *fake)
{
    http_double_free(fake->server);
    arena_free(fake->arena);
}
