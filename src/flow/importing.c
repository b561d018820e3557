/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/importing.h"

#include "base/str.h"
#include "config/grammar.h"
#include "config/import_team.h"
#include "flow/import_files.h"
#include "plan/needs.h"
#include "policy/role_mark.h"

#include <string.h>

struct account_list {
    VEC_FIELDS(struct account_decl);
};

static const struct team_config *find_team(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->count; i++)
        if (str_eq(config->items[i].name, name))
            return &config->items[i];
    return NULL;
}

/* "NAME=ID" */
static int read_account(struct arena *arena, const char *text, struct account_decl *ret, struct err *err)
{
    const char *equals = strchr(text, '=');
    const char *name = equals ? arena_strndup(arena, text, (size_t)(equals - text)) : "";
    if (!grammar_environment.matches(name))
        return err_set(err, ERR_USAGE,
                       "--account '%s' is not NAME=ID, as in prod=345678901234: the name has %s", text,
                       grammar_environment.hint);
    if (!grammar_account_id.matches(equals + 1))
        return err_set(err, ERR_USAGE, "--account '%s' is not NAME=ID: %s", text, grammar_account_id.hint);
    *ret = (struct account_decl){.environment.text = name, .account_id.text = equals + 1};
    return 0;
}

static int read_accounts(struct arena *arena, const struct strings *texts, struct account_list *ret,
                         struct err *err)
{
    for (size_t i = 0; i < texts->count; i++) {
        struct account_decl account;
        if (read_account(arena, texts->items[i], &account, err) < 0)
            return -1;
        for (size_t j = 0; j < ret->count; j++)
            if (str_eq(ret->items[j].environment.text, account.environment.text) ||
                str_eq(ret->items[j].account_id.text, account.account_id.text))
                return err_set(err, ERR_USAGE, "--account '%s' and '%s=%s': a name and an account stand once",
                               texts->items[i], ret->items[j].environment.text, ret->items[j].account_id.text);
        *VEC_ADD(arena, ret) = account;
    }
    return 0;
}

/* Of an account with several names the first counts. */
static void declared_accounts(struct arena *arena, const struct team_config *team, struct account_list *ret)
{
    struct map seen = map_new(arena);
    for (size_t i = 0; team && i < team->accounts.count; i++) {
        const char *account_id = team->accounts.items[i].account_id.text;
        if (map_put(&seen, account_id, &team->accounts.items[i]) == &team->accounts.items[i])
            *VEC_ADD(arena, ret) = team->accounts.items[i];
    }
}

/* The accounts, and whether they stand in a file already. */
static int find_accounts(const struct run *run, const struct importing_request *request,
                         const struct source *source, struct account_list *ret, struct import_place *place,
                         struct err *err)
{
    if (request->accounts->count)
        return read_accounts(run->arena, request->accounts, ret, err);
    declared_accounts(run->arena, find_team(source->config, request->team), ret);
    place->has_accounts = true;
    if (ret->count)
        return 0;
    return err_set(err, ERR_USAGE,
                   "which accounts? Give each as --account NAME=ID, or write them into aws-accounts/%s.yaml",
                   request->team);
}

static int find_place(const struct run *run, const struct importing_request *request,
                      const struct source *source, struct import_place *ret, struct err *err)
{
    *ret = (struct import_place){.top = repo_workdir(run->repo), .root = source->root, .shown = ""};
    if (request->out)
        *ret = (struct import_place){.top = request->out,
                                     .root = "",
                                     .shown = arena_printf(run->arena, "%s%s", request->out,
                                                           str_suffix(request->out, "/") ? "" : "/")};
    if (!ret->top)
        return err_set(err, ERR_REFUSED, "this repository is bare: files are written into a work tree");
    return 0;
}

static int read_worktree(const struct run *run, const struct importing_request *request, struct source *ret,
                         struct diags *diags, struct err *err)
{
    if (source_open(run->arena, run->repo, REPO_WORKTREE, request->root_option, ret, err) < 0 ||
        source_load(run->arena, run->repo, ret, diags, err) < 0)
        return -1;
    if (diags->errors)
        return err_set(err, ERR_REFUSED, "nothing is imported: mend the errors first");
    return 0;
}

/* One account that was not read is one too many: the files would look like the whole. */
static int check_read(const struct observed *observed, const struct account_list *accounts, struct err *err)
{
    size_t failed = 0;
    const struct observed_account *first = NULL;
    for (size_t i = 0; i < accounts->count; i++) {
        const struct observed_account *account =
            observed_find_account(observed, accounts->items[i].account_id.text);
        failed += account->error != NULL;
        first = first || !account->error ? first : account;
    }
    if (!first)
        return 0;
    return err_set(err, ERR_AWS, "account %s could not be read, %zu of %zu in all, and nothing is written: %s",
                   first->account_id, failed, accounts->count, first->error);
}

static void add_details(struct observed *observed, const char *account_id,
                        const struct observed_principal *role)
{
    for (size_t i = 0; role->details && i < observed->count; i++)
        for (size_t j = 0; j < observed->items[i].principals.count; j++) {
            struct observed_principal *there = &observed->items[i].principals.items[j];
            if (there->kind == PRINCIPAL_ROLE && str_eq(observed->items[i].account_id, account_id) &&
                str_eq(there->name, role->name))
                there->details = role->details;
        }
}

/* Roles that we made stand below that path: only there may they be asked for. */
static bool is_below(const struct observed_principal *role, const char *path)
{
    const char *at = role->arn ? strstr(role->arn, ":role/") : NULL;
    return at && str_prefix(at + strlen(":role"), path);
}

