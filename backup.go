package sinso

import "time"

// BackupResult is what a backup did.
type BackupResult struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"` // of all files
	// Blocks are those that the node has in another store than its log.
	Blocks int64     `json:"blocks"`
	Sent   int64     `json:"sent"`  // of those that were read and put; what the store had already was not written again
	Freed  int       `json:"freed"` // blocks of the backup before that this one has no use for
	CID    CID       `json:"cid"`   // of its list of files
	At     time.Time `json:"at"`
}

// BackupProgress is how far a backup or its restore has come, in bytes.
type BackupProgress struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}
