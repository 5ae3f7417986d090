package node

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// TestStockToolsCheckAReceipt runs the commands that docs/formats.md gives for checking the
// receipt of an erasure, which are of jq and OpenSSL, on a receipt, and on one that somebody
// changed.
func TestStockToolsCheckAReceipt(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"jq", "openssl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("scripts/test-deps installs ", program)
		}
	}
	manual, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("(?s)record erase --json`:\n\n```\n(.*?)```").FindSubmatch(manual)
	if commands == nil {
		t.Fatal("the manual does not have the commands any more")
	}
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	studies, err := tn.seller.Studies(t.Context(), "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	row, err := tn.seller.Erase(t.Context(), string(studies[0].ID), EraseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if said, err := checkByHand(t, string(commands[1]), row); err != nil || !strings.Contains(said, "Signature Verified Successfully") {
		t.Errorf("%v: %s", err, said)
	}
	row.Receipt = bytes.Replace(row.Receipt, []byte(`"missing":0`), []byte(`"missing":1`), 1)
	if said, err := checkByHand(t, string(commands[1]), row); err == nil {
		t.Errorf("a changed one is said to be good: %s", said)
	}
	if err := tn.close(); err != nil {
		t.Error(err)
	}
}

// checkByHand runs commands of the manual on an erasure as sinso record erase --json prints it.
func checkByHand(t *testing.T, commands string, row sinso.ErasureRow) (said string, err error) {
	t.Helper()
	dir := t.TempDir()
	file, err := json.Marshal(map[string]any{"id": row.Study, "receipt": json.RawMessage(row.Receipt), "signature": row.Signature})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "FILE"), file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	sh := exec.CommandContext(t.Context(), "sh", "-e", "-c", commands)
	sh.Dir = dir
	out, err := sh.CombinedOutput()
	return string(out), err
}
