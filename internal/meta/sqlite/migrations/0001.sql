-- The index, version 1. A row's searched values are columns; the whole row is
-- JSON in body. What the index itself keeps (counts, order of first save) is in
-- columns alone.
CREATE TABLE state (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	cursor INTEGER NOT NULL
) STRICT;
INSERT INTO state (id, cursor) VALUES (1, 0);

CREATE TABLE person (
	id    TEXT NOT NULL UNIQUE,
	match TEXT NOT NULL,
	body  BLOB NOT NULL
) STRICT;
CREATE INDEX person_match ON person (match) WHERE match <> '';

CREATE TABLE study (
	id         TEXT NOT NULL UNIQUE,
	person     TEXT NOT NULL,
	imported   INTEGER NOT NULL, -- unix microseconds
	import_seq INTEGER NOT NULL,
	instances  INTEGER NOT NULL,
	bytes      INTEGER NOT NULL,
	body       BLOB NOT NULL     -- last: the counts are changed far more often
) STRICT;
CREATE INDEX study_newest ON study (imported DESC, import_seq DESC, id);
CREATE INDEX study_person ON study (person, imported DESC, import_seq DESC, id);

CREATE TABLE series (
	id        TEXT NOT NULL UNIQUE,
	study     TEXT NOT NULL,
	uid       TEXT NOT NULL,
	instances INTEGER NOT NULL,
	body      BLOB NOT NULL
) STRICT;
CREATE INDEX series_study ON series (study, uid, id);

CREATE TABLE instance (
	id     TEXT NOT NULL UNIQUE,
	study  TEXT NOT NULL,
	series TEXT NOT NULL,
	person TEXT NOT NULL,
	uid    TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	number INTEGER NOT NULL,
	seq    INTEGER NOT NULL,
	body   BLOB NOT NULL
) STRICT;
CREATE INDEX instance_study ON instance (study);
CREATE INDEX instance_uid ON instance (uid, seq);
CREATE INDEX instance_sha256 ON instance (sha256);

CREATE TABLE quarantine (
	cid    TEXT NOT NULL UNIQUE,
	sha256 TEXT NOT NULL,
	seq    INTEGER NOT NULL,
	body   BLOB NOT NULL
) STRICT;
CREATE INDEX quarantine_sha256 ON quarantine (sha256, seq);
CREATE INDEX quarantine_seq ON quarantine (seq, cid);

CREATE TABLE release (
	n      INTEGER PRIMARY KEY, -- order of first save
	id     TEXT NOT NULL UNIQUE,
	person TEXT NOT NULL,
	token  BLOB NOT NULL,
	body   BLOB NOT NULL
) STRICT;
CREATE INDEX release_person ON release (person, n);
CREATE INDEX release_token ON release (token);

CREATE TABLE offer (
	n      INTEGER PRIMARY KEY, -- order of first save
	hash   BLOB NOT NULL UNIQUE,
	person TEXT NOT NULL,
	body   BLOB NOT NULL
) STRICT;
CREATE INDEX offer_person ON offer (person, n);

CREATE TABLE purchase (
	n     INTEGER PRIMARY KEY, -- order of first save
	hash  BLOB NOT NULL UNIQUE,
	token BLOB NOT NULL,
	body  BLOB NOT NULL
) STRICT;
CREATE INDEX purchase_token ON purchase (token, n);

CREATE TABLE bearer (
	hash TEXT NOT NULL UNIQUE,
	body BLOB NOT NULL
) STRICT;

CREATE TABLE public (
	cid TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
	seq      INTEGER PRIMARY KEY,
	person   TEXT NOT NULL,
	subjects BLOB NOT NULL -- JSON, so that a second save can take its rows back
) STRICT;
CREATE INDEX event_person ON event (person, seq);
CREATE TABLE subject (
	subject TEXT NOT NULL,
	seq     INTEGER NOT NULL,
	person  TEXT NOT NULL,
	PRIMARY KEY (subject, seq)
) STRICT, WITHOUT ROWID;
