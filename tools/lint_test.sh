#!/bin/bash
# Tests the linter: makes a small clean tree, sees that every check of tools/lint.sh accepts it, then breaks one rule at a
# time and sees that the check for it fails and names the file. A check that cannot fail is worth nothing.
set -u
cd "$(dirname "$0")/.." || exit 1

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL BUILD MAKE

# --- a clean tree -----------------------------------------------------------------------------------------------------

cp -r Makefile Dockerfile .clang-format .hadolint.yaml .github examples port tools "$tree/"
ln -s "$PWD/.venv" "$tree/.venv"
cd "$tree" || exit 1
mkdir -p src/base src/model src/cmd src/net tests/unit

cp "$OLDPWD/src/base/banned.h" src/base/
mkdir src/flow
cp "$OLDPWD/src/flow/starter_texts.h" src/flow/
# put FILE: standard input becomes the file.
put() {
    mkdir -p "$(dirname "$1")"
    cat >"$1"
}
put src/base/number.h <<'EOF'
int number_three(void);
EOF
put src/base/number.c <<'EOF'
#include "base/number.h"

int number_three(void)
{
    return 3; /* strcpy and time() in a comment are no call */
}
EOF
put src/model/thing.c <<'EOF'
#include "base/number.h"

#include <stddef.h>

struct moment {
    long time;
};

long thing_age(const struct moment *moment);

long thing_age(const struct moment *moment)
{
    const char *text = "system(getenv)";
    return moment->time + (text ? number_three() : 0);
}
EOF
put src/net/clock.c <<'EOF'
#include <time.h>

long clock_now(void);

long clock_now(void)
{
    return (long)time(NULL);
}
EOF
put src/main.c <<'EOF'
#include "base/number.h"

#include <stdlib.h>

int main(void)
{
    return getenv("HOME") ? number_three() : 0;
}
EOF
git init -q . 2>/dev/null
mkdir .clean
cp -r src examples port Dockerfile .clean/

# --- the cases --------------------------------------------------------------------------------------------------------

cases=0
failed=0

