#!/usr/bin/env python3
"""exo-lint beside what is used for Japanese prose: time and memory in one run on one machine. See README.md."""

import argparse
import os
import platform
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# No __pycache__ among the sources.
sys.dont_write_bytecode = True

import peers
from corpora import MEGABYTE, QUICK, ROOT, TITLES, Corpora, Size

HERE = Path(__file__).resolve().parent
ROUNDS = 5
# No further round after this many seconds with one tool and input.
ENOUGH = 10
# The whole script ends by then; what has not run is told.
DEADLINE = 14 * 60


@dataclass
class Measured:
    tool: peers.Tool
    input: object
    # The least of the rounds, since noise only ever adds; the most memory.
    wall: float = float("inf")
    cpu: float = float("inf")
    memory: int = 0
    findings: int | None = None
    rounds: int = 0
    stopped: bool = False
    spent: float = 0

    def wants_more(self, rounds):
        return not self.stopped and self.rounds < rounds and self.spent < (ENOUGH if self.rounds else float("inf"))


def main():
    options = arguments()
    start = time.monotonic()
    work = (ROOT / "target" / "side-by-side").resolve()
    work.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    try:
        exo = peers.exo_lint(options.exo_lint)
    except peers.Missing as why:
        sys.exit(f"exo-lint: {why}")
    others = found(options, work)
    corpora = Corpora(work / ("quick" if options.quick else "full"), QUICK if options.quick else Size())
    chapters = []
    for name in options.only or TITLES:
        say(f"{name}: writing")
        results = compare(name, exo, others, corpora, work, start + DEADLINE, 1 if options.quick else ROUNDS)
        chapters.append(f"## {TITLES[name]}\n\n{table(results, exo)}")
        print(chapters[-1] + "\n", flush=True)
    say(f"{time.monotonic() - start:.0f} s in all")
    out = options.out
    if out is None and options.date and not options.quick:
        out = ROOT / "benches" / "results" / f"{options.date}.md"
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text("\n\n".join([head(options, [exo, *others], load), *chapters]) + "\n", encoding="utf-8")
        say(f"written to {out}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split(". ")[0])
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="day of the run; also names benches/results/<date>.md")
    parser.add_argument("--exo-lint", default=ROOT / "target/release/exo-lint", type=Path, metavar="PATH")
    parser.add_argument("--quick", action="store_true", help="small corpora, one round: to try the script")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the tables instead")
    parser.add_argument("--only", action="append", choices=list(TITLES), metavar="NAME", help=", ".join(TITLES))
    parser.add_argument("--lindera", metavar="COMMAND", help="splits the words of the file named as its last argument")
    options = parser.parse_args()
    if options.date and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", options.date):
        parser.error("--date: a day like 2025-01-31")
    if not options.date and options.out:
        parser.error("--out: the table needs a --date")
    return options


def found(options, work):
    """The other tools that are there; of the rest it is told why not."""
    tools = [peers.empty_process()]
    for name, look in [
        ("ripgrep", lambda: peers.ripgrep(options.exo_lint, work)),
        ("textlint", lambda: peers.textlint(work, options.quick)),
        ("bare lindera", lambda: [peers.lindera(shlex.split(options.lindera))] if options.lindera else []),
    ]:
        try:
            tools += look()
        except peers.Missing as why:
            say(f"{name} is left out: {why}")
    return tools


def compare(name, exo, others, corpora, work, deadline, rounds):
    """Each tool on its part of a corpus, and exo-lint on every such part, by turns."""
    whole = corpora.whole(name)
    results = {(exo.name, whole.what): Measured(exo, whole)}
    for tool in others:
        if tool.corpora is None or name in tool.corpora:
            part = corpora.share(name, tool.shares[name]) if name in tool.shares else whole
            results.setdefault((exo.name, part.what), Measured(exo, part))
            results[tool.name, part.what] = Measured(tool, part)
    # The small inputs first: should time run out, it is the whole that is missing, not every comparison.
    results = sorted(results.values(), key=lambda r: r.input.size)
    while waiting := [r for r in results if r.wants_more(rounds)]:
        for result in waiting:
            left = int(deadline - time.monotonic())
            if left < 1:
                say(f"{name}: no time left for {result.tool.name}, {result.input.what}")
                result.stopped = True
                continue
            measure(result, work, min(left, result.tool.limit))
    return [r for r in results if r.rounds]


