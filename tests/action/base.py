"""A base image for machines that reach Debian's packages but no image registry.

It is what `debian:<suite>-slim` is, a minimal Debian without manuals, made by debootstrap. It takes over how this
machine reaches packages (sources, proxy, certificates), because the Dockerfile knows nothing of that.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

# How dpkg is set up in Debian's slim images: no waiting for the disk, no manuals; the licence notices stay.
SLIM = """\
force-unsafe-io
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
"""

# The settings of apt that say how packages are reached.
REACHING = re.compile(
    r'Acquire::(?:https?::Proxy(?:::[^ ]+)?|https::CAInfo|Check-Date|Check-Valid-Until|ForceIPv[46]|Retries) "', re.I)
CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def suite_of(image):
    """The Debian suite of an image name: 'debian:trixie-slim' gives 'trixie'."""
    return re.fullmatch(r"debian:([a-z]+)-slim", image)[1]


def archive_of(image):
    """The base image as an archive that `docker import` reads: made once, in half a minute, and kept in a cache.

    A machine that begins to reach its packages in another way gets another archive.
    """
    suite = suite_of(image)
    key = hashlib.sha256((sources(suite) + apt_settings(suite) + SLIM).encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "iamlease"
    archive = cache / f"debian-{suite}-slim-{os.uname().machine}-{key}.tar"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        make_archive(suite, archive)
    return archive


def make_archive(suite, archive):
    """Makes the base image in a temporary folder and puts it into place as a whole."""
    with tempfile.TemporaryDirectory(prefix="iamlease-base-") as folder:
        root = Path(folder) / "root"
        # debootstrap mounts /proc in the new root; the mount ends with the mount namespace.
        run("unshare", "--mount", "debootstrap", "--variant=minbase", suite, str(root), mirrors(suite)[suite])
        (root / "etc/apt/sources.list").write_text(sources(suite))
        (root / "etc/apt/apt.conf.d/90machine").write_text(apt_settings(suite))
        (root / "etc/dpkg/dpkg.cfg.d/slim").write_text(SLIM)
        for bundle in re.findall(r'CAInfo "([^"]+)"', apt_settings(suite), re.I):
            (root / bundle.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(bundle, root / bundle.lstrip("/"))
        whole = Path(f"{archive}.{os.getpid()}")
        run("tar", "--create", "--file", str(whole), "--directory", str(root),
            "--exclude=./var/cache/apt/archives/*.deb", "--exclude=./var/lib/apt/lists/*", ".")
        whole.rename(archive)


def mirrors(suite):
    """Debian's archives as this machine's apt reaches them: {'trixie': uri, 'trixie-security': uri, …}."""
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)', Path("/etc/os-release").read_text(), re.M))
    own = release.get("VERSION_CODENAME", "") if release.get("ID") == "debian" else ""
    listing = ["apt-get", "indextargets", "Created-By: Packages",
               "--format", "$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)"]
    # apt tells the origin of a source only after it has fetched its index.
    if "Debian main" not in (targets := run(*listing)):
        run("apt-get", "update")
        targets = run(*listing)
    found = {}
    for pocket, uri in re.findall(rf"^Debian main {own}(|-updates|-security) (\S+)$", targets, re.M):
        found[suite + pocket] = uri
    if not own or suite not in found:
        raise RuntimeError(f"no image of Debian {suite} could be pulled, and apt here knows no archive to make it of")
    return found


def sources(suite):
    """The text of sources.list for `suite`."""
    return "".join(f"deb {uri} {name} main\n" for name, uri in sorted(mirrors(suite).items()))


def apt_settings(suite):
    """The lines of apt.conf that let the build reach what this machine reaches."""
    lines = [line for line in run("apt-config", "dump").splitlines() if REACHING.match(line)]
    if "https:" in sources(suite) and not any("CAINFO" in line.upper() for line in lines):
        lines.append(f'Acquire::https::CAInfo "{CA_BUNDLE}";')
    return "".join(f"{line}\n" for line in lines)


def run(*command):
    """Runs a command and returns its stdout; a failure raises with what it wrote."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
