"""Pixels as the models take them."""

import numpy as np

from shared.reading.ocr.engine import Picture
from shared.reading.ocr.sessions import Tensor

# What the models were trained with: means and spreads of each channel, on a scale of 0..1.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_SPREAD = (0.229, 0.224, 0.225)


def as_tensor(picture: Picture, mean: tuple[float, ...], spread: tuple[float, ...]) -> Tensor:
    """`picture` (height x width x 3) as 1 x 3 x height x width, each channel brought to its mean and spread."""
    tensor = np.empty((1, 3, *picture.shape[:2]), dtype=np.float32)
    for channel in range(3):  # one at a time: no second copy of the page in floats
        np.multiply(picture[:, :, channel], 1 / (255 * spread[channel]), out=tensor[0, channel], casting="unsafe")
        tensor[0, channel] -= mean[channel] / spread[channel]
    return tensor
