/* SPDX-License-Identifier: Apache-2.0 */
/* The command table. */
#include "base/str.h"
#include "cmd/invocation.h"

const struct command commands[] = {
    {"init", "write the folders, settings and workflows that a repository begins with",
     "Writes the four folders with examples, all of it comment, settings and workflows of GitHub Actions into the work tree.\n"
     "What is there stays as it is. Asks nothing, and needs neither AWS nor GitHub.",
     cmd_init, false, false},
    {"validate", "check the files and say exactly where they are wrong",
     "Reads the configuration from the work tree (or --head) and judges it by the limits of the base. Needs no AWS.\n"
     "Exit code 1 when something is wrong.",
     cmd_validate, false, false},
    {"plan", "show who would gain, change or lose what, where, until when",
     "Compares two states of the repository and prints the access delta and the calls to AWS that it means.\n"
     "Needs no AWS: the calls are those that the state of the base implies.",
     cmd_plan, false, false},
    {"apply", "make AWS what the commit says, and remember that",
     "Grants what the commit (default: HEAD) declares and removes what a commit since the last apply declared and this one does\n"
     "not. Every account is reached by assuming the deployer role. The ref refs/tags/iamlease/applied moves to the commit when\n"
     "everything was done. Safe to run again at any time, also after it was killed.",
     cmd_apply, true, false},
    {"cleanup", "remove leases that have ended",
     "AWS ends every lease by itself; this removes what is left of it. Finds leases by their mark, in every account that the\n"
     "configuration names. Run it on a schedule.",
     cmd_cleanup, true, false},
    {"applied", "show or move the tag of what was applied",
     "`iamlease applied show` prints the commit that refs/tags/iamlease/applied names. `iamlease applied set --head COMMIT`\n"
     "moves it, only forward along the default branch: the last job of a sharded apply does that.",
     cmd_applied, true, true},
    {"who", "list who has what, where, until when, as AWS has it",
     "Reads the accounts and prints the attachments and leases that iamlease looks after.", cmd_who, true,
     false},
    {"request", "turn a run of an action in Port into a pull request",
     "For a workflow that Port starts (workflow_dispatch): who asks for what is read from Port, checked by the settings of the\n"
     "default branch, and added to temporary-access of the team as a pull request. Needs PORT_CLIENT_ID, PORT_CLIENT_SECRET\n"
     "and a token of GitHub; docs/port.md has the workflow.",
     cmd_request, false, false},
    {"revoke", "take back in Port what was asked for there, and what has ended",
     "For a workflow that Port starts, by somebody or by the timer of an entity. Removes what has ended, as cleanup does; the\n"
     "lease on whose entity somebody started it goes at once, and its entry by a pull request. Done again it finishes what was\n"
     "cut off; what is gone is success.",
     cmd_revoke, true, false},
    {"port-sync", "bring Port's catalog up to date with AWS",
     "Reads the accounts as `who` does; writes an entity for every lease, deletes those of leases that have ended, and ends the\n"
     "runs in Port whose access was granted or whose pull request was closed. apply and cleanup do the same after their work,\n"
     "where PORT_CLIENT_ID and PORT_CLIENT_SECRET are set. Writes nothing to AWS.",
     cmd_port_sync, true, false},
    {"import", "write the files of a team for what accounts have already",
     "Reads accounts and writes what is there as the files of one team: attachments as permanent access, with the policies\n"
     "that they are of. What files cannot say is listed. Afterwards a plan has nothing to do. Only reads AWS, with\n"
     "aws.plan_role where the settings name it, else with the deployer role; `iamlease policy plan` is enough for it.\n"
     "Overwrites nothing. When an account cannot be read, nothing is written.",
     cmd_import, true, false},
    {"policy", "print the least IAM policy of a role",
     "`iamlease policy deployer` prints the permissions that apply, cleanup and who need in each account, `iamlease policy plan`\n"
     "those of a plan that reads AWS. The document is made from the calls that the program makes and the settings in the\n"
     "work tree (or --head): `aws iam put-role-policy --policy-document` takes it. Needs no AWS.",
     cmd_policy, false, true},
    {"help", "explain a command",
     "iamlease help COMMAND prints what the command does and its options.\n"
     "With --man or --completion it prints what `make install` puts where man and the shells look for it.",
     cmd_help, false, true},
};
const size_t command_count = sizeof commands / sizeof commands[0];

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (str_eq(commands[i].name, name))
            return &commands[i];
    return NULL;
}

int command_unknown(const char *name, struct err *err)
{
    const char *names[sizeof commands / sizeof commands[0]];
    for (size_t i = 0; i < command_count; i++)
        names[i] = commands[i].name;
    const char *nearest = str_nearest(name, names, command_count);
    if (nearest)
        return err_set(err, ERR_USAGE, "unknown command '%s'; did you mean '%s'?", name, nearest);
    return err_set(err, ERR_USAGE, "unknown command '%s'; 'iamlease help' lists them", name);
}
