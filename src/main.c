/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments, environment and the clock, read once; then the command. */
#include "base/str.h"
#include "base/time.h"
#include "cmd/options.h"
#include "cmd/output.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile int stop_signal;
static volatile sig_atomic_t finishes_calls; /* of the command that runs */

/* The first signal lets calls to AWS finish where there are any; otherwise, and the second time, that is the end. */
static void on_stop(int number)
{
    if (!finishes_calls || stop_signal)
        _exit(128 + number);
    stop_signal = number;
}

/* A container's first process ignores signals that it has no handler for. */
static void catch_signals(void)
{
    const struct sigaction stop = {.sa_handler = on_stop}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

/* A variable of the environment; an empty one counts as unset. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static void read_secret(struct secret *secret, const char *name)
{
    const char *value = variable(name);
    if (value)
        secret_set(secret, value, strlen(value));
}

static void read_actions_into(struct github_environment *github)
{
    const char *actions = variable("GITHUB_ACTIONS");
    *github = (struct github_environment){
        .is_actions = actions && str_eq(actions, "true"),
        .event_name = variable("GITHUB_EVENT_NAME"),
        .event_path = variable("GITHUB_EVENT_PATH"),
        .repository = variable("GITHUB_REPOSITORY"),
        .api_url = variable("GITHUB_API_URL"),
        .server_url = variable("GITHUB_SERVER_URL"),
        .output = variable("GITHUB_OUTPUT"),
        .step_summary = variable("GITHUB_STEP_SUMMARY"),
        .run_id = variable("GITHUB_RUN_ID"),
        .workspace = variable("GITHUB_WORKSPACE"),
    };
    read_secret(&github->token, "IAMLEASE_GITHUB_TOKEN");
}

static void read_environment_into(struct invocation *invocation)
{
    struct aws_environment *aws = &invocation->aws;
    aws->access_key_id = variable("AWS_ACCESS_KEY_ID");
    read_secret(&aws->secret_access_key, "AWS_SECRET_ACCESS_KEY");
    read_secret(&aws->session_token, "AWS_SESSION_TOKEN");
    aws->region = variable("AWS_REGION") ? variable("AWS_REGION") : variable("AWS_DEFAULT_REGION");
    aws->endpoint_url = variable("AWS_ENDPOINT_URL");
    aws->endpoint_url_iam = variable("AWS_ENDPOINT_URL_IAM");
    aws->endpoint_url_sts = variable("AWS_ENDPOINT_URL_STS");
    aws->profile = variable("AWS_PROFILE");
    aws->credentials_file = variable("AWS_SHARED_CREDENTIALS_FILE");
    if (!aws->credentials_file && variable("HOME"))
        aws->credentials_file = arena_printf(invocation->arena, "%s/.aws/credentials", variable("HOME"));
    aws->role_to_assume = invocation->options.role_to_assume;
    aws->id_token_url = variable("ACTIONS_ID_TOKEN_REQUEST_URL");
    read_secret(&aws->id_token_bearer, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    const char *ca_file = variable("AWS_CA_BUNDLE");
    invocation->ca_file = ca_file ? ca_file : variable("SSL_CERT_FILE");
    read_secret(&invocation->port.client_id, "PORT_CLIENT_ID");
    read_secret(&invocation->port.client_secret, "PORT_CLIENT_SECRET");
    bool color = !variable("NO_COLOR") && !invocation->options.no_color;
    const char *terminal = variable("TERM");
    color = color && terminal && !str_eq(terminal, "dumb");
    invocation->color_out = color && isatty(STDOUT_FILENO);
    invocation->color_err = color && isatty(STDERR_FILENO);
}

/* The command for an event of GitHub Actions (DESIGN §7). */
static const char *command_of_event(const char *event)
{
    if (str_eq(event, "pull_request") || str_eq(event, "merge_group"))
        return "plan";
    if (str_eq(event, "push"))
        return "apply";
    return str_eq(event, "schedule") ? "cleanup" : NULL;
}

/* "applied set" is a command and its argument. */
static void take_words(struct invocation *invocation, const char *text)
{
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t size = strcspn(text, " ");
        strings_add(invocation->arena, &invocation->options.arguments,
                    arena_strndup(invocation->arena, text, size));
        text += size;
    }
}

/* The command line, else IAMLEASE_COMMAND, else what the event means. */
static int find_command(struct invocation *invocation, struct err *err)
{
    const struct options *options = &invocation->options;
    if (!options->arguments.count && variable("IAMLEASE_COMMAND"))
        take_words(invocation, variable("IAMLEASE_COMMAND"));
    const char *name = options->arguments.count ? options->arguments.items[0] : NULL;
    if (!name && options->help)
        return 0;
    if (!name && invocation->github.is_actions && invocation->github.event_name)
        name = command_of_event(invocation->github.event_name);
    if (!name && invocation->github.is_actions)
        return err_set(
            err, ERR_USAGE,
            "the event '%.64s' says nothing of what to do: give the input command, such as plan, apply, "
            "cleanup or validate",
            invocation->github.event_name ? invocation->github.event_name : "");
    if (!name)
        return err_set(err, ERR_USAGE, "which command? 'iamlease help' lists them");
    invocation->command = command_find(name);
    if (!invocation->command)
        return command_unknown(name, err);
    if (options->arguments.count > 1 && !invocation->command->takes_argument)
        return err_set(err, ERR_USAGE, "'iamlease %s' takes no argument '%s'", name,
                       options->arguments.items[1]);
    return 0;
}

static int find_now(struct invocation *invocation, struct err *err)
{
    const char *now = invocation->options.now;
    invocation->now_s = (int64_t)time(NULL);
    if (now && !time_parse_rfc3339(now, &invocation->now_s))
        return err_set(err, ERR_USAGE, "--now '%s' is not a time such as 2026-11-30T14:00:00Z", now);
    return 0;
}

static int run(struct invocation *invocation, int argc, char *argv[])
{
    struct err err;
    read_actions_into(&invocation->github);
    if (options_parse(invocation->arena, argc, argv, getenv, &invocation->options, &err) < 0)
        return output_error(invocation, &err);
    read_environment_into(invocation);
    if (invocation->options.version) {
        printf("iamlease %s\n", IAMLEASE_VERSION);
        return fflush(stdout) == 0 ? EXIT_DONE : EXIT_TROUBLE;
    }
    if (find_command(invocation, &err) < 0 || find_now(invocation, &err) < 0)
        return output_error(invocation, &err);
    if (invocation->options.help)
        return cmd_help(invocation);
    if (options_check(&invocation->options, invocation->command, &err) < 0)
        return output_error(invocation, &err);
    finishes_calls = invocation->command->finishes_calls;
    return invocation->command->run(invocation);
}

int main(int argc, char *argv[])
{
    struct invocation invocation = {.arena = arena_new(),
                                    .out = stdout,
                                    .err = stderr,
                                    .stop_signal = &stop_signal};
    catch_signals();
    int code = run(&invocation, argc, argv);
    secret_clear(&invocation.aws.secret_access_key);
    secret_clear(&invocation.aws.session_token);
    secret_clear(&invocation.aws.id_token_bearer);
    secret_clear(&invocation.github.token);
    secret_clear(&invocation.port.client_id);
    secret_clear(&invocation.port.client_secret);
    arena_free(invocation.arena);
    return code;
}
