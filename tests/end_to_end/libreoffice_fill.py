"""Fills in a workbook with LibreOffice as a person would: opens it, types into cells, saves it. Run by a Python with uno."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def main() -> None:
    job = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"tianbao{Path(profile).name}"
        office = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--norestore",
                f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            fill(connect(pipe), job)
        finally:
            office.terminate()
            office.wait()


def connect(pipe: str):
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
        else:
            return context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    raise SystemExit("LibreOffice does not answer")


def fill(desktop, job) -> None:
    document = desktop.loadComponentFromURL(
        Path(job["open"]).as_uri(), "_blank", 0, (PropertyValue("Hidden", 0, True, 0),)
    )
    for sheet, row, column, value in job["cells"]:
        cell = document.Sheets.getByName(sheet).getCellByPosition(column - 1, row - 1)
        if isinstance(value, str):
            cell.String = value
        else:
            cell.Value = value
    for path, kind in job["save"]:
        document.storeToURL(Path(path).as_uri(), (PropertyValue("FilterName", 0, kind, 0),))
    document.close(True)


main()
