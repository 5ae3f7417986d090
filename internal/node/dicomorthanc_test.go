package node

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/wire/dimse"
)

// orthanc is another archive, driven over its REST API.
type orthanc struct {
	port, url string
}

// startOrthanc runs Orthanc on free ports of loopback. It knows nodes at ports of
// DICOM; more is merged into its configuration.
func startOrthanc(t *testing.T, port string, nodes map[string]string, more map[string]any) *orthanc {
	t.Helper()
	dir, http := t.TempDir(), freePort(t)
	modalities := map[string]any{}
	for title, at := range nodes {
		modalities[title] = []any{title, "127.0.0.1", atoi(t, at)}
	}
	cfg := map[string]any{
		"Name": "PEER", "StorageDirectory": filepath.Join(dir, "db"), "IndexDirectory": filepath.Join(dir, "db"),
		"RemoteAccessAllowed": false, "AuthenticationEnabled": false, "HttpPort": atoi(t, http), "SslEnabled": false,
		"DicomAet": "ORTHANC", "DicomPort": atoi(t, port), "DicomCheckCalledAet": false, "DicomModalities": modalities,
		"DicomAlwaysAllowEcho": true, "DicomAlwaysAllowStore": true, "DicomAlwaysAllowFind": true, "DicomAlwaysAllowGet": true, "DicomAlwaysAllowMove": true,
		"UnknownSopClassAccepted": true, "DicomScpTimeout": 5, "StorageCompression": false, "ConcurrentJobs": 2, "Plugins": []string{},
	}
	for key, value := range more {
		cfg[key] = value
	}
	text, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "orthanc.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	startProgram(t, []string{http, port}, "Orthanc", path)
	return &orthanc{port: port, url: "http://127.0.0.1:" + http}
}

// call makes one REST call, which must be answered with 200.
func (o *orthanc) call(t *testing.T, method, path string, body, out any) {
	t.Helper()
	status, answer := o.ask(t, method, path, body)
	if status != http.StatusOK {
		t.Fatalf("Orthanc: %s %s: %d %.500s", method, path, status, answer)
	}
	switch out := out.(type) {
	case nil:
	case *[]byte:
		*out = answer
	default:
		if err := json.Unmarshal(answer, out); err != nil {
			t.Fatalf("Orthanc: %s %s: %v: %.200s", method, path, err, answer)
		}
	}
}

// ask makes one REST call.
func (o *orthanc) ask(t *testing.T, method, path string, body any) (status int, answer []byte) {
	t.Helper()
	var sent io.Reader
	switch body := body.(type) {
	case nil:
	case []byte:
		sent = bytes.NewReader(body)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, o.url+path, sent)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Timeout: 2 * time.Minute}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it is read
	if answer, err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

// objects reads all that Orthanc holds.
func (o *orthanc) objects(t *testing.T) map[string]*dimse.Object {
	t.Helper()
	var ids []string
	o.call(t, "GET", "/instances", nil, &ids)
	found := map[string]*dimse.Object{}
	for _, id := range ids {
		var file []byte
		o.call(t, "GET", "/instances/"+id+"/file", nil, &file)
		object, err := dimse.ParseObject(file)
		if err != nil {
			t.Fatal(err)
		}
		found[object.SOPInstance] = object
	}
	return found
}

// TestOrthancStoresFindsAndMoves has Orthanc as the client of the node.
func TestOrthancStoresFindsAndMoves(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	port := freePort(t)
	a := openArchive(t, Config{}, Options{}, peerAt("ORTHANC", port))
	o := startOrthanc(t, port, map[string]string{"SINSO": a.port}, nil)
	files := flat(studyOf(t, "51", 4, 0), studyOf(t, "52", 2, 1<<20))
	var resources []string
	for _, file := range files {
		var stored struct{ ID, ParentStudy string }
		o.call(t, "POST", "/instances", file, &stored)
		if !slices.Contains(resources, stored.ParentStudy) {
			resources = append(resources, stored.ParentStudy)
		}
	}
	o.call(t, "POST", "/modalities/SINSO/echo", map[string]any{}, nil)
	o.call(t, "POST", "/modalities/SINSO/store", map[string]any{"Resources": resources, "Synchronous": true}, nil)
	if n := len(a.rows(t)); n != len(files) {
		t.Fatalf("%d objects came, want %d", n, len(files))
	}
	for _, id := range resources { // so that what is moved is what comes back
		o.call(t, "DELETE", "/studies/"+id, nil, nil)
	}
	var query struct{ ID string }
	o.call(t, "POST", "/modalities/SINSO/query", map[string]any{"Level": "Study", "Query": map[string]string{"PatientName": "SYNTHETIC^5*"}}, &query)
	var answers []string
	o.call(t, "GET", "/queries/"+query.ID+"/answers", nil, &answers)
	if len(answers) != 2 {
		t.Errorf("%d studies found, want 2", len(answers))
	}
	for _, answer := range answers {
		o.call(t, "POST", "/queries/"+query.ID+"/answers/"+answer+"/retrieve", map[string]any{"TargetAet": "ORTHANC", "Synchronous": true}, nil)
	}
	sameData(t, o.objects(t), files...)
}

