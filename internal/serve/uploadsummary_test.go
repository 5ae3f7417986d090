package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"sinso.dev/sinso"
)

// doneUploads are uploads that brought many studies.
type doneUploads struct {
	sinso.Uploads

	outcomes []sinso.UploadOutcome
}

func (d doneUploads) List(_ context.Context, _ string, fn func(sinso.Upload) error) error {
	for i, o := range d.outcomes {
		if err := fn(sinso.Upload{Number: uint64(i + 1), State: sinso.UploadDone, Outcome: o}); err != nil {
			return err
		}
	}
	return nil
}

// TestSummaryListsSomeStudies: it tells studies apart that come in several uploads, lists
// some and counts the others, however many there are.
func TestSummaryListsSomeStudies(t *testing.T) {
	t.Parallel()
	some := func(first, n, more int) sinso.UploadOutcome {
		o := sinso.UploadOutcome{MoreStudies: more}
		for i := range n {
			o.Studies = append(o.Studies, sinso.StudyID(fmt.Sprintf("s_%026d", first+i)))
		}
		return o
	}
	for name, tt := range map[string]struct {
		outcomes     []sinso.UploadOutcome
		listed, more int
	}{
		"few":              {[]sinso.UploadOutcome{some(0, 3, 0), some(2, 3, 0)}, 5, 0},
		"some not listed":  {[]sinso.UploadOutcome{some(0, 100, 900), some(50, 100, 0)}, 100, 950},
		"too many to tell": {[]sinso.UploadOutcome{some(0, maxSummed, 0), some(0, 10, 0), some(maxSummed, 10, 0), some(maxSummed, 10, 0)}, 100, maxSummed - 100 + 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, func(c *Config) { c.Uploads = doneUploads{c.Uploads, tt.outcomes} })
			var got uploadTotals
			answer := g.want(t, 200, "owner", "GET", api+"/uploads/summary", "")
			if err := json.Unmarshal(answer.body, &got); err != nil {
				t.Fatal(err)
			}
			if len(got.Outcome.Studies) != tt.listed || got.Outcome.MoreStudies != tt.more {
				t.Errorf("%d studies and %d more, want %d and %d", len(got.Outcome.Studies), got.Outcome.MoreStudies, tt.listed, tt.more)
			}
		})
	}
}
