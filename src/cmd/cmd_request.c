/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "cmd/output.h"
#include "flow/port_request.h"
#include "render/escape.h"

enum { TEXT_MAX = 64 * 1024 };

static void write_json(struct buf *text, const struct port_asked *asked)
{
    struct json_writer writer = json_writer_new(text, true);
    json_begin_object(&writer);
    json_key_string(&writer, "format", "iamlease/request");
    json_key_int(&writer, "version", 1);
    json_key_string(&writer, "run", asked->run_id);
    json_key_string(&writer, "team", asked->team);
    json_key_string(&writer, "environment", asked->environment);
    json_key_string(&writer, "account_id", asked->account_id);
    json_key_string(&writer, "user", asked->user);
    json_key_string(&writer, "resource", asked->resource);
    json_key_time(&writer, "ends_at", asked->ends_at_s);
    json_key_string(&writer, "pull_request", asked->url);
    json_end_object(&writer);
    buf_add_char(text, '\n');
}

static void write_text(struct buf *text, const struct port_asked *asked)
{
    if (asked->url)
        escape_terminal(text, asked->url);
    else
        RAW(text, "It would become a pull request; nothing was written.");
    RAW(text, "\n");
}

static void add_summary(const struct invocation *invocation, const struct port_asked *asked)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    RAW(&text, "### iamlease request\n\nThe run ");
    escape_markdown_code(&text, asked->run_id);
    RAW(&text, " of Port waits for review: ");
    escape_markdown_code(&text,
                         asked->url ? asked->url : "its pull request would be opened, nothing was written");
    RAW(&text, "\n");
    output_summary(invocation, &text);
    buf_free(&text);
}

int cmd_request(struct invocation *invocation)
{
    struct err err;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct run run CLEANUP(close_run) = {0};
    struct port_asked asked;
    if (open_run(invocation, &actions, &run, &err) < 0)
        return output_error(invocation, &err);
    const struct apply_request request = request_from(invocation);
    const struct port_asking asking = {.environment = &invocation->port,
                                       .root_option = invocation->options.config_root,
                                       .now_s = invocation->now_s,
                                       .request = &request};
    if (flow_port_request(&run, &asking, &asked, &err) < 0)
        return output_error(invocation, &err);
    if (asked.existed)
        output_message(invocation, "the pull request was there already");
    if (asked.notice)
        actions_notice(invocation, asked.notice);
    const struct output outputs[] = {{"pull-request-url", asked.url}, {"sign-in-url", asked.sign_in_url}};
    actions_outputs(invocation, outputs, sizeof outputs / sizeof *outputs);
    if (asked.report) {
        report_outputs(invocation, asked.report, NULL);
        return output_report(invocation, asked.report);
    }
    add_summary(invocation, &asked);
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (invocation->options.json)
        write_json(&text, &asked);
    else
        write_text(&text, &asked);
    int code = output_result(invocation, &text, EXIT_DONE);
    buf_free(&text);
    return code;
}
