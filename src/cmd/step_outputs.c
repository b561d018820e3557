/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/step_outputs.h"

#include "base/json.h"
#include "cmd/output.h"
#include "render/plan_outputs.h"

#include <errno.h>
#include <string.h>

/* GitHub's largest matrix has 256 jobs; a shard of that many accounts is worth the start of a job. */
enum { SHARDS_MAX = 256, SHARD_ACCOUNTS = 50, MATRIX_MAX = 64 * 1024 };

static const char plan_name[] = "iamlease-plan.json";

static bool write_to_file(void *context, const char *bytes, size_t size)
{
    return fwrite(bytes, 1, size, context) == size;
}

/* The plan as JSON, streamed: it can be larger than what fits comfortably into memory. */
int plan_write(const char *path, const struct plan *plan, struct err *err)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return err_set(err, ERR_IO, "cannot write the plan to '%s': %s", path, strerror(errno));
    struct buf stream;
    buf_init_stream(&stream, write_to_file, file);
    render_plan_json(&stream, plan);
    bool written = buf_finish(&stream);
    buf_free(&stream);
    if (fclose(file) != 0 || !written)
        return err_set(err, ERR_IO, "cannot write the plan to '%s': %s", path, strerror(errno));
    return 0;
}

/* Ids of the accounts that the plan would change. */
static size_t count_accounts(struct arena *arena, const struct plan *plan)
{
    struct strings accounts = {0};
    for (size_t i = 0; i < plan->operations.count; i++)
        strings_add(arena, &accounts, plan->operations.items[i].account_id);
    strings_sort_unique(&accounts);
    return accounts.count;
}

/* {"shard":["1/2","2/2"]}, for strategy.matrix of the job that applies; shards are made of whole accounts. */
static const char *matrix(struct arena *arena, const struct plan *plan)
{
    struct buf text;
    size_t accounts = count_accounts(arena, plan), count = (accounts + SHARD_ACCOUNTS - 1) / SHARD_ACCOUNTS;
    if (count > SHARDS_MAX)
        count = SHARDS_MAX;
    buf_init(&text, MATRIX_MAX);
    struct json_writer writer = json_writer_new(&text, false);
    json_begin_object(&writer);
    json_key(&writer, "shard");
    json_begin_array(&writer);
    for (size_t i = 1; i <= count; i++)
        json_string(&writer, arena_printf(arena, "%zu/%zu", i, count));
    json_end_array(&writer);
    json_end_object(&writer);
    const char *copy = arena_strdup(arena, text.bytes);
    buf_free(&text);
    return copy;
}

/*
 * The file as the steps behind this one can name it: as it was given, or relative to `runner.temp`, which is
 * elsewhere inside of this container.
 */
static const char *plan_file(struct invocation *invocation, const struct plan *plan)
{
    struct err err;
    const char *temp = invocation->github.runner_temp;
    if (invocation->options.out || !temp || !invocation->github.output)
        return invocation->options.out;
    if (plan_write(arena_printf(invocation->arena, "%s/%s", temp, plan_name), plan, &err) == 0)
        return plan_name;
    output_message(invocation, "%s", err.message);
    return NULL;
}

void step_outputs(struct invocation *invocation, const struct plan *plan, const char *comment_url)
{
    struct plan_output counted[PLAN_OUTPUT_COUNT];
    struct output outputs[PLAN_OUTPUT_COUNT + 3];
    if (!invocation->github.is_actions)
        return;
    render_outputs(invocation->arena, plan, counted);
    for (size_t i = 0; i < PLAN_OUTPUT_COUNT; i++)
        outputs[i] = (struct output){counted[i].name, counted[i].value};
    outputs[PLAN_OUTPUT_COUNT] = (struct output){"plan-file", plan_file(invocation, plan)};
    outputs[PLAN_OUTPUT_COUNT + 1] = (struct output){"comment-url", comment_url};
    outputs[PLAN_OUTPUT_COUNT + 2] = (struct output){"matrix", matrix(invocation->arena, plan)};
    actions_outputs(invocation, outputs, sizeof outputs / sizeof *outputs);
}
