"""The fixtures as an integrator's own project uses them: in a pytest run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from basix_contract.mock import DEFECTS

ROOT = Path(__file__).parent.parent.parent

CALL = """
import httpx

def call(pbx, profile, **body):
    with httpx.Client(trust_env=False, auth=(profile.target.domain, profile.target.token)) as client:
        return client.post(pbx.base_url + "/call_user", json={"destination": "0312341234", **body})
"""

Project = Callable[..., tuple[int, str]]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Run pytest on a project of one test file."""

    def run(tests: str, conftest: str = "") -> tuple[int, str]:
        (tmp_path / "test_own.py").write_text(CALL + tests, "utf-8")
        (tmp_path / "conftest.py").write_text(conftest, "utf-8")
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "basix_contract.pytest_plugin"],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTEST_ADDOPTS": "-W error -p no:cacheprovider",
                # The plugin comes by its module, so that the tests hold in a checkout that is not installed, too.
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return ended.returncode, ended.stdout + ended.stderr

    return run


def test_each_test_has_a_pbx_of_its_own(project: Project) -> None:
    """A call shows in `.calls` of the test that placed it, and in no other's; the result can be waited for."""
    code, told = project("""
def test_one(basix_pbx, basix_profile):
    assert call(basix_pbx, basix_profile, user_name="jessica").json()["result_code"] == 0
    (record,) = basix_pbx.wait_until(lambda calls: calls[0].outcome)
    assert (record.user, record.outcome) == ("jessica", "answered")

def test_two(basix_pbx, basix_profile):
    assert basix_pbx.calls == ()
""")

    assert code == 0, told
    assert "2 passed" in told


def test_the_marker_says_what_the_pbx_is_like(project: Project) -> None:
    """Switches, defects and seed come from the marker; the one nearest to the test wins."""
    code, told = project(
        """
import pytest
pytestmark = pytest.mark.basix(error_style="4xx", seed=3)
SEEN = []

@pytest.mark.parametrize("_", range(2))
def test_seed(basix_pbx, basix_profile, _):
    SEEN.append(call(basix_pbx, basix_profile, user_name="jessica").json()["uuids"])
    assert SEEN[0] == SEEN[-1]
    assert call(basix_pbx, basix_profile, user_name="nobody").status_code == 404

@pytest.mark.basix(error_style="200", defects=["DEFECT"])
def test_nearest(basix_pbx, basix_profile):
    assert call(basix_pbx, basix_profile, user_name="nobody").status_code == 200
    assert [defect.id for defect in basix_pbx.app.defects] == ["DEFECT"]
""".replace("DEFECT", next(iter(DEFECTS)))
    )

    assert code == 0, told


@pytest.mark.parametrize("asked", ['error_stile="4xx"', 'defects=["no-such-defect"]'])
def test_what_cannot_be_is_named(project: Project, asked: str) -> None:
    """A mistake in the marker is told on one line that names it, without our own source."""
    code, told = project(f"""
import pytest

@pytest.mark.basix({asked})
def test_one(basix_pbx):
    pass
""")

    assert code == 1
    assert "basix_pbx cannot be as asked for: " in told
    assert "error_stile" in told or "no-such-defect" in told
    assert "MockServer(" not in told


def test_the_directory_can_be_ones_own(project: Project) -> None:
    """Defining `basix_profile` in a project replaces who can be rung."""
    code, told = project(
        """
def test_one(basix_pbx, basix_profile):
    assert call(basix_pbx, basix_profile, user_extension="77").json()["result_code"] == 0
    assert call(basix_pbx, basix_profile, user_name="jessica").json()["result_code"] != 0
""",
        conftest="""
import pytest
from basix_contract.profile import parse_profile

@pytest.fixture(scope="session")
def basix_profile():
    return parse_profile('''
        target = {domain = "own.example", token = "t"}
        users = [{extension = "77"}]
        destinations = [{value = "0312341234"}]
    ''')
""",
    )

    assert code == 0, told


def test_a_missing_extra_is_named(project: Project) -> None:
    """Where a library of the mock is missing, the test fails with the way to install it."""
    code, told = project(
        "def test_one(basix_pbx):\n    pass\n",
        conftest="import sys\nsys.modules['uvicorn'] = None\n",
    )

    assert code == 1
    assert "the basix fixtures need uvicorn: pip install 'basix-contract[testing]'" in told


def test_a_run_without_fixtures_pays_nothing() -> None:
    """Loading the plugin loads nothing but pytest: it is loaded in every run of whoever installs us."""
    program = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport basix_contract.pytest_plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout.split() == [
        "basix_contract",
        "basix_contract._version",
        "basix_contract.pytest_plugin",
    ]
