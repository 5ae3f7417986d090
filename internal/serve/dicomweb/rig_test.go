package dicomweb_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/problem"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/serve/dicomweb"
	"sinso.dev/sinso/internal/wire/multipart"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

// rig is the door before an archive of maps, on 127.0.0.1.
type rig struct {
	t       testing.TB
	archive *memoryArchive
	server  *dicomweb.Server
	url     string // of the base
	token   map[string]string
	log     *bytes.Buffer
	client  *http.Client
}

const (
	personA = sinso.PersonID("p_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	personB = sinso.PersonID("p_bbbbbbbbbbbbbbbbbbbbbbbbbb")
)

func newRig(t testing.TB, edit ...func(*dicomweb.Config)) *rig {
	t.Helper()
	g := &rig{t: t, archive: newMemoryArchive(), token: map[string]string{}, log: &bytes.Buffer{}, client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{}}}
	t.Cleanup(g.client.CloseIdleConnections)
	rows := map[string]sinso.BearerRow{}
	for name, role := range map[string]sinso.Role{
		"owner": sinso.RoleOwner, "other": sinso.RoleOwner, "operator": sinso.RoleOperator, "clinician": sinso.RoleClinician,
		"buyer": sinso.RoleBuyer, "auditor": sinso.RoleAuditor, "member": sinso.RoleMember,
	} {
		token, _, err := auth.New(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		person := map[string]sinso.PersonID{"owner": personA, "other": personB}[name]
		g.token[name] = token
		rows[auth.Hash(token)] = sinso.BearerRow{Hash: auth.Hash(token), Role: role, Person: person, Expires: time.Now().Add(time.Hour)}
	}
	log := slog.New(slog.NewTextHandler(g.log, nil))
	cfg := dicomweb.Config{
		Archive: g.archive, Log: log, Clock: wall{}, Rand: rand.Reader, Problems: problem.New(log, rand.Reader),
		Auth: auth.NewAuthenticator(auth.Config{Clock: wall{}, Rand: rand.Reader, Lookup: func(_ context.Context, hash string) (sinso.BearerRow, error) {
			row, ok := rows[hash]
			if !ok {
				return row, sinso.ErrNotFound
			}
			return row, nil
		}}),
	}
	for _, e := range edit {
		e(&cfg)
	}
	g.server = dicomweb.New(cfg)
	s := httptest.NewServer(g.server)
	t.Cleanup(func() {
		g.server.Close()
		s.CloseClientConnections()
		s.Close()
		if n := g.archive.arrivals.Load(); n != 0 {
			t.Errorf("%d arrivals were neither taken nor given up", n)
		}
	})
	g.url = s.URL + "/dicom-web"
	return g
}

// answered is an answer, read whole.
type answered struct {
	*http.Response
	body []byte
}

// do sends a request in a role; headers are names and values in turn.
func (g *rig) do(role, method, path string, body []byte, headers ...string) answered {
	g.t.Helper()
	r, err := http.NewRequestWithContext(g.t.Context(), method, g.url+path, bytes.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	if token := g.token[role]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := g.client.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		g.t.Fatalf("%s %s: %v after %d bytes", method, path, err, len(all))
	}
	return answered{response, all}
}

// try is a GET as the owner that may be broken off.
func (g *rig) try(path, accept string) ([]byte, error) {
	g.t.Helper()
	r, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, g.url+path, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	r.Header.Set("Accept", accept)
	r.Header.Set("Authorization", "Bearer "+g.token["owner"])
	response, err := g.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	return io.ReadAll(response.Body)
}

// want is do, and fails on another status.
func (g *rig) want(status int, role, method, path string, body []byte, headers ...string) answered {
	g.t.Helper()
	got := g.do(role, method, path, body, headers...)
	if got.StatusCode != status {
		g.t.Fatalf("%s %s as %s: got %d %.300s, want %d", method, path, role, got.StatusCode, got.body, status)
	}
	return got
}

// get is a GET as the owner.
func (g *rig) get(path string, headers ...string) answered {
	g.t.Helper()
	return g.want(200, "owner", "GET", path, nil, headers...)
}

// element is an element of DICOM JSON.
type element struct {
	VR          string        `json:"vr"`
	Value       []interface{} `json:"Value"`
	BulkDataURI string
}

type dataset map[string]element

// text returns the first value of an element, as text.
func (d dataset) text(tag string) string {
	if len(d[tag].Value) == 0 {
		return ""
	}
	if name, ok := d[tag].Value[0].(map[string]any); ok {
		return fmt.Sprint(name["Alphabetic"])
	}
	return fmt.Sprint(d[tag].Value[0])
}

func (a answered) list(t testing.TB) []dataset {
	t.Helper()
	var list []dataset
	if err := stdjson.Unmarshal(a.body, &list); err != nil || list == nil {
		t.Fatalf("%d %.300s: %v", a.StatusCode, a.body, err)
	}
	return list
}

func (a answered) object(t testing.TB) dataset {
	t.Helper()
	var d dataset
	if err := stdjson.Unmarshal(a.body, &d); err != nil {
		t.Fatalf("%d %.300s: %v", a.StatusCode, a.body, err)
	}
	return d
}

// items returns the items of a sequence.
func (d dataset) items(t testing.TB, tag string) []dataset {
	t.Helper()
	b, err := stdjson.Marshal(d[tag].Value)
	if err != nil {
		t.Fatal(err)
	}
	var items []dataset
	if err := stdjson.Unmarshal(b, &items); err != nil {
		t.Fatal(err)
	}
	return items
}

// parts returns the parts of a multipart answer.
func (a answered) parts(t testing.TB) []multipart.Part {
	t.Helper()
	r, err := multipart.NewReader(bytes.NewReader(a.body), a.Header.Get("Content-Type"), multipart.Limits{})
	if err != nil {
		t.Fatalf("%q: %v", a.Header.Get("Content-Type"), err)
	}
	var parts []multipart.Part
	for {
		part, err := r.Next()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
}

// slice is a synthetic object of the tests.
type slice struct {
	study, series, uid, name, id, modality string
	number, frames                         int
	syntax                                 string
	edit                                   func(*dicom.Dataset)
}

// bytes returns the object as a Part 10 file of 8 × 8 pixels.
func (s slice) bytes(t testing.TB) []byte {
	t.Helper()
	var ds dicom.Dataset
	or := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return text
	}
	for tag, value := range map[dicom.Tag]string{
		0x00080005: "ISO_IR 192", 0x00080016: "1.2.840.10008.5.1.4.1.1.2", 0x00080018: or(s.uid, "2.25.13"), 0x0020000D: or(s.study, "2.25.11"), 0x0020000E: or(s.series, "2.25.12"),
		0x00080020: "20240117", 0x00080060: or(s.modality, "CT"), 0x00081030: "Synthetic", 0x00100010: or(s.name, "PHANTOM^CHEST"), 0x00100020: or(s.id, "PHANTOM-1"),
		0x00200013: strconv.Itoa(max(s.number, 1)), 0x00280004: "MONOCHROME2", 0x00280008: strconv.Itoa(max(s.frames, 1)), 0x00281050: "500", 0x00281051: "1000",
	} {
		ds.SetString(tag, dicom.VROf(tag), value)
	}
	for tag, v := range map[dicom.Tag]uint16{0x00280002: 1, 0x00280010: 8, 0x00280011: 8, 0x00280100: 16, 0x00280101: 12, 0x00280102: 11, 0x00280103: 0} {
		ds.Set(dicom.DataElement{Tag: tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, v)})
	}
	pixels := make([]byte, 128*max(s.frames, 1))
	for i := range len(pixels) / 2 {
		binary.LittleEndian.PutUint16(pixels[2*i:], uint16(i*15%4096))
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: pixels})
	if s.edit != nil {
		s.edit(&ds)
	}
	data, err := dicom.Encode(or(s.syntax, dicom.ExplicitLittleEndian), ds)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// stow is a body of objects, as clients write it.
func stow(boundary string, objects ...[]byte) []byte {
	var b bytes.Buffer
	for _, object := range objects {
		fmt.Fprintf(&b, "--%s\r\nContent-Type: application/dicom\r\n\r\n%s\r\n", boundary, object)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return b.Bytes()
}

const stowType = `multipart/related; type="application/dicom"; boundary=BOUND`

// put stores objects for person a, or b as "other".
func (g *rig) put(role string, objects ...[]byte) {
	g.t.Helper()
	g.want(200, role, "POST", "/studies", stow("BOUND", objects...), "Content-Type", stowType)
}

func contains(t testing.TB, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%.300q does not hold %q", text, part)
	}
}
