#!/bin/bash
# Finds out what this machine lacks for a purpose, and installs it: Debian packages with apt, Python packages into
# .venv, npm packages into the folders node_modules of tests/judge, tests/github and tests/screenshots. Nothing is
# installed that is there already, wherever it is from.
#
# usage: tools/setup.sh [--check] PURPOSE…
#
#   build   the program itself            lint    `make lint`, `make format`
#   test    unit tests, fuzz replay       fuzz    `make fuzz`, with clang
#   e2e     end-to-end tests              demo    `make demo`
#   action  the container action's tests  bench   `make bench`
#   screenshots  the pictures in docs/images
#
# With --check nothing is installed: exit code 0 and silence when all is there, else 1 and one line with what is missing.
# apt needs root, or a sudo that asks no password; without either the apt line is printed and the exit code is 1.
set -euo pipefail
CC=${CC:-cc}
cd "$(dirname "$0")/.."

usage() {
    sed -n '/^# usage/,/^# apt/ s/^# \{0,1\}//p' "$0" >&2
    exit 64
}

# --- what is missing --------------------------------------------------------------------------------------------------

apt_packages=() # Debian packages to install
folders=()      # .venv and folders named node_modules, where they are absent or older than their list

need_apt() {
    local package
    for package in "$@"; do
        case " ${apt_packages[*]} " in
        *" $package "*) ;;
        *) apt_packages+=("$package") ;;
        esac
    done
}

need_folder() {
    case " ${folders[*]} " in
    *" $1 "*) ;;
    *) folders+=("$1") ;;
    esac
}

# command_or COMMAND PACKAGE…: the packages are needed where the command is not found.
command_or() {
    command -v "$1" >/dev/null 2>&1 || need_apt "${@:2}"
}

# module_or MODULE PACKAGE: the package is needed where pkg-config does not know the module.
module_or() {
    pkg-config --exists "$1" 2>/dev/null || need_apt "$2"
}

# font_or FAMILY PACKAGE: the package is needed where fontconfig does not know the family.
font_or() {
    [ -n "$(fc-list "$1" 2>/dev/null)" ] || need_apt "$2"
}

# A stamp inside the folder holds the checksum of the list that it was filled from.
stamp_is_fresh() {
    [ -f "$1/.stamp" ] && [ "$(cat "$1/.stamp")" = "$(cksum <"$2")" ]
}

find_venv() {
    if ! stamp_is_fresh .venv tests/requirements.txt || ! [ -x .venv/bin/python ]; then
        need_folder .venv
        command_or python3 python3 python3-venv
        python3 -c 'import ensurepip, venv' 2>/dev/null || need_apt python3-venv
    fi
}

find_node() {
    local folder
    command_or node nodejs
    for folder in "$@"; do
        if ! stamp_is_fresh "$folder/node_modules" "$folder/package.json"; then
            need_folder "$folder/node_modules"
            command_or npm npm
        fi
    done
}

find_missing() {
    case $1 in
    build)
        command_or "${CC%% *}" gcc
        command_or make make
        command_or pkg-config pkg-config
        [ -e /usr/include/stdio.h ] || need_apt libc6-dev
        module_or libgit2 libgit2-dev
        module_or yaml-0.1 libyaml-dev
        module_or libcurl libcurl4-openssl-dev
        module_or libcrypto libssl-dev
        module_or libcjson libcjson-dev
        module_or expat libexpat1-dev
        ;;
    test)
        find_missing build
        command_or mold mold # links in a tenth of the time
        module_or cmocka libcmocka-dev
        ;;
    e2e)
        find_missing build
        command_or git git
        command_or groff groff-base # reads the manual page, as mandoc does
        command_or mandoc mandoc
        command_or zsh zsh # the completions run in their shells
        command_or fish fish
        command_or jq jq # the scripts of the workflows
        find_venv
        find_node tests/judge tests/github
        ;;
    bench)
        find_missing build
        command_or git git
        command_or python3 python3
        find_venv # boto3, for the script that apply is held against
        ;;
    demo)
        find_missing build
        command_or git git
        find_venv
        ;;
    action)
        find_missing build # the policies of the roles in the emulator of AWS are what the program prints
        command_or git git
        command_or readelf binutils
        if ! docker info >/dev/null 2>&1; then # no engine to be reached: the tests start one
            command_or dockerd docker.io
            if ! command -v docker >/dev/null 2>&1 && apt-cache show docker-cli >/dev/null 2>&1; then
                need_apt docker-cli # a package of its own from Debian 13 on
            fi
        fi
        command_or debootstrap debootstrap # makes the base image where no registry can be reached
        find_venv
        find_node tests/judge tests/github # GitHub's description of its API, for the double that answers
        ;;
    lint)
        find_missing build
        command_or gcc gcc # its -fanalyzer, also where CC is another compiler
        command_or shellcheck shellcheck
        command_or cppcheck cppcheck
        find_venv
        ;;
    screenshots)
        command_or chromium chromium
        font_or 'Noto Sans' fonts-noto-core
        font_or 'Noto Color Emoji' fonts-noto-color-emoji
        font_or 'Liberation Mono' fonts-liberation
        find_venv
        find_node tests/screenshots
        ;;
    fuzz)
        find_missing build
        command_or clang clang libclang-rt-dev
        ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-* >/dev/null 2>&1 || need_apt libclang-rt-dev
        ;;
    *) usage ;;
    esac
}

