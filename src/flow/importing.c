/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/importing.h"

#include "base/str.h"
#include "config/grammar.h"
#include "config/import_team.h"
#include "flow/import_files.h"
#include "flow/import_reading.h"

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
        import_read_aws(run, &source.config->settings, accounts.items, accounts.count,
                        !has_roles_file(&source, request->team), &observed, err) < 0)
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
