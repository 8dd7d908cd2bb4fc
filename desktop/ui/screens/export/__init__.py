"""Documents handed on: as files of a form that others take, or printed."""
