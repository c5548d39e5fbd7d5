"""What is wrong with a text: said to the maintainer in English, and to the organiser who wrote it in 繁體中文."""

from tianbao.errors import Refusal, TianbaoError


class TextFault(TianbaoError):  # noqa: N818 -- it is said of what a person wrote
    """A text cannot become a mail.

    Attributes:
        line: which line of the text is wrong, from 1; ``None`` where no single one is, or it is not known.
        says: what is wrong, in 繁體中文.
        remedy: what to do about it, in 繁體中文.
    """

    def __init__(self, message: str, says: str, remedy: str, line: int | None = None) -> None:
        super().__init__(message)
        self.says = says
        self.remedy = remedy
        self.line = line

    @property
    def refusal(self) -> Refusal:
        """The same, for the person who wrote the text."""
        return Refusal("text", f"第 {self.line} 行：{self.says}" if self.line else self.says, self.remedy)
