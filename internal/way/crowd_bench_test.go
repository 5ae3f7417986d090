package way

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/meta/sqlite"
	"sinso.dev/sinso/internal/stage/deid/risk"
)

var crowdStudies = flag.Int("crowd", 2_000, "studies in BenchmarkCrowd")

// keyed is keys of which everybody has one.
type keyed struct{ sinso.Keys }

func (keyed) Has(context.Context, sinso.KeyID) (bool, error)                    { return true, nil }
func (keyed) Secret(context.Context, sinso.KeyID, string) (s [32]byte, _ error) { return s, nil }

// archived fills an index with invented studies of two series, of half as many persons.
func archived(b *testing.B, index sinso.Meta, studies int) {
	b.Helper()
	const batch = 1_000
	for from := 0; from < studies; from += batch {
		err := index.Tx(b.Context(), func(tx sinso.MetaTx) error {
			for i := from; i < min(from+batch, studies); i++ {
				study := sinso.StudyRow{
					ID: sinso.StudyID(fmt.Sprint("s_", i)), Person: sinso.PersonID(fmt.Sprint("p_", i/2)), UID: fmt.Sprint("2.25.", i), Date: "20240117",
					Header: fmt.Appendf(nil, `{"00080020":{"vr":"DA","Value":["20%02d%02d17"]},"00080030":{"vr":"TM","Value":["1015%02d"]},"00080050":{"vr":"SH","Value":["A%d"]},`+
						`"00080080":{"vr":"LO","Value":["Synthetic Hospital"]},"00081030":{"vr":"LO","Value":["Study %d"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"PHANTOM^%d"}]},`+
						`"00100020":{"vr":"LO","Value":["%d"]},"00100040":{"vr":"CS","Value":["%c"]},"00101010":{"vr":"AS","Value":["%03dY"]},"00101030":{"vr":"DS","Value":[%d]},`+
						`"0020000D":{"vr":"UI","Value":["2.25.%d"]}}`, 10+i%15, 1+i%12, i%60, i, i%700, i, i, "FM"[i%2], i%97, 40+i%80, i),
				}
				for j := range 2 {
					series := sinso.SeriesRow{
						ID: sinso.SeriesID(fmt.Sprint("e_", i, "_", j)), Study: study.ID, UID: fmt.Sprint("2.25.", i, ".", j),
						Header: fmt.Appendf(nil, `{"00080060":{"vr":"CS","Value":["CT"]},"00080070":{"vr":"LO","Value":["Synthetic Rays"]},"0008103E":{"vr":"LO","Value":["Series %d"]},`+
							`"00081010":{"vr":"SH","Value":["ROOM%d"]},"00081090":{"vr":"LO","Value":["Rays %d"]},"00180015":{"vr":"CS","Value":["CHEST"]},`+
							`"00181030":{"vr":"LO","Value":["Protocol %d"]},"0020000E":{"vr":"UI","Value":["2.25.%d.%d"]}}`, j, i%7, i%7, i%40, i, j),
					}
					row := sinso.InstanceRow{ID: sinso.InstanceID(fmt.Sprint("i_", i, "_", j)), Study: study.ID, Series: series.ID, Person: study.Person, UID: fmt.Sprint("2.25.1.", i, ".", j), Fingerprint: fmt.Sprint(i, j), Seq: uint64(2*i + j)}
					if err := tx.SaveInstance(study, series, row); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCrowd reads the persons of a catalogue from the index, as the first
// assessment after a start does; assesses one study; and reads one again and assesses
// it. -crowd says how many studies.
func BenchmarkCrowd(b *testing.B) {
	index, err := sqlite.Open(b.Context(), sqlite.Config{Path: filepath.Join(b.TempDir(), "index"), Key: [32]byte{2}})
	if err != nil {
		b.Fatal(err)
	}
	defer index.Close() //nolint:errcheck // it is a test's
	archived(b, index, *crowdStudies)
	w := &Way{Ports: Ports{Meta: index, Keys: keyed{}}, backlog: newBacklog(), crowd: &crowd{}}
	shows, err := risk.NewShowing([]string{"sex", "age-band", "age", "weight-band", "weight", "modalities", "body-parts", "procedures", "manufacturer", "model"}, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	assess := func(b *testing.B) {
		b.Helper()
		if _, err := w.assess(b.Context(), "s_7", shows); err != nil {
			b.Fatal(err)
		}
	}
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	b.Run("first", func(b *testing.B) {
		w.crowd = &crowd{}
		before := held()
		for b.Loop() {
			w.crowd.noteAll()
			assess(b)
		}
		b.ReportMetric(float64(held()-before)/float64(*crowdStudies), "held-B/study")
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			assess(b)
		}
	})
	b.Run("changed", func(b *testing.B) {
		for b.Loop() {
			w.crowd.note([]loggedEvent{{Event: sinso.Event{Type: sinso.EventInstanceSealed}, subjects: []string{"s_7", "s_8"}}})
			assess(b)
		}
	})
}
