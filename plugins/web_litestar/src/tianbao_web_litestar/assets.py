"""Style sheet, scripts and icon: our own files, and htmx out of its installed package.

An asset's address holds a hash of its content, so browsers may keep it for good and still see a new one at once.
"""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from attrs import frozen
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


@frozen
class Asset:
    """A file for browsers."""

    address: str
    content: bytes
    media_type: str


@frozen
class Assets:
    """All of them, by name and by hashed name."""

    addresses: Mapping[str, str]
    by_file: Mapping[str, Asset]

    @classmethod
    def collect(cls) -> "Assets":
        """Read every asset once, when the server starts."""
        own = [path for path in (files(__package__) / "static").iterdir() if path.name.split(".")[-1] in _TYPES]
        htmx = files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js"
        made = {path.name: _asset(path) for path in (*own, htmx)}
        return cls(
            {name: asset.address for name, asset in made.items()},
            {asset.address.rpartition("/")[2]: asset for asset in made.values()},
        )


def _asset(path: Traversable) -> Asset:
    content = path.read_bytes()
    stem, _, suffix = path.name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(f"/assets/{stem}.{digest}.{suffix}", content, _TYPES[suffix])


@get("/assets/{file_name:str}", include_in_schema=False, sync_to_thread=False, opt={"public": True, "anonymous": True})
def asset(file_name: FromPath[str], assets: NamedDependency[Assets]) -> Response[bytes]:
    """One asset."""
    if not (found := assets.by_file.get(file_name)):
        raise NotFoundException
    return Response(found.content, media_type=found.media_type, headers=_FOR_GOOD)
