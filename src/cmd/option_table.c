/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/option_table.h"

#include <string.h>

#define AT(member) offsetof(struct options, member)

const struct option_row option_rows[OPTION_COUNT] = {
    {"base", 0, OPTION_TEXT, AT(base), " validate plan ", "REV",
     "compare with this commit (default: where the default branch and the head parted)"},
    {"head", 0, OPTION_TEXT, AT(head),
     " validate plan apply cleanup who applied port-sync revoke policy bootstrap ", "REV",
     "judge this commit; WORKTREE means the files on disk"},
    {"markdown", 0, OPTION_FLAG, AT(markdown), " plan apply cleanup bootstrap ", NULL,
     "print Markdown, as in the pull request's comment"},
    {"out", 0, OPTION_TEXT, AT(out), " plan import ", "FILE",
     "plan: also write the plan as JSON to FILE; import: write into this folder, not into the config root"},
    {"live", 0, OPTION_FLAG, AT(live), " plan ", NULL,
     "read AWS with aws.plan_role: the exact calls, and where AWS is not what was applied"},
    {"detailed-exitcode", 0, OPTION_FLAG, AT(detailed_exitcode), " plan ", NULL,
     "exit 2 when the plan changes something"},
    {"pr", 0, OPTION_TEXT, AT(pr), " plan ", "NUMBER",
     "plan this pull request: base and head by GitHub's API, the comment there; needs IAMLEASE_GITHUB_TOKEN"},
    {"comment", 0, OPTION_TEXT, AT(comment), " plan apply ", "WHETHER",
     "keep a comment on the pull request: true (the default where there is a token) or false"},
    {"comment-key", 0, OPTION_TEXT, AT(comment_key), " plan apply ", "NAME",
     "tells several comments on one pull request apart (default: the config root)"},
    {"dry-run", 0, OPTION_FLAG, AT(dry_run), " apply cleanup import request revoke bootstrap ", NULL,
     "read AWS and print what would be done, write nothing"},
    {"first-apply", 0, OPTION_FLAG, AT(first_apply), " apply applied ", NULL,
     "go on although the applied ref is missing and AWS holds objects of iamlease"},
    {"accept", 0, OPTION_TEXTS, AT(accept), " apply ", "DIGEST",
     "let a change through that breaks a rule or lacks approvals; may stand several times"},
    {"accept-removals", 0, OPTION_TEXT, AT(accept_removals), " apply ", "REV",
     "carry out the removals of a commit that limits.max_removals holds back"},
    {"apply-branch", 0, OPTION_TEXT, AT(apply_branch), " apply applied ", "NAME",
     "apply commits of this branch (default: the default branch)"},
    {"shard", 0, OPTION_TEXT, AT(shard), " apply ", "I/N",
     "apply a part of the accounts, those of --accounts; both from the matrix of a plan; needs --head"},
    {"accounts", 0, OPTION_TEXTS, AT(accounts), " apply bootstrap ", "IDS",
     "the accounts of the shard, or those that bootstrap makes roles in, with commas between"},
    {"adopt", 0, OPTION_FLAG, AT(adopt), " plan apply cleanup policy import ", NULL,
     "take over what cloud-iam-self-serve made and the files declare; policy: print what that needs, too; import: "
     "write it as the team's own, for plan --adopt and apply --adopt"},
    {"leftovers", 0, OPTION_TEXT, AT(leftovers), " apply cleanup ", "HOW",
     "attachments that only older commits declared: report (cleanup's default), remove or ignore (apply's)"},
    {"plan", 0, OPTION_TEXT, AT(plan), " apply ", "FILE",
     "the plan that was approved, from plan --live --out: hold leases that would copy another version of a policy"},
    {"journal", 0, OPTION_TEXT, AT(journal), " apply cleanup revoke request bootstrap ", "FILE",
     "append a JSON line to FILE before and after each call to AWS"},
    {"lease", 0, OPTION_TEXT, AT(lease), " revoke ", "LEASE",
     "take this one back, without Port: its id, the name or ARN of its role, or the run in Port that asked for it"},
    {"user", 0, OPTION_TEXT, AT(user), " who ", "NAME", "only this user or role; an e-mail address works too"},
    {"account", 0, OPTION_TEXTS, AT(account), " who import ", "WHICH",
     "who: only this account, by its id or an environment's name; import: read it, NAME=ID; may stand several times"},
    {"users", 0, OPTION_TEXTS, AT(users), " import ", "PATTERN",
     "only IAM users of that name, with '*' and '?'; may stand several times (default: everybody)"},
    {"roles", 0, OPTION_TEXTS, AT(roles), " import ", "PATTERN", "only roles of that name, likewise"},
    {"groups", 0, OPTION_TEXTS, AT(groups), " import ", "PATTERN", "only groups of that name, likewise"},
    {"strict", 0, OPTION_FLAG, AT(strict), " import ", NULL,
     "write nothing and exit 1 when anything is left behind"},
    {"let-go", 0, OPTION_FLAG, AT(let_go), " import ", NULL,
     "write the files although the next apply takes away what they cannot say of this team"},
    {"team", 0, OPTION_TEXTS, AT(teams), " plan apply import ", "TEAM",
     "only this team; may stand several times. import: the team whose files are written"},
    {"role-to-assume", 0, OPTION_TEXT, AT(role_to_assume),
     " plan apply cleanup who port-sync revoke request import ", "ARN",
     "in GitHub Actions: begin with this role, by the job's OIDC token (needs id-token: write)"},
    {"deadline", 0, OPTION_TEXT, AT(deadline),
     " plan apply cleanup who port-sync request revoke import bootstrap ", "MINUTES",
     "begin no call after that time (60s: seconds); what is left is reported, exit 1 (default: no end)"},
    {"answer-timeout", 0, OPTION_TEXT, AT(answer_timeout),
     " plan apply cleanup who port-sync request revoke import bootstrap ", "SECONDS",
     "how long one call may take; then it is tried again, or settled by a look (default: 60)"},
    {"max-in-flight", 0, OPTION_TEXT, AT(max_in_flight),
     " plan apply cleanup who port-sync revoke request import bootstrap ", "NUMBER",
     "calls to AWS at once, in all (default: 100)"},
    {"max-in-flight-per-account", 0, OPTION_TEXT, AT(max_in_flight_per_account),
     " plan apply cleanup who port-sync revoke request import bootstrap ", "NUMBER",
     "calls to AWS at once in one account (default: 2)"},
    {"print", 0, OPTION_TEXT, AT(print), " bootstrap ", "FORM",
     "call nothing; print a template of CloudFormation for the hub (cloudformation) or for the other accounts (stackset), "
     "or commands of the AWS CLI (cli)"},
    {"check", 0, OPTION_FLAG, AT(check), " bootstrap ", NULL,
     "say what is missing or different, write nothing"},
    {"hub-account", 0, OPTION_TEXT, AT(hub_account), " bootstrap ", "ID",
     "the account in which jobs begin (default: bootstrap.hub_account)"},
    {"repository", 0, OPTION_TEXT, AT(repository), " bootstrap ", "OWNER/NAME",
     "whose jobs are trusted (default: bootstrap.repository)"},
    {"repository-ids", 0, OPTION_TEXT, AT(repository_ids), " bootstrap ", "ID/ID",
     "the ids of its owner and of itself (default: bootstrap.repository_ids)"},
    {"through-role", 0, OPTION_TEXT, AT(through_role), " bootstrap ", "NAME",
     "reach accounts by this role, but for that of the credentials (default: bootstrap.through_role)"},
    {"action", 0, OPTION_TEXT, AT(action), " init ", "USES",
     "what the workflows use, such as OWNER/iamlease@REF (default: that placeholder)"},
    {"man", 0, OPTION_REQUEST, AT(man), " help ", NULL, "print the manual page, for man(1)"},
    {"completion", 0, OPTION_TEXT, AT(completion), " help ", "SHELL",
     "print the completion for this shell: bash, zsh or fish"},
    {"schema", 0, OPTION_TEXT, AT(schema), " help ", "KIND",
     "print the JSON Schema of a kind of file: accounts, policies, permanent, temporary or settings"},
    {"reference", 0, OPTION_REQUEST, AT(reference), " help ", NULL,
     "print the reference of all kinds of files, as Markdown"},
    {"repo", 0, OPTION_TEXT, AT(repo), "*", "DIR",
     "the git repository (default: the one around the current folder)"},
    {"config-root", 0, OPTION_TEXT, AT(config_root), "*", "DIR",
     "the folder in it that holds the configuration (default: the top, or aws/)"},
    {"now", 0, OPTION_TEXT, AT(now), "*", "TIME", "take this as the time, such as 2026-11-30T14:00:00Z"},
    {"json", 0, OPTION_FLAG, AT(json), "*", NULL, "print JSON"},
    {"no-color", 0, OPTION_FLAG, AT(no_color), "*", NULL, "no colours, even on a terminal"},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), "*", NULL, "say more on standard error"},
    {"quiet", 'q', OPTION_FLAG, AT(quiet), "*", NULL, "say nothing but errors on standard error"},
    {"help", 'h', OPTION_REQUEST, AT(help), "*", NULL, "print this help"},
    {"version", 0, OPTION_REQUEST, AT(version), "*", NULL, "print the version"},
};

bool option_belongs_to(const struct option_row *row, const struct command *command)
{
    char name[OPTION_NAME_MAX];
    int length = snprintf(name, sizeof name, " %s ", command->name);
    return *row->commands == '*' || (length > 0 && strstr(row->commands, name));
}

void option_store(struct arena *arena, struct options *options, const struct option_row *row,
                  const char *value)
{
    char *member = (char *)options + row->offset;
    if (!option_takes_value(row))
        *(bool *)(void *)member = true;
    else if (row->kind == OPTION_TEXT)
        *(const char **)(void *)member = value;
    else
        strings_add(arena, (struct strings *)(void *)member, value);
}
