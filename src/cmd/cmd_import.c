/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"
#include "flow/importing.h"

enum { TEXT_MAX = 256 * 1024 * 1024 };

static int read_request(const struct invocation *invocation, struct importing_request *ret, struct err *err)
{
    const struct options *options = &invocation->options;
    if (options->teams.count != 1)
        return err_set(err, ERR_USAGE, "import writes the files of one team: name it with --team");
    *ret = (struct importing_request){
        .team = options->teams.items[0],
        .accounts = &options->account,
        .patterns = {[PRINCIPAL_USER] = &options->users,
                     [PRINCIPAL_ROLE] = &options->roles,
                     [PRINCIPAL_GROUP] = &options->groups},
        .root_option = options->config_root,
        .out = options->out,
        .adopts = options->adopt,
        .dry_run = options->dry_run,
        .strict = options->strict,
        .lets_go = options->let_go,
        .now_s = invocation->now_s,
    };
    return 0;
}

static void say_what_is_next(const struct invocation *invocation, const struct imported *imported)
{
    const size_t own = imported_goes(imported, true), others = imported_goes(imported, false) - own;
    if (own)
        output_message(
            invocation,
            "%zu object%s of this team, which iamlease made and these files cannot say, %s with the "
            "next apply%s",
            own, own == 1 ? "" : "s", own == 1 ? "goes" : "go",
            invocation->options.let_go ? "" : ": nothing is written; --let-go if they are meant to go");
    if (others)
        output_message(invocation,
                       "%zu object%s of other teams, which no file declares, %s with the next apply: import "
                       "those teams first",
                       others, others == 1 ? "" : "s", others == 1 ? "goes" : "go");
    if (imported->dry_run)
        output_message(invocation, "nothing is written: this was a dry run");
    else if (!imported->is_written && invocation->options.strict)
        output_message(invocation, "nothing is written: --strict, and something is left behind");
    else if (imported->is_written)
        output_message(invocation, "next: read the files, commit them, and look at 'iamlease plan --live%s'",
                       imported->adopts ? " --adopt" : "");
}

static int print(struct invocation *invocation, const struct imported *imported)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    if (invocation->options.json)
        render_import_json(&text, imported);
    else
        render_import_text(&text, imported, output_style(invocation));
    int code = output_result(invocation, &text, imported->is_refused ? EXIT_TROUBLE : EXIT_DONE);
    buf_free(&text);
    return code;
}

int cmd_import(struct invocation *invocation)
{
    struct err err;
    struct actions actions CLEANUP(actions_closep) = {0};
    struct run run CLEANUP(close_run) = {0};
    struct diags diags = diags_new(invocation->arena);
    struct importing_request request;
    struct imported imported;
    if (read_request(invocation, &request, &err) < 0 || open_run(invocation, &actions, &run, &err) < 0)
        return output_error(invocation, &err);
    int rc = flow_import(&run, &request, &diags, &imported, &err);
    if (rc < 0 && diags.errors)
        output_diags(invocation, &diags);
    if (rc < 0)
        return output_error(invocation, &err);
    int code = print(invocation, &imported);
    say_what_is_next(invocation, &imported);
    return code;
}
