package sinso

// Warning is something about a node that its operator should know, in counts and opaque ids.
type Warning struct {
	Says string `json:"says"`
	Do   string `json:"do"` // what helps
}
