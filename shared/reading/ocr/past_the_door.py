"""PaddleX's modules without what its packages import on the way to them.

`import paddlex` takes 2.7 s of a processor: pandas, modelscope, aiohttp and every model it knows are imported for a
module that needs OpenCV and pyclipper alone. Here packages on the way are taken as folders, their `__init__` unrun.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


def import_past_the_door(name: str) -> Any:
    """The module `name` of an installed package, the packages above it unrun unless they were imported before."""
    top, *inner = name.split(".")[:-1]
    spec = find_spec(top)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"No package {top}", name=top)
    folders = list(spec.submodule_search_locations)
    _ensure(top, folders)
    for part in inner:
        top, folders = f"{top}.{part}", [f"{folder}/{part}" for folder in folders]
        _ensure(top, folders)
    return import_module(name)


def _ensure(package: str, folders: list[str]) -> None:
    if package not in sys.modules:
        module = ModuleType(package)
        module.__path__ = folders
        sys.modules[package] = module
