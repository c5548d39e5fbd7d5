"""Ways in: what a front end plugin offers."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tianbao.bootstrap import App


class FrontEnd(Protocol):
    """A way people or programs reach the core; what `tianbao_front_ends` returns."""

    name: str

    def serve(self, app: "App", host: str, port: int) -> None:
        """Serve until stopped."""
        ...
