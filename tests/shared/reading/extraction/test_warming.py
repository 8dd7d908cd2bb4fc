"""What is loaded before the first page."""

import sys
from subprocess import run

_LIBRARIES = "{'jsonschema', 'nameparser', 'phonenumbers', 'usaddress'}"


def loaded_after(statement: str) -> str:
    report = f"print(sorted({_LIBRARIES} & set(sys.modules)))"
    script = f"import sys; from shared.reading import extraction; {statement}; {report}"
    return run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.strip()


def test_what_reads_names_numbers_and_addresses_is_loaded_by_warming_up_and_not_before() -> None:
    assert loaded_after("pass") == "[]"
    assert loaded_after("extraction.warm_up()") == "['jsonschema', 'nameparser', 'phonenumbers', 'usaddress']"
