#!/usr/bin/env python3
"""Set up Family Pathways in its own environment (the folder .venv), then use it.

    python run.py                    open the app in the browser
    python run.py setup              only make the environment
    python run.py test [...]         run all the tests (further words go to pytest)
    python run.py model [...]        the command line, for example: python run.py model --help
    python run.py app [...]          open the app (further words go to Streamlit)

Switches, anywhere on the line:
    --system-certs    trust the certificates that this computer trusts: for networks that
                      inspect web traffic, where downloads stop with a certificate error
    --no-uv           use venv and pip even where the faster installer uv is present
    --help            this text

Every command makes the environment first if it is missing, incomplete or out of date. It needs
Python 3.11 to 3.15 and nothing else. On Windows write `py run.py`, on a Mac `python3 run.py`.
"""

# Kept readable by Python 3.6, so that an old Python gets a sentence and not a syntax error.
import contextlib
import difflib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)  # the same range as requires-python in pyproject.toml
NEWEST_PYTHON = (3, 15)  # the newest for which every package in the lock has a wheel
COMMANDS = ("app", "setup", "test", "model")
PLEASE_TRY = """The environment could not be made; the lines above say why. Most often:
- They speak of a certificate or of SSL: run again with the switch --system-certs.
- They speak of a connection or of a name that is not found: check the internet connection. Where
  the network has a proxy, set HTTPS_PROXY to its address first (your IT department knows it).
- They speak of space or of permission: move the project to a folder of your own, on a local disk.
Then run the same command again. It is safe to repeat."""
SWITCHES = ("--system-certs", "--no-uv")
STAMP = "finished.json"
STREAMLIT = ["-m", "streamlit", "run", "app.py", "--server.showEmailPrompt=false"]
STREAMLIT += ["--browser.gatherUsageStats=false", "--server.address=localhost"]
# A file of tests stays together: what its tests share is made once. Files are begun in the order
# that tests/conftest.py gives them, the longest first.
IN_PARALLEL = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"]


class SetupError(Exception):
    """Something is wrong that a person can put right; the text says what, and how."""


def say(text: str) -> None:
    """Tell the person something, on standard error: standard output belongs to the results."""
    print(text, file=sys.stderr, flush=True)


def python_problem(version: tuple, platform: str) -> str:
    """Say why this Python cannot be used and what to install, or return an empty text."""
    found = "{}.{}".format(*version[:2])
    wanted = "Python {}.{} to {}.{}".format(*OLDEST_PYTHON + NEWEST_PYTHON)
    advice = (
        f"Install {wanted} (python.org, or your IT department's software catalogue) and name it: "
        "'py -3.13 run.py' on Windows, 'python3.13 run.py' elsewhere."
    )
    if version[:2] < OLDEST_PYTHON:
        return f"This is Python {found}, which is too old: {wanted} is needed. {advice}"
    if version[:2] > NEWEST_PYTHON:
        return (
            f"This is Python {found}, which is too new: the packages in requirements.lock are "
            f"published for {wanted}. {advice}"
        )
    if platform == "win32":
        return f"This is a 32-bit Python; the packages need a 64-bit one. {advice}"
    if platform == "win-arm64":
        return (
            "This is Python for Windows on Arm, for which PyArrow is not published. Install the "
            f"ordinary 64-bit (x64) {wanted}, which also runs on this computer."
        )
    return ""


def venv_python(root: Path) -> Path:
    """Where the environment's own Python is."""
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return root / ".venv" / folder / name


def expected_stamp(root: Path) -> dict:
    """What a finished environment was made from; any difference means that it is out of date."""
    return {
        "folder": str(root),
        "python": "{}.{}".format(*sys.version_info[:2]) + " " + sysconfig.get_platform(),
        "lock": hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest(),
        "project": hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest(),
    }


