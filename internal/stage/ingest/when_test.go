package ingest

import "testing"

// TestSeriesWhenReadsDatesAlone: what is no date or time is none, whoever wrote it.
func TestSeriesWhenReadsDatesAlone(t *testing.T) {
	t.Parallel()
	for header, want := range map[string][2]string{
		`{"00080021":{"vr":"DA","Value":["20240117"]},"00080031":{"vr":"TM","Value":["093015.5"]}}`: {"20240117", "0930"},
		`{"00080021":{"vr":"DA","Value":["2024.01.17"]},"00080031":{"vr":"TM","Value":["2561"]}}`:   {},
		`{"00080021":{"vr":"DA","Value":["<script>"]},"00080031":{"vr":"TM","Value":["09"]}}`:       {},
		`{"00080021":{"vr":"DA"},"00080031":{"vr":"TM","Value":[]}}`:                                {},
		`{"00080021":{"vr":"DA","Value":[1]}}`:                                                      {},
		`{`:                                                                                         {}, ``: {},
	} {
		if date, clock := SeriesWhen([]byte(header)); date != want[0] || clock != want[1] {
			t.Errorf("%s: got %q %q, want %q", header, date, clock, want)
		}
	}
}
