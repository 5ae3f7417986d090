#!/usr/bin/python3
"""Scores a de-identifier by the ten checks of MIDI-B.

    score.py --key KEY --map MAP.json [--in DIR] [--json] [--misses FILE] [--validity N]

KEY is the corpus's answer key, MAP.json an object from each input's name to the path of its output, or to null if it
was withheld or refused. A promise about a file that is not there is not kept: "of all" counts it as such, "of released" leaves
it out. Exit status: 0 scored, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import warnings
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import checks
import links
import validity
from checks import Result
from key import CHECKS, Row, read


@dataclass
class Tally:
    """How many promises there were, in all and about released files, and how they went."""

    all: int = 0
    released: int = 0
    passed: int = 0
    leaks: int = 0
    losses: int = 0

    def add(self, result: Result | None) -> None:
        """Counts a result, or a promise about a file that was not released."""
        self.all += 1
        if result is not None:
            self.released += 1
            self.passed += result.outcome == "pass"
            self.leaks += result.outcome == "leak"
            self.losses += result.outcome == "loss"

    def figures(self) -> dict[str, float | int]:
        """Counts, and the shares that passed of all and of those released."""
        return vars(self) | {"of_all": self.passed / max(self.all, 1), "of_released": self.passed / max(self.released, 1)}


@dataclass
class Score:
    """All tallies of one run."""

    total: Tally = field(default_factory=Tally)
    by: dict[str, dict[str, Tally]] = field(default_factory=lambda: {k: defaultdict(Tally) for k in ("check", "modality", "option")})
    matrix: dict[str, dict[str, Tally]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Tally)))

    def add(self, row: Row, result: Result | None) -> None:
        self.total.add(result)
        for name in ("check", "modality", "option"):
            self.by[name][getattr(row, name)].add(result)
        self.matrix[row.modality][row.check].add(result)

    def figures(self) -> dict[str, Any]:
        """The score as JSON has it."""
        plain: Callable[[dict[str, Tally]], dict[str, Any]] = lambda d: {k or "basic": d[k].figures() for k in sorted(d)}
        return {
            "total": self.total.figures(), "checks": {c: self.by["check"][c].figures() for c in CHECKS}, "modalities": plain(self.by["modality"]),
            "options": plain(self.by["option"]), "modality_checks": {m: plain(d) for m, d in sorted(self.matrix.items())},
        }


def _one(job: tuple[Path, Path, list[Row]]) -> list[Result]:
    """Checks a file in a process of its own."""
    return checks.file(*job)


def _valid(job: tuple[Path, Path]) -> tuple[list[str], bool, bool]:
    return validity.new_faults(*job), *validity.readable(job[1])


def utility(results: list[Result]) -> dict[str, float]:
    """The shares of elements, words and pixels that were kept, of released files."""
    shares = {}
    for name, check in (("tags", "tag_retained"), ("words", "text_retained"), ("pixels", "pixels_retained")):
        of = [r for r in results if r.row.check == check]
        value = (lambda r: float(r.outcome == "pass")) if name == "tags" else (lambda r: r.share)
        shares[name] = sum(value(r) for r in of) / max(len(of), 1)
    return shares


def score(rows: list[Row], outputs: dict[str, str | None], folder: Path, workers: int, sample: int) -> tuple[dict[str, Any], list[Result]]:
    """Scores the outputs of one tool. sample is how many outputs are also looked at for validity."""
    by_file: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_file[row.file].append(row)
    released = sorted(name for name in by_file if outputs.get(name))
    jobs = [(folder / name, Path(str(outputs[name])), by_file[name]) for name in released]
    chosen = [(a, b) for a, b, _ in jobs[:: max(len(jobs) // sample, 1)]] if sample else []
    with ProcessPoolExecutor(workers) as pool:
        results = [r for made in pool.map(_one, jobs, chunksize=8) for r in made]
        looked = list(pool.map(_valid, chosen, chunksize=8))
    links.judge(results)
    tally = Score()
    for result in results:
        tally.add(result.row, result)
    for name in by_file:
        if not outputs.get(name):
            for row in by_file[name]:
                tally.add(row, None)
    everything = [r for r in results if r.row.note.startswith("everything")]
    figures = tally.figures() | {
        "files": len(by_file), "released": len(released), "withheld": len(by_file) - len(released), "utility": utility(results),
        "validity": {"files": len(looked), "with_new_errors": sum(bool(f) for f, _, _ in looked), "new_errors": sum(len(f) for f, _, _ in looked),
                     "kinds": sorted({fault for f, _, _ in looked for fault in f})[:20],
                     "pydicom": sum(p for _, p, _ in looked), "dcmdump": sum(d for _, _, d in looked)},
        "everything": {"planted": sum(row.note.startswith("everything") for row in rows), "released": len(everything), "left": sum(r.outcome != "pass" for r in everything)},
    }
    return figures, results


def table(figures: dict[str, Any]) -> str:
    """The score for a reader."""
    lines = [f"{figures['released']} of {figures['files']} files released, {figures['withheld']} withheld", f"{'':18}{'promises':>9}{'of all':>9}{'released':>10}{'leaks':>7}{'losses':>8}"]
    for name, t in [*figures["checks"].items(), *figures["modalities"].items(), ("total", figures["total"])]:
        lines.append(f"{name:18}{t['all']:9}{t['of_all']:9.2%}{t['of_released']:10.2%}{t['leaks']:7}{t['losses']:8}")
    lines.append("kept: " + ", ".join(f"{name} {share:.2%}" for name, share in figures["utility"].items()))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--map", type=Path, required=True)
    parser.add_argument("--in", type=Path, dest="folder", help="the folder of the inputs (default: in beside the key)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--misses", type=Path, help="write each promise that was not kept here, as JSON lines")
    parser.add_argument("--validity", type=int, default=0, help="look at so many outputs with dciodvfy, dcmdump and pydicom")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    outputs = json.loads(options.map.read_text("utf-8"))
    figures, results = score(list(read(options.key)), outputs, options.folder or options.key.parent / "in", options.workers, options.validity)
    if options.misses:
        with open(options.misses, "w", encoding="utf-8") as out:
            for r in results:
                if r.outcome != "pass":
                    out.write(json.dumps({"file": r.row.file, "check": r.row.check, "path": r.row.path, "outcome": r.outcome, "why": r.why,
                                          "modality": r.row.modality, "note": r.row.note, "frames": r.row.frames, "box": r.row.box}, ensure_ascii=False) + "\n")
    print(json.dumps(figures, ensure_ascii=False) if options.json else table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