def read_stamp(root: Path) -> dict:
    """What the environment on disk was made from: nothing at all if it was never finished."""
    try:
        stamp = json.loads((root / ".venv" / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and venv_python(root).exists() else {}


def work_needed(found: dict, expected: dict) -> str:
    """Decide between "nothing", "project" (install the project again) and "everything"."""
    if found == expected:
        return "nothing"
    if found and {**found, "project": expected["project"]} == expected:
        return "project"
    return "everything"


def find_uv() -> list:
    """The command that starts uv, or an empty list where there is none."""
    if shutil.which("uv"):
        return [shutil.which("uv")]
    return [sys.executable, "-m", "uv"] if importlib.util.find_spec("uv") else []


def attempts(work: str, uv: list) -> list:
    """The ways to do the work, as (work, uv command) pairs: afresh, then with pip, if need be."""
    ways = [(work, uv), ("everything", uv), ("everything", [])]
    return [way for place, way in enumerate(ways) if way not in ways[:place]]


def child_environment(system_certs: bool) -> dict:
    """The environment variables for everything started here, free of other Pythons' settings."""
    variables = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
        variables.pop(name, None)
    variables.setdefault("PYTHONUTF8", "1")
    if system_certs:  # uv's present and former name for the same thing
        variables.update(UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")
    return variables


def step(command: list, variables: dict) -> None:
    """Run one installation command, its output kept away from standard output."""
    # close_fds=False hands on the set-up lock: an installer that outlives a killed run keeps it.
    done = subprocess.run(command, cwd=ROOT, env=variables, stdout=sys.stderr, close_fds=False)
    if done.returncode:
        raise SetupError(PLEASE_TRY)


def check_pip() -> None:
    """Refuse early where Python came without the parts that make an environment."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise SetupError(
            "This Python came without 'venv' and 'ensurepip', which make the environment. On "
            "Debian and Ubuntu: sudo apt install python3-venv python{}.{}-venv. Elsewhere install "
            "Python from python.org, or install uv. Then run again.".format(*sys.version_info[:2])
        )


def pip_certificates(python: str, variables: dict) -> list:
    """The pip options that make it trust this computer's certificates, whatever pip's age."""
    reply = subprocess.run(
        [python, "-m", "pip", "--version"], env=variables, stdout=subprocess.PIPE, check=True
    )
    version = [int(number) for number in re.findall(r"\d+", reply.stdout.decode())[:2]]
    if version >= [23, 3]:  # the first pip that carries truststore; 24.2 uses it unasked
        return ["--use-feature=truststore"] if version < [24, 2] else []
    certificates = ssl.create_default_context().get_ca_certs(binary_form=True)
    if not certificates:
        raise SetupError(
            "This Python's pip is too old to read this computer's certificates. Install a newer "
            "Python (3.13, say) or uv, and run again."
        )
    bundle = ROOT / ".venv" / "system-certificates.pem"
    bundle.write_text("".join(map(ssl.DER_cert_to_PEM_cert, certificates)), encoding="ascii")
    return ["--cert", str(bundle)]


def make_environment(work: str, uv: list, system_certs: bool) -> None:
    """Make .venv afresh from the lock, then install the project itself into it, editable."""
    variables, python = child_environment(system_certs), str(venv_python(ROOT))
    base_python = getattr(sys, "_base_executable", None) or sys.executable
    if work == "everything":
        if not uv:
            check_pip()
        say(f"Making the environment .venv with {'uv' if uv else 'pip'}; this can take minutes.")
        if (ROOT / ".venv" / STAMP).exists():
            (ROOT / ".venv" / STAMP).unlink()  # first: what is half removed must not look finished
        if (ROOT / ".venv").exists():
            shutil.rmtree(ROOT / ".venv")
        create = [*uv, "venv", "-q", "--python", base_python] if uv else [base_python, "-m", "venv"]
        step([*create, ".venv"], variables)
    if uv:
        install = [*uv, "pip", "install", "--python", python]
    else:
        install = [python, "-m", "pip", "install", "--disable-pip-version-check"]
        install += pip_certificates(python, variables) if system_certs else []
    if work == "everything":
        exact = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
        step([*install, *exact, "-r", "requirements.lock"], variables)
    step([*install, "-q", "--no-deps", "--no-build-isolation", "-e", "."], variables)


def claim(handle) -> bool:
    """Try to lock an open file against other windows; False where another holds it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            os.set_inheritable(handle.fileno(), True)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextlib.contextmanager
def one_at_a_time():
    """Make a second window wait, so that two set-ups never write to .venv together."""
    with open(ROOT / ".venv.lock", "w", encoding="utf-8") as handle:
        if not claim(handle):
            say("Waiting for the set-up that runs in another window.")
            while not claim(handle):
                time.sleep(0.5)
        yield


def prepare(system_certs: bool, use_uv: bool) -> None:
    """Bring .venv up to date; where it already is, this takes a few milliseconds."""
    expected = expected_stamp(ROOT)
    if work_needed(read_stamp(ROOT), expected) == "nothing":
        return
    with one_at_a_time():
        work = work_needed(read_stamp(ROOT), expected)
        ways = attempts(work, find_uv() if use_uv else []) if work != "nothing" else []
        for work, uv in ways:
            try:
                make_environment(work, uv, system_certs)
                break
            except SetupError:
                if (work, uv) == ways[-1]:
                    raise
                say("That did not work; trying another way.")
        # Last and in one move: an interrupted set-up has no stamp and is made again.
        unfinished = ROOT / ".venv" / (STAMP + ".new")
        unfinished.write_text(json.dumps(expected, indent=1), encoding="utf-8")
        os.replace(unfinished, ROOT / ".venv" / STAMP)


def hand_over(command: str, words: list) -> int:
    """Become the app, the tests or the model: its exit status and Ctrl-C are its own."""
    modules = {"app": STREAMLIT, "test": ["-m", "pytest", *IN_PARALLEL], "model": ["-m", "model"]}
    line = [str(venv_python(ROOT)), *modules[command], *words]
    if command != "model":  # the model keeps the folder it was called from, for --out
        os.chdir(ROOT)
    if os.name != "nt":
        os.execve(line[0], line, child_environment(system_certs=False))
    program = subprocess.Popen(line, env=child_environment(system_certs=False))
    while True:  # Windows cannot replace a process, and sends Ctrl-C to both
        with contextlib.suppress(KeyboardInterrupt):
            return program.wait()


def main(arguments: list) -> int:
    """Read the command line, make the environment, hand over; return the exit status."""
    words = [word for word in arguments if word not in SWITCHES]
    command = words[0] if words else "app"
    if command in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if command not in COMMANDS or (command == "setup" and words[1:]):
        near = difflib.get_close_matches(command, COMMANDS, n=1, cutoff=0.5)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        say(f"'{' '.join(words)}' is not one of {', '.join(COMMANDS)}.{hint} See --help.")
        return 2
    try:
        problem = python_problem(sys.version_info, sysconfig.get_platform())
        if problem:
            raise SetupError(problem)
        prepare(system_certs="--system-certs" in arguments, use_uv="--no-uv" not in arguments)
        if command == "setup":
            say(f"The environment is ready: {ROOT / '.venv'}")
            return 0
        return hand_over(command, words[1:])
    except KeyboardInterrupt:
        say("Stopped. Nothing is broken: run the same command again.")
        return 130
    except SetupError as problem:
        say(str(problem))
    except (OSError, subprocess.SubprocessError) as problem:
        say(f"{problem}. Close other windows that use this folder, delete .venv and try again.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
