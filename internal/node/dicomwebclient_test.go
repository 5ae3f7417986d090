package node

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// TestDicomwebClientGetsWhatItStored runs the npm package dicomweb-client, which
// viewers are built on, against a served node.
func TestDicomwebClientGetsWhatItStored(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs node and the npm package dicomweb-client (scripts/test-deps)")
	}
	dir := t.TempDir()
	n := answering(t, Config{Chain: noChain, Listen: "127.0.0.1:0", DIMSEListen: none}, nil)
	token, err := n.CreateToken(t.Context(), sinso.RoleClinician, "", time.Hour, "test")
	if err != nil {
		t.Fatal(err)
	}

	const count, side = 3, 64
	pixels := make([]byte, 2*side*side)
	if _, err := rand.Read(pixels); err != nil {
		t.Fatal(err)
	}
	args := []string{filepath.Join("testdata", "dicomweb-client", "peer.mjs"), n.Config.URL + "/dicom-web", token}
	var sums []string
	for i := range count {
		file := slice(t, side, "1.2.3.4", i, pixels)
		sum := sha256.Sum256(file)
		sums = append(sums, hex.EncodeToString(sum[:]))
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	cmd := exec.CommandContext(t.Context(), "node", args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("node: %v: %.2000s", err, &errOut)
	}
	var got struct {
		Stored, Failed, Again, Warned, Studies, StudyInstances, Series, Instances, Metadata, Refused int
		Instance, Frame, Bulk, PNG, JPEG                                                             string
		Whole                                                                                        []string
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v: %.500s", err, &out)
	}
	counts := []int{got.Stored, got.Failed, got.Again, got.Warned, got.Studies, got.StudyInstances, got.Series, got.Instances, got.Metadata}
	if want := []int{count, 0, count, 0, 1, count, 1, count, count}; !slices.Equal(counts, want) {
		t.Errorf("counts: got %v, want %v", counts, want)
	}
	slices.Sort(sums)
	frame := sha256.Sum256(pixels)
	for what, is := range map[string]bool{
		"an instance is the file that was stored": slices.Contains(sums, got.Instance),
		"the study is the files that were stored": slices.Equal(got.Whole, sums),
		"a frame is the pixels":                   got.Frame == hex.EncodeToString(frame[:]),
		"bulk data is the pixels":                 got.Bulk == hex.EncodeToString(frame[:]),
		"a PNG is one":                            got.PNG == "PNG",
		"a JPEG is one":                           got.JPEG == "ffd8",
		"without a token it is told 401":          got.Refused == 401,
	} {
		if !is {
			t.Errorf("not so: %s", what)
		}
	}
}
