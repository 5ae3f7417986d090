package node

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/wire/dimse"
)

// verifierErrors lists what dciodvfy calls an error of a file, without duplicates.
func verifierErrors(t *testing.T, file []byte) (found []string) {
	t.Helper()
	cmd := program(t, "dciodvfy", "-new", written(t, file)[0])
	out, _ := cmd.CombinedOutput() // it ends with an error where it finds one
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "Error") && !slices.Contains(found, line) {
			found = append(found, line)
		}
	}
	return found
}

// TestNothingHandedOutHasNewErrors has dciodvfy look at what C-GET gives of
// pydicom's files, as they came and transcoded for a peer that takes only plain
// objects: no error that the original has not.
func TestNothingHandedOutHasNewErrors(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a := openArchive(t, Config{}, Options{}, researchAt("SCU", ""))
	var files []realFile
	for _, file := range realFiles(t) {
		if len(file.bytes) < 2<<20 && codec.CanDecode(file.object.Syntax) {
			files = append(files, file)
		}
	}
	assoc := a.dial(t, "SCU", pairsOf(files, false)...)
	var stored []realFile
	for _, file := range files {
		status, err := assoc.Store(t.Context(), file.object)
		if err != nil {
			t.Fatal(err)
		}
		if status == dimse.StatusSuccess {
			stored = append(stored, file)
		}
	}
	if err := assoc.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	var plain []dimse.Context
	for _, c := range pairsOf(stored, true) {
		if c.Syntaxes = []string{dicom.ExplicitLittleEndian}; !slices.ContainsFunc(plain, func(p dimse.Context) bool { return p.Abstract == c.Abstract }) {
			plain = append(plain, c)
		}
	}
	handed, transcoded := 0, 0
	for name, contexts := range map[string][]dimse.Context{"as it came": pairsOf(stored, true), "transcoded": plain} {
		get := a.dial(t, "SCU", append(contexts, dimse.Context{Abstract: dimse.PatientRootGet, Syntaxes: []string{dicom.ExplicitLittleEndian}})...)
		for _, file := range stored {
			got := getOne(t, get, file.object.SOPInstance)
			if got == nil {
				if name == "as it came" {
					t.Errorf("%s %s: not handed out", filepath.Base(file.path), name)
				}
				continue // it cannot be transcoded, and is counted as failed
			}
			handed++
			if name == "transcoded" && file.object.Syntax != dicom.ExplicitLittleEndian {
				transcoded++
			}
			was := verifierErrors(t, file.bytes)
			for _, is := range verifierErrors(t, got) {
				if !slices.Contains(was, is) {
					t.Errorf("%s %s: %s", filepath.Base(file.path), name, is)
				}
			}
		}
	}
	if handed < 150 || transcoded < 20 {
		t.Errorf("only %d handed out, %d of them transcoded", handed, transcoded)
	}
	t.Logf("%d objects handed out, %d of them transcoded", handed, transcoded)
}

// getOne gets one object as a file, nil if the node could not give it.
func getOne(t *testing.T, get *dimse.Association, uid string) (file []byte) {
	t.Helper()
	var identifier dicom.Dataset
	identifier.SetString(0x00080052, dicom.VRCS, "IMAGE")
	identifier.SetString(0x00080018, dicom.VRUI, uid)
	_, err := get.Get(t.Context(), dimse.PatientRootGet, identifier, func(_ context.Context, r *dimse.StoreRequest) dimse.Status {
		file = bytes.Clone(r.Part10())
		return dimse.StatusSuccess
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
