-- The index, version 10 (docs/formats.md). A row's searched values are columns; the
-- whole row is in body: packed for the archive, where there are many, and JSON for
-- the rest. What the index itself keeps (counts, order of first save) is in columns
-- alone.
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
	n          INTEGER PRIMARY KEY, -- order of first save
	id         TEXT NOT NULL UNIQUE,
	person     TEXT NOT NULL,
	at         INTEGER NOT NULL, -- of its row in search
	imported   INTEGER NOT NULL, -- unix microseconds
	import_seq INTEGER NOT NULL,
	series     INTEGER NOT NULL, -- that show an instance
	shown      INTEGER NOT NULL, -- instances without conflicts
	instances  INTEGER NOT NULL,
	bytes      INTEGER NOT NULL,
	copies     INTEGER NOT NULL -- instances that were de-identified before they came
) STRICT;
CREATE INDEX study_newest ON study (imported DESC, import_seq DESC, id);
CREATE INDEX study_person ON study (person, imported DESC, import_seq DESC, id);
CREATE TABLE study_body ( -- apart: the counts are changed far more often
	n    INTEGER PRIMARY KEY,
	body BLOB NOT NULL
) STRICT;

-- What a query reads of each study, in the order in which studies are shown.
CREATE TABLE search (
	at     INTEGER NOT NULL, -- Study Date and Time as one number, 0 without a date
	n      INTEGER NOT NULL,
	hidden INTEGER NOT NULL, -- 1: shows no instance
	keys   BLOB NOT NULL,
	PRIMARY KEY (at, n)
) STRICT, WITHOUT ROWID;
-- Its inverse: for each value of a searched key, the studies in the same order.
CREATE TABLE term (
	key   INTEGER NOT NULL,
	value TEXT NOT NULL,
	at    INTEGER NOT NULL,
	n     INTEGER NOT NULL,
	PRIMARY KEY (key, value, at, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
	n         INTEGER PRIMARY KEY,
	id        TEXT NOT NULL UNIQUE,
	study     INTEGER NOT NULL,
	uid       TEXT NOT NULL,
	number    INTEGER NOT NULL,
	shown     INTEGER NOT NULL,
	instances INTEGER NOT NULL,
	keys      BLOB NOT NULL,
	body      BLOB NOT NULL
) STRICT;
CREATE INDEX series_study ON series (study, uid, id);
CREATE INDEX series_uid ON series (uid);

-- IDs and hashes are random: an index of eight bytes of each is a third as large.
CREATE TABLE instance (
	n        INTEGER PRIMARY KEY,
	id       TEXT NOT NULL,
	id_hash  INTEGER NOT NULL,
	print_hash INTEGER NOT NULL,
	series   INTEGER NOT NULL,
	uid      TEXT NOT NULL,
	number   INTEGER NOT NULL,
	seq      INTEGER NOT NULL,
	conflict INTEGER NOT NULL,
	body     BLOB NOT NULL
) STRICT;
CREATE INDEX instance_id ON instance (id_hash);
CREATE INDEX instance_print ON instance (print_hash);
CREATE INDEX instance_series ON instance (series, number);
CREATE INDEX instance_uid ON instance (uid, seq);

CREATE TABLE removed ( -- instances taken out, and by which event
	id  TEXT PRIMARY KEY,
	seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The metadata of instances, as what differs from a text that they share.
CREATE TABLE metadata_base (
	series INTEGER PRIMARY KEY,
	body   BLOB NOT NULL
) STRICT;
CREATE TABLE metadata (
	instance INTEGER PRIMARY KEY,
	body     BLOB NOT NULL
) STRICT;

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

CREATE TABLE review ( -- whose it is, is its study's
	n     INTEGER PRIMARY KEY, -- order of first save
	id    TEXT NOT NULL UNIQUE,
	study TEXT NOT NULL,
	body  BLOB NOT NULL
) STRICT;
CREATE INDEX review_study ON review (study, n);
CREATE TABLE stratum (
	device  TEXT NOT NULL,
	profile TEXT NOT NULL,
	examine INTEGER NOT NULL,
	of      INTEGER NOT NULL,
	extra   INTEGER NOT NULL,
	body    BLOB NOT NULL,
	PRIMARY KEY (device, profile, examine, of, extra)
) STRICT, WITHOUT ROWID;

CREATE TABLE template (
	n    INTEGER PRIMARY KEY, -- order of first save
	id   TEXT NOT NULL UNIQUE,
	body BLOB NOT NULL
) STRICT;

CREATE TABLE share (
	n      INTEGER PRIMARY KEY, -- order of first save
	id     TEXT NOT NULL UNIQUE,
	person TEXT NOT NULL,
	body   BLOB NOT NULL
) STRICT;
CREATE INDEX share_person ON share (person, n);

CREATE TABLE bearer (
	hash TEXT NOT NULL UNIQUE,
	body BLOB NOT NULL
) STRICT;

CREATE TABLE credential (
	n       INTEGER PRIMARY KEY, -- order of first save
	id      TEXT NOT NULL UNIQUE,
	key     TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL,
	body    BLOB NOT NULL
) STRICT;
CREATE INDEX credential_account ON credential (account, n);

CREATE TABLE ae (
	title TEXT NOT NULL UNIQUE,
	body  BLOB NOT NULL
) STRICT;

CREATE TABLE public (
	cid TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
	seq      INTEGER PRIMARY KEY,
	person   TEXT NOT NULL,
	instance INTEGER NOT NULL, -- n of the instance that it sealed: a subject without a row; 0: none
	subjects BLOB NOT NULL     -- JSON, so that a second save can take its rows back
) STRICT;
CREATE INDEX event_person ON event (person, seq);
CREATE TABLE subject (
	subject TEXT NOT NULL,
	seq     INTEGER NOT NULL,
	person  TEXT NOT NULL,
	PRIMARY KEY (subject, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE erasure (
	seq  INTEGER PRIMARY KEY, -- of its event
	body BLOB NOT NULL
) STRICT;
