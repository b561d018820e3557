/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/net_options.h"
#include "cmd/output.h"
#include "flow/port_sync.h"

enum { TEXT_MAX = 64 * 1024, AFTER_DEADLINE_S = 60, AFTER_TIMEOUT_MS = 10000, AFTER_ATTEMPTS = 3 };

static void say_problems(const struct invocation *invocation, const struct port_synced *synced)
{
    for (size_t i = 0; i < synced->problems.count; i++)
        actions_notice(invocation, synced->problems.items[i].message);
}

static const char *sentence(struct arena *arena, const struct port_synced *synced)
{
    return arena_printf(arena, "Port's catalog: %zu leases, %zu written, %zu removed, %zu runs ended",
                        synced->leases, synced->written, synced->removed, synced->ended);
}

static void write_json(struct buf *text, const struct port_synced *synced)
{
    struct json_writer writer = json_writer_new(text, true);
    json_begin_object(&writer);
    json_key_string(&writer, "format", "iamlease/port-sync");
    json_key_int(&writer, "version", 1);
    json_key_int(&writer, "leases", (int64_t)synced->leases);
    json_key_int(&writer, "written", (int64_t)synced->written);
    json_key_int(&writer, "removed", (int64_t)synced->removed);
    json_key_int(&writer, "runs_ended", (int64_t)synced->ended);
    json_key_int(&writer, "problems", (int64_t)synced->problems.count);
    json_end_object(&writer);
    buf_add_char(text, '\n');
}

int cmd_port_sync(struct invocation *invocation)
{
    struct err err;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct run run CLEANUP(close_run) = {0};
    struct port_synced synced;
    const struct apply_request request = request_from(invocation);
    if (open_run(invocation, &actions, &run, &err) < 0 ||
        flow_port_sync(&run, &request, &invocation->port, NULL, NULL, &synced, &err) < 0)
        return output_error(invocation, &err);
    say_problems(invocation, &synced);
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (invocation->options.json)
        write_json(&text, &synced);
    else
        buf_addf(&text, "%s\n", sentence(invocation->arena, &synced));
    int code = output_result(invocation, &text, synced.problems.count ? EXIT_TROUBLE : EXIT_DONE);
    buf_free(&text);
    return code;
}

/* On a net of its own, so that a Port that is slow or away costs a minute at most, and nothing else. */
void port_sync_after(struct invocation *invocation, const struct actions *actions, struct repo *repo,
                     const struct report *report)
{
    struct err err;
    struct run run = {0};
    struct port_synced synced;
    const struct apply_request request = {.root_option = invocation->options.config_root,
                                          .teams = &(const struct strings){0},
                                          .shard = invocation->options.shard,
                                          .accounts = &invocation->options.accounts,
                                          .besides = &report->account_ids,
                                          .now_s = invocation->now_s,
                                          .now_is_given = invocation->options.now != NULL};
    struct net_options net;
    if (!port_has_credentials(&invocation->port) || report->dry_run || report->stopped)
        return;
    int rc = net_options_read(invocation, &net, &err);
    if (rc == 0)
        rc = open_run_in(invocation, actions, repo, &run, &err);
    if (rc == 0) {
        net.timeout_ms =
            net.timeout_ms && net.timeout_ms < AFTER_TIMEOUT_MS ? net.timeout_ms : AFTER_TIMEOUT_MS;
        net.max_attempts = AFTER_ATTEMPTS;
        net.deadline_s = AFTER_DEADLINE_S;
        net_close(run.net);
        run.net = NULL;
        rc = net_open(&run.net, &net, &err);
    }
    if (rc == 0)
        rc = flow_port_sync(&run, &request, &invocation->port, &report->plan->problems, NULL, &synced, &err);
    if (rc < 0) {
        actions_notice(invocation, arena_printf(invocation->arena,
                                                "Port's catalog is not up to date, the next run or 'iamlease "
                                                "port-sync' brings it there: %s",
                                                err.message));
    } else {
        say_problems(invocation, &synced);
        output_message(invocation, "%s", sentence(invocation->arena, &synced));
    }
    net_close(run.net);
}
