"""Documents taken out of the store as files in the clear, where somebody who may asks for it."""

import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from desktop.errors import DocumentUnknown, ExportFailed, ExportRefused, ExportStopped, PageUnknown, StoreDamaged
from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.vault import audit_log, blobs, corrections, documents, page_turns
from desktop.vault.connection import Vault
from desktop.vault.documents import DocumentState, DocumentSummary, PageImage
from shared.documents import Reading
from shared.documents.corrections import without_empty_rows
from shared.export import (
    Document,
    ExportError,
    Format,
    Layout,
    PagePicture,
    Writer,
    csv_writer,
    layout_of,
    open_writer,
    single_files,
)
from shared.export.errors import PictureMissing

_PRIVATE_FILE = 0o600  # what is no longer encrypted, its owner alone can read


@dataclass(frozen=True, slots=True)
class NotExported:
    """A document that is in no file, and a sentence that says why."""

    document_id: UUID
    message: str


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, and which documents are not in them."""

    files: tuple[Path, ...]
    left_out: tuple[NotExported, ...]


GoingOn = Callable[[int, int], bool]
"""Hears how many documents of how many are done before each; whether to go on."""


def _always(_done: int, _of: int) -> bool:
    return True


class Exports:
    """Writes documents to files, or gives their pages to be printed.

    Each stands in the audit chain before anything of it leaves the store."""

    def __init__(self, vault: Vault, session: Session) -> None:
        self._vault, self._session = vault, session

    def write(
        self,
        document_ids: Collection[UUID],
        form: Format,
        out: Path,
        *,
        overwrite: bool = False,
        going_on: GoingOn = _always,
    ) -> Exported:
        """The documents are in the file `out`, or where `out` is a folder in files of it; nothing is there by halves.

        One that cannot be exported is left out, the others are written. Raises DocumentUnknown and ExportRefused
        before anything is written, ExportFailed, and ExportStopped where it was not `going_on`."""
        wanted = tuple(dict.fromkeys(document_ids))
        actor = self._session.require(Right.EXPORT, str(wanted[0]) if len(wanted) == 1 else "")
        with self._vault.read() as connection:
            known = [documents.get(connection, document_id) for document_id in wanted]
        ready = tuple(one.id for one in known if one.state is DocumentState.DONE)
        order = _Order(ready, form, out, self._vault.clock(), overwrite=overwrite)
        _check_place(order)
        unread = [NotExported(one.id, _why_unread(one)) for one in known if one.state is not DocumentState.DONE]
        try:
            with _Desk(self._vault, actor, order, going_on) as desk:
                files = desk.write()
        except OSError as error:
            message = f"The export could not be written to {out}: {error.strerror}. The store is as it was. Try again."
            raise ExportFailed(message) from error
        return Exported(files, (*unread, *desk.left_out))

    def pages(self, document_id: UUID) -> Iterator[tuple[PageImage, int]]:
        """The pictures of its pages, to be printed, which stands in the audit chain before the first is handed out.

        With each, by how many degrees, clockwise, somebody turned it. Raises DocumentUnknown, PageUnknown where nothing
        was read, StoreDamaged."""
        actor = self._session.require(Right.EXPORT, str(document_id))
        with self._vault.act() as connection:
            summary = documents.get(connection, document_id)
            found = [blobs.find(connection, document_id, "page", number + 1) for number in range(summary.pages_done)]
            if not found or None in found:
                raise PageUnknown(f"{summary.file_name} has no pictures to print. Nothing was printed.")
            act = audit_log.Act(actor, "document.printed", str(document_id), {"pages": len(found)})
            audit_log.record(connection, self._vault.chain, act)
            turns = page_turns.of_document(connection, document_id)
        read = self._vault.blobs.read
        return ((PageImage(read(one), one.media_type), turns.get(one.number, 0)) for one in found if one)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be written where."""

    document_ids: tuple[UUID, ...]
    form: Format
    out: Path
    at: datetime
    overwrite: bool

    @property
    def is_folder(self) -> bool:
        return self.out.is_dir()

    @property
    def folder(self) -> Path:
        return self.out if self.is_folder else self.out.parent


