package sinso

import "time"

// Template says where a kind of device writes into its pictures (docs/formats.md,
// "profile").
type Template struct {
	Manufacturer string   `json:"manufacturer" toml:"manufacturer"`
	Model        string   `json:"model"        toml:"model"`    // "": each
	Modality     string   `json:"modality"     toml:"modality"` // "": each
	Rows         int      `json:"rows"         toml:"rows"`     // pixels
	Columns      int      `json:"columns"      toml:"columns"`
	Boxes        [][4]int `json:"boxes"        toml:"boxes"` // x0, y0, x1, y1 in pixels from the top left; x1 and y1 are outside
}

// TemplateRow is a template that this node blanks by, or blanked by.
type TemplateRow struct {
	ID TemplateID `json:"id"`
	Template
	Added   time.Time `json:"added"`
	By      string    `json:"by"`                // who added it
	Seq     uint64    `json:"seq"`               // of the event that put it in force
	Removed uint64    `json:"removed,omitempty"` // the Seq of the event that took it away; 0: it is in force
	// Earlier are the times for which it was in force before: the Seq of the events that
	// put it there and took it away.
	Earlier [][2]uint64 `json:"earlier,omitempty"`
}

// TemplateAdded puts a template in force, for all that is released from then on.
type TemplateAdded struct {
	ID       TemplateID `json:"template"`
	Template Template   `json:"is"`
}

// TemplateRemoved takes one away.
type TemplateRemoved struct {
	ID TemplateID `json:"template"`
}
