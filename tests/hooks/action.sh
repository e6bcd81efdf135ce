#!/usr/bin/env bash
# Runs the steps of action.yml as GitHub would, in throw-away folders; only the upload is left out.
#
#   tests/hooks/action.sh
#
# WHEEL=FILE   the wheel to install; without it one is built (ci/wheel/build.sh, needs maturin)
# Needs Python with PyYAML, or installs it into a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ -z ${WHEEL:-} ]]; then
    ci/wheel/build.sh "$work/wheel"
    WHEEL=$(echo "$work"/wheel/*.whl)
fi
PIP_FIND_LINKS=$(cd "$(dirname "$WHEEL")" && pwd)
export PIP_FIND_LINKS
python=$(command -v python3)
if ! "$python" -c 'import yaml' 2>/dev/null; then
    "$python" -m venv "$work/tools"
    python=$work/tools/bin/python
    "$python" -m pip install --quiet pyyaml
fi

"$python" - "$PWD" "$work" <<'END_OF_PYTHON'
import json, os, pathlib, re, subprocess, sys, yaml

root, work = map(pathlib.Path, sys.argv[1:])
action = yaml.safe_load((root / "action.yml").read_text())
counts = {True: 0, False: 0}


def check(told, held):
    counts[bool(held)] += 1
    print("ok   " if held else "FAIL ", told)


class Run:
    """One use of the action: what its steps printed, left as outputs, and whether it failed."""

    def __init__(self, name, files, **inputs):
        self.folder, self.temp = work / name / "work", work / name / "temp"
        for folder in (self.folder, self.temp):
            folder.mkdir(parents=True)
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text)
        self.inputs = {k: str(v.get("default", "")) for k, v in action["inputs"].items()}
        for key, value in inputs.items():
            assert key.replace("_", "-") in self.inputs, key
            self.inputs[key.replace("_", "-")] = value
        self.steps, self.said, self.failed, self.uploaded = {}, "", False, None
        for step in action["runs"]["steps"]:
            condition = step.get("if", "success()")
            if self.value(condition.removeprefix("${{").removesuffix("}}")):
                self.step(step)
        self.outputs = {k: self.text(v["value"]) for k, v in action["outputs"].items()}

    def value(self, expression):
        def known(match):
            where, name = match[1], match[2].split(".")
            if where == "inputs":
                return repr(self.inputs[name[0]])
            return repr(self.steps.get(name[0], {}).get(name[2], ""))

        code = re.sub(r"\b(inputs|steps)\.([\w.-]+)", known, expression.strip())
        code = code.replace("!cancelled()", "True").replace("success()", str(not self.failed)).replace("&&", "and")
        return eval(code)

    def text(self, template):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda m: str(self.value(m[1])), str(template))

    def step(self, step):
        if "uses" in step:
            given = {k: self.text(v) for k, v in step["with"].items()}
            self.uploaded = json.loads(pathlib.Path(given["sarif_file"]).read_text())
            return
        output = self.temp / "output"
        output.write_text("")
        own = {k: self.text(v) for k, v in step.get("env", {}).items()}
        runner = {"RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(output), "GITHUB_ACTION_PATH": str(root)}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder, env={**os.environ, **runner, **own}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.said += done.stdout
        self.failed |= done.returncode != 0
        lines = output.read_text().splitlines()
        self.steps[step.get("id", step["name"])] = dict(line.split("=", 1) for line in lines)


claim, fine = "気になるシミが消える。\n", "肌にうるおいを与えます。\n"

run = Run("claim", {"lp/春の 特集/商品.md": claim, "lp/b.md": fine})
check("findings fail the action", run.failed and run.outputs["exit-code"] == "1")
check("as annotations", "::error file=lp/春の 特集/商品.md,line=1" in run.said)
check("and are uploaded before it fails", run.uploaded and len(run.uploaded["runs"][0]["results"]) == 1)
check("the SARIF file is an output", run.outputs["sarif"].endswith("exo-lint.sarif"))

run = Run("clean", {"lp/b.md": fine})
check("a clean site passes", not run.failed and run.outputs["exit-code"] == "0")
check("and uploads nothing found, so that old alerts close", run.uploaded and not run.uploaded["runs"][0]["results"])

run = Run("no-upload", {"a.md": claim}, sarif="false")
check("sarif: false uploads nothing", run.failed and run.uploaded is None)

run = Run("paths", {"l p/a.md": fine, "シミ/b.md": fine, "other/c.md": claim}, paths="l p\nシミ\n")
check("only the paths named are checked, with spaces in them", not run.failed and "2 ファイル" in run.said)

run = Run("options", {"a.md": "医薬部外品の美白美容液。メラニンの生成を抑え、シミ・そばかすを防ぐ。\n"}, category="quasi-drug")
check("the category is passed on", not run.failed and "医薬部外品" in run.said)

run = Run("config", {"a.md": "メラニンの生成を抑え、シミ・そばかすを防ぐ。\n", "c/own.toml": 'category = "quasi-drug"\n'}, config="c/own.toml")
check("the configuration is passed on", not run.failed)

run = Run("args", {"a.md": claim}, args="--lang en --product '日やけ止め'\n--top 1")
check("further options are passed on", run.failed and "1 file" in run.said)

warning = {"a.md": "ニキビを防ぐ。\n"}
run = Run("warning", warning)
check("a warning fails the action", run.failed and "::warning" in run.said)
run = Run("fail-on", warning, fail_on="error")
check("but not with fail-on: error", not run.failed and "::warning" in run.said and run.uploaded["runs"][0]["results"])

run = Run("missing", {"a.md": claim}, paths="a.md\nnone.md")
check("what cannot be read is 2, with the findings", run.failed and run.outputs["exit-code"] == "2" and run.uploaded)

run = Run("wrong", {"a.md": claim}, category="soap")
check("a wrong category is 2, and nothing is uploaded", run.failed and run.outputs["exit-code"] == "2" and run.uploaded is None)
check("with what can be written", "quasi-drug" in run.said)

run = Run("hostile", {"a.md": fine}, paths="a.md\n$(touch pwned)", args="'`touch pwned2`'")
check("nothing in an input is executed", run.failed and not list(work.glob("hostile/**/pwned*")))

run = Run("quote", {"a.md": fine}, args="--product 'x")
check("a quotation mark too few fails the action", run.failed and run.uploaded is None)

run = Run("version", {"a.md": fine}, version="0.0.0")
check("a version that is none fails the action", run.failed and run.uploaded is None)

used = set()
for page in [*(root / "examples/ci").glob("*.yml"), root / "docs/ci.md"]:
    for block in re.findall(r"uses: exo-lint/exo-lint@.*\n +with:\n((?: {10}.*\n)*)", page.read_text()):
        used |= set(re.findall(r"^ {10}([\w-]+):", block, re.M))
check("what the samples give are inputs of the action", used and used <= set(action["inputs"]))
table = set(re.findall(r"^\| `([\w-]+)` \|", (root / "docs/ci.md").read_text().split("## GitHub")[1].split("\n## ")[0], re.M))
check("docs/ci.md has a row for every input", table == set(action["inputs"]))

print(f"{counts[True]} passed, {counts[False]} failed")
sys.exit(counts[False] != 0)
END_OF_PYTHON
