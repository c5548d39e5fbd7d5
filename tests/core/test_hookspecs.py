"""Every hook's example is a whole plugin: it is executed here, and keeps the contract it names."""

import contextlib
import doctest
import inspect
import json
from types import MappingProxyType, SimpleNamespace

import pytest

import tianbao.testing
from tianbao import hookspecs
from tianbao.plugins import PluginInfo, Plugins
from tianbao.workbooks import Workbook, Worksheet

HOOKS = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("tianbao_")}


@pytest.mark.parametrize("name", HOOKS)
def test_the_example_is_a_plugin_that_loads(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    example = doctest.DocTestParser().get_doctest(inspect.getdoc(HOOKS[name]), {}, name, None, None)
    report = []
    doctest.DocTestRunner(verbose=False).run(example, out=report.append, clear_globs=False)
    assert not report, "".join(report)
    (info,) = Plugins([(PluginInfo("example", "1", "docs"), type("Example", (), {name: example.globs[name]})())]).infos
    assert info.error == ""
    assert info.hooks == [name]


@pytest.mark.parametrize("name", HOOKS)
def test_the_docstring_says_what_an_author_must_know(name):
    text = inspect.getdoc(HOOKS[name])
    for part in ("Called", "Returns:", "Raises:", "Example:", "Contract: `tianbao.testing."):
        assert part in text, part
    contract = text.split("Contract: `tianbao.testing.")[1].split("`")[0]
    assert hasattr(tianbao.testing, contract)


def example(hook, folder="."):
    """What the example of a hook defines."""
    with contextlib.chdir(folder):
        test = doctest.DocTestParser().get_doctest(inspect.getdoc(HOOKS[hook]), {}, hook, None, None)
        doctest.DocTestRunner(verbose=False).run(test, clear_globs=False)
    return SimpleNamespace(**test.globs)


class TestTemplates(tianbao.testing.TemplateContract):
    template = example("tianbao_templates").tianbao_templates()[0]


class TestRules(tianbao.testing.RulesContract):
    template = TestTemplates.template
    plugin = example("tianbao_rules")


class TestReader(tianbao.testing.ReaderContract):
    plugin = example("tianbao_read_workbook")
    samples = MappingProxyType({"sample.csv": "sep=;\n壹;貳\n參;0012\n".encode()})


class TestWriter(tianbao.testing.WriterContract):
    writer = example("tianbao_workbook_writers").Lines()

    def read(self, data):
        sheets = {}
        for name, *row in map(json.loads, data.splitlines()):
            sheets.setdefault(name, []).append(row)
        return Workbook([Worksheet(name, rows) for name, rows in sheets.items()])


class TestExporter(tianbao.testing.ExporterContract):
    exporter = example("tianbao_exporters").JsonLines()

    def read(self, data):
        rows = [json.loads(line) for line in data.splitlines()]
        return [list(rows[0]), *(list(row.values()) for row in rows)]


class TestLetterWriter(tianbao.testing.LetterWriterContract):
    writer = example("tianbao_letter_writers").PlainText()

    def read(self, data):
        return data.decode()


class TestChannel(tianbao.testing.ChannelContract):
    @pytest.fixture
    def channel(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        return example("tianbao_channels").Lines()


class TestFrontEnd(tianbao.testing.FrontEndContract):
    front_end = example("tianbao_front_ends").Greeting()


class TestLifecycle(tianbao.testing.LifecycleContract):
    plugin = example("tianbao_filing_accepted")
