/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/import_reading.h"

#include "base/str.h"
#include "plan/needs.h"
#include "policy/role_mark.h"

#include <string.h>

/* One account that was not read is one too many: the files would look like the whole. */
static int check_read(const struct observed *observed, const struct account_decl *accounts, size_t count,
                      struct err *err)
{
    size_t failed = 0;
    const struct observed_account *first = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct observed_account *account = observed_find_account(observed, accounts[i].account_id.text);
        failed += account->error != NULL;
        first = first || !account->error ? first : account;
    }
    if (!first)
        return 0;
    return err_set(err, ERR_AWS, "account %s could not be read, %zu of %zu in all, and nothing is written: %s",
                   first->account_id, failed, count, first->error);
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
            if (role->kind != PRINCIPAL_ROLE || !observed_is_below(role, settings->policy_path) ||
                !role_mark_is_kept(run->arena, role->mark, settings->owner, &mark))
                continue;
            needs_add_account(run->arena, observed->items[i].account_id, &needs);
            struct account_needs *account = &needs.items[needs.count - 1];
            account->roles_path = settings->policy_path;
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

int import_read_aws(const struct run *run, const struct settings *settings,
                    const struct account_decl *accounts, size_t count, bool writes_roles,
                    struct observed *ret, struct err *err)
{
    struct needs needs = {0};
    struct aws *aws = NULL;
    const bool has_plan_role = *settings->plan_role;
    for (size_t i = 0; i < count; i++)
        needs_add_account(run->arena, accounts[i].account_id.text, &needs);
    for (size_t i = 0; i < needs.count; i++)
        needs.items[i].everything = needs.items[i].providers = true;
    needs_finish(&needs);
    if (aws_open(&aws, run->environment, settings, has_plan_role ? ROLE_PLAN : ROLE_DEPLOYER,
                 "iamlease-import", run->net, err) < 0)
        return -1;
    run->say(run->say_context, "reading %zu account%s as %s", needs.count, needs.count == 1 ? "" : "s",
             has_plan_role ? settings->plan_role : settings->deployer_role);
    int rc = aws_observe(run->arena, aws, &needs, settings->owner, ret, err);
    if (rc == 0 && check_read(ret, accounts, count, err) == 0 && writes_roles)
        rc = read_roles(run, settings, aws, ret, err);
    aws_close(aws);
    return rc < 0 ? -1 : check_read(ret, accounts, count, err);
}
