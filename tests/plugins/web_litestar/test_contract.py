"""The front end keeps its contract, and costs nothing until it serves."""

import subprocess
import sys

from tianbao.testing import FrontEndContract
from tianbao_web_litestar import Web


class TestWeb(FrontEndContract):
    front_end = Web()


def test_importing_the_plugin_does_not_import_litestar():
    program = "import sys, tianbao_web_litestar; sys.exit('litestar' in sys.modules or 'uvicorn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