/* What the sweep does not tell of the roles of aws-roles: description, tags, length of sessions. */
static int read_roles(const struct run *run, const struct settings *settings, struct aws *aws,
                      struct observed *observed, struct err *err)
{
    struct needs needs = {0};
    struct observed more = {0};
    struct mark mark;
    for (size_t i = 0; i < observed->count; i++)
        for (size_t j = 0; j < observed->items[i].principals.count; j++) {
            const struct observed_principal *role = &observed->items[i].principals.items[j];
            if (role->kind != PRINCIPAL_ROLE || !is_below(role, settings->policy_path) ||
                !role_mark_is_kept(run->arena, role->mark, settings->owner, &mark))
                continue;
            needs_add_account(run->arena, observed->items[i].account_id, &needs);
            struct account_needs *account = &needs.items[needs.count - 1];
            account->only_our_roles = true;
            strings_add(run->arena, &account->roles, role->name);
        }
    needs_finish(&needs);
    if (!needs.count)
        return 0;
    if (aws_observe(run->arena, aws, &needs, settings->owner, &more, err) < 0)
        return -1;
    for (size_t i = 0; i < more.count; i++) {
        const struct observed_account *account = &more.items[i];
        if (account->error)
            return err_set(err, ERR_AWS, "account %s could not be read, and nothing is written: %s",
                           account->account_id, account->error);
        for (size_t j = 0; j < account->principals.count; j++)
            add_details(observed, account->account_id, &account->principals.items[j]);
    }
    return 0;
}

static int read_aws(const struct run *run, const struct settings *settings,
                    const struct account_list *accounts, bool writes_roles, struct observed *ret,
                    struct err *err)
{
    struct needs needs = {0};
    struct aws *aws = NULL;
    const bool has_plan_role = *settings->plan_role;
    for (size_t i = 0; i < accounts->count; i++)
        needs_add_account(run->arena, accounts->items[i].account_id.text, &needs);
    for (size_t i = 0; i < needs.count; i++)
        needs.items[i].everything = needs.items[i].providers = true;
    needs_finish(&needs);
    if (aws_open(&aws, run->environment, settings, has_plan_role ? ROLE_PLAN : ROLE_DEPLOYER,
                 "iamlease-import", run->net, err) < 0)
        return -1;
    run->say(run->say_context, "reading %zu account%s as %s", needs.count, needs.count == 1 ? "" : "s",
             has_plan_role ? settings->plan_role : settings->deployer_role);
    int rc = aws_observe(run->arena, aws, &needs, settings->owner, ret, err);
    if (rc == 0 && check_read(ret, accounts, err) == 0 && writes_roles)
        rc = read_roles(run, settings, aws, ret, err);
    aws_close(aws);
    return rc < 0 ? -1 : check_read(ret, accounts, err);
}

/* Whether the team has a file of aws-roles: then what is in it counts, and nothing is added. */
static bool has_roles_file(const struct source *source, const char *team)
{
    bool found = false;
    for (size_t i = 0; i < source->inputs.count; i++)
        found |= source->inputs.items[i].kind == FILE_ROLES && str_eq(source->inputs.items[i].team, team);
    return found;
}

int flow_import(const struct run *run, const struct importing_request *request, struct diags *diags,
                struct imported *ret, struct err *err)
{
    struct source source;
    struct account_list accounts = {0};
    struct import_place place;
    struct observed observed;
    struct team_config team;
    *ret = (struct imported){.team = request->team,
                             .now_s = request->now_s,
                             .dry_run = request->dry_run,
                             .adopts = request->adopts};
    if (!grammar_team.matches(request->team))
        return err_set(err, ERR_USAGE, "--team '%s' is not %s: %s", request->team, grammar_team.what,
                       grammar_team.hint);
    if (read_worktree(run, request, &source, diags, err) < 0 ||
        find_place(run, request, &source, &place, err) < 0 ||
        find_accounts(run, request, &source, &accounts, &place, err) < 0 ||
        import_check_free(run->arena, &place, request->team, err) < 0 ||
        read_aws(run, &source.config->settings, &accounts, !has_roles_file(&source, request->team), &observed,
                 err) < 0)
        return -1;
    struct map unfit = map_new(run->arena);
    const struct import_request what = {
        .team = request->team,
        .config = source.config,
        .accounts = accounts.items,
        .account_count = accounts.count,
        .observed = &observed,
        .patterns = {request->patterns[0], request->patterns[1], request->patterns[2]},
        .unfit = &unfit,
        .adopts = request->adopts,
        .writes_roles = !has_roles_file(&source, request->team),
        .now_s = request->now_s,
    };
    const struct imported empty = *ret;
    for (bool is_unfit = true; is_unfit;) { /* each time there is less that may become an entry */
        *ret = empty;
        ret->accounts = accounts.count;
        import_compute(run->arena, &what, &team, ret);
        if (import_make_files(run, request, &place, &source, &observed, &team, what.writes_roles, &unfit,
                              diags, &is_unfit, ret, err) < 0)
            return -1;
    }
    ret->is_refused =
        (request->strict && !imported_is_whole(ret)) || (!request->lets_go && imported_goes(ret, true) > 0);
    if (request->dry_run || ret->is_refused)
        return 0;
    if (import_write_files(run->arena, &place, ret, err) < 0)
        return -1;
    ret->is_written = true;
    return 0;
}
