package sinso

// Level is a level of the DICOM information model (PS3.4 C.6).
type Level uint8

// The levels, from above.
const (
	LevelPatient Level = iota + 1
	LevelStudy
	LevelSeries
	LevelInstance
)

// Query asks the index for objects of one level, as C-FIND (PS3.4 C.2.2.2) and
// QIDO-RS (PS3.18 §10.6) do.
type Query struct {
	Level Level
	// Person bounds the search to what is theirs; "": everybody's.
	Person PersonID
	// Match holds the keys that must match, all of them. A key that the index
	// does not keep matches everything (PS3.4 C.2.2.1.3); see [MetaTx.Find].
	Match []Condition
	// Fuzzy matches person names by their parts, whatever their order (PS3.18
	// §8.3.4.2).
	Fuzzy bool
	// Limit is how many are wanted at most, 0 for all; Offset how many are passed
	// over before.
	Limit, Offset int
	// Metadata also loads [Found.Metadata], at LevelInstance.
	Metadata bool
	// Conflicts also finds instances in conflict ([InstanceRow.Conflict]), and counts
	// them.
	Conflicts bool
}

// Condition is one key of a query: single value, list of UIDs, wild card (* and
// ?), range (from-to, -to, from-) or universal matching by what the attribute is
// (PS3.4 C.2.2.2).
type Condition struct {
	Tag    uint32   // group in the upper, element in the lower 16 bits
	Values []string // UTF-8; several are alternatives
}

// Found is one object that a query found, with those above it. Instances of its
// rows and the counts are of what a query finds: without instances in conflict, if
// it was not asked for them.
type Found struct {
	Study    StudyRow    // at LevelPatient one of the patient's, for its header
	Series   SeriesRow   // at LevelSeries and below
	Instance InstanceRow // at LevelInstance
	Metadata []byte      // the instance's, if asked for; see [InstanceSealed]

	PatientStudies, PatientSeries, PatientInstances int // counted at LevelPatient
	StudySeries                                     int // counted at LevelStudy and below
	Modalities, SOPClasses                          []string
	// of the study, sorted; at LevelStudy and below
}
