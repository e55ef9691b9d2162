"""Ways never to answer, and to answer without end. Each is run inside the sandbox alone."""

from __future__ import annotations

HANGS = {
    "sleep": "import time\ndef f(): time.sleep(60)",
    "loop": "def f():\n    while True: pass",
    "loop while loading": "while True: pass",
    "one long step": "def f(): return 3 ** (3 ** 30)",
    "regular expression": "import re\ndef f(): return re.match(r'(a+)+$', 'a' * 60 + 'b')",
    "ignored signals": """
import signal
def f():
    for n in set(range(1, 32)) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(n, signal.SIG_IGN)
    while True: pass
""",
    "endless output": "def f():\n    while True: print('x' * 100000)",
    "endless result": "def f():\n    a = []\n    while True: a.append('x')",
    "stopped": "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGSTOP)",
    "deadlock": "import threading\nlock = threading.Lock()\ndef f(): lock.acquire(), lock.acquire()",
    "wide and shared": "def f():\n    a = [0]\n    for _ in range(40): a = [a, a]\n    return a",
}
"""Eleven ways never to answer."""
FIND_SOCKET = """
import os, stat, json
def is_socket(n):
    try:
        return stat.S_ISSOCK(os.fstat(n).st_mode)
    except OSError:
        return False
fd = next(n for n in range(3, 64) if is_socket(n))
"""
FLOODS = {
    "noise without an end": "def f():\n    while True: os.write(fd, b'x' * 65536)",
    "empty lines": "def f():\n    while True: os.write(fd, b'\\n' * 65536)",
    "forged frames": 'def f():\n    while True: os.write(fd, b\'{"id": "00", "value": 1}\\n\' * 2000)',
    "deep lines": "def f():\n    while True: os.write(fd, b'[' * 60000 + b'\\n')",
}
