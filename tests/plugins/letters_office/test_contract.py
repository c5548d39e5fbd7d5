"""Both writers keep the contract of `tianbao_letter_writers`."""

import io
from zipfile import ZipFile

from lxml import etree

from tianbao.testing import LetterWriterContract
from tianbao_letters_office.opentext import OpenTextWriter
from tianbao_letters_office.word import WordWriter


def text_of(data, part):
    return "".join(map(str, etree.fromstring(ZipFile(io.BytesIO(data)).read(part)).itertext()))


class TestOpenText(LetterWriterContract):
    writer = OpenTextWriter()

    def read(self, data):
        return text_of(data, "content.xml")


class TestWord(LetterWriterContract):
    writer = WordWriter()

    def read(self, data):
        return text_of(data, "word/document.xml")