// TestSendFindAndPullWithOrthanc has the node as the client of Orthanc.
func TestSendFindAndPullWithOrthanc(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	port := freePort(t)
	a := openArchive(t, Config{}, Options{}, peerAt("ORTHANC", port), peerAt("CT1", ""))
	other := openArchive(t, Config{AETitle: "OTHER"}, Options{}, peerAt("ORTHANC", port))
	o := startOrthanc(t, port, map[string]string{"SINSO": a.port, "OTHER": other.port}, nil)
	files := flat(studyOf(t, "53", 5, 0), studyOf(t, "54", 3, 0))
	a.put(t, "CT1", files...)
	if _, err := a.EchoPeer(t.Context(), "ORTHANC"); err != nil {
		t.Fatal(err)
	}
	studies := []string{syntheticRoot + "53", syntheticRoot + "54"}
	if sent, err := a.SendToPeer(t.Context(), "ORTHANC", studies, "test", ignoreSent); err != nil || sent.Sent != len(files) {
		t.Fatalf("%+v, %v", sent, err)
	}
	sameData(t, o.objects(t), files...)
	found, err := a.FindAtPeer(t.Context(), "ORTHANC", PeerAsk{Level: "series", Keys: []string{"StudyInstanceUID=" + studies[0], "Modality=CT"}})
	if err != nil || len(found.Items) != 1 || !strings.Contains(string(found.Items[0]), syntheticRoot+"53.1") {
		t.Errorf("%d found, %v", len(found.Items), err)
	}
	got, err := other.PullFromPeer(t.Context(), "ORTHANC", studies, "test", ignorePulled)
	if err != nil || got.Received != 8 || got.Failed != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	same(t, other, a)
	t.Logf("by %s", got.By)
}

// TestRealFilesGoToOrthancAndBack sends pydicom's files to Orthanc and pulls them from
// there: Orthanc takes all that it can read, and what comes back is taken again.
func TestRealFilesGoToOrthancAndBack(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	port := freePort(t)
	a := openArchive(t, Config{}, Options{}, researchAt("ORTHANC", port))
	other := openArchive(t, Config{AETitle: "OTHER"}, Options{}, researchAt("ORTHANC", port))
	startOrthanc(t, port, map[string]string{"SINSO": a.port, "OTHER": other.port}, nil)
	var all [][]byte
	for _, file := range realFiles(t) {
		all = append(all, file.bytes)
	}
	imported, err := a.ImportPaths(t.Context(), written(t, all...), ImportOptions{Actor: "test"})
	if err != nil || imported.Instances < 100 {
		t.Fatalf("%+v, %v", imported, err)
	}
	studies := map[string]int{}
	var ids []string
	err = a.Find(t.Context(), sinso.Query{Level: sinso.LevelStudy}, func(found sinso.Found) error {
		studies[found.Study.UID]++
		ids = append(ids, string(found.Study.ID))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := a.SendToPeer(t.Context(), "ORTHANC", ids, "test", ignoreSent)
	if err != nil || sent.Sent < sent.Objects*9/10 {
		t.Errorf("%d of %d sent, %v: %+v", sent.Sent, sent.Objects, err, sent.Failures)
	}
	for _, failure := range sent.Failures {
		t.Logf("not taken: status %q: %s", failure.Status, failure.Reason)
	}
	received, failed := 0, 0
	for uid := range studies {
		got, err := other.PullFromPeer(t.Context(), "ORTHANC", []string{uid}, "test", ignorePulled)
		if err != nil && got.Objects > 0 {
			t.Errorf("%+v, %v", got, err)
		}
		received, failed = received+got.Received, failed+got.Failed
	}
	if received < sent.Sent*9/10 {
		t.Errorf("%d of %d objects came back, %d did not", received, sent.Sent, failed)
	}
	t.Logf("%d objects, %d sent, %d came back, %d failed", sent.Objects, sent.Sent, received, failed)
}

// TestOrthancIsToldWhatTheNodeCommitsTo asks for storage commitment of an object that
// is here, and of one that is not.
func TestOrthancIsToldWhatTheNodeCommitsTo(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	port := freePort(t)
	a := openArchive(t, Config{}, Options{}, peerAt("ORTHANC", port), peerAt("CT1", ""))
	o := startOrthanc(t, port, map[string]string{"SINSO": a.port}, nil)
	a.put(t, "CT1", studyOf(t, "55", 2, 0)...)
	type instance struct{ SOPClassUID, SOPInstanceUID string }
	held := instance{classes["CT"], syntheticRoot + "55.1.1"}
	missing := instance{classes["CT"], syntheticRoot + "55.1.9"}
	for want, list := range map[string][]instance{"Success": {held}, "Failure": {held, missing}} {
		var request struct{ ID string }
		o.call(t, "POST", "/modalities/SINSO/storage-commitment", map[string]any{"DicomInstances": list}, &request)
		var report struct {
			Status            string
			Success, Failures []instance
		}
		deadline := time.Now().Add(time.Minute)
		for tick := time.NewTicker(50 * time.Millisecond); ; <-tick.C {
			o.call(t, "GET", "/storage-commitment/"+request.ID, nil, &report)
			if report.Status != "Pending" || time.Now().After(deadline) {
				tick.Stop()
				break
			}
		}
		if report.Status != want || len(report.Success) != 1 || len(report.Failures) != len(list)-1 {
			t.Errorf("want %s: got %+v", want, report)
		}
	}
}
