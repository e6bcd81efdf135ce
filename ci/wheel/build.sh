#!/usr/bin/env bash
# Builds the source distribution and, from that, the wheel for this machine.
#
#   ci/wheel/build.sh FOLDER [OPTION OF MATURIN]...
#
# Needs maturin (pip install maturin). A wheel for older systems of Linux: pip install 'maturin[zig]', and
#   ci/wheel/build.sh FOLDER --zig --compatibility manylinux2014
set -euo pipefail

folder=$(mkdir -p "${1:?a folder for the wheel}" && cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.."
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}

source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT
git ls-files -z | tar --create --null --files-from=- | tar --extract --directory="$source"
cp ci/wheel/pyproject.toml "$source"
cd "$source"
maturin build --release --sdist --out "$folder" "$@"
