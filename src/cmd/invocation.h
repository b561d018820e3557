/* SPDX-License-Identifier: Apache-2.0 */
/* One call of the program: what the command line and the environment say, and where output goes. main.c fills it. */
#ifndef IAMLEASE_CMD_INVOCATION_H
#define IAMLEASE_CMD_INVOCATION_H

#include "aws/aws.h"
#include "base/vec.h"
#include "port/port_client.h"

#include <stdio.h>

enum {
    EXIT_DONE = 0,
    EXIT_TROUBLE = 1, /* something failed, was refused or held */
    EXIT_CHANGES = 2, /* plan --detailed-exitcode */
    EXIT_USAGE = 64,
};

/* One member for each row of the option table (options.c). Texts are NULL and flags false when not given. */
struct options {
    const char *repo, *config_root, *now, *base, *head, *out, *journal, *plan, *accept_removals,
        *apply_branch, *action, *user, *completion, *pr, *comment, *comment_key, *schema, *shard, *leftovers,
        *lease, *hub_account, *repository, *repository_ids, *through_role, *print, *role_to_assume, *deadline,
        *answer_timeout, *max_in_flight, *max_in_flight_per_account;
    struct strings teams, accept, accounts, account, users, roles, groups;
    bool live, json, markdown, verbose, quiet, no_color, help, version, dry_run, first_apply,
        detailed_exitcode, man, reference, adopt, strict, let_go, check;
    struct strings arguments; /* what is left: the command and its arguments */
    uint64_t given;           /* rows of the option table that stood on the command line, a bit each */
};

/* What GitHub Actions says (facts/github.md §1.3); texts are NULL outside of it. */
struct github_environment {
    bool is_actions;
    const char *event_name, *event_path; /* what started the workflow, and the file with its payload */
    const char *repository, *api_url, *server_url;
    const char *output, *step_summary; /* files that take outputs and Markdown */
    const char *run_id, *workspace;
    struct secret token; /* IAMLEASE_GITHUB_TOKEN */
};

struct invocation {
    struct arena *arena;
    struct options options;
    const struct command *command;
    int64_t now_s;
    struct aws_environment aws;
    struct github_environment github;
    struct port_environment port;
    const char *ca_file; /* certificates to trust instead of the machine's; NULL: those */
    FILE *out, *err;
    bool color_out, color_err;
    const volatile int *stop_signal;
};

struct command {
    const char *name;
    const char *summary;                       /* one line for the list of commands */
    const char *details;                       /* what `help COMMAND` says before the options */
    int (*run)(struct invocation *invocation); /* gives the exit code */
    bool finishes_calls; /* a first signal lets the calls to AWS finish; the others stop at once */
    bool takes_argument; /* behind its name, such as "applied set" */
};

extern const struct command commands[];
extern const size_t command_count;

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* Sets ERR_USAGE: there is no such command, and which is the nearest. */
int command_unknown(const char *name, struct err *err);

int cmd_init(struct invocation *invocation);
int cmd_validate(struct invocation *invocation);
int cmd_plan(struct invocation *invocation);
int cmd_apply(struct invocation *invocation);
int cmd_cleanup(struct invocation *invocation);
int cmd_applied(struct invocation *invocation);
int cmd_who(struct invocation *invocation);
int cmd_import(struct invocation *invocation);
int cmd_policy(struct invocation *invocation);
int cmd_request(struct invocation *invocation);
int cmd_revoke(struct invocation *invocation);
int cmd_port_sync(struct invocation *invocation);
int cmd_bootstrap(struct invocation *invocation);
int cmd_help(struct invocation *invocation);

#endif
