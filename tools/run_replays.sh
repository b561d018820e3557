#!/bin/bash
# Replays the stored corpus of each fuzz target: PROGRAM …/config runs over tests/fuzz/corpus/config.
# A corpus that is missing or empty is a failure, or nobody would notice that nothing is tested.
#
# usage: tools/run_replays.sh PROGRAM…
set -u

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:print_legend=0 UBSAN_OPTIONS=print_stacktrace=1

if [ $# -eq 0 ]; then
    echo "fuzz: there are no targets in tests/fuzz" >&2
    exit 1
fi

failed=0
for program in "$@"; do
    name=${program##*/}
    corpus=tests/fuzz/corpus/$name
    log=$program.log
    if [ ! -d "$corpus" ]; then
        echo "FAIL  fuzz $name: there is no folder $corpus"
        failed=1
    elif inputs=$(timeout 300 "$program" "$corpus" 2>"$log"); then
        echo "ok    fuzz $name: $inputs inputs"
    else
        echo "FAIL  fuzz $name: exit code $?, at $(grep "^$corpus" "$log" | tail -n 1); its output from there:"
        sed "s|^$corpus/.*||" "$log" | cat -s | sed 's/^/      /'
        failed=1
    fi
done
exit $failed
