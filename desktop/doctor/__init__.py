"""What `chartdrop doctor` looks at, and in which order. Nothing is changed but what any command would."""

from collections.abc import Sequence
from functools import partial

from desktop.doctor import here, store
from desktop.settings import Settings
from shared.doctor import Check
from shared.doctor.machine import disk, memory, processor
from shared.doctor.reading import reading


def checks(settings: Settings, own_command: Sequence[str]) -> list[tuple[str, Check]]:
    """Each with its name. `own_command` starts this program."""
    return [
        ("processor", processor),
        ("memory", memory),
        ("disk", partial(disk, settings.data_dir)),
        ("models", here.models),
        ("reading", reading),
        ("poppler", here.poppler),
        ("display", partial(here.display, own_command)),
        ("keyring", partial(here.keyring, settings)),
        ("data_folder", partial(here.data_folder, settings.data_dir)),
        ("store", partial(store.look_into, settings)),
    ]
