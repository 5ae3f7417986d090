package dicom_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestUIDsAreTheirFacts looks up every line of the table of UIDs.
func TestUIDsAreTheirFacts(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("uid.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines, previous, stored := 0, "", dicom.StorageClasses()
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(c) != 6 || c[0] <= previous || c[5] == "" || len(c[0]) > 64 {
			t.Fatalf("%q is no line, or out of order", line)
		}
		lines, previous = lines+1, c[0]
		name, kind, ok := dicom.UIDName(c[0])
		if !ok || name != c[5] || kind != c[1] || slices.Contains(stored, c[0]) != (c[2] == "S") || (dicom.SyntaxName(c[0]) != "") != (kind == "Transfer Syntax") {
			t.Errorf("%s: got %q %q %t", c[0], name, kind, ok)
		}
	}
	if lines != 448 {
		t.Errorf("%d lines, want 448", lines)
	}
	for _, uid := range []string{"", "1", "1.2.840.10008.1.2.", "1.2.840.10008.1.2.4.109", "2.25.1", "9"} {
		if name, kind, ok := dicom.UIDName(uid); ok || name != "" || kind != "" || slices.Contains(stored, uid) || dicom.SyntaxName(uid) != "" {
			t.Errorf("%q: got %q %q", uid, name, kind)
		}
	}
}

// TestUIDsOfPydicomAreKnown asks pydicom for its transfer syntaxes and storage
// classes.
func TestUIDsOfPydicomAreKnown(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("asks pydicom, which -short leaves out")
	}
	const script = `from pydicom._uid_dict import UID_dictionary as u
for uid, (name, kind, _, _, _) in u.items(): print(uid, kind, name, sep="\t")`
	out, err := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", script).Output()
	if err != nil {
		t.Fatalf("pydicom cannot be asked: %v: install the Debian package python3-pydicom", err)
	}
	compared := 0
	for line := range strings.Lines(string(out)) {
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if c[1] == "LDAP OID" || c[2] == "" {
			continue
		}
		compared++
		if name, kind, ok := dicom.UIDName(c[0]); !ok || name != c[2] || kind != c[1] {
			t.Errorf("%s: got %q %q, want %q %q", c[0], name, kind, c[2], c[1])
		}
	}
	if compared < 400 {
		t.Errorf("compared %d UIDs only", compared)
	}
}

// TestStorageClasses checks the list that the network door offers.
func TestStorageClasses(t *testing.T) {
	t.Parallel()
	classes := dicom.StorageClasses()
	for _, uid := range []string{
		"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.12.1", "1.2.840.10008.5.1.4.1.1.3",
		"1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7", "1.2.840.10008.5.1.4.1.1.77.1.6", "1.2.840.10008.5.1.4.1.1.88.67",
		"1.2.840.10008.5.1.4.1.1.104.1", "1.2.840.10008.5.1.4.1.1.481.5", "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.38.1", "1.2.840.10008.5.1.4.39.1",
		"1.2.840.10008.5.1.4.1.1.9.1.1", "1.2.840.10008.5.1.4.1.1.201.1", "1.2.840.10008.5.1.4.34.7",
	} {
		if !slices.Contains(classes, uid) {
			t.Errorf("%s is missing", uid)
		}
	}
	for _, uid := range []string{
		"1.2.840.10008.1.1", "1.2.840.10008.1.20.1", "1.2.840.10008.1.3.10", "1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.5.1.4.31",
		"1.2.840.10008.3.1.2.3.3", "1.2.840.10008.5.1.4.1.1.201.2", "1.2.840.10008.4.2",
	} {
		if slices.Contains(classes, uid) {
			t.Errorf("%s is no storage class", uid)
		}
	}
	if len(classes) != 208 || !slices.IsSorted(classes) {
		t.Errorf("%d classes", len(classes))
	}
}

// TestSyntaxesAreAllKnown reads each transfer syntax of the table: those with pixel
// data in fragments are explicit little endian.
func TestSyntaxesAreAllKnown(t *testing.T) {
	t.Parallel()
	all := dicom.Syntaxes()
	if len(all) < 60 {
		t.Errorf("%d transfer syntaxes", len(all))
	}
	for _, uid := range all {
		s, ok := dicom.SyntaxByUID(uid)
		if !ok || s.UID != uid || s.Encapsulated && (!s.Explicit || s.BigEndian || s.Deflated) {
			t.Errorf("%s %s: got %+v %t", uid, dicom.SyntaxName(uid), s, ok)
		}
	}
	for uid, want := range map[string]string{
		"1.2.840.10008.1.2": "Implicit VR Little Endian", "1.2.840.10008.1.2.4.107": "HEVC/H.265 Main Profile / Level 5.1",
		"1.2.840.10008.1.2.4.201": "High-Throughput JPEG 2000 Image Compression (Lossless Only)", "1.2.840.10008.1.2.7.1": "SMPTE ST 2110-20 Uncompressed Progressive Active Video",
		"1.2.840.10008.1.2.4.94": "JPIP Referenced", "1.2.840.10008.1.20": "Papyrus 3 Implicit VR Little Endian", "1.2.840.10008.1.1": "",
	} {
		if got := dicom.SyntaxName(uid); got != want {
			t.Errorf("%s: got %q, want %q", uid, got, want)
		}
	}
}
