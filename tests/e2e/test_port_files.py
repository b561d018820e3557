"""What stands in port/ to be pasted: well-formed, of one piece, and what the program expects."""

import json
import re

import pytest
import yaml
from harness import cli
from harness.judge import arns_of

PORT = cli.ROOT / "port"
BLUEPRINTS = {path.stem: json.loads(path.read_text()) for path in PORT.glob("blueprints/*.json")}
ACTIONS = {path.stem: json.loads(path.read_text()) for path in PORT.glob("actions/*.json")}
WORKFLOWS = {path.name: yaml.load(path.read_text(), yaml.BaseLoader) for path in PORT.glob("workflows/*.yml")}


def test_all_is_there():
    assert set(BLUEPRINTS) == {"aws_resource", "iam_permissions", "provisioned_permissions"}
    assert set(ACTIONS) == {"request_permissions", "revoke_permissions", "expired_permissions"}
    assert set(WORKFLOWS) == {"port-request.yml", "port-request-direct.yml", "port-revoke.yml"}


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_blueprints(name):
    blueprint = BLUEPRINTS[name]
    assert blueprint["identifier"] == name
    for relation in blueprint["relations"].values():
        assert relation["target"] in BLUEPRINTS
    for key, described in blueprint["schema"]["properties"].items():
        assert described["type"] in ("string", "object", "array", "number", "boolean") and re.fullmatch("[a-z_]+", key)
    assert set(blueprint["schema"]["required"]) <= set(blueprint["schema"]["properties"])


def test_the_catalog_has_what_is_written_there():
    """The double takes what the blueprint takes; what the guide and the timer need of it is there."""
    schema = BLUEPRINTS["provisioned_permissions"]["schema"]["properties"]
    assert schema["expiry_time"]["format"] == "timer" and schema["sign_in_url"]["format"] == "url"
    assert schema["requester"]["format"] == "user"
    relations = BLUEPRINTS["provisioned_permissions"]["relations"]
    assert {name: (r["target"], r["many"]) for name, r in relations.items()} == {
        "permissions": ("iam_permissions", True), "aws_resource": ("aws_resource", False)}


@pytest.mark.parametrize("name", ACTIONS)
def test_actions(name):
    action = ACTIONS[name]
    method, trigger = action["invocationMethod"], action["trigger"]
    assert action["identifier"] == name
    assert method["type"] == "GITHUB" and method["workflow"] in WORKFLOWS
    assert set(method["workflowInputs"]) == set(WORKFLOWS[method["workflow"]]["on"]["workflow_dispatch"]["inputs"])
    assert method["workflowInputs"]["port_context"]["runId"] == "{{ .run.id }}"
    assert method["reportWorkflowStatus"] is False  # Port would end a request when its job is green, before anybody reviewed it
    blueprint = trigger.get("blueprintIdentifier") or trigger["event"]["blueprintIdentifier"]
    assert blueprint in BLUEPRINTS
    if trigger["type"] == "automation":
        assert trigger["event"]["propertyIdentifier"] in BLUEPRINTS[blueprint]["schema"]["properties"]
        assert "trigger" not in method["workflowInputs"]["port_context"]
    else:
        inputs = trigger["userInputs"]
        assert set(inputs["required"]) <= set(inputs["properties"]) == set(inputs["order"])


def test_the_form_takes_what_the_program_takes():
    inputs = ACTIONS["request_permissions"]["trigger"]["userInputs"]["properties"]
    sources = "".join((cli.ROOT / "src/port" / name).read_text() for name in ("port_form.h", "port_form.c"))
    most, hours_most, default = (re.search(rf"{name} = ([0-9* ]+)", sources)[1] for name in ("PERMISSIONS_MAX", "HOURS_MAX", "HOURS_DEFAULT"))
    permissions, hours = inputs["permissions"], inputs["hours"]
    assert (permissions["minItems"], permissions["maxItems"], permissions["uniqueItems"]) == (1, int(most), True)
    factor, days = map(int, hours_most.split("*"))
    assert hours["default"] == int(default) in hours["enum"] and all(type(number) is int and 1 <= number <= factor * days for number in hours["enum"])


