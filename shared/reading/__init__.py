"""Bytes of a scan in, a `Reading` out; read `pipeline.py` first."""
