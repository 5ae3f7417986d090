package node

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// tableE11 is the table of PS3.15 E.1-1 as the product reads it.
const tableE11 = "../stage/deid/table_e11_2024b.tsv"

// marked makes values that can be found again, each another one.
type marked struct {
	count    int
	markers  []string
	retained []string // those that an option of the profile keeps
}

// patientColumn is that of the Retain Patient Characteristics Option in the table.
const patientColumn = 7

// value returns a value that is allowed in a VR; what is too short to be told from
// chance is planted too, and not looked for.
func (m *marked) value(vr dicom.VR) string {
	m.count++
	n := m.count
	text := map[dicom.VR]string{
		// Dates are moved, all by the same days: with one date for all, none can
		// come to stand where another was planted.
		dicom.VRDA: "15820613",
		dicom.VRDT: fmt.Sprintf("15820613070809.%06d", n),
		dicom.VRTM: fmt.Sprintf("0708%02d.%06d", n%60, 100000+n),
		dicom.VRUI: fmt.Sprintf("1.2.840.99%04d.77%d", n, n),
		dicom.VRDS: fmt.Sprintf("9%07d31", n),
		dicom.VRIS: fmt.Sprintf("9%07d31", n),
		dicom.VRAS: fmt.Sprintf("%03dY", n%1000),
		dicom.VRUS: "\xb7\x01", dicom.VRSS: "\xb7\x01",
	}[vr]
	if text == "" {
		text = fmt.Sprintf("MK%06dZQ", n)
	}
	const telling = 8
	if len(text) >= telling {
		m.markers = append(m.markers, text)
	}
	return text
}

// plant puts a marker into an attribute of a data set.
func (m *marked) plant(into *dicom.Dataset, tag dicom.Tag, vr dicom.VR) {
	if vr == dicom.VRSQ {
		var item dicom.Dataset
		item.SetString(0x00100020, dicom.VRLO, m.value(dicom.VRLO))
		into.Set(dicom.DataElement{Tag: tag, VR: vr, Items: []dicom.Dataset{item}})
		return
	}
	into.SetString(tag, vr, m.value(vr))
}

// plantEverywhere writes a chest with a marker in every attribute of the table: at
// the root, two items deep, and in a private sequence.
func plantEverywhere(t *testing.T) ([]byte, *marked) {
	t.Helper()
	table, err := os.ReadFile(tableE11)
	if err != nil {
		t.Fatal(err)
	}
	ds := chestTree(t)
	m := &marked{}
	var deep, private dicom.Dataset
	for line := range strings.Lines(string(table)) {
		columns := strings.Split(line, "\t")
		raw, err := hex.DecodeString(columns[0])
		if err != nil || len(raw) != 4 || raw[0] == 0 && raw[1] == 2 {
			continue // a comment, a pattern, file meta information
		}
		tag := dicom.Tag(uint32(raw[0])<<24 | uint32(raw[1])<<16 | uint32(raw[2])<<8 | uint32(raw[3]))
		vr := dicom.VRLO
		if attribute, known := dicom.Lookup(tag); known && len(attribute.VRs) > 0 {
			vr = attribute.VRs[0]
		}
		for _, into := range []*dicom.Dataset{&ds, &deep, &private} {
			looked := len(m.markers)
			m.plant(into, tag, vr)
			if columns[patientColumn] == "K" && into != &private { // what an option of the profile is there for
				m.retained = append(m.retained, m.markers[looked:]...)
				m.markers = m.markers[:looked]
			}
		}
	}
	ds.Set(dicom.DataElement{Tag: 0x00082218, VR: dicom.VRSQ, Items: []dicom.Dataset{{
		Elements: []dicom.DataElement{{Tag: 0x00082218, VR: dicom.VRSQ, Items: []dicom.Dataset{deep}}},
	}}})
	ds.SetString(0x00090010, dicom.VRLO, m.value(dicom.VRLO))
	ds.Set(dicom.DataElement{Tag: 0x00091002, VR: dicom.VRSQ, Items: []dicom.Dataset{private}})
	part10, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		t.Fatal(err)
	}
	for _, marker := range m.markers {
		if !bytes.Contains(part10, []byte(marker)) {
			t.Fatalf("marker %q is not in the file", marker)
		}
	}
	return part10, m
}

