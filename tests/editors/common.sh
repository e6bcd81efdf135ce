# For the scripts beside this one: the settings come from the code blocks of docs/editors.md, so that what the
# document shows is what is tried. EXO_LINT names the program.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=$(realpath -m -- "${EXO_LINT:-$root/target/debug/exo-lint}")
[[ -x $program ]] || { echo "no exo-lint at $program; name one by EXO_LINT" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_STATE_HOME=$work/state LC_ALL=C.UTF-8
export PATH=$work/bin:$PATH
mkdir -p "$HOME" "$work/bin" "$work/site"
ln -s "$program" "$work/bin/exo-lint"

# install PACKAGE: where that is ours to do.
install() {
    [[ $(id -u) == 0 ]] && { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1"; } >/dev/null
}

# need PROGRAM PACKAGE: it is there, or comes.
need() {
    command -v "$1" >/dev/null || install "$2" || { echo "$1 is missing" >&2; exit 2; }
}

# block NAME: the code block of the document that is marked with that name.
block() {
    awk -v name="$1" '
        /^```/ { if (inside) exit; if ($2 == name) { inside = found = 1; next } }
        inside
        END { if (!found) { print "docs/editors.md has no block " name > "/dev/stderr"; exit 1 } }
    ' "$root/docs/editors.md"
}

# Characters of one to four bytes, one of two parts, one of four code points, all before the finding; a finding of
# two lines; a warning; a note.
printf '# 美容液\n\n𠮷！か\u3099👩\u200d⚕\ufe0fシミが消える。\n\n使い続けると、シミがきれいに\n消え去ります。\n\nアレルギーテスト済みです。\n\n診療時間は9時からです。\n' > "$work/site/copy.md"
mkdir "$work/broken" "$work/quasi"
cp "$work/site/copy.md" "$work/broken/"
echo 'categoy = "cosmetics"' > "$work/broken/exo-lint.toml"
# What the settings of the folder allow is no finding there.
printf '# 薬用クリーム\n\nメラニンの生成を抑え、シミ・そばかすを防ぐ\n' > "$work/quasi/cream.md"
echo 'category = "quasi-drug"' > "$work/quasi/exo-lint.toml"
# What the buffers say, where the file says otherwise.
printf 'うるおう肌へ。\n' > "$work/site/saved.md"
