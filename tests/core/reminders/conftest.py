"""Races between threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest


@pytest.fixture
def at_once():
    """Call functions at the same moment in threads; gives what each gave."""

    def run(*functions):
        start = Barrier(len(functions))

        def call(function):
            start.wait()
            return function()

        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(call, functions))

    return run
