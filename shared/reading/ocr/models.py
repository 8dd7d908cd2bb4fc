"""Which weights are used, where they are, and that they are those that belong here."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.reading.errors import ModelsMissing

FOLDER_VARIABLE = "CHARTDROP_MODELS_DIR"
BESIDE_THE_CODE = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Model:
    """One model: PaddleOCR's name for it, which is its folder's too, and the SHA-256 of each of its files."""

    name: str
    files: Mapping[str, str]


DETECTION = Model(
    "PP-OCRv6_tiny_det",
    {
        "inference.onnx": "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
        "inference.yml": "4790bf1cf50c0775cc43a9b89dab9144834a46191caa057386eb958a3a2232ba",
    },
)
FAST_RECOGNITION = Model(
    "PP-OCRv6_tiny_rec",
    {
        "inference.onnx": "cf2c38da6e022c6b2585380484577f54f9293cec521d6a9165eca63c3695510c",
        "inference.yml": "62f8f7901197011ed39935dc19cbfcf7287eef3709372c8e0e835ce5c8af9838",
    },
)
RECOGNITION = Model(
    "PP-OCRv6_small_rec",
    {
        "inference.onnx": "70e572f7ef4fe474e8850971d09863e103607b939007c893075a8e3656b8fb2f",
        "inference.yml": "4315dd75137aee6356fec4066d321bd8bdc0664bfebb42743a4075ccf0a68e9f",
    },
)
ORIENTATION = Model(
    "PP-LCNet_x1_0_doc_ori",
    {
        "inference.onnx": "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
        "inference.yml": "559c784d035b0718100c78434507e40ea4aca4f846a14a8b1d4667281b2deada",
    },
)
ALL = (DETECTION, FAST_RECOGNITION, RECOGNITION, ORIENTATION)


def models_folder(chosen: Path | None = None) -> Path:
    """Where the models are: `chosen`, else what CHARTDROP_MODELS_DIR names, else the folder beside the code."""
    named = os.environ.get(FOLDER_VARIABLE)
    return chosen or (Path(named) if named else BESIDE_THE_CODE)


def verified_folder(model: Model, root: Path) -> Path:
    """The folder of `model` below `root`, each file's hash checked (30 ms for all models).

    Raises ModelsMissing, which says how to get them.
    """
    folder = root / model.name
    for file_name, expected in model.files.items():
        if not (folder / file_name).is_file():
            raise ModelsMissing(
                f"The reading model {model.name} is not in {root}. Install Chartdrop again, or run `make demo` once."
            )
        if sha256_of(folder / file_name) != expected:
            raise ModelsMissing(
                f"The reading model {folder / file_name} was changed. Install Chartdrop again, or run `make demo` once."
            )
    return folder


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
