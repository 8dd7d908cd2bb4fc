"""A scan's way, a folder a stage: hot folder, intake, recognition, sync. Stages meet only in the vault."""
