/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/step_outputs.h"

#include "base/owned_file.h"
#include "cmd/output.h"
#include "flow/account_ids.h"
#include "plan/matrix.h"
#include "render/plan_outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static bool write_to_file(void *context, const char *bytes, size_t size)
{
    return fwrite(bytes, 1, size, context) == size;
}

/* The plan as JSON, streamed: it can be larger than what fits comfortably into memory. */
static int write_to(int fd, const char *path, const struct plan *plan, struct err *err)
{
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
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

int plan_write(const char *path, const struct plan *plan, struct err *err)
{
    return write_to(owned_file_open(path, O_WRONLY | O_TRUNC, 0666), path, plan, err);
}

/* An apply looks at every account that either side names, of all teams. */
static const char *matrix(struct invocation *invocation, const struct comparison *comparison,
                          const struct plan *plan)
{
    struct arena *arena = invocation->arena;
    struct err err;
    struct strings account_ids = {0};
    if (account_ids_add(arena, comparison->repo, &comparison->base, &account_ids, &err) < 0 ||
        account_ids_add(arena, comparison->repo, &comparison->head, &account_ids, &err) < 0) {
        output_message(invocation, "no output 'matrix': %s", err.message);
        return NULL;
    }
    return matrix_json(arena, &account_ids, &plan->operations, MATRIX_MAX);
}

/*
 * The file as the steps behind this one can name it: as it was given, or relative to the workspace, which is
 * elsewhere inside of this container. Its name is one that no file of the repository has.
 */
static const char *plan_file(struct invocation *invocation, const struct plan *plan)
{
    struct err err;
    const char *workspace = invocation->github.workspace;
    if (invocation->options.out || !workspace || !invocation->github.output)
        return invocation->options.out;
    char *path = arena_printf(invocation->arena, "%s/iamlease-plan-XXXXXX.json", workspace);
    int fd = owned_file_make(path, (int)strlen(".json"));
    if (write_to(fd, path, plan, &err) == 0)
        return path + strlen(workspace) + 1;
    output_message(invocation, "%s", err.message);
    return NULL;
}

void step_outputs(struct invocation *invocation, const struct comparison *comparison, const struct plan *plan,
                  const char *comment_url)
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
    outputs[PLAN_OUTPUT_COUNT + 2] = (struct output){"matrix", matrix(invocation, comparison, plan)};
    actions_outputs(invocation, outputs, sizeof outputs / sizeof *outputs);
}
