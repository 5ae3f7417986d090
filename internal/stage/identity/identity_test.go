package identity_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/identity"
)

// who is a patient identity as a header has it.
type who struct{ id, issuer, name, birth, study string }

func (w who) header() sinso.Header {
	return sinso.Header{
		PatientID: sinso.NewPHI(w.id), PatientIssuer: sinso.NewPHI(w.issuer), PatientName: sinso.NewPHI(w.name),
		PatientBirthDate: sinso.NewPHI(w.birth), StudyUID: sinso.NewPHI(w.study),
	}
}

func namer(b byte) *identity.Namer { return identity.NewNamer([32]byte{b}) }

func TestOnePatientIsOnePerson(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]who{
		"another study, name and birth date": {{id: "1", study: "2.25.1", name: "A", birth: "19700101"}, {id: "1", study: "2.25.2", name: "B", birth: "19700102"}},
		"padding":                            {{id: "1", issuer: "H"}, {id: " 1 \x00", issuer: "H "}},
		"no ID":                              {{name: "A^B", birth: "19700101", study: "2.25.1"}, {name: "A^B", birth: "19700101", study: "2.25.2"}},
		"empty components":                   {{name: "A^B", birth: "19700101"}, {name: "A^B^^^", birth: "19700101 "}},
		"empty groups":                       {{name: "A^B", birth: "19700101"}, {name: "A^B^==", birth: "19700101"}},
		"an accent, two ways":                {{id: "M\u00fcller"}, {id: "Mu\u0308ller"}},
		"a name's accent, two ways":          {{name: "M\u00fcller", birth: "19700101"}, {name: "Mu\u0308ller", birth: "19700101"}},
		"neither ID nor name, one study":     {{study: "2.25.1"}, {study: "2.25.1"}},
	} {
		n := namer(1)
		if a, b := n.Match(pair[0].header()), n.Match(pair[1].header()); a != b || n.Person(a) != n.Person(b) {
			t.Errorf("%s: two persons", name)
		}
	}
}

func TestTwoPatientsAreTwoPersons(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]who{
		"another issuer":                {{id: "1", issuer: "A"}, {id: "1", issuer: "B"}},
		"an issuer and none":            {{id: "1", issuer: "A"}, {id: "1"}},
		"ID and issuer cut elsewhere":   {{id: "12", issuer: "3"}, {id: "2", issuer: "31"}},
		"ID and issuer exchanged":       {{id: "1", issuer: "2"}, {id: "2", issuer: "1"}},
		"upper and lower case":          {{id: "a"}, {id: "A"}},
		"a mark at the end of the ID":   {{id: "1^"}, {id: "1"}},
		"another birth date":            {{name: "A^B", birth: "19700101"}, {name: "A^B", birth: "19700102"}},
		"another name":                  {{name: "A^B", birth: "19700101"}, {name: "B^A", birth: "19700101"}},
		"a name without a birth date":   {{name: "ANONYMOUS", study: "2.25.1"}, {name: "ANONYMOUS", study: "2.25.2"}},
		"a birth date without a name":   {{birth: "19700101", study: "2.25.1"}, {birth: "19700101", study: "2.25.2"}},
		"no identity, two studies":      {{study: "2.25.1"}, {study: "2.25.2"}},
		"blanks and marks, two studies": {{id: " \x00", name: "^^=", birth: "19700101", study: "2.25.1"}, {id: "", name: "^", birth: "19700101", study: "2.25.2"}},
		"an ID that is the other's UID": {{id: "2.25.1"}, {study: "2.25.1"}},
		"an ID that is another's name":  {{id: "A^B", issuer: "19700101"}, {name: "A^B", birth: "19700101"}},
	} {
		n := namer(1)
		if a, b := n.Match(pair[0].header()), n.Match(pair[1].header()); a == b || n.Person(a) == n.Person(b) {
			t.Errorf("%s: one person", name)
		}
	}
}

// TestACharacterSetChangesNoPerson reads one name from the bytes of three
// character sets.
func TestACharacterSetChangesNoPerson(t *testing.T) {
	t.Parallel()
	var matches []string
	for set, bytes := range map[string]string{"ISO_IR 100": "M\xFCller", "ISO_IR 192": "M\u00fcller", "GB18030": "M\xA8\xB9ller"} {
		text := dicom.NewCharset(set).Decode([]byte(bytes), true)
		if text != "Müller" {
			t.Fatalf("%s decodes to %q", set, text)
		}
		matches = append(matches, namer(1).Match(who{id: text, name: text}.header()))
	}
	if len(slices.Compact(matches)) != 1 {
		t.Errorf("got %d persons", len(matches))
	}
}

