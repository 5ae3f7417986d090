package serve

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// TestUploadsAgainstOneImport measures the same files through creation-with-upload, one
// upload each, and in one zip by POST /api/v1/imports. SINSO_BENCH_UPLOADS is how many;
// without it nothing is measured but that both end in the same study.
func TestUploadsAgainstOneImport(t *testing.T) {
	t.Parallel()
	files, side := 12, 64
	if text := os.Getenv("SINSO_BENCH_UPLOADS"); text != "" {
		files, side = must[int](t)(strconv.Atoi(text)), 512 // half a MB each
	}
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	var parts [][]byte
	err := phantom.Series(phantom.Options{Seed: 41, Slices: files, Rows: side, Columns: side}, func(name string, part10 []byte) error {
		parts = append(parts, part10)
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = entry.Write(part10)
		}
		return err
	})
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	one, many := newRig(t), newRig(t)

	begun := time.Now()
	answer := one.want(t, 200, "owner", "POST", api+"/imports", packed.String(), "Content-Type", "application/zip")
	whole := time.Since(begun)

	begun = time.Now()
	const clients = 4 // as the page sends them
	var group sync.WaitGroup
	for client := range clients {
		group.Go(func() {
			for i := client; i < files; i += clients {
				many.send(t, "owner", parts[i], meta("filename", strconv.Itoa(i), "batch", "bench"))
			}
		})
	}
	group.Wait()
	sent := time.Since(begun)
	got := many.done(t, "owner", "bench")
	taken := time.Since(begun)

	var want struct{ Instances int }
	if err := json.Unmarshal(answer.body, &want); err != nil || want.Instances != files || got.Outcome.Instances != files || len(got.Outcome.Studies) != 1 {
		t.Fatalf("one import: %d instances, %v; uploads: %+v", want.Instances, err, got)
	}
	rate := func(d time.Duration) string { return fmt.Sprintf("%.0f files/s", float64(files)/d.Seconds()) }
	t.Logf("%d files of %d bytes: one zip %s; uploads %s, sent at %s; ratio %.2f",
		files, len(parts[0]), rate(whole), rate(taken), rate(sent), whole.Seconds()/taken.Seconds())
}
