"""Proves a plugin correct: contract tests to subclass, builders of workbooks, fakes.

    from tianbao.testing import TemplateContract

    class TestMyTemplate(TemplateContract):
        template = MY_TEMPLATE

Needs pytest; nothing of the running system imports it.
"""

from tianbao.testing.builders import accepted, answers, filled, valid_row, worksheet
from tianbao.testing.channels import ChannelContract, FakeChannel
from tianbao.testing.contracts import (
    ExporterContract,
    FrontEndContract,
    LetterWriterContract,
    LifecycleContract,
    ReaderContract,
    WriterContract,
)
from tianbao.testing.forms import RulesContract, TemplateContract

__all__ = [
    "ChannelContract",
    "ExporterContract",
    "FakeChannel",
    "FrontEndContract",
    "LetterWriterContract",
    "LifecycleContract",
    "ReaderContract",
    "RulesContract",
    "TemplateContract",
    "WriterContract",
    "accepted",
    "answers",
    "filled",
    "valid_row",
    "worksheet",
]
