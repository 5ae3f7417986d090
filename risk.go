package sinso

// Risk is how far a derivative can still be told from others by what it shows: counts
// of persons and names of traits, never a value (stage deid, package risk).
type Risk struct {
	// K is how many persons of the node's catalogue have a study that is the same in
	// all that the derivative shows, the person themselves included; Possible is K and
	// those of whom the catalogue does not know enough to tell. Released is how many of
	// K have a copy that was released, with the person, as if this one were. Each is
	// counted up to 10,000, and then means "at least".
	K        uint64 `json:"k"`
	Possible uint64 `json:"possible"`
	Released uint64 `json:"released"`
	// Persons is how many the catalogue has in all, OfReleased how many of them have a
	// released copy, with this person: what K and Released are of.
	Persons    uint64 `json:"persons"`
	OfReleased uint64 `json:"ofReleased"`
	// Least and LeastReleased are what the node asked for of K and of Released; 0: nothing.
	Least         uint64 `json:"least,omitempty"`
	LeastReleased uint64 `json:"leastReleased,omitempty"`
	// Shown are the traits that the derivative shows, Unknown those of them that the
	// catalogue does not know of this study, so that they were not compared.
	Shown   []string `json:"shown,omitempty"`
	Unknown []string `json:"unknown,omitempty"`
	Flags   []string `json:"flags,omitempty"`
	Texts   []string `json:"texts,omitempty"` // elements that hold text: (0010,4000)
	// Advice is what a derivative could show less of, so that K would be what was asked
	// for, or 11.
	Advice []RiskAdvice `json:"advice,omitempty"`
}

// RiskAdvice is traits to hide, and K without them.
type RiskAdvice struct {
	Hide []string `json:"hide"`
	K    uint64   `json:"k"`
}

// Enough reports whether both counts are what the node asked for.
func (r *Risk) Enough() bool { return r.K >= r.Least && r.Released >= r.LeastReleased }

// Lower is the lower of both counts: what holds against somebody who knows that the
// person has sold.
func (r *Risk) Lower() uint64 { return min(r.K, r.Released) }

// RiskLimits are what a node asks of a derivative before it is sold: how many persons
// of its catalogue, and of those with a released copy, look the same by it. 0 asks for
// nothing.
type RiskLimits struct{ K, Released uint64 }
