-- The chain's index. Everything in it is got again from the chain.
-- Addresses are 20 bytes, hashes and token IDs 32, amounts 32 in big-endian, times unix seconds.
-- place is where a log stands: its block's number * 2^20 + its index in the block.
-- changed is the block that changed a row last: it is confirmed once that block is final.

CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  chain INTEGER NOT NULL,
  start INTEGER NOT NULL,
  cursor INTEGER NOT NULL,      -- the newest block that is in, start - 1 if none is
  final INTEGER NOT NULL,       -- what is in up to here is for good
  meaning BLOB NOT NULL,        -- of which the rows below are made from the logs
  stale INTEGER NOT NULL,       -- 1: they have to be made again
  keeping INTEGER NOT NULL,     -- 1: changes are written down in undo
  events INTEGER NOT NULL       -- logs that are in
);
CREATE TABLE contract (         -- whose logs are here
  address BLOB PRIMARY KEY,
  name TEXT NOT NULL,
  announced INTEGER NOT NULL,   -- the block of the event that named it, -1 if the configuration did
  next INTEGER                  -- its logs before this block are here; NULL: all that are in are
) WITHOUT ROWID;
CREATE TABLE block (            -- those with logs, and those from the final one on
  number INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  time INTEGER NOT NULL
);
CREATE TABLE log (
  place INTEGER PRIMARY KEY,
  address BLOB NOT NULL,
  topics BLOB NOT NULL,
  data BLOB NOT NULL,
  tx BLOB NOT NULL
);
CREATE TABLE undo (             -- what takes back the changes of blocks that are not final
  n INTEGER PRIMARY KEY,
  block INTEGER NOT NULL,
  sql TEXT NOT NULL
);
CREATE INDEX undo_block ON undo (block);

-- What follows is made from the logs.

