"""The templates for CI and the image: what they call is there, and takes what they give it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from basix_contract.cli._commands import app

ROOT = Path(__file__).parents[2]
CI = ROOT / "conformance" / "ci"
DOCKERFILE = (CI / "Dockerfile").read_text("utf-8")


def scripts(tree: Any) -> Iterator[str]:
    """Every line that a template hands to a shell."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == "run":
                yield from value.splitlines()
            elif key in ("script", "before_script"):
                yield from value
            else:
                yield from scripts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from scripts(value)


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_a_template_calls_commands_as_they_are(name: str) -> None:
    """A template checks the profile, runs the suite into a folder it keeps, and each command takes its options."""
    template = yaml.safe_load((CI / name).read_text("utf-8"))
    commands = [line.partition("|")[0] for line in scripts(template) if line.startswith("basix-contract ")]

    assert [shlex.split(command)[1] for command in commands] == ["profile", "conformance"]
    for command in commands:
        app.parse_args(shlex.split(command)[1:], exit_on_error=False, print_error=False)
    assert "--report report" in commands[1]
    assert "always" in (CI / name).read_text("utf-8")


def test_a_failing_run_fails_the_github_step() -> None:
    """The step that hands the summary on to `tee` names bash, for which GitHub sets pipefail."""
    steps = yaml.safe_load((CI / "github.yml").read_text("utf-8"))["jobs"]["conformance"]["steps"]
    piped = [step for step in steps if "|" in str(step.get("run", "")) and "basix-contract" in step["run"]]

    assert [step["shell"] for step in piped] == ["bash"]


def test_the_image_is_built_from_what_is_there() -> None:
    """Each file that is copied from the repository is in it, and in the source archive."""
    copied = [words.split()[1:-1] for words in re.findall(r"^COPY (?!--from).*$", DOCKERFILE, re.MULTILINE)]
    sdist = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.hatch.build.targets.sdist]")[2]

    for path in (path for paths in copied for path in paths):
        assert (ROOT / path).exists(), path
        assert f'"{path.partition("/")[0]}"' in sdist, path


def test_the_image_starts_the_mock_as_nobody_in_particular() -> None:
    """It runs under a number that is not root's, and its command is one that `basix-contract` takes."""
    command = json.loads(re.findall(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)[-1])
    app.parse_args(command, exit_on_error=False, print_error=False)

    assert re.search(r"^USER [1-9]\d+$", DOCKERFILE, re.MULTILINE)
    assert all(":" in image and "latest" not in image for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
