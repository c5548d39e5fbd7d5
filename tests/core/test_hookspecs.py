"""Every hook's example is a whole plugin: it is executed here."""

import doctest
import inspect

import pytest

import tianbao.testing
from tianbao import hookspecs
from tianbao.plugins import PluginInfo, Plugins

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