// names gives every name that a Namer has for one object.
func names(n *identity.Namer, w who, series, instance string, digest byte) []string {
	h := w.header()
	h.SeriesUID, h.InstanceUID = sinso.NewPHI(series), sinso.NewPHI(instance)
	match := n.Match(h)
	person := n.Person(match)
	study := n.Study(person, h)
	return []string{
		match, string(person), string(study), string(n.Series(study, h)),
		string(n.Instance(person, h, n.Fingerprint([]byte{digest}))), string(n.Release(study, "1")),
	}
}

// TestNamesAreKeyedAndOpaque: the same on every run of a node, others on another
// node, of the form that item.go says, and with nothing of the identity in them.
func TestNamesAreKeyedAndOpaque(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[mpseir]_[a-z2-7]{26}$`)
	text := rapid.StringN(0, 20, 64)
	rapid.Check(t, func(r *rapid.T) {
		w := who{text.Draw(r, "id"), text.Draw(r, "issuer"), text.Draw(r, "name"), text.Draw(r, "birth"), text.Draw(r, "study")}
		series, instance := text.Draw(r, "series"), text.Draw(r, "instance")
		here, again, there := names(namer(1), w, series, instance, 1), names(namer(1), w, series, instance, 1), names(namer(2), w, series, instance, 1)
		if !slices.Equal(here, again) {
			r.Errorf("two runs: %v, %v", here, again)
		}
		for i := range here {
			if !form.MatchString(here[i]) {
				r.Errorf("name %q", here[i])
			}
			if slices.Contains(there, here[i]) {
				r.Errorf("two nodes give the name %s", here[i])
			}
			if slices.Contains(here[:i], here[i]) {
				r.Errorf("two things have the name %s", here[i])
			}
		}
	})
}

// TestTwoObjectsOfOneUIDHaveTwoNames, and one UID of two persons is two studies.
func TestTwoObjectsOfOneUIDHaveTwoNames(t *testing.T) {
	t.Parallel()
	one := names(namer(1), who{id: "1", study: "2.25.1"}, "2.25.2", "2.25.3", 1)
	bytes := names(namer(1), who{id: "1", study: "2.25.1"}, "2.25.2", "2.25.3", 2)
	other := names(namer(1), who{id: "2", study: "2.25.1"}, "2.25.2", "2.25.3", 1)
	const instance = 4
	if one[instance] == bytes[instance] || !slices.Equal(one[:instance], bytes[:instance]) {
		t.Errorf("other bytes: %v, %v", one, bytes)
	}
	for i := range one {
		if one[i] == other[i] {
			t.Errorf("another person has the name %s too", one[i])
		}
	}
}

// TestFingerprintIsOfAllBytes: one byte anywhere, one more or one less make another; so
// does another node. The same on every run.
func TestFingerprintIsOfAllBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 1, 3000).Draw(r, "bytes")
		first := namer(1).Fingerprint(data)
		if again := namer(1).Fingerprint(slices.Clone(data)); again != first {
			r.Errorf("got %s and %s of the same bytes", first, again)
		}
		changed := slices.Clone(data)
		changed[rapid.IntRange(0, len(data)-1).Draw(r, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		for what, other := range map[string]string{
			"a changed bit": namer(1).Fingerprint(changed), "one byte less": namer(1).Fingerprint(data[:len(data)-1]),
			"one byte more": namer(1).Fingerprint(append(slices.Clone(data), 0)), "another node": namer(2).Fingerprint(data),
		} {
			if other == first {
				r.Errorf("%s has the same fingerprint", what)
			}
		}
	})
	if got, want := namer(7).Fingerprint([]byte("SYNTHETIC")), "f_fg756wf3yb5q7hdkaat3zisnpq"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestNamesStay: names are in journals and indexes that are read for ever, so they
// never change.
func TestNamesStay(t *testing.T) {
	t.Parallel()
	want := strings.Fields(goldenNames)
	got := names(namer(7), who{id: "PHANTOM-0001", issuer: "SYNTHETIC", study: "2.25.1"}, "2.25.2", "2.25.3", 1)
	got = append(got, namer(7).Match(who{name: "PHANTOM^CHEST", birth: "19700101"}.header()), namer(7).Match(who{study: "2.25.1"}.header()))
	if !slices.Equal(got, want) {
		t.Errorf("got %s", strings.Join(got, "\n"))
	}
}

const goldenNames = `
m_l36qgwarhqn2birj5hvrfmfn7q
p_fyd57xd7e72vsxx73io7xn5m6y
s_homyjji34gfqjtndbbr7i4dwse
e_pul4zdfdqiygdwcmuyjl77vg6m
i_zmg7dvjez6m6ucykzbczlwfhiq
r_qdir3pe3svycy3robxhdfgfmgq
m_he7qzyanss4hnnh3ijjggpxowq
m_l4hpty3wwr5kmeog7hiusuy57y
`
