package node

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// TestReviewIsConfigured takes what may be meant, and nothing else.
func TestReviewIsConfigured(t *testing.T) {
	t.Parallel()
	load := func(persons, sample string) (Config, error) {
		return Config{Data: t.TempDir(), ReviewPersons: persons, ReviewSample: sample}.Load(func(string) string { return "" })
	}
	for _, tt := range []struct {
		persons, sample string
		want            int
		blanked, other  sinso.SamplePlan
	}{
		{"", "", 1, sinso.SamplePlan{Examine: 1, Of: 20, Extra: sampleExtra}, sinso.SamplePlan{Examine: 1, Of: 500, Extra: sampleExtra}},
		{"2", "1/1,3/7", 2, sinso.SamplePlan{Examine: 1, Of: 1}, sinso.SamplePlan{Examine: 3, Of: 7, Extra: sampleExtra}},
	} {
		cfg, err := load(tt.persons, tt.sample)
		if err != nil {
			t.Fatal(err)
		}
		got, err := cfg.review()
		if err != nil || got.ReviewPersons != tt.want || got.SampleBlanked != tt.blanked || got.SampleOther != tt.other {
			t.Errorf("%+v: got %d, %v, %v, %v", tt, got.ReviewPersons, got.SampleBlanked, got.SampleOther, err)
		}
	}
	for _, bad := range [][2]string{{"0", ""}, {"3", ""}, {"two", ""}, {"", "1/20"}, {"", "0/5,1/5"}, {"", "6/5,1/5"}, {"", "1/5,1/99999999999"}, {"", "a/b,c/d"}, {"", "1/2,1/2,1/2"}} {
		if _, err := load(bad[0], bad[1]); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%v: %v, want ErrInvalid", bad, err)
		}
	}
}
