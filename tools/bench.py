"""Run one bench, or list them. `make bench NAME=intake` runs bench/intake.py; its last line is `RESULT {json}`."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESULT = "RESULT "


def benches() -> dict[str, str]:
    """Every bench by name, with what it measures: the programs in bench/ that finish with their figures."""
    found = {}
    for path in sorted((ROOT / "bench").glob("*.py")):
        text = path.read_text()
        if "finish(" in text and "def finish" not in text:
            found[path.stem] = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    return found


def main(arguments: list[str]) -> int:
    known = benches()
    if not arguments or arguments[0] not in known:
        if arguments:
            print(f"There is no bench named {arguments[0]}.")
        for name, words in known.items():
            print(f"make bench NAME={name:<8} {words}")
        return int(bool(arguments))
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [sys.executable, "-m", f"bench.{arguments[0]}", *arguments[1:]]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as bench:
        for line in bench.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() or last
    if bench.returncode:
        return bench.returncode
    try:
        if not last.startswith(RESULT):
            raise ValueError
        json.loads(last.removeprefix(RESULT))
    except ValueError:
        print("The bench ended without its figures.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
