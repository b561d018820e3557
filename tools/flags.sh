#!/bin/sh
# Finds out the compiler and linker flags of one flavour. FOLDER/cflags and FOLDER/ldflags are read by the compiler
# itself, as @file; FOLDER/flags holds what the answer depends on and changes only when everything must be built again.
#
# usage: CC=… CFLAGS=… LDFLAGS=… VERSION=… tools/flags.sh release|san|fuzz|analyzer FOLDER
set -eu

flavour=$1
folder=$2
modules='libgit2 yaml-0.1 libcurl libcrypto libcjson expat'

fail() {
    echo "tools/flags.sh: $1; 'make setup' installs what is missing" >&2
    exit 1
}
command -v "${CC%% *}" >/dev/null 2>&1 || fail "there is no compiler '$CC'"
command -v pkg-config >/dev/null 2>&1 || fail "there is no pkg-config"
# shellcheck disable=SC2086 # a list of words
versions=$(pkg-config --modversion $modules) || fail "a library is missing"

# Probing compiles several files, so it is done again only when something that decides the answer has changed.
key=$(
    printf '%s\n' "CC $CC" "CFLAGS $CFLAGS" "LDFLAGS $LDFLAGS" "VERSION $VERSION" "CI ${CI:-}"
    $CC --version | head -n 1
    $CC -dumpmachine
    printf '%s\n' "$versions"
    cksum "$0"
)
if [ -f "$folder/flags" ] && [ "$key" = "$(cat "$folder/flags")" ]; then
    exit 0
fi

mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo 'int main(void) { return 0; }' >"$scratch/probe.c"

# supported FLAG…: prints those flags that this compiler and linker take without a warning, each tried by itself.
supported() {
    for flag in "$@"; do
        if $CC -Werror "$flag" -o "$scratch/probe" "$scratch/probe.c" 2>/dev/null; then
            printf ' %s' "$flag"
        fi
    done
}

# first_supported FLAG…: the first of them, or nothing.
first_supported() {
    for flag in "$@"; do
        if [ -n "$(supported "$flag")" ]; then
            printf ' %s' "$flag"
            return
        fi
    done
}

# links_at_once FLAG: prints it when objects that were compiled with it can be linked out of an archive, which takes an `ar`
# that reads them. Whatever is called from another file can then be inlined: 2 to 3% of a plan's time.
links_at_once() {
    echo 'int answer(void); int answer(void) { return 0; }' >"$scratch/answer.c"
    echo 'int answer(void); int main(void) { return answer(); }' >"$scratch/asking.c"
    if $CC -Werror -O2 "$1" -c -o "$scratch/answer.o" "$scratch/answer.c" 2>/dev/null &&
        ar rcs "$scratch/answer.a" "$scratch/answer.o" 2>/dev/null &&
        $CC -Werror -O2 "$1" -o "$scratch/probe" "$scratch/asking.c" "$scratch/answer.a" 2>/dev/null; then
        printf ' %s' "$1"
    fi
}

werror=${CI:+ -Werror}
sanitizers='-fsanitize=address,undefined -fno-sanitize-recover=all'
# -g1 has the lines that a report names but no variables, and a third less to compile; for a debugger: make CFLAGS=-g3 …
for_tests="-Og -g1 -fno-omit-frame-pointer -DIAMLEASE_DEBUG_ARENA $sanitizers"

case $flavour in
release)
    together=$(links_at_once -flto=auto)
    compile="-O2 -fPIE$together -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3$(supported -fstack-protector-strong \
        -fstack-clash-protection -fcf-protection -mbranch-protection=standard -ftrivial-auto-var-init=zero)"
    link="-O2 -pie$together$(supported -Wl,-z,relro,-z,now)"
    ;;
san)
    # The tests start these programs thousands of times. At a fixed address there is nothing to relocate: of what the
    # sanitizers know about each global 150,000 addresses otherwise, 3.6 of the 27 ms of a short run.
    compile=$for_tests$(supported -fno-pie)
    link=$sanitizers$(supported -no-pie)$(first_supported -fuse-ld=mold -fuse-ld=gold) # a hundred programs for the unit tests
    ;;
fuzz)
    compile="$for_tests -fsanitize=fuzzer-no-link"
    link=$sanitizers
    ;;
analyzer)
    # Only what the analysis finds is an error here. The two left out say that a function is too much for it.
    findings=$($CC -Q --help=warnings | sed -n 's/^ *-W\(analyzer-[a-z-]*\) .*/\1/p' | grep -v 'too-complex$')
    # shellcheck disable=SC2086
    compile="-O1 -g -fanalyzer $(printf ' -Werror=%s' $findings)"
    link=
    werror=
    ;;
*)
    echo "tools/flags.sh: unknown flavour '$flavour'" >&2
    exit 64
    ;;
esac

# Headers of libraries are system headers: warnings in them are not ours.
# shellcheck disable=SC2086
includes=$(pkg-config --cflags $modules | sed 's/\(^\| \)-I *\([^ ]\)/\1-isystem \2/g')

cat >"$folder/cflags" <<EOF
-std=gnu17 -D_GNU_SOURCE -Isrc -include src/base/banned.h -DIAMLEASE_VERSION="\"$VERSION\""
-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wcast-qual
-Wformat=2 -Wundef -Wvla$werror
$compile
$includes
$CFLAGS
EOF
# shellcheck disable=SC2086
cat >"$folder/ldflags" <<EOF
$link
$LDFLAGS
$(pkg-config --libs $modules)
EOF
printf '%s\n' "$key" >"$folder/flags"
