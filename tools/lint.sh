#!/bin/bash
# The rules of this tree that a machine can check. One line per check; below it, for each violation, where it is and what
# to do. tools/lint_test.sh breaks every rule once and sees that its check notices.
#
# usage: tools/lint.sh [CHECK…]        without arguments: all of them
#
# shellcheck disable=SC2317 # the checks are functions called by their names
set -u
cd "$(dirname "$0")/.." || exit 1

BUILD=${BUILD:-build}
MAKE=${MAKE:-make}
export LC_ALL=C

mapfile -t sources < <(find src -name '*.[ch]' | sort)
mapfile -t c_files < <(find src tests \( -name node_modules -o -name corpus \) -prune -o -name '*.[ch]' -print | sort)
mapfile -t scripts < <(find . \( -name .git -o -name .venv -o -name node_modules -o -path "./$BUILD" \) -prune \
    -o -type f \( -name '*.sh' -o -path ./.ci/run \) -print | sort)

# Each check prints its violations, as file:line: what to do. It has failed when its exit code says so.

include_law() {
    awk -f tools/include_law.awk "${sources[@]}"
}

bans() {
    awk -f tools/bans.awk "${sources[@]}"
}

# What the compiler made of the sources: catches a banned function however its call was spelled.
banned_symbols() {
    local source object folder found=0
    for source in "${sources[@]}"; do
        case $source in src/main.c | *.h) continue ;; esac
        object=$BUILD/analyzer/${source#src/}
        object=${object%.c}.o
        if [ ! "$object" -nt "$source" ]; then
            echo "$source: it was not compiled; the check 'gcc_analyzer' says why"
            found=1
            continue
        fi
        folder=${source#src/}
        nm --undefined-only --format=posix "$object" | awk -v source="$source" -v folder="${folder%%/*}" '
            BEGIN {
                split("strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll atof system popen fork " \
                      "execv execve execvp posix_spawn posix_spawnp gmtime localtime localtime_r ctime asctime mktime " \
                      "getenv secure_getenv environ", list, " ")
                for (i in list) banned[list[i]]
                if (folder != "net") {
                    split("time clock_gettime gettimeofday timespec_get", clock, " ")
                    for (i in clock) banned[clock[i]]
                }
            }
            $1 in banned { print source ": it calls " $1 "; src/base/banned.h says what to use"; found = 1 }
            END { exit found }' || found=1
    done
    return "$found"
}

layout() {
    .venv/bin/clang-format --dry-run --Werror --ferror-limit=1 "${c_files[@]}" 2>&1 | awk '
        /error:/ { sub(/: error:.*/, ""); print $0 ": not laid out as .clang-format says; run `make format`"; found = 1; next }
        /^[^ ]*clang-format|No such file/ { print; found = 1 }
        END { exit found }'
}

shell() {
    shellcheck --format=gcc "${scripts[@]}"
}

# Also the scripts in them, by shellcheck.
workflows() {
    local files=(.github/workflows/*.yml examples/workflows/*.yml port/workflows/*.yml)
    .venv/bin/actionlint -oneline -no-color "${files[@]}" 2>&1
}

# .hadolint.yaml says what is not looked for, and why.
docker_file() {
    .venv/bin/hadolint --no-color --format gnu Dockerfile 2>&1
}

commands_are_short() {
    local file lines found=0
    for file in src/cmd/*.[ch]; do
        [ -f "$file" ] || continue
        lines=$(wc -l <"$file")
        if [ "$lines" -gt 150 ]; then
            echo "$file:151: $lines lines; a command has 150 at most, move its sequence into src/flow"
            found=1
        fi
    done
    return "$found"
}

names_are_unique() {
    printf '%s\n' "${sources[@]}" | awk -F / '
        $NF in first { print $0 ":1: " first[$NF] " has the same name; file names are unique in src"; found = 1 }
        { first[$NF] = $0 }
        END { exit found }'
}

# Unfinished work and tests that do not run. The words are in brackets so that this file does not find itself.
nothing_unfinished() {
    # shellcheck disable=SC2046 # no file name here has a space: git ls-files would be wrong before the first commit
    ! grep -nEI '\b(TOD[O]|FIXM[E]|XX[X])\b|[n]ot (yet )?implemented|pytest\.(mark\.)?([s]kip|[x]fail)|unittest\.[s]kip|[s]kip\(\);' \
        $(find . \( -name .git -o -name .venv -o -name node_modules -o -name __pycache__ -o -name .pytest_cache \
            -o -path "./$BUILD" -o -path ./test-fixtures -o -path ./tests/fuzz/corpus \) -prune \
            -o -type f ! -name LICENSE -print) |
        sed 's/$/   <- finish it, or write an issue/' | grep .
}

gcc_analyzer() {
    local log code=0
    log=$(mktemp)
    $MAKE --no-print-directory -s -k CC=gcc BUILD="$BUILD" "$BUILD/analyzer/lib.a" "$BUILD/analyzer/main.o" >"$log" 2>&1 || code=$?
    [ "$code" -eq 0 ] || cat "$log"
    rm -f "$log"
    return "$code"
}

cppcheck_finds_nothing() {
    # It understands the attribute, not the keyword _Noreturn; and takes an address for a use, so what is not initialised
    # is left to the compiler and its analyzer. That it keeps its analysis short (from version 2.11 on) is no finding.
    cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 --suppress=uninitvar --suppress=normalCheckLevelMaxBranches -Isrc \
        '-D_Noreturn=__attribute__((noreturn))' '-DIAMLEASE_VERSION="0"' \
        --template='{file}:{line}: {message} [{id}]' src 2>&1
}

all_checks=(include_law bans names_are_unique commands_are_short nothing_unfinished layout shell workflows docker_file gcc_analyzer banned_symbols
    cppcheck_finds_nothing)

[ $# -gt 0 ] || set -- "${all_checks[@]}"
failed=0
for check in "$@"; do
    if output=$("$check"); then
        echo "ok    lint: ${check//_/ }"
    else
        echo "FAIL  lint: ${check//_/ }"
        printf '%s\n' "$output" | sed 's/^/      /'
        failed=1
    fi
done
exit $failed
