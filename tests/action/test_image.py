"""What is in the image, and that the manual says so."""

import io
import re
import subprocess
import tarfile

import pytest
import yaml
from conftest import ROOT

IMAGE_LIMIT = 32 * 1000 * 1000
MANUAL = ROOT / "docs" / "action.md"
BEGIN, END = "<!-- what is in the image: written by the test -->\n", "<!-- end -->\n"
LIBRARY = re.compile(r"/(usr/)?lib(64)?/.*\.so[.0-9]*")


@pytest.fixture(scope="module")
def exported(engine, action):
    container = engine.docker("create", action.image).strip()
    content = engine.docker_bytes("export", container)
    engine.docker("rm", container)
    return tarfile.open(fileobj=io.BytesIO(content))


@pytest.fixture(scope="module")
def members(exported):
    return {f"/{member.name.removeprefix('./')}": member for member in exported}


@pytest.fixture(scope="module")
def files(members):
    """What is no folder. The engine itself puts mount points and empty files into every container."""
    return {path for path, member in members.items()
            if (member.isfile() and member.size > 0) or member.issym() and path != "/etc/mtab"}


def is_notice(path):
    return path.startswith(("/usr/share/doc/", "/usr/share/common-licenses/"))


def test_the_image_is_the_program_and_what_it_needs(files, members):
    size = sum(member.size for member in members.values())
    assert size <= IMAGE_LIMIT, f"{size} bytes"
    rest = {path for path in files if not is_notice(path) and not LIBRARY.fullmatch(path)}
    assert rest == {"/bin/busybox", "/bin/sh", "/entrypoint.sh", "/etc/ssl/certs/ca-certificates.crt", "/usr/bin/iamlease"}
    assert members["/bin/sh"].linkname == "busybox"
    assert members["/tmp"].isdir() and members["/tmp"].mode & 0o7777 == 0o1777
    assert [path for path, member in members.items() if member.mode & 0o6000] == [], "set-user-id programs"
    assert "/usr/share/doc/iamlease/LICENSE" in files


def packages_of(engine, action, libraries):
    """The Debian package of each library, by the stage that built the image (it is in the build's cache)."""
    stage = f"{action.image}-build"
    engine.docker("build", "--network", "host", "--target", "build", "-t", stage, str(ROOT))
    try:
        script = ('for path; do owner=$(dpkg -S "$(realpath "$path")") && echo "$path ${owner%%:*}" || exit; done')
        told = engine.docker("run", "--rm", "--network", "host", stage, "sh", "-c", script, "sh", *sorted(libraries))
    finally:
        engine.docker("image", "rm", stage)
    return dict(line.split() for line in told.splitlines())


def test_the_manual_lists_what_is_in_it(engine, action, files, pytestconfig):
    """One table, the same on every architecture; every package in it has its licence notice in the image."""
    packages = packages_of(engine, action, {path for path in files if LIBRARY.fullmatch(path)})
    rows = ["| file | Debian package |", "|---|---|"]
    rows += [f"| `{path}` | {owner} |" for path, owner in [
        ("/usr/bin/iamlease", "built from this repository"), ("/entrypoint.sh", "of this repository"),
        ("/bin/busybox`, `/bin/sh", "busybox-static"), ("/etc/ssl/certs/ca-certificates.crt", "ca-certificates")]]
    names = {path.rsplit("/", 1)[1]: owner for path, owner in packages.items()}
    rows += [f"| `{'ld-linux' if name.startswith('ld-linux') else name}` | {names[name]} |" for name in sorted(names)]
    table = "".join(f"{row}\n" for row in rows)

    notices = {path.split("/")[4] for path in files if path.startswith("/usr/share/doc/")}
    assert notices == {*packages.values(), "busybox-static", "ca-certificates", "iamlease"}
    before, _, behind = MANUAL.read_text().partition(BEGIN)
    told, _, after = behind.partition(END)
    if pytestconfig.getoption("update"):
        MANUAL.write_text(before + BEGIN + table + END + after)
    else:
        assert told == table, "pytest tests/action/test_image.py --update writes it anew"


def test_the_program_is_hardened(exported, members, tmp_path):
    """As tools/flags.sh asks for: what the compiler left out would be seen here."""
    program = tmp_path / "iamlease"
    program.write_bytes(exported.extractfile(members["/usr/bin/iamlease"]).read())

    def readelf(*options):
        return subprocess.run(["readelf", "--wide", *options, str(program)], check=True, capture_output=True, text=True).stdout

    assert re.search(r"Type:\s+DYN \(Position-Independent Executable", readelf("--file-header"))
    assert "BIND_NOW" in readelf("--dynamic")
    segments = readelf("--program-headers")
    assert "GNU_RELRO" in segments and re.search(r"GNU_STACK .* RW ", segments)
    symbols = readelf("--dyn-syms")
    assert "__stack_chk_fail" in symbols and "__memcpy_chk" in symbols


def test_every_input_has_its_variable_and_its_line_in_the_manual():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    manual = (ROOT / "README.md").read_text()
    assert len(action["runs"]["env"]) == len(action["inputs"])
    for name, entry in action["inputs"].items():
        variable = f"IAMLEASE_{name.replace('-', '_').upper()}"
        default = f"`{entry['default']}`" if entry["default"] else "empty"
        assert action["runs"]["env"][variable] == f"${{{{ inputs.{name} }}}}"
        assert f"| `{name}` | {default} | {entry['description']} |" in manual
