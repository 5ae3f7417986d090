package sinso

// PruneResult is what a prune found and did.
type PruneResult struct {
	Drafts  int   `json:"drafts"`  // copies made ahead that nobody can take up any more: given up
	Blocks  int   `json:"blocks"`  // deleted
	Waiting int   `json:"waiting"` // that nothing names, and that are too young to be deleted
	Freed   int64 `json:"freed"`   // bytes
}