restore() {
    rm -rf src examples port
    cp -r .clean/* .
    rm -f extra.sh tests/unit/*
}

# breaks CHECK FILE [WORD]: after what was put, the check fails, names the file and says the word. Then all is clean again.
breaks() {
    local output
    cases=$((cases + 1))
    if output=$(tools/lint.sh "$1" 2>&1); then
        echo "FAIL  lint test: $1 does not see what is wrong in $2"
        failed=1
    elif ! grep -qF "$2" <<<"$output" || ! grep -qF -- "${3:-}" <<<"$output"; then
        echo "FAIL  lint test: $1 names neither $2 nor '${3:-}':"
        printf '%s\n' "$output" | sed 's/^/      /'
        failed=1
    fi
    restore
}

if ! output=$(tools/lint.sh 2>&1); then
    echo "FAIL  lint test: the clean tree is not accepted:"
    printf '%s\n' "$output" | sed 's/^/      /'
    exit 1
fi

# The include law: one forbidden direction for each folder, the form, the owners, the place.
law='base>model model>policy policy>net repo>model net>aws config>plan plan>render render>plan aws>github github>model
port>github apply>plan flow>cmd base>cmd render>net'
for arrow in $law; do
    echo "#include \"${arrow#*>}/x.h\"" | put "src/${arrow%>*}/y.h"
    breaks include_law "src/${arrow%>*}/y.h:1" "${arrow%>*} may not include ${arrow#*>}"
done
for pair in 'plan git2.h' 'base git2/errors.h' 'model yaml.h' 'aws curl/curl.h' 'net openssl/evp.h' 'aws cjson/cJSON.h' \
    'base expat.h'; do
    echo "#include <${pair#* }>" | put "src/${pair% *}/y.h"
    breaks include_law "src/${pair% *}/y.h:1" "belongs to src/"
done
echo '#include "number.h"' | put src/base/y.h
breaks include_law src/base/y.h:1 'folder/file.h'
echo ' #  include "../base/number.h"' | put src/base/y.h
breaks include_law src/base/y.h:1 'folder/file.h'
echo '#include <base/number.h>' | put src/model/y.h
breaks include_law src/model/y.h:1 'in quotes'
echo '#include HEADER' | put src/model/y.h
breaks include_law src/model/y.h:1 'no macro'
echo '#include "base/banned.h"' | put src/model/y.h
breaks include_law src/model/y.h:1 'remove this line'
echo 'int x;' | put src/misc/y.h
breaks include_law src/misc/y.h:1 'no place'
echo 'int x;' | put src/base/deep/y.h
breaks include_law src/base/deep/y.h:1 'move this file'
echo 'int x;' | put src/other.h
breaks include_law src/other.h:1 'move this file'

# Bans: by word in the source, by macro in the compiler, by symbol in the object.
for name in strcpy strcat sprintf vsprintf strtok atoi system gets getenv time environ; do
    echo "void *evade = (void *)&$name;" | put src/model/y.c
    breaks bans src/model/y.c:1 "$name is banned"
done
echo 'int b(char *a) { return (time)((void *)a) > 0; }' | put src/model/y.c
breaks bans src/model/y.c:1 'time is banned'
echo 'char *b(void) { return getenv("A"); }' | put src/net/y.c
breaks bans src/net/y.c:1 'getenv is banned'
echo 'int b(void) { return 0; } /* not yet */ int c = IAMLEASE_MAY_READ_CLOCK;' | put src/model/y.c
breaks bans src/model/y.c:1 'the Makefile'
for call in 'strcpy(a, b)' 'strcat(a, b)' 'sprintf(a, b)' 'strtok(a, b)' 'atoi(b)' 'system(b)' 'getenv(b)' 'time((void *)a)'; do
    printf 'void f(char *a, const char *b);\nvoid f(char *a, const char *b) {\n    %s;\n}\n' "$call" | put src/model/y.c
    breaks gcc_analyzer src/model/y.c:3 "${call%%(*} is banned"
done 2>/dev/null
for call in 'strcpy' 'getenv' 'time' 'system'; do
    printf 'void *const f[] = {(void *)%s};\n' "$call" | put src/model/y.c
    tools/lint.sh gcc_analyzer >/dev/null
    breaks banned_symbols src/model/y.c "calls $call"
done
printf 'int broken\n' | put src/model/y.c
tools/lint.sh gcc_analyzer >/dev/null
breaks banned_symbols src/model/y.c 'not compiled'

# The rest, one each.
put src/model/y.c <<'EOF'
#include <stdlib.h>

int leak(int size);

int leak(int size)
{
    char *memory = malloc((size_t)size);
    return memory ? 1 : 0;
}
EOF
breaks gcc_analyzer src/model/y.c:8 analyzer-malloc-leak
printf 'int f(void);\nint f(void) {\n    int a[2] = {1, 2};\n    return a[2];\n}\n' | put src/model/y.c
breaks cppcheck_finds_nothing src/model/y.c:4 arrayIndexOutOfBounds
printf 'int  x;\n' | put src/model/y.h
breaks layout src/model/y.h:1 'make format'
printf 'int  x;\n' | put tests/unit/test_y.c
breaks layout tests/unit/test_y.c:1 'make format'
rm .venv
breaks layout clang-format
ln -s "$OLDPWD/.venv" .venv
# shellcheck disable=SC2016
printf '#!/bin/sh\nrm $1\n' | put extra.sh
breaks shell extra.sh:2 SC2086
sed -i 's/timeout-minutes/timeout-minute/' examples/workflows/iamlease-plan.yml
breaks workflows examples/workflows/iamlease-plan.yml timeout-minute
sed -i 's/timeout-minutes/timeout-minute/' port/workflows/port-request.yml
breaks workflows port/workflows/port-request.yml timeout-minute
echo 'USER' >>Dockerfile
breaks docker_file Dockerfile: 'missing whitespace'
yes 'int x;' | head -n 151 | put src/cmd/y.c
breaks commands_are_short src/cmd/y.c:151 '150 at most'
echo 'int x;' | put src/model/number.h
breaks names_are_unique src/model/number.h:1 'same name'
echo "/* TO""DO: later */" | put src/model/y.h
breaks nothing_unfinished src/model/y.h:1
echo '@pytest.mark.sk''ip' | put tests/unit/y.py
breaks nothing_unfinished tests/unit/y.py:1

[ $failed -eq 0 ] && echo "ok    lint test: $cases violations, each one seen"
exit $failed
