#!/bin/bash
# Runs unit test programs, as many at a time as there are processors; prints a line for each, in their order, and the whole
# output of those that fail.
# A program that crashes, leaks, skips a test or has none has failed; so has one that uses the processor
# for two minutes, or hangs for ten: a machine that is busy with other things fails no test.
#
# usage: tools/run_unit.sh PROGRAM…
set -u

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:print_legend=0 UBSAN_OPTIONS=print_stacktrace=1

if [ $# -eq 0 ]; then
    echo "unit: there are no tests in tests/unit" >&2
    exit 1
fi

# Several at a time, each into a log of its own; the file beside it keeps the exit code.
if [ "$1" = --one ]; then
    code=0
    (ulimit -S -t 120 && exec timeout 600 "$2") >"$2.log" 2>&1 || code=$?
    echo "$code" >"$2.code"
    exit 0
fi
for program in "$@"; do
    rm -f "$program.log" "$program.code"
done
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" "$0" --one

programs=0
tests=0
failed=()
for program in "$@"; do
    log=$program.log
    code=$(cat "$program.code" 2>/dev/null || echo 'that nobody saw')
    passed=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
    programs=$((programs + 1))
    tests=$((tests + passed))
    if [ "$code" = 0 ] && [ "$passed" -gt 0 ] && ! grep -q '^\[  SKIPPED \]' "$log"; then
        printf 'ok    %-28s %4d\n' "${program##*/}" "$passed"
    else
        failed+=("${program##*/}")
        case $code in
        124) why='killed after 10 minutes' ;;
        152) why='killed after 2 minutes of the processor' ;; # SIGXCPU
        *) why="exit code $code" ;;
        esac
        printf 'FAIL  %-28s %s\n' "${program##*/}" "$why"
        # A failed assertion jumps over the clean-up of its test: leaks are news only when no assertion failed.
        awk '/^\[  FAILED  \]/ { jumped = 1 } jumped && /ERROR: LeakSanitizer/ { exit } { print "      " $0 }' "$log"
    fi
done

echo "unit: $programs programs, $tests tests passed, ${#failed[@]} programs failed${failed[*]:+: ${failed[*]}}"
[ ${#failed[@]} -eq 0 ]
