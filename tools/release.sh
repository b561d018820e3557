#!/bin/bash
# The steps of .github/workflows/release.yml, each by its name; values come as variables, so that no text of others is
# ever part of a script.
#
# usage: VERSION=1.2.3 … tools/release.sh check|build|join|commit|release
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "::error title=release::$1"
    exit 1
}

output() {
    echo "$1=$2" >>"$GITHUB_OUTPUT"
}

# Whether this commit may become that version, and the name of the image.
check() {
    [[ $VERSION =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] || fail "'$VERSION' is no version such as 1.2.3"
    [ "$GITHUB_REF" = "refs/heads/$BRANCH" ] || fail "a release is made of $BRANCH, not of $GITHUB_REF"
    grep -qx "VERSION := $VERSION" Makefile || fail "the Makefile has another VERSION than $VERSION"
    grep -qF "## [$VERSION]" CHANGELOG.md || fail "CHANGELOG.md has no section [$VERSION]"
    ! git rev-parse --quiet --verify "refs/tags/v$VERSION" >/dev/null || fail "there is a tag v$VERSION already"
    output image "ghcr.io/${GITHUB_REPOSITORY,,}"
}

# This machine's image, pushed without a name; with a list of what is in it and how it was built.
build() {
    docker buildx create --use --driver docker-container
    docker buildx build --platform "linux/$MACHINE" --provenance mode=max --sbom=true --metadata-file built.json \
        --label "org.opencontainers.image.source=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" \
        --output "type=image,name=$IMAGE,push-by-digest=true,name-canonical=true,push=true" .
    output_digest "$MACHINE" "$(jq --raw-output '."containerimage.digest"' built.json)"
}

output_digest() {
    [[ $2 =~ ^sha256:[0-9a-f]{64}$ ]] || fail "'$2' is no digest"
    output "$1" "$2"
}

# One image of both.
join() {
    docker buildx imagetools create --tag "$IMAGE:$VERSION" "$IMAGE@$AMD64" "$IMAGE@$ARM64"
    output_digest digest "$(docker buildx imagetools inspect --format '{{json .Manifest}}' "$IMAGE:$VERSION" | jq --raw-output .digest)"
}

# The release commit, beside main: the image of action.yml is the one that was built, not a Dockerfile.
commit() {
    [[ ${DIGEST:?} =~ ^sha256:[0-9a-f]{64}$ ]] || fail "'$DIGEST' is no digest"
    sed -i "s|^  image: Dockerfile\$|  image: docker://$IMAGE@$DIGEST|" action.yml
    grep -qx "  image: docker://$IMAGE@$DIGEST" action.yml || fail "action.yml has no line '  image: Dockerfile'"
    git checkout --quiet --detach
    git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
        commit --quiet --message "Release $VERSION" -- action.yml
    git tag "v$VERSION"
    git tag --force "v${VERSION%%.*}"
}

# The section of CHANGELOG.md about this version.
notes() {
    awk -v head="## [$VERSION]" 'index($0, head) == 1 { on = 1; next } on && /^## / { exit } on' CHANGELOG.md
}

release() {
    commit
    gh auth setup-git
    git push --quiet origin "refs/tags/v$VERSION"
    notes | gh release create "v$VERSION" --verify-tag --title "v$VERSION" --notes-file -
    git push --quiet --force origin "refs/tags/v${VERSION%%.*}"
}

case ${1:-} in
check | build | join | commit | release) "$1" ;;
*) sed -n '/^# usage/s/^# //p' "$0" >&2 && exit 64 ;;
esac
