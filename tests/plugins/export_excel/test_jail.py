"""The jail: what a child may not do, and that the server outlives whatever happens in it."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tianbao.errors import Refusal, TianbaoError
from tianbao.workbooks import Limits
from tianbao_export_excel.jail import keeper, wire
from tianbao_export_excel.reading import read_workbook
from tianbao_export_excel.refusals import SENTENCES, refusal

from .workbook_files import cells, rows_xlsx, sheet, xlsx, zipped

LIMITS = Limits()
GOOD = rows_xlsx(cells(1, 2))
HEAVY = xlsx(sheet("".join(f'<row r="{n}"><c r="A{n}" t="e"><v>#N/A</v></c></row>' for n in range(1, 19_000))))

needs_fork = pytest.mark.skipif(not keeper.FORKS, reason="there is no fork here")


def run(script):
    """Run a script in an interpreter of its own; what it prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def good(answer):
    return wire.read_reply(answer, LIMITS).sheets[0].rows == [[1, 2]]


@pytest.fixture
def own():
    """A keeper of the test's own."""
    own = keeper.Keeper()
    yield own
    own.close()


class TestConfinement:
    ATTEMPTS = """
import json, os, signal, socket, subprocess, sys, ctypes
from tianbao.workbooks import Limits
from tianbao_export_excel.jail.confinement import confine
if {without_hook}:
    sys.addaudithook = lambda hook: None
attempts = {{
    "open": lambda: open("/etc/hostname"),
    "write": lambda: open("/tmp/jailed", "w"),
    "socket": socket.socket,
    "fork": os.fork,
    "program": lambda: subprocess.run(["true"]),
    "descriptor": lambda: os.dup(0),
    "memory": lambda: bytearray(600 * 2**20),
    "root": lambda: os.setuid(0) if os.getuid() else None,
}}
confine(Limits())
done = []
for name, attempt in attempts.items():
    try:
        attempt()
    except (OSError, MemoryError, RuntimeError):
        continue
    done.append(name)
print(json.dumps(done))
"""

    @needs_fork
    def test_a_child_can_do_nothing(self):
        assert run(self.ATTEMPTS.format(without_hook=False)) == []

    @needs_fork
    def test_the_kernel_alone_holds_it(self):
        assert run(self.ATTEMPTS.format(without_hook=True)) == []

    @needs_fork
    def test_the_clock_ends_it_even_where_it_does_nothing(self):
        script = (
            "import signal; from tianbao.workbooks import Limits\n"
            "from tianbao_export_excel.jail.confinement import confine\n"
            "confine(Limits(seconds=0.1)); signal.pause()"
        )
        done = subprocess.run([sys.executable, "-c", script], timeout=30, check=False)
        assert done.returncode == -signal.SIGALRM

    def test_the_child_gets_no_secrets(self, monkeypatch):
        monkeypatch.setenv("TIANBAO_DATABASE_URL", "postgresql://user:secret@host/db")
        assert not [name for name, value in keeper._environment().items() if "secret" in value]


class TestLimits:
    def test_a_file_that_takes_too_long(self):
        with pytest.raises(Refusal) as caught:
            read_workbook(HEAVY, Limits(seconds=0.02))
        assert caught.value.code == "too-heavy"

    @needs_fork
    def test_a_file_that_takes_too_much_memory(self):
        with pytest.raises(Refusal) as caught:
            read_workbook(HEAVY, Limits(memory=4 * 2**20))
        assert caught.value.code == "too-heavy"

    def test_rows_and_columns_are_settings(self):
        assert read_workbook(rows_xlsx(cells(1, 2)), Limits(columns=2, rows=1)).sheets[0].rows == [[1, 2]]
        with pytest.raises(Refusal, match="第 B 欄"):
            read_workbook(rows_xlsx(cells(1, 2, 3)), Limits(columns=2))
        with pytest.raises(Refusal, match="第 5 列"):
            read_workbook(rows_xlsx('<row r="6"><c r="A6"><v>1</v></c></row>'), Limits(rows=5))

    def test_nobody_waits_for_ever(self, own, monkeypatch):
        monkeypatch.setattr(keeper, "PATIENCE", 0)
        for _ in range(keeper.AT_ONCE):
            own._seats.acquire()
        with pytest.raises(Refusal) as caught:
            own.ask(GOOD, LIMITS)
        assert caught.value.code == "busy"


