"""A file beside a template."""

from datetime import datetime
from enum import StrEnum

from attrs import frozen


class Kind(StrEnum):
    """What a file is, as the manual names them."""

    PRESENTATION = "presentation"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {"presentation": "填報表格說明簡報", "other": "其他文件"}[self]


@frozen
class Handout:
    """A file beside a template; its content is kept apart.

    Attributes:
        id: its number.
        template_key: the template it belongs to.
        kind: what it is.
        title: as it is listed.
        file_name: as it is saved, with its suffix.
        media_type: by its content.
        size: in bytes.
        hash: SHA-256 of its content, in hex.
        added_at: when.
        added_by_name: by whom.
        withdrawn_at: when it was taken back.
    """

    id: int
    template_key: str
    kind: Kind
    title: str
    file_name: str
    media_type: str
    size: int
    hash: str
    added_at: datetime
    added_by_name: str
    withdrawn_at: datetime | None = None

    @property
    def subject(self) -> str:
        """Its name in the audit trail."""
        return f"handout/{self.id}"

    @property
    def suffix(self) -> str:
        return self.file_name.rpartition(".")[2].upper()