def test_the_mapping_of_resources():
    """Each line makes what a request needs: the ARN for a name, the kind and the account."""
    schema = BLUEPRINTS["aws_resource"]["schema"]
    resources = yaml.safe_load((PORT / "aws-mapping.yml").read_text())["resources"]
    assert len({resource["kind"] for resource in resources}) == len(resources) > 3
    for resource in resources:
        mapped, service = resource["port"]["entity"]["mappings"], resource["kind"].split("::")[1]
        assert json.loads(mapped["blueprint"]) == "aws_resource" and re.fullmatch(r"\.Properties\.\w*Arn", mapped["identifier"])
        kind = json.loads(mapped["properties"]["resource_type"])
        assert kind == service and kind in schema["properties"]["resource_type"]["enum"]
        assert mapped["properties"]["account_id"] == ".__ExtraContext.AccountId"
        assert set(schema["required"]) <= set(mapped["properties"]) <= set(schema["properties"])


def test_cleanup_in_the_guide():
    """The shipped job, with the credentials of Port and the right to see pull requests that were closed, and nothing else."""
    [text] = re.findall(r"```yaml\n(jobs:.*?)```", (cli.ROOT / "docs/port.md").read_text(), re.DOTALL)
    job, shipped = (yaml.load(of, yaml.BaseLoader)["jobs"]["cleanup"] for of in (
        text, (cli.ROOT / "examples/workflows/iamlease-cleanup.yml").read_text()))
    assert job["steps"][-1].pop("env") == WORKFLOWS["port-revoke.yml"]["jobs"]["revoke"]["steps"][-1]["env"]
    assert job["permissions"].pop("pull-requests") == "read" and job == shipped


def test_kinds_of_resources_agree():
    kinds = [BLUEPRINTS[name]["schema"]["properties"]["resource_type"]["enum"] for name in ("aws_resource", "iam_permissions")]
    assert kinds[0] == kinds[1]
    services = set(re.findall(r'^    \{"([a-z0-9]+)",', (cli.ROOT / "src/port/port_resources.c").read_text(), re.MULTILINE))
    assert {kind.lower() for kind in kinds[0]} == services


ROW = re.compile(r'^    \{"([a-z0-9]+)", "([^"]*)", "[^"]*", (true|false), (true|false), \{(.*?)\}\},$', re.MULTILINE)


def test_resources_are_those_of_aws():
    """Each row, with its region, its account and what belongs to it, is a kind of resource that AWS has."""
    rows = ROW.findall((cli.ROOT / "src/port/port_resources.c").read_text())
    services = sorted({row[0] for row in rows})
    assert len(rows) > 20
    of_aws = dict(zip(services, arns_of(services), strict=True))
    for service, kind, region, account, suffixes in rows:
        begin = f"arn:${{Partition}}:{service}:{'${Region}' if region == 'true' else ''}:{'${Account}' if account == 'true' else ''}:{kind}"
        for suffix in re.findall('"([^"]*)"', suffixes):
            wanted = re.escape(begin) + r"\$\{\w+\}" + (re.escape(suffix.removesuffix("*")) + ".+" if suffix else r"(/\$\{\w+\})?")
            assert any(re.fullmatch(wanted, arn) for arn in of_aws[service]), (service, kind, suffix, of_aws[service])


def kinds_of_the_program():
    """service, kind → suffixes, and whether the ARN has a region and an account."""
    rows = ROW.findall((cli.ROOT / "src/port/port_resources.c").read_text())
    return {(service, kind): (set(re.findall('"([^"]*)"', suffixes)), region == "true", account == "true")
            for service, kind, region, account, suffixes in rows}


def test_each_kind_of_resource_has_a_row_in_the_unit_test():
    text = (cli.ROOT / "tests/unit/test_port_resources.c").read_text()
    here = re.search('#define HERE "(.*)"', text)[1]
    table = text[text.index("} rows[] = {") : text.index("};")].replace('" HERE "', here)
    tested = [re.findall('"([^"]*)"', row) for row in re.findall(r"^    (\{.*?\}),$", table, re.DOTALL | re.MULTILINE)]
    assert len(tested) > 20
    for (service, kind), (suffixes, region, account) in kinds_of_the_program().items():
        arn = f"arn:[a-z-]+:{service}:{'[a-z0-9-]+' if region else ''}:{'[0-9]{12}' if account else ''}:{kind}[^:]+"
        rows = [row for row in tested if re.fullmatch(arn, row[0]) and (kind or "/" not in row[0])]
        assert rows and all(set(row[-1].split()) == {row[0] + suffix for suffix in suffixes} for row in rows), (service, kind)


SERVICES = {"S3": "s3", "EC2": "ec2", "DynamoDB": "dynamodb", "SQS": "sqs", "SNS": "sns", "Lambda": "lambda", "RDS": "rds",
            "Secrets Manager": "secretsmanager", "SSM": "ssm", "CloudWatch": "logs", "ECR": "ecr", "KMS": "kms",
            "Step Functions": "states", "Kinesis": "kinesis", "EKS": "eks", "ECS": "ecs"}
