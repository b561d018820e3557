/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with whom a role trusts, whatever it may do. */
#include "base/str.h"
#include "config/ids.h"
#include "config/judging.h"
#include "config/open_roles.h"
#include "config/pull_request_rules.h"
#include "config/shown.h"
#include "policy/document.h"
#include "policy/trust.h"

#include <string.h>

/* Of a trust policy: characters without white space (facts/aws.md §1.2). */
enum { TRUST_SIZE_MAX = 2048 };

static void refuse_anybody(struct judging *judging, const struct role_decl *role,
                           const struct located *principal)
{
    if (!strpbrk(principal->text, "*?"))
        return;
    struct diag *diag = diag_error(judging->diags, principal->span, ID_TRUST_ANYBODY,
                                   "role '%s' would trust '%s', which is no particular user or role",
                                   role->name, principal->text);
    diag_hint(judging->diags, diag, "name each of them; for a whole account write 'account:'");
}

/* "repo:OWNER/REPOSITORY:…" */
static void judge_github(struct judging *judging, const struct access_entry *entry,
                         const struct located *subject)
{
    static const char prefix[] = "repo:";
    const char *owner = subject->text + strlen(prefix), *role = entry->ad_hoc->role->name;
    const size_t owner_size = str_prefix(subject->text, prefix) ? strcspn(owner, "/:") : 0;
    struct diag *diag;
    if (!owner_size || !owner[owner_size] || strcspn(owner, "*?") < owner_size) {
        diag = diag_error(judging->diags, subject->span, ID_TRUST_WIDE_SUBJECT,
                          "role '%s' would trust repositories of others: '%s' does not name one owner", role,
                          subject->text);
        diag_hint(judging->diags, diag,
                  "write 'repo:OWNER/REPOSITORY:…', as in 'repo:acme/app:environment:prod'");
        return;
    }
    const char *repository = owner + owner_size + 1;
    const size_t size = strcspn(repository, ":");
    if (owner[owner_size] != '/' || strcspn(repository, "*?") < size) {
        diag = diag_warning(judging->diags, subject->span, ID_TRUST_WIDE_SUBJECT,
                            "role '%s' trusts every repository of '%.*s' that '%s' matches", role,
                            (int)owner_size, owner, subject->text);
        diag_hint(judging->diags, diag, "name the repository, as in 'repo:acme/app:environment:prod'");
    }
    judge_pull_request_subject(judging, entry, subject);
}

/*
 * Elsewhere, what stands before the first wildcard must be somebody in particular: two whole segments, as in
 * "project_path:acme/" and "organization:acme:"; three of Kubernetes, where the third is the namespace; or an
 * id in braces.
 */
static bool fixes_somebody(const char *subject)
{
    const size_t fixed = strcspn(subject, "*?"), wanted = *subject == '{'                  ? 1
                                                          : str_prefix(subject, "system:") ? 3
                                                                                           : 2;
    size_t segments = 0, size = 0;
    for (size_t i = 0; i < fixed; i++) {
        const bool ends = subject[i] == ':' || subject[i] == '/';
        segments += ends && size > 0;
        size = ends ? 0 : size + 1;
    }
    return !subject[fixed] || segments >= wanted;
}

static void judge_subject(struct judging *judging, const struct access_entry *entry,
                          const struct trust_decl *trust, const struct located *subject)
{
    if (trust_is_of_github(trust->oidc_issuer, subject->text)) {
        judge_github(judging, entry, subject);
        return;
    }
    if (fixes_somebody(subject->text))
        return;
    struct diag *diag = diag_error(judging->diags, subject->span, ID_TRUST_WIDE_SUBJECT,
                                   "role '%s' would trust whoever has a subject like '%s' at %s",
                                   entry->ad_hoc->role->name, subject->text, trust->oidc_issuer);
    diag_hint(judging->diags, diag,
              "write out whose it is before the first wildcard, as in 'project_path:acme/*', "
              "'organization:acme:*' or 'system:serviceaccount:NAMESPACE:*'");
}