# --- putting it there -------------------------------------------------------------------------------------------------

say() {
    echo "setup: $*"
}

# quietly COMMAND…: its output is shown only when it fails.
quietly() {
    local log code=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || code=$?
    [ $code -eq 0 ] || tail -n 30 "$log" >&2
    rm -f "$log"
    return $code
}

note_untested_system() {
    local id='' version='' name=''
    # shellcheck disable=SC1091
    [ ! -r /etc/os-release ] || {
        . /etc/os-release
        id=${ID:-}
        version=${VERSION_ID:-}
        name=${PRETTY_NAME:-}
    }
    case $id-$version in
    debian-12 | debian-13) ;;
    *) say "${name:-this system} is untested; Debian 12 and 13 are what this is tried on" ;;
    esac
}

install_apt() {
    local root=()
    if ! command -v apt-get >/dev/null 2>&1; then
        say "there is no apt-get here; please install what these Debian packages hold: $*" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            say "root is needed for packages. Please run this, then try again:" >&2
            echo "    sudo apt-get update && sudo apt-get install --no-install-recommends $*" >&2
            return 1
        fi
        root=(sudo -n)
    fi
    say "apt packages: $*"
    # A list that cannot be refreshed is no reason to stop: the packages may well be known already.
    quietly "${root[@]}" apt-get update || say "apt-get update failed; going on with the package lists that are here"
    quietly "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

check_versions() {
    if ! node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'; then
        say "node is $(node --version); 18 or newer is needed" >&2
        return 1
    fi
}

fill_folder() {
    case $1 in
    .venv)
        say "Python packages of tests/requirements.txt, into .venv"
        quietly python3 -m venv .venv
        quietly .venv/bin/python -m pip install --disable-pip-version-check -r tests/requirements.txt
        cksum <tests/requirements.txt >.venv/.stamp
        ;;
    tests/*/node_modules)
        local list=${1%/node_modules}/package.json
        check_versions
        say "npm packages of $list, into $1"
        # No lock file: it would record from which host each package came. package.json pins all of them instead.
        (cd "${1%/node_modules}" && quietly npm install --no-package-lock --no-audit --no-fund)
        # The description of github.com is what is used: the others of that package take 390 MB.
        find "$1" -path '*/@octokit/openapi/generated/*.json' ! -name api.github.com.json -delete
        cksum <"$list" >"$1/.stamp"
        ;;
    esac
}

# --- the whole --------------------------------------------------------------------------------------------------------

find_all_missing() {
    local purpose
    apt_packages=()
    folders=()
    for purpose in "$@"; do
        find_missing "$purpose"
    done
}

check_only=
if [ "${1:-}" = --check ]; then
    check_only=1
    shift
fi
[ $# -gt 0 ] || usage

find_all_missing "$@"
if [ ${#apt_packages[@]} -eq 0 ] && [ ${#folders[@]} -eq 0 ]; then
    exit 0
fi
if [ -n "$check_only" ]; then
    missing=("${apt_packages[@]}" "${folders[@]}")
    echo "setup: missing: ${missing[*]}" >&2
    exit 1
fi

# One at a time; who has waited looks again.
mkdir -p build
exec 9>build/setup.lock
flock 9
find_all_missing "$@"

note_untested_system
if [ ${#apt_packages[@]} -gt 0 ]; then
    install_apt "${apt_packages[@]}"
fi
for folder in "${folders[@]}"; do
    fill_folder "$folder"
done

find_all_missing "$@"
if [ ${#apt_packages[@]} -gt 0 ]; then
    say "still missing after all that: ${apt_packages[*]}" >&2
    exit 1
fi
say "done: $*"
