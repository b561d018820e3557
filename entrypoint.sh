#!/bin/sh
# Starts iamlease in the container action. What to do comes from the inputs, as variables (see action.yml).
set -eu

# The runner obeys workflow commands in stdout and in stderr, and reads the two in no fixed order: a
# `::stop-commands::` in one would not protect the other. In Actions all output is therefore one stream.
if [ "${GITHUB_ACTIONS:-}" = true ]; then
    exec 2>&1
fi

# `exec`: the signals that cancel a job go to process 1.
exec /usr/bin/iamlease "$@"
