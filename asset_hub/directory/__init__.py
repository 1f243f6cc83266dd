"""Directory: what a community has, listed by the people who run it and looked at by a champion."""

from flask import Flask

from asset_hub.core import db, pages
from asset_hub.core.powers import Can
from asset_hub.directory import commands, jobs, models, queries, views
from asset_hub.directory.rules.prose import prose, prose_line
from asset_hub.directory.rules.times import say_age

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    """Add the pages, three rooms in the navigation, the commands and three filters."""
    app.register_blueprint(views.bp)
    app.jinja_env.filters.update(prose=prose, prose_line=prose_line, say_age=say_age)
    pages.room("To look at", "directory.queue", Can.APPROVE_LISTING, order=40)
    pages.room(
        "Your groups", "directory.mine", Can.EDIT_LISTING, order=42, column="organization_id"
    )
    pages.room("Topics", "directory.topics", Can.EDIT_TOPICS, order=44)
    app.extensions["topics"] = lambda: queries.offer(db.session())
    commands.init_app(app)
