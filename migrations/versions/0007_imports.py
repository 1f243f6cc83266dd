"""Imports: files, runs, their rows, and feeds that are read by themselves."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


# The index of words learns to hold still while many listings are added (SQLite).
PLAIN = "AFTER INSERT ON listing BEGIN"
HOLDING = (
    "AFTER INSERT ON listing WHEN NOT EXISTS (SELECT 1 FROM listing_text_held) BEGIN"
)


def make_again(before: str, after: str) -> None:
    """Make the trigger again as it is, but for when it runs."""
    found = op.get_bind().exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'listing_text_insert'"
    )
    sql = found.scalar_one()
    op.execute("DROP TRIGGER listing_text_insert")
    op.execute(sql.replace(before, after))


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TABLE IF NOT EXISTS listing_text_held (held INTEGER PRIMARY KEY)"
        )
        make_again(PLAIN, HOLDING)
    op.create_table('feed',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(60), nullable=False),
    sa.Column('url', sa.String(500), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=True),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trusted', sa.Boolean(), nullable=False),
    sa.Column('close_gone', sa.Boolean(), nullable=False),
    sa.Column('added_by_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(500), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('token', sa.String(64), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['account.id'], name=op.f('fk_feed_added_by_id_account')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_feed_community_id_community')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed')),
    sa.UniqueConstraint('community_id', 'name', name=op.f('uq_feed_community_id_name'))
    )
    op.create_index(op.f('ix_feed_community_id'), 'feed', ['community_id'], unique=False)
    op.create_index(op.f('ix_feed_next_at'), 'feed', ['next_at'], unique=False)
    op.create_table('import_file',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('emptied_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_import_file_community_id_community')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_file'))
    )
    op.create_index(op.f('ix_import_file_community_id'), 'import_file', ['community_id'], unique=False)
    op.create_table('import_chunk',
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['import_file.id'], name=op.f('fk_import_chunk_file_id_import_file'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('file_id', 'number', name=op.f('pk_import_chunk'))
    )
    op.create_table('import_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('feed_id', sa.Uuid(), nullable=True),
    sa.Column('source', sa.String(60), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=True),
    sa.Column('stage', sa.Enum('mapping', 'checking', 'ready', 'importing', 'done', 'undoing', 'undone', 'failed', 'dropped', name='stage', native_enum=False, length=24), nullable=False),
    sa.Column('started_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Uuid(), nullable=True),
    sa.Column('sample', sa.JSON(), nullable=True),
    sa.Column('close_gone', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('skipped', sa.JSON(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(500), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('token', sa.String(64), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('once', sa.String(64), nullable=True),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_import_run_community_id_community')),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_import_run_feed_id_feed')),
    sa.ForeignKeyConstraint(['file_id'], ['import_file.id'], name=op.f('fk_import_run_file_id_import_file')),
    sa.ForeignKeyConstraint(['started_by_id'], ['account.id'], name=op.f('fk_import_run_started_by_id_account')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['account.id'], name=op.f('fk_import_run_undone_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run')),
    sa.UniqueConstraint('once', name=op.f('uq_import_run_once'))
    )
    op.create_index(op.f('ix_import_run_community_id'), 'import_run', ['community_id'], unique=False)
    op.create_index(op.f('ix_import_run_feed_id'), 'import_run', ['feed_id'], unique=False)
    op.create_index(op.f('ix_import_run_file_id'), 'import_run', ['file_id'], unique=False)
    op.create_index('ix_import_run_todo', 'import_run', ['stage', 'lease_until'], unique=False)
    op.create_table('import_row',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Enum('added', 'updated', 'unchanged', 'kept', 'refused', 'skipped', 'repeated', 'gone', 'closed', name='outcome', native_enum=False, length=24), nullable=False),
    sa.Column('name', sa.String(200), nullable=False),
    sa.Column('source_id', sa.String(200), nullable=False),
    sa.Column('service_id', sa.Uuid(), nullable=True),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(64), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('warnings', sa.JSON(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('undone', sa.Enum('back', 'left', name='undoing', native_enum=False, length=24), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_import_row_run_id_import_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_row'))
    )
    op.create_index('ix_import_row_of', 'import_row', ['run_id', 'outcome', 'number'], unique=False)
    op.create_index(op.f('ix_import_row_service_id'), 'import_row', ['service_id'], unique=False)



def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        make_again(HOLDING, PLAIN)
        op.execute("DROP TABLE listing_text_held")
    op.drop_index(op.f('ix_import_row_service_id'), table_name='import_row')
    op.drop_index('ix_import_row_of', table_name='import_row')
    op.drop_table('import_row')
    op.drop_index('ix_import_run_todo', table_name='import_run')
    op.drop_index(op.f('ix_import_run_file_id'), table_name='import_run')
    op.drop_index(op.f('ix_import_run_feed_id'), table_name='import_run')
    op.drop_index(op.f('ix_import_run_community_id'), table_name='import_run')
    op.drop_table('import_run')
    op.drop_table('import_chunk')
    op.drop_index(op.f('ix_import_file_community_id'), table_name='import_file')
    op.drop_table('import_file')
    op.drop_index(op.f('ix_feed_next_at'), table_name='feed')
    op.drop_index(op.f('ix_feed_community_id'), table_name='feed')
    op.drop_table('feed')