class _Desk:
    """One export at work. What it writes lies aside, in a folder for its owner alone, until it is whole."""

    def __init__(self, vault: Vault, actor: str, order: _Order, going_on: GoingOn) -> None:
        self._vault, self._actor, self._order, self._going_on = vault, actor, order, going_on
        self._open = ExitStack()
        self.left_out: list[NotExported] = []

    def __enter__(self) -> "_Desk":
        beside = tempfile.TemporaryDirectory(prefix=".chartdrop-export-", dir=self._order.folder)
        self._aside = Path(self._open.enter_context(beside))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def write(self) -> tuple[Path, ...]:
        """The files that are in their places."""
        order = self._order
        if not order.document_ids:
            return ()
        if order.is_folder and not order.form.is_tabular:
            return tuple(self._each())
        return self._together()

    def _each(self) -> Iterator[Path]:
        for number, document_id in enumerate(self._order.document_ids):
            self._check_going_on(number, number)
            with self._leaving_out(document_id):
                made = single_files(self._order.form, self._taken(document_id), self._order.at)
                for file in made:
                    name = f"{document_id}{file.ending}"
                    (self._aside / name).write_bytes(file.content)
                    yield self._put(name, self._order.out / name)

    def _together(self) -> tuple[Path, ...]:
        order, added = self._order, 0
        layout = layout_of(self._readings()) if order.form.is_tabular else Layout((), {})
        places = _places(order, layout)
        _refuse_existing(order, [order.folder / name for name, _ in places])
        with ExitStack() as targets:
            writers = [self._writer(targets, name, layout, table) for name, table in places]
            for number, document_id in enumerate(order.document_ids):
                self._check_going_on(number, 0)
                with self._leaving_out(document_id):
                    document = self._taken(document_id)
                    for writer in writers:
                        writer.add(document)
                    added += 1
            for writer in writers:
                writer.close()
        if not added:
            return ()
        return tuple(self._put(name, order.folder / name) for name, _ in places)

    def _writer(self, targets: ExitStack, name: str, layout: Layout, table: str | None) -> Writer:
        target = targets.enter_context((self._aside / name).open("wb"))
        if self._order.form is Format.CSV:
            return csv_writer(target, layout, table)
        return open_writer(self._order.form, target, layout, self._order.at, self._aside)

    def _put(self, name: str, place: Path) -> Path:
        """The file that lies aside is in its place. Raises ExportRefused where another has come there meanwhile."""
        aside = self._aside / name
        with aside.open("r+b") as written:
            os.fsync(written.fileno())
        _refuse_existing(self._order, [place])
        aside.chmod(_PRIVATE_FILE)
        aside.replace(place)
        return place

    def _check_going_on(self, done: int, written: int) -> None:
        """Raises ExportStopped, which says how many documents' files are in their places by now."""
        of = len(self._order.document_ids)
        if not self._going_on(done, of):
            there = f"{written} of {of} documents are in {self._order.folder}" if written else "Nothing was written"
            raise ExportStopped(f"The export was stopped. {there}; the store is as it was.")

    @contextmanager
    def _leaving_out(self, document_id: UUID) -> Iterator[None]:
        try:
            yield
        except (ExportError, StoreDamaged, DocumentUnknown) as error:
            self.left_out.append(NotExported(document_id, error.message))

    def _readings(self) -> Iterator[Reading]:
        for document_id in self._order.document_ids:
            with self._vault.read() as connection:
                yield without_empty_rows(corrections.current(connection, document_id))

    def _taken(self, document_id: UUID) -> Document:
        """The document as it is now: it leaves the store, which stands in the audit chain."""
        with self._vault.act() as connection:
            summary = documents.get(connection, document_id)
            reading = without_empty_rows(corrections.current(connection, document_id))
            details: dict[str, str | int | bool] = {"format": self._order.form.value}
            act = audit_log.Act(self._actor, "document.exported", str(document_id), details)
            audit_log.record(connection, self._vault.chain, act)
        received, read = summary.received_at, summary.finished_at or summary.received_at
        return Document(document_id, reading, received, read, *self._files_of(document_id))

    def _files_of(self, document_id: UUID) -> tuple[Callable[[], bytes | None], Callable[[int], PagePicture]]:
        def original() -> bytes | None:
            with self._vault.read() as connection:
                blob = blobs.find(connection, document_id, "original")
            return self._vault.blobs.read(blob) if blob else None

        def picture(number: int) -> PagePicture:
            with self._vault.read() as connection:
                blob = blobs.find(connection, document_id, "page", number)
            if blob is None:
                raise PictureMissing(f"Page {number} has no picture in the store. Have the document read again.")
            return PagePicture(self._vault.blobs.read(blob), blob.media_type)

        return original, picture


def _places(order: _Order, layout: Layout) -> list[tuple[str, str | None]]:
    """The names of the files, and which table each holds; None: a row a document."""
    from shared.export.tabular import MAIN
    from shared.export.workbook import sheet_names

    if not order.is_folder:
        return [(order.out.name, None)]
    if order.form is not Format.CSV:
        return [(f"{MAIN}.{order.form}", None)]
    names = sheet_names((MAIN, *layout.tables))
    return [(f"{name}.csv", table) for name, table in zip(names, (None, *layout.tables), strict=True)]


def _check_place(order: _Order) -> None:
    """Raises ExportRefused where the files cannot be written, or would take the place of others."""
    if not order.folder.is_dir():
        raise ExportRefused(f"There is no folder {order.folder}. Make it first, or choose another.")
    if not order.is_folder and order.form.is_single and len(order.document_ids) > 1:
        raise ExportRefused(f"A {order.form} holds one document: give a folder, with / at its end, for several.")
    if not order.is_folder:
        _refuse_existing(order, [order.out])
    elif not order.form.is_tabular:
        names = (f"{one}{ending}" for one in order.document_ids for ending in order.form.endings)
        _refuse_existing(order, [order.out / name for name in names])


def _refuse_existing(order: _Order, places: Collection[Path]) -> None:
    """Raises ExportRefused where something is in one of the places, and may not be written over."""
    there = next((place for place in places if place.exists()), None)
    if there and not order.overwrite:
        raise ExportRefused(
            f"{there} is there already, and was left as it is. Choose another place, or have it written over (--force)."
        )


def _why_unread(summary: DocumentSummary) -> str:
    if summary.error:
        return f"It could not be read, so there is nothing to export. {summary.error.message}"
    return f"It is {summary.state}: there is nothing to export yet. Try again once it was read."
