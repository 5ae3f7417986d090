package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// DeidProfile returns a de-identification profile: a preset by its name, a file by its
// path, the preset for sales if which is "".
func DeidProfile(which string) (*deid.Profile, error) {
	if which == "" {
		which = deid.DefaultPreset
	}
	if slices.Contains(deid.Presets(), which) {
		return deid.Preset(which)
	}
	text, err := os.ReadFile(which) //nolint:gosec // the operator names the file
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("profile: %q is no preset (%s) and no file: %w", which, strings.Join(deid.Presets(), ", "), sinso.ErrNotFound)
	case err != nil:
		return nil, fmt.Errorf("profile: the file cannot be read: %w: %w", err, sinso.ErrUnavailable)
	}
	return deid.Parse(text)
}

// ProfileRow is a profile in a list.
type ProfileRow struct {
	Name    string        `json:"name"`
	Title   string        `json:"title"`
	Hash    string        `json:"hash"`
	Options []deid.Option `json:"options"`
	Limited bool          `json:"limited"` // what it makes is limited data (T2), not for sale
}

// ProfileView is a profile with what it does to each row of Table E.1-1.
type ProfileView struct {
	ProfileRow
	Text string          `json:"text"` // its file
	Rows []deid.Resolved `json:"rows"`
}

// Profiles lists the presets.
func Profiles() ([]ProfileRow, error) {
	var out []ProfileRow
	for _, name := range deid.Presets() {
		profile, err := deid.Preset(name)
		if err != nil {
			return nil, err
		}
		out = append(out, profileRow(profile))
	}
	return out, nil
}

func profileRow(p *deid.Profile) ProfileRow {
	return ProfileRow{p.Name(), p.Title(), fmt.Sprintf("%x", p.Hash()), p.Options(), len(p.Limits()) > 0}
}

// ShowProfile returns a preset or a profile file, resolved.
func ShowProfile(which string) (ProfileView, error) {
	profile, err := DeidProfile(which)
	if err != nil {
		return ProfileView{}, err
	}
	return ProfileView{profileRow(profile), string(profile.Text()), profile.Resolve()}, nil
}
