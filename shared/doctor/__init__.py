"""What a machine needs for Chartdrop to work, looked at one by one: the `doctor` of either product."""

from shared.doctor.finding import Check, Finding, State, as_words, examine, examine_all, is_fault

__all__ = ["Check", "Finding", "State", "as_words", "examine", "examine_all", "is_fault"]
