"""Tianbao plugin: the web pages and the JSON API.

Importing it is cheap: Litestar comes in only when somebody serves.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tianbao.plugins import hookimpl

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.front_ends import FrontEnd


class Web:
    """The front end for ``tianbao serve``."""

    name = "web"

    def serve(self, app: "App", host: str, port: int) -> None:
        """Serve until stopped."""
        import uvicorn  # noqa: PLC0415 -- see the module's docstring

        from tianbao_web_litestar.app import create  # noqa: PLC0415 -- the same

        uvicorn.run(create(app), host=host, port=port, log_config=None, access_log=False, server_header=False)


@hookimpl
def tianbao_front_ends() -> "Sequence[FrontEnd]":
    return [Web()]