def measure(result, work, limit):
    tool = result.tool
    out, err = work / "stdout", work / "stderr"
    command = tool.command([str(path) for path in result.input.paths])
    say(f"  {tool.name}, {result.input.what}")
    told = subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / "measure.py"), str(limit), str(out), str(err), *command],
        cwd=tool.folder or work,
        stdout=subprocess.PIPE,
        text=True,
    )
    if told.returncode != 0:
        sys.exit(f"{tool.name} could not be run: {shlex.join(command)}")
    wall, cpu, memory, code = told.stdout.split()
    result.rounds += 1
    result.spent += float(wall)
    result.wall, result.cpu = min(result.wall, float(wall)), min(result.cpu, float(cpu))
    result.memory = max(result.memory, int(memory))
    if code == "limit":
        result.stopped = True
        return
    if int(code) not in tool.succeeds:
        failed(tool, command, code, err.read_text(errors="replace"))
    if tool.findings:
        try:
            result.findings = tool.findings(out.read_text(errors="replace"))
        except ValueError as why:
            failed(tool, command, code, str(why))


def failed(tool, command, code, why):
    command = shlex.join(command[:12]) + (" …" if len(command) > 12 else "")
    sys.exit(f"{tool.name} ended with {code}: {command}\n{why}")


def table(results, exo):
    """Each tool with exo-lint on the same input."""
    ours = {r.input.what: r for r in results if r.tool is exo}
    rows = [
        "| tool | input | wall | CPU | peak memory | speed | findings | times as fast, exo-lint / it | memory, exo-lint / it |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in sorted(results, key=lambda r: -r.input.size):
        least = "> " if r.stopped else ""
        most = "< " if r.stopped else ""
        speed = f"{most}{digits(r.input.size / MEGABYTE / r.wall)} MB/s" if r.input.size > 1024 else ""
        found = "" if r.findings is None else f"{r.findings:,}"
        cells = [r.tool.name, r.input.what, least + seconds(r.wall), seconds(r.cpu), f"{r.memory / 1024:.0f} MB", speed, found]
        mine = ours.get(r.input.what)
        if r.tool is exo or mine is None or mine.stopped:
            cells += ["", ""]
        else:
            cells += [f"{least}{digits(r.wall / mine.wall)}", f"{most}{digits(mine.memory / r.memory)}"]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def digits(number):
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def seconds(number):
    return f"{number * 1e3:.0f} ms" if number < 1 else f"{number:.2f} s"


def head(options, tools, load):
    versions = {f"* {t.version}" for t in tools if t.version}
    return "\n".join([
        f"# exo-lint side by side, {options.date}" + (" (quick: only to try the script)" if options.quick else ""),
        "",
        "Made by `benches/side-by-side/run.py`; its README says what is measured and how.",
        "",
        f"* Machine: {machine()}; load before the run {load:.2f}",
        *sorted(versions),
        f"* Python {platform.python_version()}",
    ])


def machine():
    """Model, cores, memory, kernel. The kernel's number alone: the rest of its name is of one host."""
    model = known("/proc/cpuinfo", r"^model name\s*:\s*(.+)$") or platform.machine()
    memory = known("/proc/meminfo", r"^MemTotal:\s*(\d+) kB$")
    kernel = re.match(r"[\d.]*", platform.release())[0]
    parts = [model, f"{len(os.sched_getaffinity(0))} cores"]
    parts += [f"{int(memory) / MEGABYTE:.0f} GB of memory"] if memory else []
    return ", ".join([*parts, f"{platform.system()} {kernel}"])


def known(path, pattern):
    try:
        found = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    except OSError:
        return None
    return found and found[1]


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
