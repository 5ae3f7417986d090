-- Which peer is to have which block, version 1 (docs/formats.md, "copies"). A block is its
-- hash and codec: what a thief of this file learns the log's own tables tell too.
CREATE TABLE peer (
	id      INTEGER PRIMARY KEY,
	name    TEXT NOT NULL UNIQUE,
	at      INTEGER NOT NULL DEFAULT 0, -- last sample that was proven, unix milliseconds
	problem TEXT NOT NULL DEFAULT '',
	first   INTEGER NOT NULL -- no deletion was ordered of it before this number
) STRICT;
CREATE TABLE copy (
	block  BLOB NOT NULL,
	peer   INTEGER NOT NULL,
	bytes  INTEGER NOT NULL, -- 0: not known yet
	proven INTEGER NOT NULL, -- 1: the peer has shown that it has it
	PRIMARY KEY (block, peer)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_owed ON copy (peer, block) WHERE proven = 0;
CREATE TABLE deletion (
	n     INTEGER PRIMARY KEY AUTOINCREMENT,
	peer  INTEGER NOT NULL,
	block BLOB NOT NULL,
	UNIQUE (peer, block)
) STRICT;
CREATE TABLE state (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	position INTEGER NOT NULL, -- of the log: what stands before it is in copy
	policy   TEXT NOT NULL     -- which peers, and how many copies, that was reckoned for
) STRICT;
INSERT INTO state VALUES (1, 0, '');
