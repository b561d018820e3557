# The image of the container action: the program, the shared libraries it needs, and nothing that it does not.
# GitHub builds this file as it is, without build arguments, for `uses: OWNER/iamlease@REF`.

ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
# Before the sources, so that a change of the sources does not fetch the packages again.
RUN export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install -y --no-install-recommends \
        busybox-static ca-certificates gcc libc6-dev make pkgconf \
        libcjson-dev libcurl4-openssl-dev libexpat1-dev libgit2-dev libssl-dev libyaml-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN make -j "$(nproc)" && make install-program DESTDIR=/image PREFIX=/usr

# /image becomes the root of the last stage. Debian's loader looks for libraries in the folders they came from, so it
# needs no cache. The shell is there for entrypoint.sh alone. Every library brings its licence notice along, and
# common-licenses the texts that the notices point to.
RUN set -eu; \
    strip /image/usr/bin/iamlease; \
    install -m 755 entrypoint.sh /image/entrypoint.sh; \
    install -D -m 755 /bin/busybox /image/bin/busybox; \
    ln -s busybox /image/bin/sh; \
    install -d -m 1777 /image/tmp; \
    needed="$(ldd /image/usr/bin/iamlease)"; \
    libraries="$(echo "$needed" | grep -o '/[^ ]*')"; \
    owners="$(dpkg -S $(realpath $libraries))"; \
    notices="$(echo "$owners" | sed 's|:.*||; s|.*|/usr/share/doc/&/copyright|' | sort -u)"; \
    cp -L -r --parents -t /image $libraries $notices \
        /etc/ssl/certs/ca-certificates.crt /usr/share/common-licenses \
        /usr/share/doc/busybox-static/copyright /usr/share/doc/ca-certificates/copyright

# No USER: the runner mounts the workspace and its file commands for root.
FROM scratch
COPY --from=build /image/ /
ENTRYPOINT ["/entrypoint.sh"]
