"""run.py makes the environment, repairs a half-made one, and says plainly what is wrong."""

import ast
import json
import os
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import run

PROJECT = Path(run.__file__).parent


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project folder in place of the real one, with installation steps that only note."""
    (tmp_path / "requirements.lock").write_text("simpy==4.1.2\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "find_uv", lambda: [])
    return tmp_path


@pytest.fixture
def steps(project, monkeypatch):
    """The installation commands in order; making the environment leaves a Python behind."""
    commands = []

    def note(command, variables):
        commands.append(command)
        if "venv" in command:
            run.venv_python(project).parent.mkdir(parents=True)
            run.venv_python(project).touch()

    monkeypatch.setattr(run, "step", note)
    return commands


# Which Python


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9), (3, 14, 0), (3, 15, 2)])
@pytest.mark.parametrize("platform", ["linux-x86_64", "win-amd64", "macosx-11.0-arm64"])
def test_pythons_in_the_range_are_welcome(version, platform):
    assert run.python_problem(version, platform) == ""


@pytest.mark.parametrize(
    ("version", "platform", "words"),
    [
        ((3, 6, 15), "linux-x86_64", "Python 3.6, which is too old: Python 3.11 to 3.15 is needed"),
        ((3, 10, 13), "win-amd64", "Python 3.10, which is too old"),
        ((3, 16, 0), "linux-x86_64", "Python 3.16, which is too new"),
        ((3, 12, 0), "win32", "32-bit"),
        ((3, 12, 0), "win-arm64", "Windows on Arm"),
    ],
)
def test_other_pythons_get_a_sentence_that_says_what_to_install(version, platform, words):
    problem = run.python_problem(version, platform)
    assert words in problem
    assert "Install" in problem


def test_the_range_is_the_one_in_pyproject():
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    oldest, newest = run.OLDEST_PYTHON[1], run.NEWEST_PYTHON[1]
    assert declared["project"]["requires-python"] == f">=3.{oldest},<3.{newest + 1}"


def test_an_old_python_can_read_the_file_that_refuses_it():
    ast.parse((PROJECT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_without_ensurepip_the_debian_package_is_named(monkeypatch):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(run.SetupError, match="python3-venv"):
        run.check_pip()


# What there is to do


def test_only_a_change_means_work():
    stamp = {"folder": "a", "python": "3.11", "lock": "1", "project": "1"}
    assert run.work_needed(stamp, stamp) == "nothing"
    assert run.work_needed({**stamp, "project": "2"}, stamp) == "project"
    assert run.work_needed({**stamp, "lock": "2", "project": "2"}, stamp) == "everything"
    assert run.work_needed({**stamp, "python": "3.12"}, stamp) == "everything"
    assert run.work_needed({}, stamp) == "everything"


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_the_stamp_follows_lock_and_project(project, name):
    before = run.expected_stamp(project)
    with (project / name).open("a", encoding="utf-8") as handle:
        handle.write("# changed\n")
    assert run.expected_stamp(project) != before


@pytest.mark.parametrize("text", [None, "", "{", "[]"])
def test_a_missing_or_broken_stamp_counts_as_unfinished(project, text):
    run.venv_python(project).parent.mkdir(parents=True)
    run.venv_python(project).touch()
    if text is not None:
        (project / ".venv" / run.STAMP).write_text(text, encoding="utf-8")
    assert run.read_stamp(project) == {}


def test_a_stamp_without_its_python_counts_as_unfinished(project):
    (project / ".venv").mkdir()
    stamp = json.dumps(run.expected_stamp(project))
    (project / ".venv" / run.STAMP).write_text(stamp, encoding="utf-8")
    assert run.read_stamp(project) == {}


def test_what_fails_is_tried_afresh_and_then_with_pip():
    assert run.attempts("project", ["uv"]) == [
        ("project", ["uv"]),
        ("everything", ["uv"]),
        ("everything", []),
    ]
    assert run.attempts("everything", []) == [("everything", [])]


# Doing it


def test_the_lock_is_installed_exactly_then_the_project_without_dependencies(project, steps):
    run.prepare(system_certs=False, use_uv=True)
    made, locked, own = steps
    assert made[1:] == ["-m", "venv", ".venv"]
    assert {"--require-hashes", "--no-deps", "requirements.lock"} <= set(locked)
    assert {"--no-deps", "--no-build-isolation", "-e"} <= set(own)


def test_a_current_environment_is_left_alone(project, steps):
    run.prepare(system_certs=False, use_uv=True)
    steps.clear()
    run.prepare(system_certs=False, use_uv=True)
    assert steps == []


def test_a_changed_pyproject_installs_only_the_project_again(project, steps):
    run.prepare(system_certs=False, use_uv=True)
    steps.clear()
    (project / "pyproject.toml").write_text("[project]\nname = 'b'\n", encoding="utf-8")
    run.prepare(system_certs=False, use_uv=True)
    assert [command[-2:] for command in steps] == [["-e", "."]]


def test_a_half_made_environment_is_made_again(project, steps, monkeypatch):
    """Ctrl-C in the middle of the downloads: the next run starts afresh and finishes."""
    working_step = run.step

    def interrupted(command, variables):
        working_step(command, variables)
        if "requirements.lock" in command:
            raise KeyboardInterrupt

    monkeypatch.setattr(run, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.prepare(system_certs=False, use_uv=True)
    assert run.venv_python(project).exists()
    assert run.read_stamp(project) == {}
    (project / ".venv" / "leftover").touch()
    monkeypatch.setattr(run, "step", working_step)
    run.prepare(system_certs=False, use_uv=True)
    assert run.read_stamp(project) == run.expected_stamp(project)
    assert not (project / ".venv" / "leftover").exists()


def test_while_the_old_environment_goes_nothing_claims_that_it_is_finished(
    project, steps, monkeypatch
):
    run.prepare(system_certs=False, use_uv=True)
    (project / "requirements.lock").write_text("simpy==4.1.3\n", encoding="utf-8")

    def refused(folder):
        assert not (Path(folder) / run.STAMP).exists()
        raise PermissionError(13, "in use", str(folder))

    monkeypatch.setattr(run.shutil, "rmtree", refused)
    with pytest.raises(PermissionError):
        run.prepare(system_certs=False, use_uv=True)
    assert run.read_stamp(project) == {}


def test_where_uv_fails_pip_does_it(project, steps, monkeypatch):
    working_step = run.step

    def broken_uv(command, variables):
        if command[0] == "uv":
            raise run.SetupError("no")
        working_step(command, variables)

    monkeypatch.setattr(run, "step", broken_uv)
    monkeypatch.setattr(run, "find_uv", lambda: ["uv"])
    run.prepare(system_certs=False, use_uv=True)
    assert run.read_stamp(project) == run.expected_stamp(project)
    assert "uv" not in steps[0]


def pip_of_version(version, monkeypatch):
    """Let every pip report this version."""
    text = f"pip {version} from some/folder3.99 (python 3.11)".encode()
    reply = run.subprocess.CompletedProcess([], 0, stdout=text)
    monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: reply)


def test_system_certificates_reach_uv(monkeypatch):
    assert run.child_environment(system_certs=True)["UV_SYSTEM_CERTS"] == "1"
    monkeypatch.delenv("UV_SYSTEM_CERTS", raising=False)
    assert "UV_SYSTEM_CERTS" not in run.child_environment(system_certs=False)


@pytest.mark.parametrize(
    ("version", "options"),
    [("23.3", ["--use-feature=truststore"]), ("24.0", ["--use-feature=truststore"]), ("24.2", [])],
)
def test_system_certificates_reach_pip(monkeypatch, version, options):
    pip_of_version(version, monkeypatch)
    assert run.pip_certificates("python", {}) == options


def test_a_pip_from_before_truststore_is_given_the_certificates_as_a_file(project, monkeypatch):
    class Context:
        @staticmethod
        def get_ca_certs(binary_form):
            return [b"certificate"]

    pip_of_version("23.0.1", monkeypatch)
    monkeypatch.setattr(run.ssl, "create_default_context", Context)
    (project / ".venv").mkdir()
    switch, bundle = run.pip_certificates("python", {})
    assert switch == "--cert"
    assert "BEGIN CERTIFICATE" in Path(bundle).read_text(encoding="ascii")


# The command line


def started(monkeypatch, *arguments):
    """The command line that run.py turns into, after its own Python."""
    seen = []
    monkeypatch.setattr(run, "prepare", lambda **_: None)
    monkeypatch.setattr(run.os, "chdir", lambda folder: None)
    monkeypatch.setattr(run.os, "execve", lambda path, line, env: seen.extend(line[1:]))
    monkeypatch.setattr(run.subprocess, "Popen", None)
    with pytest.raises(TypeError, match="NoneType"):  # POSIX never comes back from execve
        run.main(list(arguments))
    return seen


@pytest.mark.skipif(os.name == "nt", reason="Windows starts a second process instead")
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["test", "-k", "stock"], ["-m", "pytest", *run.IN_PARALLEL, "-k", "stock"]),
        (["model", "run", "--help"], ["-m", "model", "run", "--help"]),
        (["--system-certs", "test"], ["-m", "pytest", *run.IN_PARALLEL]),
        (["test", "--no-uv"], ["-m", "pytest", *run.IN_PARALLEL]),
    ],
)
def test_words_are_passed_through(monkeypatch, arguments, line):
    assert started(monkeypatch, *arguments) == line


@pytest.mark.skipif(os.name == "nt", reason="Windows starts a second process instead")
def test_without_words_the_app_opens_on_this_computer_only(monkeypatch):
    line = started(monkeypatch)
    assert line[:4] == ["-m", "streamlit", "run", "app.py"]
    assert "--server.address=localhost" in line
    assert "--server.showEmailPrompt=false" in line


def test_setup_ends_after_the_environment(monkeypatch):
    monkeypatch.setattr(run, "prepare", lambda **_: None)
    assert run.main(["setup"]) == 0


def test_a_slip_of_the_pen_gets_the_nearest_command(capsys):
    assert run.main(["tset"]) == 2
    assert "Did you mean 'test'?" in capsys.readouterr().err


def test_problems_are_sentences_on_standard_error(monkeypatch, capsys):
    def fail(**_):
        raise run.SetupError("Something plain.")

    monkeypatch.setattr(run, "prepare", fail)
    assert run.main(["model"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "Something plain.\n"


def test_help_lists_every_command_and_switch(capsys):
    assert run.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(word in text for word in (*run.COMMANDS, *run.SWITCHES))


# The lock


def test_the_lock_pins_everything_with_hashes_and_names_no_registry():
    text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=[A-Za-z0-9])", text) if not entry.startswith("#")]
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text
    assert "index-url" not in text.replace("--no-emit-index-url", "")


def test_python_3_11_to_3_14_get_the_same_versions():
    """Results do not hang on which of them a council has; 3.15 needs three newer packages."""
    text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    entries = [Requirement(line) for line in re.findall(r"^[a-z0-9].*?(?= \\$)", text, flags=re.M)]

    def chosen(python):
        settings = {"python_full_version": f"{python}.0", "python_version": python}
        return {
            str(e.name) + str(e.specifier)
            for e in entries
            if e.marker is None or e.marker.evaluate(settings)
        }

    assert chosen("3.11") == chosen("3.12") == chosen("3.13") == chosen("3.14")
    assert {entry.split("==")[0] for entry in chosen("3.15") - chosen("3.14")} == {
        "contourpy",
        "numpy",
        "scipy",
    }


def test_this_environment_is_the_one_in_the_lock():
    """The tests run on the versions that everyone else gets."""
    text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    for line in re.findall(r"^[a-z0-9].*?(?= \\$)", text, flags=re.MULTILINE):
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate():
            assert metadata.version(wanted.name) in wanted.specifier, line


def test_standard_library_only():
    tree = ast.parse((PROJECT / "run.py").read_text(encoding="utf-8"))
    imported = {
        name.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
