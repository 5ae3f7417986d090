//go:build !nochain

package devchain

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// writeJournal writes a journal of records 0..count-1 and returns its bytes.
func writeJournal(t *testing.T, path string, count int) []byte {
	t.Helper()
	if err := createJournal(path, content(0)); err != nil {
		t.Fatal(err)
	}
	j, err := openJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	for number := 1; number < count; number++ {
		if err := j.append(content(number)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func content(number int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "block %d;", number), number%3+1)
}

// reopen writes text as a journal and returns the records that opening finds.
func reopen(t *testing.T, path string, text []byte) ([][]byte, error) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := openJournal(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = j.close() }()
	var records [][]byte
	for number := range j.offsets {
		record, err := j.read(uint64(number))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, record)
	}
	return records, nil
}

func checkRecords(t *testing.T, what string, records [][]byte, count int) {
	t.Helper()
	if len(records) != count {
		t.Errorf("%s: %d records, want %d", what, len(records), count)
	}
	for number, record := range records {
		if !bytes.Equal(record, content(number)) {
			t.Errorf("%s: record %d is %q", what, number, record)
		}
	}
}

// TestJournalFlips: no flipped byte makes the journal lose or change a record
// without a word.
func TestJournalFlips(t *testing.T) {
	const count = 5
	path := filepath.Join(t.TempDir(), "journal")
	sound := writeJournal(t, path, count)
	refused := 0
	for at := range sound {
		for bit := at % 3; bit < 8; bit += 3 {
			text := bytes.Clone(sound)
			text[at] ^= 1 << bit
			records, err := reopen(t, path, text)
			if err == nil {
				checkRecords(t, fmt.Sprintf("bit %d of byte %d", bit, at), records, count)
				continue
			}
			refused++
			if !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported) {
				t.Errorf("byte %d: %v", at, err)
			}
			after, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(after, text) {
				t.Errorf("byte %d: a damaged journal was changed", at)
			}
		}
	}
	if refused < 2*(len(sound)-journalHead) {
		t.Errorf("only %d flips in %d bytes were refused", refused, len(sound))
	}
}

// TestJournalNamesTheBlock: the error of a damaged block has its number.
func TestJournalNamesTheBlock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	text := writeJournal(t, path, 5)
	text[bytes.Index(text, content(3))] ^= 1
	if _, err := reopen(t, path, text); err == nil || !strings.Contains(err.Error(), "block 3") {
		t.Errorf("damage in block 3: %v", err)
	}
}

// TestJournalTail: what stands behind the last acknowledged record goes, however
// it looks; what was acknowledged and is gone is told.
func TestJournalTail(t *testing.T) {
	const count = 4
	path := filepath.Join(t.TempDir(), "journal")
	sound := writeJournal(t, path, count)
	next := frame(count, content(count))
	for length := range next {
		records, err := reopen(t, path, append(bytes.Clone(sound), next[:length]...))
		if err != nil {
			t.Fatalf("%d bytes of the next record: %v", length, err)
		}
		checkRecords(t, fmt.Sprintf("%d bytes of the next record", length), records, count)
		after, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(after, sound) {
			t.Errorf("%d bytes of the next record were not cut off", length)
		}
	}
	for name, tail := range map[string][]byte{
		"zeros": make([]byte, 5000), "a record of another number": frame(count+1, content(count)),
		"a length of 4 GiB": bytes.Repeat([]byte{0xff}, 500),
	} {
		records, err := reopen(t, path, append(bytes.Clone(sound), tail...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		checkRecords(t, name, records, count)
	}
	// Whole and sound, but not yet marked: it was durable, so it counts.
	records, err := reopen(t, path, append(bytes.Clone(sound), next...))
	if err != nil {
		t.Fatal(err)
	}
	checkRecords(t, "a whole record behind the mark", records, count+1)
	for length := range sound {
		if _, err := reopen(t, path, sound[:length]); !errors.Is(err, sinso.ErrCorrupt) {
			t.Fatalf("cut to %d bytes: %v", length, err)
		}
	}
}

// TestJournalFails: after a failed write the journal goes on only if it could
// take the write back.
func TestJournalFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	writeJournal(t, path, 2)
	j, err := openJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.file.Close(); err != nil {
		t.Fatal(err)
	}
	if j.file, err = os.Open(path); err != nil { // for reading only: every write fails
		t.Fatal(err)
	}
	defer func() { _ = j.close() }()
	for range 2 {
		if err := j.append(content(2)); !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("append to a failed disk: %v", err)
		}
	}
	if j.broken == nil || j.last() != 1 {
		t.Errorf("the journal goes on with %d records", len(j.offsets))
	}
}
