"""Full-text search: a row a page. What was stored before is indexed when the store is opened (`index_missing`)."""

from alembic import op

revision = "0005"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE pages (id INTEGER PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id), "
        "number INTEGER NOT NULL, UNIQUE (document_id, number))"
    )
    # Words come folded and parted already (`words`); the tokenizer only has to leave them whole.
    op.execute(
        "CREATE VIRTUAL TABLE page_index USING fts5(text, found, file_name, filed, shown UNINDEXED, "
        "prefix = '1 2 3', tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")"
    )
    op.execute("INSERT INTO page_index (page_index, rank) VALUES ('secure-delete', 1)")
