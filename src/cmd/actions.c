/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/actions.h"

#include "base/str.h"
#include "cmd/net_options.h"
#include "cmd/output.h"
#include "flow/fetching.h"
#include "render/escape.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 * 1024, CALLS_MAX = 8, PR_DIGITS_MAX = 9, LAST_CALLS_S = 3 };

/* JSON on standard output stays alone; the runner reads both streams. */
static FILE *command_stream(const struct invocation *invocation)
{
    return invocation->options.json ? invocation->err : invocation->out;
}

/* What is masked here was found to be printable before: of all that a command would read otherwise, '%' is left. */
void actions_mask(void *context, const struct secret *secret)
{
    const struct invocation *invocation = context;
    FILE *stream = command_stream(invocation);
    fputs("::add-mask::", stream);
    for (const char *c = secret_reveal(secret); *c; c++)
        if (*c == '%')
            fputs("%25", stream);
        else
            fputc(*c, stream);
    fputc('\n', stream);
    fflush(stream);
}

static int open_github(struct invocation *invocation, const struct net_options *net, struct actions *ret,
                       struct err *err)
{
    const struct github_environment *github = &invocation->github;
    if (net_open(&ret->net, net, err) < 0)
        return -1;
    const struct github_options options = {.net = ret->net,
                                           .api_url = github->api_url,
                                           .repository = github->repository,
                                           .token = &github->token};
    return github_open(invocation->arena, &options, &ret->github, err);
}

static int open_api(struct invocation *invocation, struct actions *ret, struct err *err)
{
    struct net_options net;
    if (net_options_read(invocation, &net, err) < 0)
        return -1;
    net.max_in_flight = 0; /* those of calls to AWS */
    net.max_in_flight_per_group = CALLS_MAX;
    net.deadline_s = 0;
    if (open_github(invocation, &net, ret, err) < 0)
        return -1;
    if (invocation->github.is_actions) /* before its first use */
        actions_mask(invocation, &invocation->github.token);
    return 0;
}

int actions_open_after_stop(struct invocation *invocation, struct actions *ret, struct err *err)
{
    const struct net_options net = {.user_agent = "iamlease/" IAMLEASE_VERSION,
                                    .max_in_flight_per_group = CALLS_MAX,
                                    .timeout_ms = LAST_CALLS_S * 1000,
                                    .deadline_s = LAST_CALLS_S,
                                    .ca_file = invocation->ca_file};
    *ret = (struct actions){0};
    return open_github(invocation, &net, ret, err);
}

static int read_pull_request(struct invocation *invocation, struct actions *ret, struct err *err)
{
    const char *text = invocation->options.pr;
    if (*text == '0' || strlen(text) > PR_DIGITS_MAX || strspn(text, "0123456789") != strlen(text))
        return err_set(err, ERR_USAGE, "--pr '%s' is not the number of a pull request", text);
    if (!ret->github)
        return err_set(err, ERR_USAGE,
                       "--pr asks GitHub: set IAMLEASE_GITHUB_TOKEN (in the action, the input github-token) "
                       "and GITHUB_REPOSITORY");
    ret->has_event = true;
    return fetch_pull_request(invocation->arena, ret->github, strtoll(text, NULL, 10), &ret->event, err);
}

int actions_open(struct invocation *invocation, struct actions *ret, struct err *err)
{
    const struct github_environment *github = &invocation->github;
    const char *comment = invocation->options.comment;
    *ret = (struct actions){0};
    if (comment && !str_eq(comment, "true") && !str_eq(comment, "false"))
        return err_set(err, ERR_USAGE, "--comment '%s' is neither true nor false", comment);
    if (!github->is_actions && !invocation->options.pr)
        return 0;
    if (secret_is_set(&github->token) && open_api(invocation, ret, err) < 0)
        return -1;
    if (invocation->options.pr)
        return read_pull_request(invocation, ret, err);
    if (!github->event_name)
        return 0;
    ret->has_event = true;
    if (github->event_path)
        return event_read(invocation->arena, github->event_name, github->event_path, &ret->event, err);
    /* Without its file, an event says no more than that HEAD is the merge of a pull request. */
    ret->event = (struct event){.kind = event_kind_of(github->event_name), .name = github->event_name};
    ret->has_event = ret->event.kind == EVENT_PULL_REQUEST;
    return 0;
}

void actions_closep(struct actions *actions)
{
    net_close(actions->net);
    *actions = (struct actions){0};
}

void actions_notice(const struct invocation *invocation, const char *text)
{
    if (!invocation->github.is_actions) {
        output_message(invocation, "%s", text);
        return;
    }
    struct buf command;
    buf_init(&command, TEXT_MAX);
    buf_add_text(&command, "::notice title=iamlease::");
    escape_command_data(&command, text);
    buf_add_char(&command, '\n');
    fwrite(command.bytes, 1, command.size, command_stream(invocation));
    fflush(command_stream(invocation));
    buf_free(&command);
}

void actions_outputs(const struct invocation *invocation, const struct output *outputs, size_t count)
{
    struct err err;
    const char *path = invocation->github.output;
    if (invocation->github.is_actions && path && outputs_append(path, outputs, count, &err) < 0)
        output_message(invocation, "%s", err.message);
}
