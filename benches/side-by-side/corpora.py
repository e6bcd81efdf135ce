"""What is read: texts made from the fixtures and from the examples of the rules, the same in every run."""

import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KILOBYTE, MEGABYTE = 1 << 10, 1 << 20
FILES_PER_FOLDER = 100


@dataclass(frozen=True)
class Input:
    """Paths that a tool gets, and how much they hold."""

    what: str
    paths: tuple[Path, ...]
    size: int


@dataclass(frozen=True)
class Size:
    """How much there is of each corpus: bytes, or files where there are many."""

    prose: int = 16 * MEGABYTE
    clean: int = 16 * MEGABYTE
    dense: int = MEGABYTE // 2
    mixed: int = 10_000
    large: int = 50 * MEGABYTE


QUICK = Size(prose=MEGABYTE, clean=MEGABYTE // 2, dense=64 * KILOBYTE, mixed=200, large=MEGABYTE)

TITLES = {
    "empty": "Start-up: an empty file",
    "finding": "Start-up: one sentence, one finding",
    "prose": "Prose of other things (a novel, news, business, software), one file",
    "clean": "Copy for cosmetics without a finding, one file",
    "dense": "Copy in which every sentence makes a claim, one file",
    "mixed": "Pages of 2 to 6 KB, HTML and Markdown, with and without claims",
    "large": "The Markdown pages in one large file",
}


class Corpora:
    """The corpora in a folder; each is written once, when it is first asked for."""

    def __init__(self, folder, size):
        self.folder, self.size = folder, size
        self.written = {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def whole(self, name):
        if name not in self.written:
            self.written[name] = self._write(name)
        return self.written[name]

    def share(self, name, limit):
        """The beginning of a corpus: the first `limit` bytes up to a line's end, or the first files."""
        whole = self.whole(name)
        if name == "mixed":
            folders = whole.paths[: max(limit // FILES_PER_FOLDER, 1)]
            files = [path.stat().st_size for folder in folders for path in folder.iterdir()]
            size = sum(files)
            return whole if len(folders) == len(whole.paths) else Input(f"the first {many(len(files), size)}", folders, size)
        if limit >= whole.size:
            return whole
        path = self.folder / f"{name}.first-{limit}.md"
        with whole.paths[0].open("rb") as file:
            path.write_bytes(whole_lines(file.read(limit)))
        size = path.stat().st_size
        return Input(f"the first {amount(size)}", (path,), size)

    def _write(self, name):
        if name == "mixed":
            return self._pages(self.size.mixed)
        limit = getattr(self.size, name, None)
        path = self.folder / f"{name}.md"
        if limit is None:
            path.write_text({"empty": "", "finding": "気になるシミを消し去る夜用美容液\n"}[name], encoding="utf-8")
        else:
            repeat(self._text(name), limit, path)
        size = path.stat().st_size
        return Input(amount(size), (path,), size)

    def _text(self, name):
        match name:
            case "prose":
                return joined(fixtures("clean", ["news.md", "novel.txt", "business.md", "software-docs.md"]))
            case "clean":
                return joined(fixtures("clean", ["permitted-cosmetics.md"]))
            case "dense":
                return "\n\n".join(e["text"] for e in examples("cosmetics")) + "\n\n"
            case "large":
                return joined(text for kind, text in pages() if kind == ".md")

    def _pages(self, count):
        kinds = [(kind, text.encode()) for kind, text in pages()]
        folders, size = [], 0
        for number in range(count):
            if number % FILES_PER_FOLDER == 0:
                folders.append(self.folder / "mixed" / f"{number // FILES_PER_FOLDER:03}")
                folders[-1].mkdir(parents=True)
            kind, text = kinds[number % len(kinds)]
            (folders[-1] / f"{number:05}{kind}").write_bytes(text)
            size += len(text)
        return Input(many(count, size), tuple(folders), size)


def many(count, size):
    return f"{count:,} files, {amount(size)}"


def amount(size):
    if size >= 1000 * KILOBYTE:
        return f"{size / MEGABYTE:.1f} MB"
    return f"{size / KILOBYTE:.0f} KB" if size >= KILOBYTE else f"{size} bytes"


def repeat(text, limit, path):
    text = text.encode()
    path.write_bytes(whole_lines((text * (limit // len(text) + 1))[:limit]))


def whole_lines(text):
    return text[: text.rindex(b"\n") + 1]


def joined(texts):
    """One page: the front matter of its parts would stand amid the text."""
    return "".join(divided(text)[1] + "\n\n" for text in texts)


def divided(text):
    """The front matter and the rest."""
    front = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    return (front[0], text[front.end() :]) if front else ("", text)


def fixtures(folder, names):
    return [(ROOT / "fixtures" / folder / name).read_text(encoding="utf-8") for name in names]


def pages():
    """Fixtures of 2 to 6 KB, and longer Markdown in pieces of that size; marked and clean ones by turns.

    Only UTF-8: the other tools read nothing else.
    """
    kinds = {True: [], False: []}
    for path in sorted((ROOT / "fixtures").glob("*/*")):
        if path.suffix not in (".md", ".html"):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if "\x1b" in text:  # ISO-2022-JP
            continue
        pieces = [text] if path.suffix == ".html" else cut(text)
        clean = path.parent.name == "clean"
        kinds[clean] += [(path.suffix, piece) for piece in pieces if 2000 <= len(piece.encode()) <= 6500]
    marked, clean = kinds[False], kinds[True]
    # Each marked page once or twice, and a clean one after it.
    turns = max(len(marked), len(clean))
    return [page for i in range(turns) for page in (marked[i % len(marked)], clean[i % len(clean)])]


def cut(text):
    if len(text.encode()) <= 6500:
        return [text]
    front, rest = divided(text)
    pieces = [front]
    for paragraph in re.split(r"(?<=\n)\n+", rest):
        if len((pieces[-1] + paragraph).encode()) > 5000:
            pieces.append(front)
        pieces[-1] += paragraph + "\n"
    return pieces


def examples(category=None):
    """The sentences that rules must find (`ng`), with the words to underline (`hit`)."""
    for path in sorted((ROOT / "rulesets").glob("**/*.toml")):
        for rule in tomllib.loads(path.read_text(encoding="utf-8")).get("rule", []):
            if category is None or category in rule.get("category", []):
                yield from rule.get("ng", [])


def phrases():
    """The words that rules underline in their examples. A single sign (※) is no phrase."""
    hits = (e["hit"] for e in examples())
    found = {hit for h in hits for hit in ([h] if isinstance(h, str) else h)}
    return sorted(hit for hit in found if len(hit) > 1)
