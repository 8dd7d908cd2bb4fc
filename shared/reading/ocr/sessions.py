"""Models run on ONNX Runtime, in this process and on the processor."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Tensor = NDArray[np.float32]


class ModelSession:
    """A loaded model of one input and one output."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Loads `folder`/inference.onnx, to be run by so many `threads`."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Patterns pay when every input has the same shape; lines and pages have as many shapes as there are.
        options.enable_mem_pattern = False
        options.log_severity_level = 3  # errors
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / "inference.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._input: str = self._session.get_inputs()[0].name

    def run(self, tensor: Tensor) -> Tensor:
        """The model's answer to one input."""
        answer: Tensor = self._session.run(None, {self._input: tensor})[0]
        return answer
