/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "cmd/output.h"

enum { TEXT_MAX = 64 * 1024 };

static int print(struct invocation *invocation, const char *commit_id)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (invocation->options.json) {
        struct json_writer writer = json_writer_new(&text, true);
        json_begin_object(&writer);
        json_key_string(&writer, "format", "iamlease/applied");
        json_key_int(&writer, "version", 1);
        json_key_string(&writer, "ref", APPLIED_REF);
        json_key_string(&writer, "commit", commit_id);
        json_end_object(&writer);
        buf_add_char(&text, '\n');
    } else if (commit_id) {
        buf_addf(&text, "%s\n", commit_id);
    }
    if (!commit_id)
        output_message(invocation, "%s does not exist: nothing was applied yet", APPLIED_REF);
    int code = output_result(invocation, &text, commit_id ? EXIT_DONE : EXIT_TROUBLE);
    buf_free(&text);
    return code;
}

int cmd_applied(struct invocation *invocation)
{
    struct err err;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct run run CLEANUP(close_run) = {0};
    const struct apply_request request = request_from(invocation);
    const struct strings *arguments = &invocation->options.arguments;
    const char *what = arguments->count > 1 ? arguments->items[1] : "show", *commit_id;
    if (arguments->count > 2 || (!str_eq(what, "show") && !str_eq(what, "set"))) {
        err_set(&err, ERR_USAGE, "'iamlease applied' takes 'show' or 'set', and nothing else");
        return output_error(invocation, &err);
    }
    if (open_run(invocation, &actions, &run, &err) < 0)
        return output_error(invocation, &err);
    int rc = str_eq(what, "set") ? flow_applied_set(&run, &request, &commit_id, &err)
                                 : flow_applied_show(&run, &commit_id, &err);
    if (rc < 0)
        return output_error(invocation, &err);
    const struct output output = {"applied", commit_id};
    actions_outputs(invocation, &output, 1);
    return print(invocation, commit_id);
}
