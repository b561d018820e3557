#!/usr/bin/env bash
# Shows the whole life of a lease on this machine: a git repository made from test-fixtures, an emulator of AWS with
# signatures enforced, and the program between them. Leaves the result folder and nothing that runs.
#
# usage: tools/demo.sh [FOLDER]     FOLDER: where the repository and the results go (default: build/demo)
set -euo pipefail

started_in=$PWD
top=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$top/build/demo}
iamlease=$top/build/iamlease
fixtures=$top/test-fixtures/corrected

# The fixture's lease ends with 2025-11-30: the story begins in the week before, and ends on the morning after.
before_the_end=2025-11-26T09:00:00Z
after_the_end=2025-12-01T09:00:00Z

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
    bold='' dim='' plain=''
fi

chapter() { printf '\n%s── %s%s\n' "$bold" "$1" "$plain"; }

# quoted WORD…: prints the words of a command as they would be typed.
quoted() {
    local word
    for word in "${@/#$iamlease/iamlease}"; do
        case $word in
        *[!A-Za-z0-9_./:=@-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
}

# show EXPECTED-EXIT-CODE COMMAND…: prints the command, runs it, and stops the demo when it ends otherwise.
show() {
    local expected=$1 code=0
    shift
    printf '%s$%s%s\n' "$dim" "$(quoted "$@")" "$plain"
    "$@" 2>&1 || code=$?
    if [ "$code" != "$expected" ]; then
        echo "demo: this ended with exit code $code, not $expected" >&2
        exit 1
    fi
    if [ "$code" != 0 ]; then printf '%s(exit code %s)%s\n' "$dim" "$code" "$plain"; fi
}

# set_clock TIME: what the option --now would say; only an AWS on this machine may be given another time than today's.
set_clock() { show 0 export IAMLEASE_NOW="$1"; }

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
folder=$(cd .. && pwd)

# Nothing of whoever runs this comes in: no account, no signing of commits, no hooks.
unset "${!IAMLEASE_@}" "${!AWS_@}" "${!GITHUB_@}" "${!GIT_@}"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.com GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.com

chapter 'A team keeps its access in a git repository'
git init -q -b main
git commit -q --allow-empty -m 'Begin'
git switch -q -c access
cp -r "$fixtures/." .
show 0 cat permanent-access/example-team.yaml
show 0 cat temporary-access/example-team.yaml
set_clock $before_the_end

chapter 'A mistake is found where it was made'
cp temporary-access/example-team.yaml "$folder/right.yaml"
sed -i 's/2025-11-30/2025-12-30/; s/grant: dev.database-debug/grant: dev.databse-debug/' temporary-access/example-team.yaml
show 1 "$iamlease" validate
cp "$folder/right.yaml" temporary-access/example-team.yaml

chapter 'The plan of the pull request'
git add -A
git commit -q -m 'Give the team its access'
show 0 "$iamlease" plan --base main --head access --out ../plan.json
"$iamlease" plan --base main --head access --markdown >../plan.md
echo 'The end of the lease stands in each of its statements, so AWS itself keeps to it:'
show 0 grep -A 4 -m 1 '"Condition"' ../plan.md

chapter 'Merged: apply makes AWS what the repository says'
show 0 git switch -q main
show 0 git merge -q --no-ff -m 'Merge access' access
echo 'starting an emulator of AWS with three accounts (a few seconds) …'
start_aws
show 0 "$iamlease" apply --quiet --journal ../journal.jsonl
show 0 "$iamlease" who

chapter 'Apply again: there is nothing to do'
show 0 "$iamlease" apply --quiet

chapter 'user2 leaves the file: what it had is revoked'
sed -i '/user2@example.com/d' permanent-access/example-team.yaml
show 0 git diff -U0
show 0 git commit -q -a -m 'user2 has moved to another team'
show 0 "$iamlease" apply --quiet

chapter 'The morning after its last day: the lease allows nothing any more, cleanup tidies up'
set_clock $after_the_end
show 0 "$iamlease" who --user developer@example.com
show 0 "$iamlease" cleanup --quiet
show 0 "$iamlease" who
show 0 "$iamlease" cleanup --quiet

chapter 'That was the whole life of a lease'
rm -f "$folder/right.yaml"
cat <<END
The plan as Markdown, as it stands in a pull request:  ${folder#"$started_in"/}/plan.md
The plan as JSON:                                      ${folder#"$started_in"/}/plan.json
The journal of the first apply:                        ${folder#"$started_in"/}/journal.jsonl
The repository:                                        ${folder#"$started_in"/}/repository
END
