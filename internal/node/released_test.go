package node

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// released are two nodes of each format that was released, with their root keys and what is
// in them: every later version opens them. A folder is written once, by the version that it
// is of, and never changed.
const released = "../../testdata/released"

var writeReleased = flag.String("write-released", "", "write two nodes of this version into testdata/released/`NAME`")

// holding is what two nodes hold.
type holding struct {
	At      time.Time       `json:"at"` // when they were written, by their clock
	State   state           `json:"state"`
	Bought  []string        `json:"bought"` // sha256 of each object
	Refused []string        `json:"refused"`
	Erased  []sinso.StudyID `json:"erased"` // with a receipt
	Holds   []string        `json:"holds"`
	Merged  int             `json:"merged"` // persons who became another
}

func (h holding) String() string {
	text, err := json.MarshalIndent(h, "", "\t")
	if err != nil {
		return err.Error()
	}
	return string(text) + "\n"
}

// TestReleasedNodesOpen opens nodes that earlier versions wrote: everything in them is as it
// was, they check out, also with an index that is made anew, and they go on working.
func TestReleasedNodesOpen(t *testing.T) {
	t.Parallel()
	if *writeReleased != "" {
		writeNodes(t, *writeReleased)
	}
	names, err := filepath.Glob(filepath.Join(released, "*", "nodes.tar.gz"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d folders, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(filepath.Dir(name)), func(t *testing.T) {
			t.Parallel()
			want := expected(t, filepath.Join(filepath.Dir(name), "holds.json"))
			tn := &town{dir: t.TempDir(), clock: goingOn{want.At, time.Now()}}
			unpack(t, name, tn.dir)
			if err := tn.open(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := held(t, tn)
			got.At = want.At
			if diff := cmp.Diff(want.String(), got.String()); diff != "" {
				t.Errorf("what they hold (-want +got):\n%s", diff)
			}
			tn.importing(t, oneSlice(t))
			if err := tn.close(); err != nil {
				t.Fatal(err)
			}
			checksOut(t, tn)
		})
	}
}

// goingOn is a clock that goes on where another one stood.
type goingOn struct{ at, since time.Time }

func (c goingOn) Now() time.Time { return c.at.Add(time.Since(c.since)) }

func expected(t *testing.T, path string) (want holding) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// held looks at all that two nodes hold.
func held(t *testing.T, tn *town) (h holding) {
	t.Helper()
	ctx := t.Context()
	var err error
	note := func(e error) { err = errors.Join(err, e) }
	h.State, err = tn.state(ctx)
	delete(h.State.Events, "buyer opened") // one each time that this is looked at
	purchases, e := tn.buyer.Purchases(ctx)
	note(e)
	for _, row := range purchases {
		note(tn.buyer.Export(ctx, row, func(_ string, plain []byte) error {
			h.Bought = append(h.Bought, fmt.Sprintf("%x", sha256.Sum256(plain)))
			return nil
		}))
	}
	refused, e := tn.seller.Quarantine(ctx)
	note(e)
	for _, row := range refused {
		h.Refused = append(h.Refused, string(row.Reason)+" "+row.SHA256)
	}
	erased, e := tn.seller.Erasures(ctx)
	note(e)
	for _, row := range erased {
		if checkReceipt(t, tn.seller, row); !row.Done.IsZero() {
			h.Erased = append(h.Erased, row.Study)
		}
	}
	holds, e := tn.seller.Holds(ctx)
	note(e)
	for _, row := range holds {
		h.Holds = append(h.Holds, string(row.Reason)+" "+row.What)
	}
	persons, e := tn.seller.Persons(ctx)
	note(e)
	for _, row := range persons {
		if row.Into != "" {
			h.Merged++
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// writeNodes makes two nodes that have done much, and keeps them.
func writeNodes(t *testing.T, name string) {
	t.Helper()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(tn.open(ctx))
	must(tn.wholeWay(ctx))
	planted, _ := plantEverywhere(t)
	tn.importing(t, planted)
	studies, err := tn.seller.Studies(ctx, "")
	must(err)
	for _, study := range studies {
		if study.Instances == 1 {
			_, err := tn.seller.Erase(ctx, string(study.ID), EraseOptions{Actor: "test"})
			must(err)
			continue
		}
		must(tn.seller.Hold(ctx, string(study.ID), sinso.HoldAudit, "test"))
	}
	_, err = tn.seller.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		return fn(ingest.Found{Item: sinso.Item{Bytes: []byte("this is no DICOM object")}})
	}, ImportOptions{Actor: "test"})
	must(err)
	one, err := tn.seller.CreatePerson(ctx, "test", "m_one", "One")
	must(err)
	other, err := tn.seller.CreatePerson(ctx, "test", "m_other", "Other")
	must(err)
	must(tn.seller.Merge(ctx, one, other, "test"))
	h := held(t, tn)
	h.At = tn.clock.Now()
	must(tn.close())
	dir := filepath.Join(released, name)
	must(os.MkdirAll(dir, 0o755))
	must(os.WriteFile(filepath.Join(dir, "holds.json"), []byte(h.String()), 0o644))
	must(packed(filepath.Join(dir, "nodes.tar.gz"), tn.dir))
}

// packed writes a folder into one file.
func packed(path, dir string) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	compressed, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	return errors.Join(archive.AddFS(os.DirFS(dir)), archive.Close(), compressed.Close())
}

// unpack makes a folder of such a file.
func unpack(t *testing.T, path, dir string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // it is only read
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(plain)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil && !filepath.IsLocal(header.Name) {
			err = fmt.Errorf("%q is no path in a folder", header.Name)
		}
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, header.Name)
		switch header.Typeflag {
		case tar.TypeDir:
			err = os.MkdirAll(to, 0o700)
		case tar.TypeReg:
			var data []byte
			if data, err = io.ReadAll(archive); err == nil {
				err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, data, 0o600))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