IN_ARNS = {"S3 bucket": "", "SQS queue": "", "SNS topic": "", "RDS instance": "db:"}  # where AWS says something else, or nothing


def test_the_guide_lists_the_kinds_of_resources():
    guide, listed, service = (cli.ROOT / "docs/port.md").read_text(), {}, None
    table = re.search(r"^\| ARN \| resources of the entry \|\n\|---\|---\|\n((?:\|.*\n)+)", guide, re.MULTILINE)[1]
    for line in table.splitlines():
        _, named, resources, _ = line.split("|")
        for part in re.sub(", (whose|with) .*", "", named.strip()).split(", "):
            service = next((name for name in SERVICES if part.startswith(f"{name} ")), service)
            thing = part.removeprefix(f"{service} ")
            of_program = [key for key in kinds_of_the_program() if key[0] == SERVICES[service] and (
                IN_ARNS.get(f"{service} {thing}") == key[1] or re.sub("[-/:]", "", key[1]).lower() == thing.replace(" ", "").lower())]
            assert len(of_program) == 1 and of_program[0] not in listed, part
            listed[of_program[0]] = {"", *re.findall("`([/:]\\*)`", resources)}
            has_account = kinds_of_the_program()[of_program[0]][2]
            assert has_account != ("names no account" in named) or service == "S3"
    assert listed == {key: suffixes for key, (suffixes, _, _) in kinds_of_the_program().items()}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows(name):
    """No input reaches a shell, rights are the least, and no run is dropped for another."""
    workflow, text = WORKFLOWS[name], (PORT / "workflows" / name).read_text()
    [job] = workflow["jobs"].values()
    assert workflow["permissions"] == {} and "inputs." not in text and "github.event" not in text
    assert not [step for step in job["steps"] if "run" in step]
    command = job["steps"][-1]["with"]["command"]
    writes = name != "port-request.yml"
    if writes:  # it writes to AWS, as apply and cleanup do, with the role that trusts their environment
        apply = yaml.load((cli.ROOT / "examples/workflows/iamlease-apply.yml").read_text(), yaml.BaseLoader)
        assert workflow["concurrency"] == apply["concurrency"]
        assert job["environment"] == apply["jobs"]["apply"]["environment"]
        assert job["steps"][-1]["with"]["role-to-assume"] == apply["jobs"]["apply"]["steps"][-1]["with"]["role-to-assume"]
    else:
        assert "concurrency" not in job and "concurrency" not in workflow and job["environment"] == "iamlease-port"
        assert "role-to-assume" not in job["steps"][-1]["with"]
    assert command == name.removeprefix("port-").removesuffix(".yml").removesuffix("-direct")
    rights = {"contents": "write", "pull-requests": "write"}
    assert job["permissions"] == ({**rights, "id-token": "write"} if writes else rights)
    inputs = yaml.safe_load((cli.ROOT / "action.yml").read_text())["inputs"]
    assert set(job["steps"][-1]["with"]) <= set(inputs)
    assert set(job["steps"][-1]["env"]) == {"PORT_CLIENT_ID", "PORT_CLIENT_SECRET"}


def test_the_two_of_request_are_one_to_port():
    """The action names port-request.yml: the other takes its place."""
    one, other = WORKFLOWS["port-request.yml"], WORKFLOWS["port-request-direct.yml"]
    assert one["name"] == other["name"] and one["on"] == other["on"] and list(one["jobs"]) == list(other["jobs"])


def test_the_guide_names_the_actions():
    guide = (cli.ROOT / "docs/port.md").read_text()
    settings = yaml.safe_load(re.search(r"```yaml\n(# iamlease.yaml.*?)```", guide, re.DOTALL)[1])
    assert set(settings["port"]["actions"]) == set(ACTIONS)


def test_the_entities_of_the_guide():
    entities = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", (cli.ROOT / "docs/port.md").read_text(), re.DOTALL)]
    assert {entity["blueprint"] for entity in entities} == {"iam_permissions", "aws_resource"}
    for entity in entities:
        schema = BLUEPRINTS[entity["blueprint"]]["schema"]
        assert set(schema["required"]) <= set(entity["properties"]) <= set(schema["properties"])
        assert entity["properties"]["resource_type"] in schema["properties"]["resource_type"]["enum"]
