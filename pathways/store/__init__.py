"""Where the records live: SQLAlchemy models, migrations, one unit of work."""
