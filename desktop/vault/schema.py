"""The store's tables as they are today; `migrations/` says how they came to be. Times are RFC 3339 text in UTC,
paths bytes as the file system has them (they need not be text)."""

from sqlalchemy import BLOB, REAL, Column, ForeignKey, Integer, MetaData, Table, Text

metadata = MetaData()

device = Table(
    "device",
    metadata,
    Column("device_id", Text, primary_key=True),
    Column("signing_key", BLOB, nullable=False),
    Column("created_at", Text, nullable=False),
)

ancestors = Table(
    "ancestors",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("device_id", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("shared_through", Integer, nullable=False),
    Column("succeeded_at", Text, nullable=False),
)

store = Table(
    "store",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
)

server_link = Table(
    "server_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("organization_name", Text, nullable=False),
    Column("connected_at", Text, nullable=False),
    Column("accepted_through", Integer, nullable=False),
    Column("last_sync_at", Text),
    Column("last_error", Text),
    Column("last_fault", Text),
    Column("next_try_at", Text),
    Column("authority", Text),
    Column("audit_key", Text),
)

revocation = Table(
    "revocation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", Text, nullable=False),
    Column("organization_name", Text, nullable=False),
    Column("server_key", Text, nullable=False),
    Column("revoked_at", Text, nullable=False),
    Column("destroys_keys", Integer, nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("epoch", Text),
    Column("seq", Integer),
    Column("kinds", Text, nullable=False),
    Column("device_name", Text),
    Column("lease", Text),
    Column("policy", Text),
)

organization_templates = Table(
    "organization_templates",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("format", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("revision", Integer, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("file_name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("template", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("document_type", Text, nullable=False),
    Column("page_count", Integer, nullable=False),
    Column("pages_done", Integer, nullable=False),
    Column("confidence", REAL),
    Column("strikes", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("queued_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("last_sequence", Integer),
    Column("urgent", Integer, nullable=False),
    Column("to_review", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("legal_hold", Integer, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("body", Text, nullable=False),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),  # the row of the full-text index `page_index` too
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("number", Integer, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("wrapped_key", BLOB, nullable=False),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("folder", BLOB, nullable=False),
    Column("path", BLOB, nullable=False),
    Column("size", Integer, nullable=False),
    Column("modified_ns", Integer, nullable=False),
    Column("sha256", Text),
    Column("document_id", Text, ForeignKey("documents.id")),
    Column("outcome", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("destination", BLOB),
    Column("settled_at", Text),
    Column("kept", Integer, nullable=False),
)

watched_folders = Table(
    "watched_folders",
    metadata,
    Column("id", Text, primary_key=True),
    Column("root", BLOB, nullable=False, unique=True),
    Column("template", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("originals", Text, nullable=False),
    Column("added_at", Text, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("device_id", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("received_at", Text),
    Column("sequence", Integer),
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("path", Text, primary_key=True),
)

reviewers = Table(
    "reviewers",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("name_key", Text, primary_key=True),
)

drafts = Table(
    "drafts",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("written_at", Text, nullable=False),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("given_at", Text, nullable=False),
)

page_turns = Table(
    "page_turns",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("degrees", Integer, nullable=False),
)

passed_corrections = Table(
    "passed_corrections",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("entry", Text, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)

audit_receipts = Table(
    "audit_receipts",
    metadata,
    Column("server_key", Text, primary_key=True),
    Column("chain", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("signature", Text, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("is_active", Integer, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("revision", Integer, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("removed_at", Text),
)

recovery = Table(
    "recovery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret", Text, nullable=False),
)

vain_tries = Table(
    "vain_tries",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("wrong_entries", Integer, nullable=False),
    Column("last_at", REAL, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("operation_id", Text, nullable=False, unique=True),
    Column("occurred_at", Text, nullable=False),
    Column("document_id", Text),
    Column("payload", Text, nullable=False),
)

choices = Table(
    "choices",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
