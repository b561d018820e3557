"""Invents the configurations that the benchmark measures: the same ones in every run, on every machine.

A team has three accounts, 12 policies and 100 entries (40 permanent, 60 leases), which come to a little over 100 grants;
each account is shared by three teams. Everything is valid at NOW, and nothing has ended.
"""

NOW = "2026-11-25T12:00:00Z"
ENTRIES, LEASES, POLICIES, PEOPLE = 100, 60, 12, 40
ONE_ACCOUNT = "999999999999"

ENVIRONMENTS = ("dev", "staging", "prod")
SERVICES = ("s3", "sqs", "sns", "dynamodb", "kms", "logs", "lambda", "states", "ecr", "athena", "glue", "kinesis")
VERBS = ("Get", "List", "Describe", "Put", "Update", "Delete")
NOUNS = ("Object", "Queue", "Topic", "Item", "Key", "Stream", "Function", "Execution", "Image", "Table")
MANAGED = ("ReadOnlyAccess", "job-function/ViewOnlyAccess", "AmazonS3ReadOnlyAccess", "CloudWatchReadOnlyAccess")


class World:
    """`teams` teams; with `shared`, every team's production is one and the same account."""

    def __init__(self, teams, shared=False):
        self.teams = teams
        self.shared = shared

    def name(self, team):
        return f"team-{team:04d}"

    def account(self, team, environment):
        """Three neighbours share an account, and each kind of account has other neighbours."""
        if self.shared and environment == 2:
            return ONE_ACCOUNT
        return f"{100000000000 + environment * 1000000 + (team + environment) // 3:012d}"

    def person(self, team, number):
        """Every tenth person works for the next team too."""
        home = (team + 1) % self.teams if number % 10 == 9 else team
        return f"person-{number:02d}.of-{home:04d}@example.com"

    def accounts_file(self, team):
        lines = [f'  {name}: "{self.account(team, i)}"' for i, name in enumerate(ENVIRONMENTS)]
        return "\n".join(["aws-accounts:", *lines, ""])

    def policies_file(self, team, extra_action=False):
        lines = ["aws-policies:"]
        for number in range(POLICIES):
            service = SERVICES[(team + number) % len(SERVICES)]
            lines.append(f"  {policy_name(number)}:")
            lines.append(f"    description: what {self.name(team)} does with {service}, number {number}")
            if number % 3 == 2:
                lines.append("    managed_policies:")
                lines += [f"      - arn:aws:iam::aws:policy/{MANAGED[(team + number + i) % 4]}" for i in range(2)]
                continue
            lines.append("    custom_statements:")
            for statement in range(2):
                lines.append("      - effect: Allow")
                lines.append("        actions:")
                for i in range(4):
                    verb, noun = VERBS[(number + i + statement) % 6], NOUNS[(team + number + i) % 10]
                    lines.append(f"          - {service}:{verb}{noun}")
                if extra_action and number == 0:
                    lines.append(f"          - {service}:TagResource")
                lines.append("        resources:")
                lines.append(f'          - "arn:aws:{service}:eu-central-1:*:{self.name(team)}-{statement}-{number}/*"')
        return "\n".join([*lines, ""])

    def permanent_file(self, team, extra_entry=False):
        lines = ["permanent-access:"]
        for number in range(ENTRIES - LEASES + (1 if extra_entry else 0)):
            lines.append(f"  - description: {self.name(team)} needs this every day, number {number}")
            if number % 4 == 3:
                lines += ["    roles:", f"      - {self.name(team)}-service-{number:02d}"]
            else:
                lines += ["    users:", f"      - {self.person(team, number % PEOPLE)}"]
                if number % 8 == 0:
                    lines.append(f"      - {self.person(team, (number + 7) % PEOPLE)}")
            # What anybody has for good in production are policies of AWS.
            environment, policy = number % 3, number % POLICIES
            if environment == 2:
                policy = 2 + 3 * (number % 4)
            lines += ["    environments:", f"      - {ENVIRONMENTS[environment]}"]
            lines += ["    grants:", f"      - {policy_name(policy)}"]
        return "\n".join([*lines, ""])

    def temporary_file(self, team, changed=False):
        """Changed: the first lease is one day longer, the second is gone, and there is a new one."""
        lines = ["temporary-access:"]
        for number in range(LEASES + (1 if changed else 0)):
            if changed and number == 1:
                continue
            day = 26 + number % 4 + (1 if changed and number == 0 else 0)
            policy = number % POLICIES
            policy -= 1 if policy % 3 == 2 else 0
            lines.append(f"  - description: incident {team * LEASES + number} of {self.name(team)}")
            lines.append(f"    expiration_date: 2026-11-{day}")
            lines.append(f"    user: {self.person(team, number % PEOPLE)}")
            lines.append(f"    environment: {ENVIRONMENTS[number // 20 % 3]}")
            lines.append(f"    grant: {policy_name(policy)}")
        return "\n".join([*lines, ""])

    def files(self, team):
        """Path and text of each file of a team."""
        name = self.name(team)
        return {
            f"aws-accounts/{name}.yaml": self.accounts_file(team),
            f"aws-policies/{name}.yaml": self.policies_file(team),
            f"permanent-access/{name}.yaml": self.permanent_file(team),
            f"temporary-access/{name}.yaml": self.temporary_file(team),
        }

    def changes(self, team):
        """What a pull request changes in a team: leases always, other files in some teams."""
        name = self.name(team)
        files = {f"temporary-access/{name}.yaml": self.temporary_file(team, changed=True)}
        if team % 3 == 0:
            files[f"permanent-access/{name}.yaml"] = self.permanent_file(team, extra_entry=True)
        if team % 5 == 0:
            files[f"aws-policies/{name}.yaml"] = self.policies_file(team, extra_action=True)
        return files


def policy_name(number):
    return f"{ENVIRONMENTS[number % 3]}.use-{number:02d}"
