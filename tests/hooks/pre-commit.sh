#!/usr/bin/env bash
# Commits real files in throw-away repositories, with the hook that installs the wheel.
#
#   tests/hooks/pre-commit.sh
#
# WHEEL=FILE   the wheel to try; without it one is built (ci/wheel/build.sh, needs maturin)
# HOOK=ID      exo-lint (the wheel), or exo-lint-src: compiled by pre-commit, which takes minutes
# pre-commit is taken from PATH, or installed into a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."

hook=${HOOK:-exo-lint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

ok() { # DESCRIPTION COMMAND...
    if "${@:2}"; then
        passed=$((passed + 1)) && echo "ok    $1"
    else
        failed=$((failed + 1)) && echo "FAIL  $1" && sed 's/^/      /' "$work/said" 2>/dev/null || true
    fi
}

# One version everywhere.
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
ok "pyproject.toml has the version $version" grep -qx "version = \"$version\"" pyproject.toml
ok "pyproject.toml asks for that wheel" grep -qx "dependencies = \[\"exo-lint==$version\"\]" pyproject.toml
ok "the action installs that version" grep --quiet "^    default: \"$version\"$" action.yml
versions() { grep -rhoE 'exo-lint(==|@v)[0-9.]+|rev: v[0-9.]+' examples/ci docs/ci.md | grep -oE '[0-9][0-9.]*$' | sort -u; }
ok "so do the samples and docs/ci.md" test "$(versions)" = "$version"

if [[ $hook == exo-lint ]]; then
    if [[ -z ${WHEEL:-} ]]; then
        ci/wheel/build.sh "$work/wheel"
        WHEEL=$(echo "$work"/wheel/*.whl)
    fi
    PIP_FIND_LINKS=$(cd "$(dirname "$WHEEL")" && pwd)
    export PIP_FIND_LINKS
fi
if ! command -v pre-commit >/dev/null; then
    python3 -m venv "$work/tools"
    "$work/tools/bin/pip" install --quiet pre-commit
    PATH=$work/tools/bin:$PATH
fi
pre-commit --version
ok "the manifest is valid" pre-commit validate-manifest .pre-commit-hooks.yaml

# Nothing of the person who runs this: neither settings of git nor what pre-commit has kept.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null PRE_COMMIT_HOME=$work/cache
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com

# The hook's repository: this tree as it stands.
git init --quiet --initial-branch=main "$work/hooks"
git ls-files -z | tar --create --null --files-from=- | tar --extract --directory="$work/hooks"
git -C "$work/hooks" add --all
git -C "$work/hooks" commit --quiet --message=hooks
rev=$(git -C "$work/hooks" rev-parse HEAD)

site() { # NAME [OPTION]...
    git init --quiet --initial-branch=main "$work/$1" && cd "$work/$1"
    local args="${*:2}"
    cat > .pre-commit-config.yaml <<YAML
repos:
  - repo: $work/hooks
    rev: $rev
    hooks:
      - id: $hook
        args: [${args// /, }]
YAML
    pre-commit install >/dev/null
    git add .pre-commit-config.yaml
}
commit() { git add --all && git commit --message=change >"$work/said" 2>&1; }
refused() { ! commit; }
said() { grep --quiet --fixed-strings -- "$1" "$work/said"; }

site plain
ok "installed without a file to check" commit
sed -n 's/^/      /p' "$work/said" | head -4
ok "and says that there was none" said Skipped

mkdir -p 'lp/春の 特集'
echo '気になるシミが**消える**。' > 'lp/春の 特集/商品 ページ.md'
ok "a claim is refused, in a file of Japanese letters and spaces" refused
ok "with its file" said 'lp/春の 特集/商品 ページ.md'
ok "with its rule" said cosmetics/spot-removal
ok "with its provision" said '薬機法 第66条'

echo '肌にうるおいを与えます。' > 'lp/春の 特集/商品 ページ.md'
ok "what can be said is committed" commit
ok "and was looked at" said Passed

echo '気になるシミが消える。' | tee notes.py data.csv >/dev/null
ok "files of other types are not looked at" commit
ok "and the hook says so" said Skipped

echo '<p>気になるシミが消える。</p>' > '一 覧.html'
echo '深いシワが消える。' > メール.txt
echo '肌が若返る。' > 記事.mdx
ok "several files at once are refused" refused
for file in '一 覧.html' メール.txt 記事.mdx; do
    ok "$file is named" said "$file"
done
rm ./*.html ./*.txt ./*.mdx

# More than pre-commit gives to one process.
for i in $(seq 400); do echo '肌にうるおいを与えます。' > "lp/ページ $i.md"; done
ok "four hundred clean files are committed" commit
for i in $(seq 400); do echo '肌をすこやかに保ちます。' > "lp/ページ $i.md"; done
echo '気になるシミが消える。' > 'lp/ページ 200.md'
ok "one claim in four hundred files is refused" refused
ok "with its file" said 'lp/ページ 200.md:1'

site options --format concise --category quasi-drug
echo 'メラニンの生成を抑え、シミ・そばかすを防ぐ。' > a.md
ok "options reach the program" commit
echo 'シミが消える。' > a.md
ok "and it still refuses" refused
ok "in the form they ask for" said 'a.md:1:1: error '

site settings
printf 'category = "quasi-drug"\n' > exo-lint.toml
echo 'メラニンの生成を抑え、シミ・そばかすを防ぐ。' > a.md
ok "exo-lint.toml is read" commit

echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
