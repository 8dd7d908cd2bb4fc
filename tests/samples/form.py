"""A form being drawn, and the parts that forms are made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.samples.canvas import SHADE, WIDTH, Canvas
from tests.samples.people import Patient

LEFT, RIGHT = 90, WIDTH - 90
_BLANK_ROWS = 2  # of a table on a form that nobody filled in

Cell = tuple[str, str, float]  # label, field, share of the row's width


@dataclass
class Form:
    """The pages of a form and the names of the fields that it asks for."""

    patient: Patient | None  # None: a blank form
    pages: list[Canvas] = field(default_factory=lambda: [Canvas()])
    asked: set[str] = field(default_factory=set)
    columns: dict[str, list[str]] = field(default_factory=dict)  # of each table that it has

    @property
    def page(self) -> Canvas:
        """The page being drawn."""
        return self.pages[-1]

    def printed(self, name: str) -> str:
        """What the form shows for the field, nothing on a blank one."""
        self.asked.add(name)
        return self.patient.printed[name] if self.patient else ""

    def rows(self, table: str, columns: Iterable[str]) -> list[dict[str, str | None]]:
        """The table's rows, none on a blank form; `columns` are those that the form has."""
        self.asked.add(table)
        self.columns[table] = list(columns)
        return self.patient.tables[table] if self.patient else []

    def options(self, at: tuple[float, float], name: str, options: Sequence[str], gap: float = 26) -> float:
        """Boxes to tick one beside the other. Returns where they end."""
        chosen, (x, y) = self.printed(name), at
        for option in options:
            x = self.page.tick_box((x, y), option, ticked=option == chosen) + gap
        return x

    def sign(self, at: tuple[float, float], width: float) -> None:
        """The patient's signature, on a filled-in form."""
        self.asked.add("patient_signature_present")
        if self.patient:
            self.page.signature(at, width)


def cells(form: Form, y: float, heading: str, rows: Sequence[Sequence[Cell]]) -> float:
    """Rows of boxes under a bar. Returns where they end, in pixels from the top."""
    page = form.page
    page.bar(y, heading)
    y += 40
    for row in rows:
        x: float = LEFT
        for label, name, share in row:
            width = share * (RIGHT - LEFT)
            page.frame((x, y, x + width, y + 74))
            page.text((x + 10, y + 6), label, 19)
            field_name, _, options = name.partition(":")
            if options:
                form.options((x + 14, y + 36), field_name, options.split("|"))
            else:
                page.value((x + 12, y + 34), form.printed(field_name))
            x += width
        y += 74
    return y


def ruled_table(form: Form, y: float, heading: str, table: str, columns: Mapping[str, tuple[str, float]]) -> float:
    """A ruled table under a bar. Returns where it ends."""
    page, left, width = form.page, LEFT, RIGHT - LEFT
    page.bar(y, heading)
    y += 40
    rows = form.rows(table, columns)
    printed: list[Mapping[str, str | None]] = [{name: title for name, (title, _) in columns.items()}, *rows]
    printed += [{}] * max(0, _BLANK_ROWS - len(rows))
    for number, row in enumerate(printed):
        x: float = left
        for name, (_, share) in columns.items():
            page.frame((x, y, x + share * width, y + 42), fill=SHADE if number == 0 else None)
            write: Callable[..., float] = page.text if number == 0 else page.value
            write((x + 10, y + 6), row.get(name) or "", 23)
            x += share * width
        y += 42
    return y


def signature_line(form: Form, y: float) -> None:
    """A line to sign on and one for the date, each with small print beneath."""
    page = form.page
    form.sign((LEFT + 40, y - 16), 520)
    page.rule((LEFT, y), (1000, y))
    page.text((LEFT, y + 6), "Signature of Patient or Representative", 20)
    page.value((1110, y - 36), form.printed("signature_date"))
    page.rule((1080, y), (RIGHT, y))
    page.text((1080, y + 6), "Date Signed", 20)


def pairs(form: Form, y: float, heading: str, lines: Sequence[Sequence[tuple[str, str]]]) -> float:
    """Two columns of `Label: value` under an underlined heading. Returns where they end."""
    page = form.page
    page.text((LEFT, y), heading, 30, bold=True)
    page.rule((LEFT, y + 38), (RIGHT, y + 38))
    y += 52
    for line in lines:
        for x, (label, name) in zip((LEFT, 1060), line, strict=False):
            end = page.text((x, y), f"{label}:", 26)
            page.value((end + 14, y), form.printed(name), 26)
        y += 45
    return y + 14


def open_table(form: Form, y: float, heading: str, table: str, columns: Mapping[str, tuple[str, int]]) -> None:
    """A table without rules."""
    page = form.page
    page.text((LEFT, y), heading, 30, bold=True)
    for _, (title, x) in columns.items():
        page.text((x, y + 46), title, 25, bold=True)
    y += 50
    for row in form.rows(table, columns):
        y += 42
        for name, (_, x) in columns.items():
            page.value((x, y), row[name] or "", 25)


def ledger_rows(form: Form, y: float, lines: Sequence[tuple[str, ...]]) -> float:
    """Rows of shaded labels and their values. Returns where they end."""
    page, width = form.page, RIGHT - LEFT
    for line in lines:
        shares = (0.2, 0.36, 0.2, 0.24) if len(line) == 4 else (0.2, 0.8)
        x: float = LEFT
        for place, (item, share) in enumerate(zip(line, shares, strict=True)):
            page.frame((x, y, x + share * width, y + 68), fill=SHADE if place % 2 == 0 else None)
            if place % 2 == 0:
                page.text((x + 10, y + 20), item, 23)
            else:
                page.value((x + 12, y + 19), form.printed(item), 24 if share < 0.3 else 25)
            x += share * width
        y += 68
    return y


def blanks(form: Form, y: float, rows_of_blanks: Sequence[Sequence[Cell]]) -> float:
    """Lines to write on with small print beneath. Returns where they end."""
    page = form.page
    for row in rows_of_blanks:
        x: float = LEFT
        for label, name, share in row:
            width = share * (RIGHT - LEFT)
            page.value((x + 8, y + 14), form.printed(name))
            page.rule((x, y + 52), (x + width, y + 52))
            page.text((x, y + 57), label, 19)
            x += width + 30
        y += 98
    return y


def question(form: Form, y: float, *questions: str | list[str]) -> float:
    """Questions answered by a tick. Returns where they end."""
    x: float = LEFT
    for label, name, options in zip(questions[::3], questions[1::3], questions[2::3], strict=True):
        end = form.page.text((x, y + 14), str(label), 25)
        x = form.options((end + 20, y + 14), str(name), list(options)) + 60
    return y + 64
