"""A stranger's plugins, built and installed as strangers do: a template, ways in and out, and a broken one beside them."""

import inspect
import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tianbao import hookspecs

PROJECT = """
[project]
name = "{name}"
version = "2.5"
dependencies = ["tianbao"]
[project.entry-points.tianbao]
{entries}
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.hatch.build.targets.wheel]
include = ["*.py"]
"""

TEMPLATE = """
from tianbao.canon import COUNSELLOR_TYPES
from tianbao.periods import school_years
from tianbao.plugins import hookimpl
from tianbao.templates import Template, column, one_of, own_code, sheet, whole_number


@sheet("個案", kind="case", heading_row=1, first_row=2)
class Case:
    "當月的每一位學生填一列。"
    counsellor_type = column("身分", one_of(COUNSELLOR_TYPES), example=1)
    student_code = column("學生代號", own_code(), example="範例01")
    sessions = column("晤談次數", whole_number(1, 999), example=3)


@hookimpl
def tianbao_templates():
    return [Template("150", "150學年度表格", serves=school_years(150), sheets=[Case])]
"""

PLUGINS_PAGE = Path(__file__).parents[2] / "docs/plugins.md"
FRONT_END = next(
    block for block in re.findall(r"```python\n(.*?)```", PLUGINS_PAGE.read_text(), re.DOTALL) if "Lines" in block
)
EXPORTER = "\n".join(re.findall(r"^ *(?:>>>|\.\.\.) (.*)", inspect.getdoc(hookspecs.tianbao_exporters), re.MULTILINE))

CONTRACT = """
from next_year import tianbao_templates
from tianbao.testing import TemplateContract

class TestNextYear(TemplateContract):
    template = tianbao_templates()[0]
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The environment of a program that finds the stranger's distribution besides everything else."""
    source, site = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    entries = 'next_year = "next_year"\nbroken = "broken"\nscripts = "scripts"'
    (source / "pyproject.toml").write_text(PROJECT.format(name="tianbao-next-year", entries=entries))
    (source / "next_year.py").write_text(textwrap.dedent(TEMPLATE))
    (source / "scripts.py").write_text(f"{FRONT_END}\n{EXPORTER}\n")
    (source / "broken.py").write_text("import a_library_nobody_has\n")
    (source / "test_contract.py").write_text(CONTRACT)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "--target",
            site,
            source,
        ],
        check=True,
    )
    database = f"sqlite:///{tmp_path_factory.mktemp('data') / 'tianbao.sqlite3'}"
    return os.environ | {"PYTHONPATH": str(site), "TIANBAO_DATABASE_URL": database}, source


def run(installed, *words, **given):
    environment, source = installed
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, env=environment, cwd=source, capture_output=True, text=True, check=False, **given)


def test_it_is_listed_with_its_hooks_and_the_broken_one_with_its_error(installed):
    listed = run(installed, "tianbao", "plugins")
    lines = {line.split()[0]: line for line in listed.stdout.splitlines()}
    assert "2.5" in lines["next_year"]
    assert "tianbao_templates" in lines["next_year"]
    assert "a_library_nobody_has" in lines["broken"]
    assert "tianbao_read_workbook" in lines["export_excel"]
    assert listed.returncode == 1


def test_its_template_works_like_our_own(installed, tmp_path):
    assert run(installed, "tianbao", "template", "blank", "150", "-o", str(tmp_path / "b.xlsx")).returncode == 0
    said = run(installed, "tianbao", "check", str(tmp_path / "b.xlsx"), "--json")
    assert said.returncode == 2
    assert '"empty-workbook"' in said.stdout


def test_its_template_takes_over_from_the_one_before(installed):
    listed = run(installed, "tianbao", "template", "list").stdout
    assert "111年8月至113年7月" in listed
    assert "113年8月至150年7月" in listed
    assert "150年8月起" in listed


def test_its_front_end_and_exporter_as_the_docs_have_them_are_used(installed, tmp_path):
    asked = json.dumps({"login": "nobody", "password": "Guess2024", "period": "2024-09"})
    served = run(installed, "tianbao", "serve", "--front-end", "lines", input=f"{asked}\n")
    assert json.loads(served.stdout)["code"] == "wrong-sign-in", served.stderr
    assert run(installed, "tianbao", "records", "case", "-o", str(tmp_path / "r.jsonl")).returncode == 0
    assert (tmp_path / "r.jsonl").exists()


def test_the_contract_proves_it_in_its_own_tests(installed):
    proved = run(installed, "pytest", "-q", "-p", "no:cacheprovider", "test_contract.py")
    assert proved.returncode == 0, proved.stdout
    assert "failed" not in proved.stdout