static void judge_oidc(struct judging *judging, const struct access_entry *entry,
                       const struct trust_decl *trust)
{
    const struct span span = trust->oidc_provider.span;
    const char *role = entry->ad_hoc->role->name;
    struct diag *diag;
    if (!trust->oidc_audiences.count) {
        diag = diag_error(judging->diags, span, ID_TRUST_NO_AUDIENCE,
                          "role '%s' would take tokens of %s that are meant for somebody else", role,
                          trust->oidc_issuer);
        diag_hint(judging->diags, diag, "add 'audience:', mostly 'sts.amazonaws.com'");
    }
    for (size_t i = 0; i < trust->oidc_audiences.count; i++) {
        const struct located *audience = &trust->oidc_audiences.items[i];
        if (!strpbrk(audience->text, "*?"))
            continue;
        diag = diag_error(
            judging->diags, audience->span, ID_TRUST_NO_AUDIENCE,
            "role '%s' has the audience '%s', and no token has that: here is no place for wildcards", role,
            audience->text);
        diag_hint(judging->diags, diag, "write the audience out, mostly 'sts.amazonaws.com'");
    }
    if (!trust->oidc_subjects.count) {
        diag = diag_error(judging->diags, span, ID_TRUST_NO_SUBJECT,
                          "role '%s' would trust whoever gets a token of %s", role, trust->oidc_issuer);
        diag_hint(judging->diags, diag, "add 'subjects:'");
    }
    for (size_t i = 0; i < trust->oidc_subjects.count; i++)
        judge_subject(judging, entry, trust, &trust->oidc_subjects.items[i]);
}

/* Somebody else may be talked into using the trust that we put in him (the confused deputy). */
static void judge_other_account(struct judging *judging, const struct access_entry *entry,
                                const struct trust_decl *trust, const char *account_id, struct span span)
{
    if (trust->external_id || team_names_account(judging->team, account_id))
        return;
    struct diag *diag = diag_warning(judging->diags, span, ID_TRUST_OTHER_ACCOUNT,
                                     "role '%s' trusts account %s, which is none of team '%s', without an "
                                     "external id",
                                     entry->ad_hoc->role->name, account_id, judging->team->name);
    diag_hint(judging->diags, diag,
              "where that account is somebody else's, add the 'external_id:' that they gave you");
}

/* What the least policy of the deployer allows (aws/role_policy.h), and what AWS takes without being asked for more. */
static void judge_object(struct judging *judging, const struct role_decl *role)
{
    const struct settings *settings = judging->settings;
    struct document trust;
    struct diag *diag;
    if (role->path && !str_prefix(role->path, settings->policy_path)) {
        diag = diag_error(judging->diags, role->path_span, ID_ROLE_PATH,
                          "role '%s' would stand outside of '%s', where the deployer may not make roles",
                          role->name, settings->policy_path);
        diag_hint(
            judging->diags, diag,
            "let the path begin with 'aws.policy_path' of iamlease.yaml, or change that, and the deployer's "
            "policy with it");
    }
    trust_document(judging->scratch, settings->partition, "000000000000", role, &trust);
    const size_t size = document_measure(document_to_json(judging->scratch, &trust));
    if (size <= TRUST_SIZE_MAX)
        return;
    diag = diag_warning(
        judging->diags, role->span, ID_TRUST_TOO_LARGE,
        "the trust policy of role '%s' has %zu characters; AWS allows %d unless it was asked for more",
        role->name, size, TRUST_SIZE_MAX);
    diag_hint(judging->diags, diag, "use wildcards, or make two roles");
}

void judge_trust(struct judging *judging, const struct access_entry *entry)
{
    const struct role_decl *role = entry->ad_hoc->role;
    for (size_t i = 0; role && i < role->trust.count; i++) {
        const struct trust_decl *trust = &role->trust.items[i];
        if (trust->account.text)
            judge_other_account(judging, entry, trust, trust->account.text, trust->account.span);
        for (size_t j = 0; j < trust->principals.count; j++) {
            const struct located *principal = &trust->principals.items[j];
            const char *account = strstr(principal->text, ":iam::");
            refuse_anybody(judging, role, principal);
            judge_pull_request_principal(judging, entry, principal);
            if (account)
                judge_other_account(judging, entry, trust,
                                    arena_strndup(judging->scratch, account + strlen(":iam::"), 12),
                                    principal->span);
        }
        if (trust->oidc_issuer)
            judge_oidc(judging, entry, trust);
    }
    if (role)
        judge_object(judging, role);
}
