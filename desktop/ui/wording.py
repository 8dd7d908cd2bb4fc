"""Times, numbers and values in people's words."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from desktop.ui.field_names import field_name
from shared.documents import FieldValue
from shared.documents.reading import Value
from shared.errors import ChartdropError

translate = QCoreApplication.translate

SURE = 0.9
"""From here a line of text is believed; of a value its kind's own threshold says so."""
DOUBTFUL = 0.6
"""Below this a value is more likely to be looked up on the page than believed."""


def ago(moment: datetime, now: datetime) -> str:
    """How long before `now` `moment` was, both aware: "just now", "2 min ago", "yesterday", a date."""
    minutes = int((now - moment).total_seconds() // 60)
    days = (now.astimezone().date() - moment.astimezone().date()).days
    if minutes < 1:
        return translate("Wording", "just now")
    if minutes < 60:
        return translate("Wording", "{0} min ago").format(minutes)
    if days == 0:
        return translate("Wording", "{0} h ago").format(minutes // 60)
    if days == 1:
        return translate("Wording", "yesterday")
    if days < 7:
        return translate("Wording", "{0} days ago").format(days)
    return day(moment.astimezone().date())


def day(when: date) -> str:
    """A date that cannot be misread: the month is a word."""
    return QLocale().toString(QDate(when.year, when.month, when.day), translate("Wording", "MMM d, yyyy"))


def moment(when: datetime) -> str:
    """Day and time of `when`, on this machine's clock."""
    local = when.astimezone()
    return translate("Wording", "{0} at {1}").format(
        day(local.date()), QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
    )


def percent(confidence: float) -> str:
    """`confidence` (0..1) as whole per cent, never rounded up to certainty."""
    return translate("Wording", "{0}%").format(min(int(confidence * 100 + 0.5), 99 if confidence < 1 else 100))


def sureness(confidence: float, *, needs_review: bool) -> str:
    """One word for how far a value of `confidence` (0..1) can be relied on, so that colour never speaks alone."""
    if not needs_review:
        return translate("Wording", "Sure")
    return translate("Wording", "Check") if confidence >= DOUBTFUL else translate("Wording", "Doubtful")


def to_check(count: int) -> str:
    """How many values a person has to look at; empty for none."""
    return translate("Wording", "{0} to check").format(count) if count else ""


def shown(name: str, cell: FieldValue) -> str:
    """The value of the field `name` as a person writes it."""
    return shown_value(name, cell.value)


def otherwise(name: str, cell: FieldValue) -> str:
    """What the value of the field `name` may be as well, as a person writes it; empty where it is clear."""
    return translate("Wording", " or ").join(shown_value(name, value) for value in cell.alternatives)


def value_text(name: str, value: Value | None) -> str:
    """A value of the field `name` as a person writes it; None: that nothing stands there."""
    return translate("Wording", "nothing") if value is None else shown_value(name, value)


def size_text(size: int) -> str:
    """`size` in bytes, in the system's units."""
    return QLocale().formattedDataSize(size, 0 if size < 1024 * 1024 else 1)


def shown_value(name: str, value: Value) -> str:
    """`value` of the field `name` as a person writes it."""
    if isinstance(value, bool):
        return translate("Wording", "Yes") if value else translate("Wording", "No")
    if isinstance(value, tuple):
        return ", ".join(value) or translate("Wording", "None known")
    if not isinstance(value, str):
        return str(value)
    if name == "sex" and value in {"F", "M"}:
        return translate("Wording", "Female") if value == "F" else translate("Wording", "Male")
    return _date(value) or _phone(name, value) or value


def _date(text: str) -> str | None:
    try:
        return day(date.fromisoformat(text)) if len(text) == len("2026-01-31") else None
    except ValueError:
        return None


def _phone(name: str, text: str) -> str | None:
    if not (text.startswith("+") and ("phone" in name or "fax" in name)):
        return None
    import phonenumbers  # a tenth of the window's start, and many a document has no number

    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    home = number.country_code == 1
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form))


def document_type(name: str) -> str:
    """The kind of document called `name`, in people's words; empty while nobody knows."""
    return "" if name in {"", "unknown"} else field_name(name)


def fault_sentence(error: Exception) -> str:
    """What to tell a person about `error`: our own sentence, or that we did not expect it."""
    if isinstance(error, ChartdropError):
        return error.message
    return translate("Wording", "Something unexpected happened ({0}). Nothing that was stored is lost.").format(
        type(error).__name__
    )


def about_file(file_name: str, message: str) -> str:
    """`message` with the file it is about, unless it names it already."""
    return message if file_name in message else f"{file_name}: {message}"
