package sinso

// Quality is how well a derivative is made, as the quality gate found it before it was
// offered: a score of each part and of all, 0 to 100, and what was found, without any
// value (stage quality).
type Quality struct {
	Version int           `json:"version"` // of the rules: 1
	Score   int           `json:"score"`
	Parts   []QualityPart `json:"parts" nullable:"false"`
	// Instances is how many were looked at.
	Instances int `json:"instances"`
}

// QualityPart is one part of a quality.
type QualityPart struct {
	Part   string `json:"part"` // a name of stage quality
	Score  int    `json:"score"`
	Weight int    `json:"weight"` // of the whole score; 0: there is nothing to judge by, and it is not counted
	// Findings are what lowered it, the most frequent first.
	Findings []QualityFinding `json:"findings,omitempty"`
}

// QualityFinding is one thing that was found, and how often.
type QualityFinding struct {
	Finding string `json:"finding"`       // a name of stage quality
	Tag     string `json:"tag,omitempty"` // the attribute that it is of: (0028,0030)
	Count   int    `json:"count"`         // instances, or places between slices
}

// QualityMark is a quality as an asset token commits to it: the scores, which a buyer sees
// before anything is paid, and the hash of the whole.
type QualityMark struct {
	Version uint8               `cbor:"version"`
	Score   uint8               `cbor:"score"`
	Parts   [QualityParts]uint8 `cbor:"parts"` // in the order of the rules' version; 255: not counted
	Report  Hash                `cbor:"report"`
}

// QualityParts is how many parts a quality has.
const QualityParts = 7
