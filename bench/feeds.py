"""A provider's archived status feeds, polled again: new and changed entries per poll, none twice, open state right.

`FIRSTCALL_EVAL` names the folder that holds `provider_feeds/`; without it there is nothing to measure.
"""

from __future__ import annotations

import json
import os
import sys
import tarfile
import time
from pathlib import Path

from bench.stage import finish
from firstcall.detect.feeds.reading import read_answer
from firstcall.detect.rules.provider_status import Entry, Reading, news_of


def polls(archive: Path) -> list[tuple[str, bytes]]:
    """Name and body of each poll, in the order of time."""
    with tarfile.open(archive) as tar:
        found = [
            (Path(member.name).name, file.read())
            for member in tar.getmembers()
            if member.isfile() and (file := tar.extractfile(member)) is not None
        ]
    return sorted(found)


def short(key: str) -> str:
    return key.rpartition("/")[2]


def replay(folder: Path) -> dict[str, object]:
    """Every poll against the one before it."""
    expected = json.loads((folder / "github_atom_polls.expected.json").read_text())
    wanted = {one["snapshot"]: one for one in expected}
    known: dict[str, str] = {}
    told: set[tuple[str, str]] = set()
    right = dict.fromkeys(("new", "changed", "open"), 0)
    twice = count = 0
    for name, body in polls(folder / "github_atom_polls.tar.gz"):
        reading = read_answer(body)
        new, changed = news_of(known, reading.entries)
        known |= {entry.key: entry.digest for entry in reading.entries}
        if name not in wanted:
            continue
        count += 1
        one = wanted[name]
        again = [(entry.key, entry.digest) for entry in (*new, *changed) if (entry.key, entry.digest) in told]
        twice += len(again)
        told |= {(entry.key, entry.digest) for entry in (*new, *changed)}
        for what, keys in (("new", new), ("changed", changed), ("open", _open(reading))):
            got = sorted(short(entry.key) for entry in keys)
            good = got == sorted(one["open_now" if what == "open" else what])
            right[what] += good
            if not good:
                print(name, what, got, one["open_now" if what == "open" else what])
    return {"polls": count, **{f"{what}_right": number for what, number in right.items()}, "told_twice": twice}


def _open(reading: Reading) -> list[Entry]:
    return [entry for entry in reading.entries if entry.open]


def incidents(folder: Path) -> dict[str, object]:
    """Statuspage's list of incidents: which there are, what they touch, that they are over."""
    want = json.loads((folder / "statuspage_github_incidents_2024-09-17.expected.json").read_text())["expect"]
    raw = (folder / "statuspage_github_incidents_2024-09-17.json").read_bytes()
    found = {entry.key: entry for entry in read_answer(raw).entries}
    names = {part["id"]: part["name"] for one in json.loads(raw)["incidents"] for part in one["components"]}
    right = 0
    for one in want:
        entry = found.get(one["id"])
        parts = {names[part] for part in one["components"]}
        right += entry is not None and entry.open is (one["end"] is None) and parts <= set(entry.parts)
    return {"incidents": len(want), "incidents_right": right}


def main() -> None:
    named = os.environ.get("FIRSTCALL_EVAL", "")
    folder = Path(named) / "provider_feeds"
    if not named or not folder.is_dir():
        print("FIRSTCALL_EVAL names no folder with provider_feeds in it: nothing was measured.")
        finish({"skipped": True})
        sys.exit(0)
    began = time.monotonic()
    result = {**replay(folder), **incidents(folder)}
    finish({**result, "seconds": round(time.monotonic() - began, 2)})


if __name__ == "__main__":
    main()
