#!/usr/bin/env bash
# Shows the whole life of a lease on this machine: a git repository made from test-fixtures, an emulator of AWS with
# signatures enforced, and the program between them. Leaves the result folder and nothing that runs.
#
# usage: tools/demo.sh [FOLDER]     FOLDER: where the repository and the results go (default: build/demo)
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$top/build/demo}
iamlease=$top/build/iamlease
fixtures=$top/test-fixtures/corrected

# The fixture's lease ends with 2025-11-30; the clock of this story stands in the week before.
morning=2025-11-26T09:00:00Z
after_the_end=2025-12-01T00:00:00Z

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
    bold='' dim='' plain=''
fi

chapter() { printf '\n%s── %s %s\n' "$bold" "$1" "$plain"; }

# show EXPECTED-EXIT-CODE COMMAND…: prints the command, runs it, and stops the demo when it ends otherwise.
show() {
    local expected=$1 code=0
    shift
    printf '%s$ %s%s\n' "$dim" "${*/#$iamlease/iamlease}" "$plain"
    "$@" 2>&1 || code=$?
    if [ "$code" != "$expected" ]; then
        echo "demo: this ended with exit code $code, not $expected" >&2
        exit 1
    fi
    if [ "$code" != 0 ]; then printf '%s(exit code %s)%s\n' "$dim" "$code" "$plain"; fi
}

as_demo() { git -c user.name=demo -c user.email=demo@example.com "$@"; }

commit() {
    git add -A
    as_demo commit -q --allow-empty -m "$1"
}

stop_aws() {
    if [ -n "${aws_pid:-}" ]; then
        exec {aws_in}>&- # the emulator ends when its input does
        exec {aws_out}<&-
        wait "$aws_pid" 2>/dev/null || true
    fi
}
trap stop_aws EXIT

start_aws() {
    local line
    coproc AWS_EMULATOR { exec "$top/.venv/bin/python" "$top/tools/demo_aws.py"; }
    aws_pid=$AWS_EMULATOR_PID
    aws_in=${AWS_EMULATOR[1]}
    aws_out=${AWS_EMULATOR[0]}
    while read -r line <&"$aws_out"; do
        if [ "$line" = ready ]; then return; fi
        eval "$line" # shell assignments of our own script, quoted by it
    done
    echo 'demo: the emulator of AWS did not start' >&2
    exit 1
}

rm -rf "$folder"
mkdir -p "$folder/repository"
cd "$folder/repository"
unset "${!IAMLEASE_@}" "${!AWS_@}" "${!GITHUB_@}"

chapter 'A team keeps its access in a git repository'
git init -q -b main
commit 'Begin'
git switch -q -c access
cp -r "$fixtures/." .
show 0 cat temporary-access/example-team.yaml

chapter 'A mistake is found where it was made'
cp temporary-access/example-team.yaml "$folder/right.yaml"
sed -i 's/2025-11-30/2025-12-30/; s/grant: dev.database-debug/grant: dev.databse-debug/' temporary-access/example-team.yaml
show 1 "$iamlease" validate --now $morning
cp "$folder/right.yaml" temporary-access/example-team.yaml

chapter 'The plan of the pull request'
commit 'Give the team its access'
show 0 "$iamlease" plan --base main --head access --now $morning --out "$folder/plan.json"
"$iamlease" plan --base main --head access --now $morning --markdown >"$folder/plan.md"

chapter 'Merged: apply makes AWS what the repository says'
git switch -q main
as_demo merge -q --no-ff -m 'Merge access' access
echo 'starting an emulator of AWS with three accounts (a few seconds) …'
start_aws
show 0 "$iamlease" apply --now $morning --journal "$folder/journal.jsonl"
show 0 "$iamlease" who --now $morning

chapter 'Apply again: there is nothing to do'
show 0 "$iamlease" apply --now $morning --quiet

chapter 'user2 leaves the file: what it had is revoked'
sed -i '/user2@example.com/d' permanent-access/example-team.yaml
commit 'user2 has moved to another team'
show 0 "$iamlease" apply --now $morning --quiet

chapter 'The lease has ended: AWS allows nothing since, cleanup tidies up'
show 0 "$iamlease" who --user developer@example.com --now $after_the_end
show 0 "$iamlease" cleanup --now $after_the_end --quiet
show 0 "$iamlease" who --now $after_the_end
show 0 "$iamlease" cleanup --now $after_the_end --quiet

chapter 'That was the whole life of a lease'
rm -f "$folder/right.yaml"
cat <<END
The plan as Markdown, as it stands in a pull request:  ${folder#"$PWD"/}/plan.md
The plan as JSON:                                      ${folder#"$PWD"/}/plan.json
The journal of the first apply:                        ${folder#"$PWD"/}/journal.jsonl
The repository:                                        ${folder#"$PWD"/}/repository
END
