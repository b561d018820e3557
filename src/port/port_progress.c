/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_progress.h"

#include "base/str.h"

enum { BODY_MAX = 64 * 1024 };

static const char *status_of(enum port_end end)
{
    return end == PORT_SUCCEEDED ? "SUCCESS" : "FAILURE";
}

/* What stands on a run beside its status; the label of a run that waited would stay otherwise. */
static const char *label_of(enum port_end end)
{
    return end == PORT_SUCCEEDED ? "Done" : "Not done";
}

static void write_end(struct json_writer *writer, const char *key, enum port_end end)
{
    json_key_string(writer, key, status_of(end));
    json_key_string(writer, "statusLabel", label_of(end));
}

/* Port follows the status of the workflow itself, and takes none from us. */
static bool is_synchronized(const struct port_answer *answer)
{
    return str_eq(answer->error, "run_synchronized_error");
}

static int send_body(struct arena *arena, struct port *port, const char *method, const char *path,
                     const char *what, struct buf *body, struct port_answer *ret, struct err *err)
{
    const struct port_request request = {.method = method, .path = path, .body = body->bytes, .what = what};
    int rc = body->failed ? err_set(err, ERR_INPUT, "cannot %s: it is too long", what)
                          : port_send(arena, port, &request, ret, err);
    buf_free(body);
    return rc;
}

int port_run_log(struct arena *arena, struct port *port, const char *run_id, const char *message,
                 enum port_end end, struct err *err)
{
    struct port_answer answer = {.error = ""};
    struct buf body;
    buf_init(&body, BODY_MAX);
    struct json_writer writer = json_writer_new(&body, false);
    json_begin_object(&writer);
    json_key_string(&writer, "message", message);
    if (end != PORT_GOES_ON)
        write_end(&writer, "terminationStatus", end);
    json_end_object(&writer);
    int rc = send_body(arena, port, "POST",
                       arena_printf(arena, "/v1/actions/runs/%s/logs", port_escape(arena, run_id)),
                       arena_printf(arena, "write to the log of the run %s", run_id), &body, &answer, err);
    if (rc == 0 || end == PORT_GOES_ON || !is_synchronized(&answer))
        return rc;
    return port_run_log(arena, port, run_id, message, PORT_GOES_ON, err);
}

int port_run_end(struct arena *arena, struct port *port, const char *run_id, enum port_end end,
                 const char *label, const char *summary, const char *link, struct err *err)
{
    struct port_answer answer = {.error = ""};
    struct buf body;
    buf_init(&body, BODY_MAX);
    struct json_writer writer = json_writer_new(&body, false);
    json_begin_object(&writer);
    if (end == PORT_GOES_ON)
        json_key_string(&writer, "statusLabel", label);
    else
        write_end(&writer, "status", end);
    json_key_string(&writer, "summary", summary);
    if (link) {
        json_key(&writer, "link");
        json_begin_array(&writer);
        json_string(&writer, link);
        json_end_array(&writer);
    }
    json_end_object(&writer);
    int rc = send_body(arena, port, "PATCH",
                       arena_printf(arena, "/v1/actions/runs/%s", port_escape(arena, run_id)),
                       arena_printf(arena, "set the status of the run %s", run_id), &body, &answer, err);
    if (rc == 0 || !is_synchronized(&answer))
        return rc;
    return port_run_log(arena, port, run_id, summary, PORT_GOES_ON, err);
}
