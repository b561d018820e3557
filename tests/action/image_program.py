"""The program in the image as a file that runs it: for tests that start a program on this machine.

One container stays, with the folder of the tests at its own path and the network of this machine, and each run is a
process in it: the same arguments, environment and current folder, the image's own libraries, and the user of the image.
"""

import contextlib
import subprocess
import uuid

# What the engine's client needs does not reach the program, and the program's environment reaches it by name.
SCRIPT = """\
#!/bin/bash
variables=()
for name in $(compgen -e); do
    [[ $name =~ ^(PWD|OLDPWD|SHLVL|_)$ ]] || variables+=(--env "$name")
done
DOCKER_HOST={host} exec docker exec --workdir "$PWD" "${{variables[@]}}" {container} /entrypoint.sh "$@"
"""


@contextlib.contextmanager
def program_in(engine, image, folder):
    """Yields the file; what runs may use is below `folder`."""
    container = f"iamlease-test-{uuid.uuid4().hex}"
    # Its shell waits for its input, which ends with these tests, whatever ends them.
    keeper = subprocess.Popen(
        ["docker", "run", "--rm", "--interactive", "--name", container, "--network", "host",
         "--volume", f"{folder}:{folder}", "--entrypoint", "/bin/sh", image, "-c", "echo ready; read -r end"],
        env=engine.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert keeper.stdout.readline() == b"ready\n", "the container did not start"
        file = folder / "iamlease"
        file.write_text(SCRIPT.format(host=f"unix://{engine.socket_path()}", container=container))
        file.chmod(0o755)
        yield file
    finally:
        keeper.communicate(b"end\n")
