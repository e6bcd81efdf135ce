"""The tools: how each is found, called, and its findings counted."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from corpora import KILOBYTE, MEGABYTE, phrases

HERE = Path(__file__).resolve().parent


class Missing(Exception):
    """A tool that is not there; the message says why."""


@dataclass(frozen=True)
class Tool:
    name: str
    version: str
    command: Callable[[list[str]], list[str]]
    # How many findings its output tells; None where that means nothing.
    findings: Callable[[str], int] | None = None
    # Exit codes of a run that did its work.
    succeeds: tuple[int, ...] = (0, 1)
    # How much of a corpus it gets, where the whole takes too long.
    shares: dict[str, int] = field(default_factory=dict)
    # The corpora it can do something with; all of them if None.
    corpora: tuple[str, ...] | None = None
    folder: Path | None = None
    limit: int = 60


def exo_lint(path):
    path = path.resolve()
    if not path.is_file():
        raise Missing(f"{path} is not there: `cargo build --release`, or --exo-lint PATH")
    command = [str(path), "--isolated", "--category", "cosmetics", "--format", "concise"]
    return Tool("exo-lint", first_line(path, "--version"), lambda paths: command + paths, findings=lines, limit=300)


def empty_process():
    return Tool("empty process (`true`)", "", lambda _: ["true"], corpora=("empty", "finding"))


def ripgrep(exo_lint, work):
    rg = shutil.which("rg")
    if rg is None:
        raise Missing("rg is not on PATH")
    anchors = work / "anchors"
    anchors.write_text(output(exo_lint.resolve(), "anchors"), encoding="utf-8")
    version = first_line(rg, "--version")

    def tool(name, how):
        # The corpora stand in a folder that git ignores.
        command = [rg, "--no-config", "--no-ignore", how, "-F", "-f", str(anchors)]
        return Tool(name, version, lambda paths: command + paths, findings=counts)

    return [tool("ripgrep -c, our anchors", "-c"), tool("ripgrep --count-matches, our anchors", "--count-matches")]


def textlint(work, quick):
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Missing("node and npm are not on PATH")
    folder = work / "npm"
    install(npm, folder)
    (folder / "prh.yml").write_text(prh(phrases()), encoding="utf-8")
    installed = json.loads((folder / "package-lock.json").read_text())["packages"]
    run = str(folder / "node_modules/textlint/bin/textlint.js")

    def tool(name, rule, options, shares):
        config = folder / f"{name}.json"
        config.write_text(json.dumps({"plugins": ["html"], "rules": {rule: options}}))
        command = [node, run, "--format", "unix", "--config", str(config)]
        if quick:
            shares = {corpus: limit // 4 for corpus, limit in shares.items()}
        packages = ["textlint", f"textlint-rule-{rule}", "textlint-plugin-html"]
        versions = ", ".join(f"{p} {installed['node_modules/' + p]['version']}" for p in packages)
        version = f"{versions}, Node.js {first_line(node, '--version')}"
        return Tool(name, version, lambda paths: command + paths, problems, shares=shares, folder=folder)

    # Its time grows faster than a file: small shares are in its favour.
    one = {"prose": MEGABYTE, "clean": MEGABYTE, "mixed": 1000, "large": MEGABYTE}
    few = dict.fromkeys(["prose", "clean", "dense", "large"], 128 * KILOBYTE) | {"mixed": 100}
    return [
        tool("textlint-prh", "prh", {"rulePaths": [str(folder / "prh.yml")]}, one),
        tool("textlint-ja-technical-writing", "preset-ja-technical-writing", True, few),
    ]


def lindera(command):
    if shutil.which(command[0]) is None:
        raise Missing(f"{command[0]} cannot be run")
    corpora = ("empty", "finding", "prose", "clean", "dense", "large")
    return Tool("bare lindera", "bare lindera: " + " ".join(map(plain, command)), lambda paths: command + paths, None, (0,), corpora=corpora)


def install(npm, folder):
    """The packages as the lock file names them, in a folder outside of the repository's own files."""
    lock = (HERE / "package-lock.json").read_bytes()
    done = folder / "installed"
    if done.is_file() and done.read_bytes() == lock:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    ran = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, capture_output=True, text=True
    )
    if ran.returncode != 0:
        raise Missing(f"npm ci failed: {ran.stderr.strip()[-2000:]}")
    done.write_bytes(lock)


def prh(words):
    """All phrases in one rule of prh, the longest first: one pattern, the fastest way to write them.

    prh quotes `-` in a way that its own regular expressions refuse, so such a phrase is written as one.
    """

    def pattern(word):
        if "-" in word or word.startswith("/"):
            word = "/" + re.sub(r"[\[\](){}.*+?^$|\\/]", r"\\\g<0>", word) + "/"
        return json.dumps(word, ensure_ascii=False)

    listed = "".join(f"      - {pattern(w)}\n" for w in sorted(words, key=lambda w: (-len(w), w)))
    return f'version: 1\nrules:\n  - expected: "（表現の確認）"\n    patterns:\n{listed}'


def lines(told):
    return told.count("\n")


def counts(told):
    """rg prints a number, with the path before it where there are more files than one."""
    return sum(int(line.rpartition(":")[2]) for line in told.splitlines())


def problems(told):
    """The number in textlint's last line; nothing at all is none.

    Should a rule break, textlint exits with 1 as if it had found something, and the line is not there.
    """
    last = re.search(r"^(\d+) problems?$", told, re.MULTILINE)
    if told.strip() and last is None:
        raise ValueError(told[:2000])
    return int(last[1]) if last else 0


def output(*command):
    command = [str(part) for part in command]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")
    if ran.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {ran.returncode}:\n{ran.stderr}")
    return ran.stdout


def first_line(program, option):
    return output(program, option).splitlines()[0].removeprefix("v")


def plain(word):
    """Without folders: they are of one machine."""
    return Path(word).name if "/" in word else word
