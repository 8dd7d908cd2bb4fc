"""Compile the ICD-10-CM table from the `simple-icd-10-cm` package, which carries the CDC's tabular list.

A developer runs it once for each release:
    uv run --with simple-icd-10-cm python -m shared.reading.extraction.icd10cm.compile 2026-04
"""

import re
import sys
import zipfile
from itertools import groupby
from pathlib import Path

import simple_icd_10_cm  # no dependency of the product: only this script asks for it

_ALWAYS = (1980, 1, 1, 0, 0, 0)  # so that the same table gives the same bytes

# Neither chapters ("1") nor blocks ("A00-A09"); but B20 and Z66, each both a block and the only code in it.
_CODE = re.compile(r"^[A-Z][0-9A-Z]{2,6}$")


def _line(code: str) -> str:
    """A code without its point, its description and the terms included under it, parted by tabs."""
    terms = [simple_icd_10_cm.get_description(code), *simple_icd_10_cm.get_inclusion_term(code)]
    return "\t".join([code, *(re.sub(r"\s+", " ", term) for term in terms)])


def compile_table(release: str) -> Path:
    """The table of `release` (year and month), a file for each first letter, beside this script."""
    codes = [code for code in simple_icd_10_cm.get_all_codes(False) if _CODE.match(code)]
    path = Path(__file__).with_name(f"{release}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as table:
        for letter, group in groupby(sorted(set(codes)), key=lambda code: code[0]):
            table.writestr(zipfile.ZipInfo(letter, _ALWAYS), "\n".join(map(_line, group)), zipfile.ZIP_LZMA)
    return path


if __name__ == "__main__":
    print(compile_table(sys.argv[1]))