CREATE TABLE asset (
  token BLOB PRIMARY KEY,
  creator BLOB NOT NULL DEFAULT x'',
  owner BLOB NOT NULL DEFAULT x'',
  parent BLOB,                  -- the creators' claim
  successor BLOB,               -- its owner's word
  commitment BLOB NOT NULL DEFAULT x'',
  split BLOB NOT NULL DEFAULT x'', -- payee and bps, 22 bytes each; none: all is the creator's
  receiver BLOB,                -- of royalties
  vault BLOB,                   -- whose fractions are its shares
  open INTEGER NOT NULL DEFAULT 0, -- trades that hold money in escrow
  sold INTEGER NOT NULL DEFAULT 0, -- trades that were released, and sales
  licences INTEGER NOT NULL DEFAULT 0,
  sale INTEGER GENERATED ALWAYS AS (CASE WHEN open > 0 THEN 1 WHEN sold > 0 THEN 2 ELSE 0 END) STORED,
  entered INTEGER NOT NULL,     -- place
  time INTEGER NOT NULL,
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX asset_entered ON asset (entered);
CREATE INDEX asset_sale ON asset (sale, entered);
CREATE INDEX asset_owner ON asset (owner, entered);
CREATE INDEX asset_parent ON asset (parent, entered) WHERE parent IS NOT NULL;
CREATE TABLE transfer (         -- of assets and licences
  place INTEGER PRIMARY KEY,
  licence INTEGER NOT NULL,
  token BLOB NOT NULL,
  sender BLOB NOT NULL,
  receiver BLOB NOT NULL,
  tx BLOB NOT NULL,
  time INTEGER NOT NULL
);
CREATE INDEX transfer_token ON transfer (token, place);
CREATE TABLE witness (root BLOB PRIMARY KEY, time INTEGER NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE licence (
  id BLOB PRIMARY KEY,
  asset BLOB NOT NULL DEFAULT x'',
  owner BLOB NOT NULL DEFAULT x'',
  until INTEGER NOT NULL DEFAULT 0, -- 0: for ever
  transferable INTEGER NOT NULL DEFAULT 0,
  revoked INTEGER NOT NULL DEFAULT 0,
  granted INTEGER NOT NULL,     -- place
  time INTEGER NOT NULL,
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX licence_asset ON licence (asset, granted);
CREATE INDEX licence_owner ON licence (owner, granted);
CREATE TABLE trade (
  id BLOB PRIMARY KEY,
  venue TEXT NOT NULL,          -- the contract: Exchange
  offer BLOB NOT NULL,          -- hash of the order
  asset BLOB NOT NULL,
  seller BLOB NOT NULL,
  buyer BLOB NOT NULL,
  currency BLOB NOT NULL,
  price BLOB NOT NULL,
  term INTEGER NOT NULL,        -- seconds of its licence; 0: for ever
  transferable INTEGER NOT NULL,
  state INTEGER NOT NULL,       -- as the contract counts
  delivered INTEGER NOT NULL DEFAULT 0, -- time
  wrong INTEGER NOT NULL DEFAULT 0,
  revoked INTEGER NOT NULL DEFAULT 0,
  filled INTEGER NOT NULL,      -- place
  time INTEGER NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0, -- time
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX trade_asset ON trade (asset, filled);
CREATE TABLE sale (
  place INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  collection BLOB NOT NULL,
  token BLOB NOT NULL,
  seller BLOB NOT NULL,
  buyer BLOB NOT NULL,
  currency BLOB NOT NULL,
  price BLOB NOT NULL,
  time INTEGER NOT NULL
);
CREATE INDEX sale_token ON sale (token, place);
CREATE TABLE cancelled (hash BLOB PRIMARY KEY, seller BLOB NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE below (seller BLOB PRIMARY KEY, salt BLOB NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE volume (           -- of trades that were released, and sales
  currency BLOB NOT NULL,
  day INTEGER NOT NULL,         -- since 1970-01-01T00:00Z
  trades INTEGER NOT NULL,
  amount BLOB NOT NULL,
  changed INTEGER NOT NULL,
  PRIMARY KEY (currency, day)
) WITHOUT ROWID;
CREATE TABLE request (
  id BLOB PRIMARY KEY,
  buyer BLOB NOT NULL,
  currency BLOB NOT NULL,
  price BLOB NOT NULL,
  answers INTEGER NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0,
  criteria BLOB NOT NULL,
  ends INTEGER NOT NULL,        -- brought forward by a notice
  closed INTEGER NOT NULL DEFAULT 0,
  opened INTEGER NOT NULL,      -- place
  time INTEGER NOT NULL,
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX request_opened ON request (opened);
CREATE TABLE vault (
  address BLOB PRIMARY KEY,
  token BLOB NOT NULL DEFAULT x'',
  founder BLOB NOT NULL DEFAULT x'',
  supply INTEGER NOT NULL DEFAULT 0,
  currency BLOB NOT NULL DEFAULT x'',
  steward BLOB NOT NULL DEFAULT x'',
  bidder BLOB,                  -- of a buy-out that is on
  price BLOB,                   -- for a fraction
  ends INTEGER NOT NULL DEFAULT 0,
  taker BLOB,                   -- who has the asset since it left
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE holder (
  vault BLOB NOT NULL,
  account BLOB NOT NULL,
  amount INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  PRIMARY KEY (vault, account)
) WITHOUT ROWID;
CREATE INDEX holder_account ON holder (account);
CREATE TABLE pool (
  id BLOB PRIMARY KEY,
  company BLOB NOT NULL,
  currency BLOB NOT NULL,
  tokens BLOB NOT NULL,
  unbonding INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  cap INTEGER NOT NULL,
  terms BLOB NOT NULL,
  weight INTEGER NOT NULL DEFAULT 0, -- of stakes that stand; 64 bits without a sign, kept as the signed number of the same bits
  bond BLOB,                    -- of a pledge
  pledged BLOB,
  due INTEGER NOT NULL DEFAULT 0,
  time INTEGER NOT NULL,
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE stake (
  hash BLOB PRIMARY KEY,
  pool BLOB NOT NULL,
  owner BLOB NOT NULL,
  token BLOB NOT NULL,
  weight INTEGER NOT NULL,      -- as that of a pool
  state INTEGER NOT NULL,       -- as the contract counts
  free INTEGER NOT NULL DEFAULT 0,
  time INTEGER NOT NULL,
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX stake_pool ON stake (pool);
CREATE INDEX stake_owner ON stake (owner);
CREATE TABLE dividend (
  place INTEGER PRIMARY KEY,
  source BLOB NOT NULL,         -- pool, stake or vault
  kind TEXT NOT NULL,           -- deposited, claimed, reclaimed, broken, collected (of one fraction), withdrawn
  account BLOB,
  amount BLOB NOT NULL,
  time INTEGER NOT NULL
);
CREATE INDEX dividend_source ON dividend (source, place);
CREATE TABLE proposal (
  id BLOB PRIMARY KEY,
  proposer BLOB NOT NULL,
  starts INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  description TEXT NOT NULL,    -- its beginning
  against BLOB NOT NULL,
  infavour BLOB NOT NULL,
  abstain BLOB NOT NULL,
  eta INTEGER NOT NULL DEFAULT 0, -- queued until
  state TEXT NOT NULL,          -- proposed, queued, executed, cancelled, vetoed
  created INTEGER NOT NULL,     -- place
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX proposal_created ON proposal (created);
CREATE TABLE vote (
  proposal BLOB NOT NULL,
  voter BLOB NOT NULL,
  support INTEGER NOT NULL,     -- 0 against, 1 for, 2 abstain
  weight BLOB NOT NULL,
  changed INTEGER NOT NULL,
  PRIMARY KEY (proposal, voter)
) WITHOUT ROWID;
CREATE TABLE revoked (grantor BLOB NOT NULL, hash BLOB NOT NULL, changed INTEGER NOT NULL, PRIMARY KEY (grantor, hash)) WITHOUT ROWID;
CREATE TABLE epoch (grantor BLOB PRIMARY KEY, epoch INTEGER NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE reward (
  id BLOB PRIMARY KEY,
  week INTEGER NOT NULL,
  currency BLOB NOT NULL,
  poster BLOB NOT NULL,
  root BLOB NOT NULL,
  total BLOB NOT NULL,
  list BLOB NOT NULL,
  state TEXT NOT NULL,          -- posted, disputed, settled, rejected, superseded, closed
  claimed BLOB NOT NULL,
  time INTEGER NOT NULL,
  changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX reward_week ON reward (week);
CREATE TABLE fund (week INTEGER NOT NULL, currency BLOB NOT NULL, amount BLOB NOT NULL, changed INTEGER NOT NULL, PRIMARY KEY (week, currency)) WITHOUT ROWID;
CREATE TABLE parameter (id INTEGER PRIMARY KEY, value BLOB NOT NULL, changed INTEGER NOT NULL);
CREATE TABLE name (name BLOB PRIMARY KEY, number BLOB NOT NULL, target BLOB NOT NULL, code BLOB NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE listed (list BLOB NOT NULL, subject BLOB NOT NULL, changed INTEGER NOT NULL, PRIMARY KEY (list, subject)) WITHOUT ROWID;
CREATE TABLE template (hash BLOB PRIMARY KEY, publisher BLOB NOT NULL, uses INTEGER NOT NULL DEFAULT 0, time INTEGER NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE document (         -- what events name by its hash, and is not on the chain
  hash BLOB PRIMARY KEY,
  kind TEXT NOT NULL,
  changed INTEGER NOT NULL
) WITHOUT ROWID;

-- How many assets there are of each state of sale. Its triggers count backwards as well, so undo does not.
CREATE TABLE tally (sale INTEGER PRIMARY KEY, n INTEGER NOT NULL);
INSERT INTO tally VALUES (0, 0), (1, 0), (2, 0);
CREATE TRIGGER asset_more AFTER INSERT ON asset BEGIN UPDATE tally SET n = n + 1 WHERE sale = new.sale; END;
CREATE TRIGGER asset_less AFTER DELETE ON asset BEGIN UPDATE tally SET n = n - 1 WHERE sale = old.sale; END;
CREATE TRIGGER asset_other AFTER UPDATE ON asset WHEN old.sale <> new.sale BEGIN
  UPDATE tally SET n = n - 1 WHERE sale = old.sale;
  UPDATE tally SET n = n + 1 WHERE sale = new.sale;
END;

-- Bytes that were got by a hash, and what could not be got yet. No event makes these, so no undo takes them back.
CREATE TABLE fetched (hash BLOB PRIMARY KEY, body BLOB, tries INTEGER NOT NULL, next INTEGER NOT NULL) WITHOUT ROWID;
