"""What a contract is about: the one attribute that its subclass sets."""

from typing import Any

import pytest


def wanted(contract: object, what: str) -> Any:  # noqa: ANN401 -- whatever the contract is about
    thing = getattr(contract, what, None)
    if thing is None:
        pytest.fail(f"set `{what} = …` in {type(contract).__name__}: the {what} to be proved")
    return thing
