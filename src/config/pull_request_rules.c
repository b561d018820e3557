/* SPDX-License-Identifier: Apache-2.0 */
/* What pull requests may use: whoever opens one decides what it runs. */
#include "config/pull_request_rules.h"

#include "base/str.h"
#include "config/ids.h"
#include "config/only_reads.h"
#include "config/open_roles.h"

static const char hint[] = "name an environment or a branch, as in 'repo:acme/app:environment:prod'; for pull "
                           "requests make a role that only reads";

/* An error where they are meant. `what`: what is wrong with the role being used. */
static struct diag *complain(struct judging *judging, struct span span, const char *subject,
                             enum github_pulls pulls, const char *role, const char *what)
{
    const char *message =
        arena_printf(judging->scratch, "%s'%s' lets %s use role '%s', %s",
                     pulls == PULLS_BY_TEMPLATE ? "where GitHub has a template for subjects, " : "", subject,
                     pulls == PULLS_TOO ? "pull requests, too," : "pull requests", role, what);
    return pulls == PULLS_MEANT ? diag_error(judging->diags, span, ID_TRUST_PULL_REQUEST, "%s", message)
                                : diag_warning(judging->diags, span, ID_TRUST_PULL_REQUEST, "%s", message);
}

void judge_pull_request_subject(struct judging *judging, const struct access_entry *entry,
                                const struct located *subject)
{
    const enum github_pulls pulls = github_subject_pulls(subject->text);
    if (pulls == PULLS_NONE || entry_only_reads(judging, entry))
        return;
    struct diag *diag = complain(judging, subject->span, subject->text, pulls, entry->ad_hoc->role->name,
                                 "which can do more than read");
    diag_hint(judging->diags, diag, "%s", hint);
}

static const char *account_of(const struct judging *judging, const struct located *environment)
{
    const struct account_decl *account = map_get(&judging->accounts, environment->text);
    return account ? account->account_id.text : "";
}

/* Says who lets pull requests in, and where. */
static void point_to(struct judging *judging, struct diag *diag, const struct open_role *open)
{
    const char *by =
        open->by ? arena_printf(judging->scratch, "they come by way of role '%s'; ", open->by) : "";
    diag_hint(judging->diags, diag, "%swhom %s trusts stands in %s:%u; %s", by,
              open->by ? "that one" : "the role", open->subject->span.file->path,
              (unsigned)open->subject->span.line, hint);
    diag_relate(diag, open->subject->span);
}

void judge_pull_request_principal(struct judging *judging, const struct access_entry *entry,
                                  const struct located *principal)
{
    const char *account_id, *name;
    if (!judging->open_roles.count || !open_role_parse(judging->scratch, principal->text, &account_id, &name) ||
        entry_only_reads(judging, entry))
        return;
    const struct open_role *open = open_role_find(judging, account_id, name);
    for (size_t i = 0; open && i < entry->environments.count; i++) {
        if (!str_eq(account_of(judging, &entry->environments.items[i]), account_id))
            continue;
        const char *what =
            arena_printf(judging->scratch, "which role '%s' trusts, and that one can do more than read",
                         entry->ad_hoc->role->name);
        point_to(judging, complain(judging, principal->span, open->subject->text, open->pulls, name, what),
                 open);
        return;
    }
}

/* In the first account where it is open. */
static const struct open_role *open_in(const struct judging *judging, const struct access_entry *entry,
                                       const char *role)
{
    const struct open_role *open = NULL;
    for (size_t i = 0; !open && i < entry->environments.count; i++)
        open = open_role_find(judging, account_of(judging, &entry->environments.items[i]), role);
    return open;
}

void judge_pull_request_grants(struct judging *judging, const struct access_entry *entry)
{
    if (entry->file == FILE_ROLES || !judging->open_roles.count || !entry->roles.count ||
        entry_only_reads(judging, entry))
        return;
    for (size_t i = 0; i < entry->roles.count; i++) {
        const struct located *role = &entry->roles.items[i];
        const struct open_role *open = open_in(judging, entry, role->text);
        if (open)
            point_to(judging,
                     complain(judging, role->span, open->subject->text, open->pulls, role->text,
                              "which gets more here than to read"),
                     open);
    }
}