// chestTree is the data set of one slice of the phantom.
func chestTree(t *testing.T) dicom.Dataset {
	t.Helper()
	var tree dicom.Dataset
	err := phantom.Series(phantom.Options{Slices: 1, Rows: 16, Columns: 16}, func(_ string, part10 []byte) error {
		file, err := dicom.Read(part10)
		if err == nil {
			tree, err = file.Tree()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// forms are the ways in which a marker may stand in bytes.
func forms(marker string) [][]byte {
	var wide []byte
	for _, c := range []byte(marker) {
		wide = append(wide, c, 0)
	}
	return [][]byte{[]byte(marker), []byte(strings.ToLower(marker)), wide, []byte(hex.EncodeToString([]byte(marker)))}
}

// TestPlantedIdentifiersStayWithTheirOwner takes a file with a marker in every
// attribute of Table E.1-1 the whole way, and looks for each marker in whatever
// leaves the seller's hands, and in what a thief of either node folder would read.
func TestPlantedIdentifiersStayWithTheirOwner(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	part10, planted := plantEverywhere(t)
	markers := planted.markers
	const atLeast = 1500
	if len(markers) < atLeast {
		t.Fatalf("%d markers, want %d at least", len(markers), atLeast)
	}
	fileName := "MKFILENAMEZQ"
	markers = append(markers, fileName)
	log := &bytes.Buffer{}
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}, log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := tn.seller.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		for _, item := range [][]byte{part10, part10[:len(part10)-100]} { // the second goes to quarantine
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: item, Name: sinso.NewPHI(fileName)}}); err != nil {
				return err
			}
		}
		return nil
	}, ImportOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	offer, err := tn.sell(ctx)
	if err != nil {
		t.Fatal(err)
	}
	row, err := tn.buy(ctx, offer)
	if err != nil {
		t.Fatal(err)
	}
	exported := map[string][]byte{"the offer": offer}
	if err := tn.buyer.Export(ctx, row, func(name string, plain []byte) error {
		exported["exported "+name] = plain
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(exported) < 3 { // the offer, the image, the doctor's work
		t.Fatalf("only %d objects were exported", len(exported))
	}
	for _, marker := range planted.retained {
		if !bytes.Contains(exported["exported 0001.dcm"], []byte(marker)) {
			t.Errorf("%q is gone, and the profile retains it", marker)
		}
	}
	for _, role := range []sinso.Role{sinso.RoleOperator, sinso.RoleAuditor, sinso.RoleBuyer, sinso.RoleMember} {
		for path, answer := range tn.answers(t, role, row) {
			exported[string(role)+" GET "+path] = answer
		}
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	stored, err := files(tn.dir)
	if err != nil {
		t.Fatal(err)
	}
	exported["the logs"] = log.Bytes()
	for path, data := range stored {
		name, _ := filepath.Rel(tn.dir, path)
		exported[name] = append(data, name...)
	}
	lookFor(t, markers, exported)
}

// answers asks the seller's node every route that only reads, as a role that may
// open nothing of the person's.
func (tn *town) answers(t *testing.T, role sinso.Role, bought sinso.PurchaseRow) map[string][]byte {
	t.Helper()
	ctx := t.Context()
	bearer, err := tn.seller.CreateToken(ctx, role, "", time.Hour, "test")
	if err != nil {
		t.Fatal(err)
	}
	studies, err := tn.seller.Studies(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	records, err := tn.seller.Instances(ctx, studies[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	releases, err := tn.seller.Releases(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.NewReplacer(
		"{study}", string(studies[0].ID), "{record}", string(records[0].ID), "{release}", string(releases[0].ID),
		"{order}", bought.Order.String(), "{token}", bought.Token.String(), "{cid}", string(releases[0].Manifest),
	)
	var description struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	// The headers stand behind the body.
	if err := json.NewDecoder(bytes.NewReader(tn.get(t, "/api/openapi.json", bearer))).Decode(&description); err != nil {
		t.Fatal(err)
	}
	given := map[string][]byte{}
	for path, methods := range description.Paths {
		if methods["get"] != nil {
			given[path] = tn.get(t, ids.Replace(path), bearer)
		}
	}
	if len(given) < 20 {
		t.Fatalf("only %d routes are described", len(given))
	}
	return given
}

func (tn *town) get(t *testing.T, path, bearer string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tn.seller.Config.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return append(body, fmt.Sprint(response.Header)...)
}

// lookFor reports each marker that stands in one of the places.
func lookFor(t *testing.T, markers []string, places map[string][]byte) {
	t.Helper()
	for place, data := range places {
		for _, marker := range markers {
			for _, form := range forms(marker) {
				if bytes.Contains(data, form) {
					t.Errorf("%s: %q is there", place, marker)
				}
			}
		}
	}
	t.Logf("%d markers in %d places", len(markers), len(places))
}
