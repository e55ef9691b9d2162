"""Ways to pass without solving, each run inside the sandbox alone."""

from __future__ import annotations

SECRET = 918_273_645
"""What hidden cases expect; no candidate can know it."""
ALWAYS_EQUAL = """
class Equal:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __hash__(self): return 0
"""
PATCHED = """
import builtins, unittest
unittest.TestCase.assertEqual = unittest.TestCase.assertTrue = lambda *a, **k: None
builtins.AssertionError = builtins.abs = builtins.isinstance = lambda *a, **k: True
"""
EQUAL = """
class Equal(BASE):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
def f(x): return Equal()
"""
SOCKET = """
import os, stat, json, sys
def sockets():
    for n in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(n).st_mode):
                yield n
        except OSError:
            pass
"""
LIAR = """
class Liar:
    __class__ = int
    __eq__ = lambda self, other: True
    __int__ = __index__ = lambda self: 1
def f(x): return Liar()
"""
BUILTINS = """
import builtins
builtins.all = builtins.isinstance = builtins.type = lambda *a: True
builtins.AssertionError = ValueError
def f(x): return 0
"""
UNITTEST = """
import unittest
unittest.TestCase.assertEqual = unittest.main = lambda *a: None
def f(x): return 0
"""
WORKER = """
import whichmodel.sandbox.worker as worker, whichmodel.sandbox.wire as wire
wire.encode = lambda *a: {"$other": 1}
worker._served = lambda *a: {"value": True, "raised": [], "score": 1}
def f(x): return 0
"""
FRAMES = """
import sys
def f(x):
    frame = sys._getframe()
    while frame:
        for name, value in {**frame.f_globals, **frame.f_locals}.items():
            if "expect" in name or "target" in name:
                return value
            if isinstance(value, dict) and "expected" in value:
                return value["expected"]
        frame = frame.f_back
"""
GC = """
import gc
def f(x):
    for found in gc.get_objects():
        if isinstance(found, dict) and "expected" in found:
            return found["expected"]
"""
ARGUMENTS = """
import sys
def f(x):
    for argument in [*sys.argv, *sys.orig_argv]:
        if argument.isdigit():
            return int(argument)
"""
FILES = """
import glob
def f(x):
    for path in [*glob.glob("/proc/*/cmdline"), *glob.glob("/**/*generate.py", recursive=True)]:
        return open(path).read()
"""
FORGED = """
def f(x):
    for n in sockets():
        for i in range(300):
            frame = {"id": f"{i:032x}", "value": i, "score": 1, "holds": True}
            os.write(n, json.dumps(frame).encode() + b"\\n")
"""
TWICE = """
def f(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    for value in (1, True, None, {"$any": 1}):
        answer = {"id": frame.f_locals["request"]["id"], "value": value, "raised": ["LookupError"]}
        os.write(next(sockets()), json.dumps(answer).encode() + b"\\n")
"""
CHEATS = {
    "sys.exit while loading": "import sys\nsys.exit(0)\ndef f(x): pass",
    "sys.exit in the call": "import sys\ndef f(x): sys.exit(0)",
    "os._exit while loading": "import os\nos._exit(0)\ndef f(x): pass",
    "os._exit in the call": "import os\ndef f(x): os._exit(0)",
    "atexit": "import atexit, os\natexit.register(lambda: os._exit(0))\ndef f(x): raise SystemExit(0)",
    "excepthook": "import sys\nsys.excepthook = lambda *a: sys.exit(0)\ndef f(x): 1 / 0",
    "always equal": EQUAL.replace("BASE", "object"),
    "int that equals all": EQUAL.replace("BASE", "int"),
    "str that equals all": EQUAL.replace("BASE", "str"),
    "dict that equals all": EQUAL.replace("BASE", "dict"),
    "a class that lies": LIAR,
    "patched unittest": UNITTEST,
    "patched builtins": BUILTINS,
    "patched worker": WORKER,
    "frames": FRAMES,
    "gc": GC,
    "command line": ARGUMENTS,
    "files and processes": FILES,
    "printed marker": "def f(x): print('PASSED', 'score: 1.0', '{\"value\": 918273645}', flush=True)",
    "forged frames": SOCKET + FORGED,
    "two answers": SOCKET + TWICE,
    "huge integer": "def f(x): return 10 ** 4_000",
    "longer integer": "def f(x): return 10 ** 200_000",
    "deep nesting": "def f(x):\n    a = x\n    for _ in range(10 ** 5): a = [a]\n    return a",
    "generator": "def f(x):\n    while True: yield x",
    "nan": "def f(x): return float('nan')",
    "infinity": "def f(x): return float('inf')",
    "true": "def f(x): return True",
    "an exception": "def f(x): raise AssertionError('expected == got')",
    "returning a type": "def f(x): return int",
    "itself": "def f(x): return f",
}