@needs_fork
class TestZygote:
    def test_many_files_at_once_good_and_bad(self):
        bad = GOOD[: len(GOOD) // 2]

        def outcome(data):
            try:
                return read_workbook(data, LIMITS).sheets[0].rows
            except Refusal as caught:
                return caught.code

        with ThreadPoolExecutor(12) as threads:
            outcomes = list(threads.map(outcome, [GOOD, bad] * 30))
        assert outcomes == [[[1, 2]], "broken"] * 30

    def test_no_more_children_than_seats(self):
        single = keeper.Keeper(at_once=1)
        running, most = [], []
        ask = single._forked

        def counted(data, limits):
            running.append(1)
            most.append(len(running))
            try:
                return ask(data, limits)
            finally:
                running.pop()

        single._forked = counted
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: single.ask(GOOD, LIMITS), range(12)))
        single.close()
        assert max(most) == 1

    def test_a_killed_zygote_is_replaced(self, own):
        assert good(own.ask(GOOD, LIMITS))
        first = own._zygote._process
        first.kill()
        first.wait()
        assert good(own.ask(GOOD, LIMITS))
        assert own._zygote._process.pid != first.pid

    def test_it_outlives_the_thread_that_started_it(self, own):
        thread = threading.Thread(target=own.ask, args=(GOOD, LIMITS))
        thread.start()
        thread.join()
        process = own._zygote._process
        assert good(own.ask(GOOD, LIMITS))
        assert own._zygote._process is process

    def test_it_starts_again_after_closing(self, own):
        own.ask(GOOD, LIMITS)
        own.close()
        assert good(own.ask(GOOD, LIMITS))

    def test_no_child_is_left_behind(self, own):
        own.ask(GOOD, LIMITS)
        children = f"/proc/{own._zygote._process.pid}/task/{own._zygote._process.pid}/children"
        for _ in range(5):
            own.ask(GOOD, LIMITS)
        own.ask(b"PK\x03\x04", LIMITS)
        assert len(Path(children).read_text().split()) <= 1  # the last may still be leaving

    def test_a_forked_server_process_gets_a_zygote_of_its_own(self):
        script = f"""
import json, os, sys
from tianbao.workbooks import Limits
from tianbao_export_excel.jail import keeper
from tianbao_export_excel.reading import read_workbook
data = {GOOD!r}
first = read_workbook(data, Limits())
mine = keeper.keeper._zygote._process.pid
inside, outside = os.pipe()
if os.fork() == 0:
    second = read_workbook(data, Limits())
    os.write(outside, json.dumps([second == first, keeper.keeper._zygote._process.pid != mine]).encode())
    sys.exit()
os.wait()
third = read_workbook(data, Limits())
print(json.dumps([*json.loads(os.read(inside, 99)), third == first, keeper.keeper._zygote._process.pid == mine]))
"""
        assert run(script) == [True, True, True, True]

    def test_it_dies_with_a_server_that_is_killed(self):
        script = f"""
import sys
from tianbao.workbooks import Limits
from tianbao_export_excel.jail import keeper
keeper.keeper.ask({GOOD!r}, Limits())
print(keeper.keeper._zygote._process.pid, flush=True)
sys.stdin.read()
"""
        with subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server:
            zygote = os.pidfd_open(int(server.stdout.readline()))
            server.kill()
        try:
            assert select.select([zygote], [], [], 10)[0]
        finally:
            os.close(zygote)

    def test_an_interpreter_that_cannot_start_is_the_operators_matter(self, own, monkeypatch):
        monkeypatch.setattr(keeper.sys, "executable", "/bin/false")
        with pytest.raises(TianbaoError, match="cannot be started"):
            own.ask(GOOD, LIMITS)


class TestWithoutFork:
    @pytest.fixture
    def spawning(self):
        return keeper.Keeper(forks=False)

    def test_a_file_is_read(self, spawning):
        assert good(spawning.ask(GOOD, LIMITS))

    def test_a_file_is_refused(self, spawning):
        with pytest.raises(Refusal) as caught:
            wire.read_reply(spawning.ask(GOOD[: len(GOOD) // 2], LIMITS), LIMITS)
        assert caught.value.code == "broken"

    def test_a_file_is_left_to_others(self, spawning):
        assert wire.read_reply(spawning.ask(zipped({"a.txt": "x"}), LIMITS), LIMITS) is None

    def test_a_file_takes_too_long(self, spawning):
        with pytest.raises(Refusal) as caught:
            spawning.ask(HEAVY, Limits(seconds=0.02))
        assert caught.value.code == "too-heavy"


class TestWhatAChildSays:
    @pytest.mark.parametrize(
        "answer",
        [
            "",
            "null",
            "{}",
            '{"broken": 1}',
            '["workbook"]',
            '["workbook", [["x", true, [[[]]], [], []]]]',
            '["workbook", [["x", true, [[{"datetime": "yesterday"}]], [], []]]]',
            '["workbook", [["x", true, [[{"__class__": "x"}]], [], []]]]',
            '["workbook", [["x", true, [[NaN]], [], []]]]',
            '["workbook", [["x", true, [[1e999999, Infinity]], [], []]]]',
            '["workbook", [["x", true, 7, [], []]]]',
            '["workbook", [["x", 1, [], [], []]]]',
            '["workbook", [["x", true, [], [[0, 0, 0, 0]], []]]]',
            '["workbook", [["x", true, [], [], ["1"]]]]',
            '["workbook", [["x", true, [[' + "9" * 5_000 + "]], [], []]]]",
            '["workbook", [["x", true, [["\\ud800"]], [], []]]]',
            "[" * 100_000,
            '["rejected", "no-such-code", []]',
            '["rejected", "too-many-rows", []]',
            '["rejected", "too-many-rows", [["limit", "x"], ["sheet", "y"]]]',
            '["workbook", [["x", true, ' + json.dumps([[1]] * 20_001) + ", [], []]]]",
            '["workbook", [["x", true, ' + json.dumps([[1] * 257]) + ", [], []]]]",
        ],
    )
    def test_nonsense_is_a_broken_file(self, answer):
        with pytest.raises(Refusal) as caught:
            wire.read_reply(answer.encode(), LIMITS)
        assert caught.value.code == "broken"

    def test_it_cannot_choose_long_words(self):
        answer = json.dumps(["rejected", "too-many-rows", [["sheet", "x" * 9_999], ["limit", 5]]])
        with pytest.raises(Refusal) as caught:
            wire.read_reply(answer.encode(), LIMITS)
        assert len(caught.value.message) < 120

    def test_backslashes_are_text(self):
        rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>\\ud800 \\\\udfff</t></is></c></row>'
        assert read_workbook(rows_xlsx(rows), LIMITS).sheets[0].rows == [["\\ud800 \\\\udfff"]]


class TestSentences:
    @pytest.mark.parametrize("code", SENTENCES)
    def test_every_reason_can_be_worded(self, code):
        worded = refusal(code, {"sheet": "表A", "limit": 7, "count": 9})
        assert worded.code == code
        assert worded.message.endswith("。")
        assert worded.remedy.endswith("。")


def test_neither_the_plugin_nor_the_servers_side_loads_the_parser():
    script = (
        "import json, sys, tianbao_export_excel, tianbao_export_excel.reading\n"
        "heavy = {'python_calamine', 'olefile', 'xlsxwriter'}\n"
        "print(json.dumps(sorted(heavy & {name.partition('.')[0] for name in sys.modules})))"
    )
    assert run(script) == []
