package node

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/way"
	"sinso.dev/sinso/internal/wire/dimse"
)

// What becomes of de-identified copies at the doors: those of this project's programs are
// kept apart, and no peer gets one that was not added for research.

// researchAt is a peer for research on this machine.
func researchAt(title, port string) sinso.AERow {
	row := peerAt(title, port)
	row.Research = true
	return row
}

// copiesOf are what this project makes of files for research.
func copiesOf(tb testing.TB, files ...[]byte) (copies [][]byte) {
	tb.Helper()
	p, err := deid.NewProfile()
	if err != nil {
		tb.Fatal(err)
	}
	for _, file := range files {
		result, err := p.Clean(tb.Context(), sinso.Record{Bytes: file}, deid.Release{Secret: [32]byte{7}})
		if err != nil {
			tb.Fatal(err)
		}
		copies = append(copies, result.Clean.Bytes)
	}
	return copies
}

// markedFiles are files that another program says to have de-identified.
func markedFiles(tb testing.TB, files ...[]byte) (marked [][]byte) {
	tb.Helper()
	for _, b := range files {
		file, err := dicom.Read(b)
		if err != nil {
			tb.Fatal(err)
		}
		ds, err := file.Tree()
		if err != nil {
			tb.Fatal(err)
		}
		ds.SetString(0x00120062, dicom.VRCS, "YES")
		out, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
		if err != nil {
			tb.Fatal(err)
		}
		marked = append(marked, out)
	}
	return marked
}

// textOf returns an element of a file.
func textOf(tb testing.TB, b []byte, tag dicom.Tag) string {
	tb.Helper()
	file, err := dicom.Read(b)
	if err != nil {
		tb.Fatal(err)
	}
	return file.String(tag)
}

// mixed is an archive with a study of copies that a peer for research brought, and a
// clinical study of which one object is marked by another program.
func mixed(t *testing.T, peers ...sinso.AERow) (a *archive, copies, originals, marked [][]byte) {
	t.Helper()
	a = openArchive(t, Config{}, Options{}, append(peers, peerAt("SCU", ""), researchAt("LAB", ""))...)
	copies = copiesOf(t, studyOf(t, "61", 2, 0)...)
	files := studyOf(t, "62", 3, 0)
	originals, marked = files[:2], markedFiles(t, files[2])
	a.put(t, "LAB", copies...)
	a.put(t, "SCU", append(slices.Clone(originals), marked...)...)
	return a, copies, originals, marked
}

func (a *archive) quarantined(tb testing.TB, reason sinso.Reason) (n int) {
	tb.Helper()
	rows, err := a.Quarantine(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	for _, row := range rows {
		if row.Reason == reason {
			n++
		}
	}
	return n
}

// TestStorescuIsToldThatACopyIsNoOriginal: status 0124H, and the copy is in quarantine;
// from a peer for research it is taken.
func TestStorescuIsToldThatACopyIsNoOriginal(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a := openArchive(t, Config{}, Options{}, peerAt("SCU", ""), researchAt("LAB", ""))
	paths := written(t, copiesOf(t, studyOf(t, "60", 1, 0)...)...)
	out, _ := program(t, "storescu", append([]string{"-v", "-d"}, a.scu(paths...)...)...).CombinedOutput()
	if !strings.Contains(strings.ToLower(string(out)), "0x0124") {
		t.Errorf("the answer is not 0124H:\n%s", out)
	}
	if n, rows := a.quarantined(t, way.ReasonDerivative), a.rows(t); n != 1 || len(rows) != 0 {
		t.Errorf("%d in quarantine, %d filed", n, len(rows))
	}
	runProgram(t, "storescu", append([]string{"-v", "-aet", "LAB", "-aec", "SINSO", "127.0.0.1", a.port}, paths...)...)
	if rows := a.rows(t); len(rows) != 1 || rows[0].Deidentified != sinso.DeidentifiedHere {
		t.Errorf("from a peer for research: %d filed", len(rows))
	}
}

// TestMovescuMovesCopiesForResearchAlone moves a study of copies, and one of which one
// object is a copy, to a storescp that is for research and to one that is not.
func TestMovescuMovesCopiesForResearchAlone(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	ports, dirs := [2]string{freePort(t), freePort(t)}, [2]string{t.TempDir(), t.TempDir()}
	for i, title := range []string{"CLINIC", "STUDIES"} {
		startProgram(t, []string{ports[i]}, "storescp", "-v", "+B", "+xa", "-aet", title, "-od", dirs[i], ports[i])
	}
	a, copies, originals, marked := mixed(t, peerAt("CLINIC", ports[0]), researchAt("STUDIES", ports[1]))
	move := func(target, study string) string {
		out, _ := program(t, "movescu", append([]string{
			"-v", "-d", "-S", "-aem", target, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + study,
		}, a.scu()...)...).CombinedOutput()
		return strings.ToLower(string(out))
	}
	if out := move("CLINIC", textOf(t, copies[0], 0x0020000D)); !strings.Contains(out, "0x0124") || !strings.Contains(out, "only to peers added for research") {
		t.Errorf("copies alone: want status 0124H and why:\n%s", out)
	}
	if out := move("CLINIC", syntheticRoot+"62"); !strings.Contains(out, "0xb000") || !strings.Contains(out, textOf(t, marked[0], 0x00080018)) {
		t.Errorf("one of three: want status B000H and its UID:\n%s", out)
	}
	sameData(t, filesIn(t, dirs[0]), originals...)
	move("STUDIES", textOf(t, copies[0], 0x0020000D))
	move("STUDIES", syntheticRoot+"62")
	sameData(t, filesIn(t, dirs[1]), slices.Concat(copies, originals, marked)...)
}

// TestGetscuGetsCopiesForResearchAlone does the same over the caller's own association.
func TestGetscuGetsCopiesForResearchAlone(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a, copies, originals, marked := mixed(t)
	for title, want := range map[string][][]byte{"SCU": originals, "LAB": slices.Concat(copies, originals, marked)} {
		dir := t.TempDir()
		for _, study := range []string{textOf(t, copies[0], 0x0020000D), syntheticRoot + "62"} {
			_, _ = program(t, "getscu", "-v", "-S", "+B", "-od", dir, "-aet", title, "-aec", "SINSO",
				"-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID="+study, "127.0.0.1", a.port).CombinedOutput() // it ends with the status
		}
		sameData(t, filesIn(t, dir), want...)
	}
}

// TestGetSaysWhyNothingCame holds status, counts and comment of a C-GET of copies alone.
func TestGetSaysWhyNothingCame(t *testing.T) {
	t.Parallel()
	a, copies, _, _ := mixed(t)
	opened := a.openedFor(t, "dimse-get")
	assoc := a.dial(t, "SCU", dimse.Context{Abstract: dimse.StudyRootGet, Syntaxes: []string{dicom.ExplicitLittleEndian}},
		dimse.Context{Abstract: classes["CT"], Syntaxes: []string{dicom.ExplicitLittleEndian}, SCP: true, NotSCU: true})
	var identifier dicom.Dataset
	identifier.SetString(0x00080052, dicom.VRCS, "STUDY")
	identifier.SetString(0x0020000D, dicom.VRUI, textOf(t, copies[0], 0x0020000D))
	out, err := assoc.Get(t.Context(), dimse.StudyRootGet, identifier, func(context.Context, *dimse.StoreRequest) dimse.Status {
		t.Error("a copy came")
		return dimse.StatusSuccess
	}, nil)
	if err != nil || out.Status != dimse.StatusNotAuthorized || out.Counts != (dimse.Counts{Failed: 2}) || len(out.Failed) != 2 ||
		out.Comment != "de-identified copies go only to peers added for research" {
		t.Errorf("got %+v, %v", out, err)
	}
	if a.openedFor(t, "dimse-get") != opened {
		t.Error("it is written down that something was handed out")
	}
}

// TestSendRefusesCopiesToPeersThatTreat: of some the others go, of none but copies nothing
// does, and nobody is called.
func TestSendRefusesCopiesToPeersThatTreat(t *testing.T) {
	t.Parallel()
	port, got := catcher(t, "CLINIC", nil)
	lab, gotByLab := catcher(t, "STUDIES", nil)
	a, copies, originals, marked := mixed(t, peerAt("CLINIC", port), peerAt("GONE", freePort(t)), researchAt("STUDIES", lab))
	study := textOf(t, copies[0], 0x0020000D)
	for _, title := range []string{"CLINIC", "GONE"} {
		sent, err := a.SendToPeer(t.Context(), title, []string{study}, "test", ignoreSent)
		if !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "--research") || sent.Sent != 0 {
			t.Errorf("copies alone to %s: %+v, %v", title, sent, err)
		}
	}
	sent, err := a.SendToPeer(t.Context(), "CLINIC", []string{study, syntheticRoot + "62"}, "test", ignoreSent)
	if err != nil || sent.Objects != 5 || sent.Sent != 2 || sent.Failed != 3 || !strings.Contains(sent.Failures[0].Reason, "de-identified") {
		t.Errorf("some: %+v, %v", sent, err)
	}
	sameData(t, got(), originals...)
	if sent, err := a.SendToPeer(t.Context(), "STUDIES", []string{study, syntheticRoot + "62"}, "test", ignoreSent); err != nil || sent.Sent != 5 {
		t.Errorf("for research: %+v, %v", sent, err)
	}
	sameData(t, gotByLab(), slices.Concat(copies, originals, marked)...)
	if err := a.AddAE(t.Context(), peerAt("STUDIES", lab), "test"); err != nil { // it is one no longer
		t.Fatal(err)
	}
	if _, err := a.SendToPeer(t.Context(), "STUDIES", []string{study}, "test", ignoreSent); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("a peer that was for research: %v", err)
	}
}

// TestPullTakesCopiesFromPeersForResearchAlone gets a study of copies from another node,
// which gives it to a peer for research only.
func TestPullTakesCopiesFromPeersForResearchAlone(t *testing.T) {
	t.Parallel()
	theirs := openArchive(t, Config{AETitle: "THERE"}, Options{}, researchAt("SINSO", ""), researchAt("LAB", ""))
	copies := copiesOf(t, studyOf(t, "63", 2, 0)...)
	theirs.put(t, "LAB", copies...)
	ours := openArchive(t, Config{}, Options{}, peerAt("THERE", theirs.port))
	studies := []string{textOf(t, copies[0], 0x0020000D)}
	got, err := ours.PullFromPeer(t.Context(), "THERE", studies, "test", ignorePulled)
	if err != nil || got.Refused != 2 || got.Taken != 0 || len(ours.rows(t)) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := ours.AddAE(t.Context(), researchAt("THERE", theirs.port), "test"); err != nil {
		t.Fatal(err)
	}
	if got, err = ours.PullFromPeer(t.Context(), "THERE", studies, "test", ignorePulled); err != nil || got.Taken != 2 {
		t.Errorf("for research: got %+v, %v", got, err)
	}
}

// asked sends a request with a token, and returns the status and the body.
func (a *archive) asked(t *testing.T, token, method, path, accept string, body io.Reader, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, a.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", accept)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(b)
}

// TestWebGivesCopiesToNobodyWhoTreats: a clinician finds copies, marked, and gets none by
// any route of DICOMweb or of the page; with a token for research they do.
func TestWebGivesCopiesToNobodyWhoTreats(t *testing.T) {
	t.Parallel()
	a, copies, originals, marked := mixed(t)
	clinician, err := a.CreateToken(t.Context(), sinso.RoleClinician, "", time.Hour, "test")
	if err != nil {
		t.Fatal(err)
	}
	research, err := a.CreateResearchToken(t.Context(), sinso.RoleClinician, "", time.Hour, "test")
	if err != nil {
		t.Fatal(err)
	}
	uids := [3]string{textOf(t, copies[0], 0x0020000D), textOf(t, copies[0], 0x0020000E), textOf(t, copies[0], 0x00080018)}
	study := "/dicom-web/studies/" + uids[0]
	series := study + "/series/" + uids[1]
	instance := series + "/instances/" + uids[2]
	file := ""
	for _, row := range a.rows(t) {
		if row.UID == uids[2] {
			file = "/api/v1/records/" + string(row.ID) + "/file"
		}
	}
	const parts, tree = `multipart/related; type="application/dicom"`, "application/dicom+json"
	for path, accept := range map[string]string{
		study: parts, series: parts, instance: parts, study + "/metadata": tree, series + "/metadata": tree, instance + "/metadata": tree,
		instance + "/frames/1": `multipart/related; type="application/octet-stream"`, instance + "/rendered": "image/png", study + "/thumbnail": "image/png",
		"/dicom-web/wado?requestType=WADO&studyUID=" + uids[0] + "&seriesUID=" + uids[1] + "&objectUID=" + uids[2] + "&contentType=application/dicom": "*/*",
		file: "*/*",
	} {
		if status, body := a.asked(t, clinician, "GET", path, accept, nil); status != http.StatusForbidden || !strings.Contains(body, "de-identified") {
			t.Errorf("%s: got %d %.200q", path, status, body)
		}
		if status, body := a.asked(t, research, "GET", path, accept, nil); status != http.StatusOK {
			t.Errorf("%s for research: got %d %.200q", path, status, body)
		}
	}
	mixedStudy := "/dicom-web/studies/" + syntheticRoot + "62"
	if status, body := a.asked(t, clinician, "GET", mixedStudy, parts, nil); status != http.StatusPartialContent || strings.Count(body, "DICM") != len(originals) {
		t.Errorf("of a study with one: got %d, %d objects", status, strings.Count(body, "DICM"))
	}
	_, body := a.asked(t, clinician, "GET", mixedStudy+"/metadata", tree, nil)
	if uid := textOf(t, marked[0], 0x00080018); strings.Contains(body, uid) || strings.Count(body, `"00080018"`) != len(originals) {
		t.Errorf("metadata of a study with one: %.300q", body)
	}
	for path, want := range map[string]int{
		"/dicom-web/studies": 2, "/dicom-web/instances?StudyInstanceUID=" + syntheticRoot + "62": 1, "/dicom-web/instances?StudyInstanceUID=" + uids[0]: 2,
	} {
		if _, body := a.asked(t, clinician, "GET", path, tree, nil); strings.Count(body, `"00120062":{"vr":"CS","Value":["YES"]}`) != want {
			t.Errorf("%s: %.600q does not say %d times that it is a copy", path, body, want)
		}
	}
}

// TestStowRefusesCopiesButForResearch also holds what the upload of the page does.
func TestStowRefusesCopiesButForResearch(t *testing.T) {
	t.Parallel()
	a := openArchive(t, Config{}, Options{})
	clinician, err := a.CreateToken(t.Context(), sinso.RoleClinician, "", time.Hour, "test")
	if err != nil {
		t.Fatal(err)
	}
	research, err := a.CreateResearchToken(t.Context(), sinso.RoleClinician, "", time.Hour, "test")
	if err != nil {
		t.Fatal(err)
	}
	files := copiesOf(t, studyOf(t, "64", 3, 0)...)
	send := func(token, path string, file []byte) (int, string) {
		return a.asked(t, token, "POST", path, "*/*", strings.NewReader(string(file)), "Content-Type", "application/dicom")
	}
	if status, body := send(clinician, "/dicom-web/studies", files[0]); status != http.StatusConflict || !strings.Contains(body, `"00081197":{"vr":"US","Value":[292]}`) { // 0124H
		t.Errorf("STOW: got %d %s", status, body)
	}
	if status, _ := send(research, "/dicom-web/studies", files[0]); status != http.StatusOK {
		t.Errorf("STOW for research: got %d", status)
	}
	var counted ImportResult
	status, body := send(clinician, "/api/v1/imports", files[1])
	if err := json.Unmarshal([]byte(body), &counted); err != nil || status != http.StatusOK || counted.Reasons[way.ReasonDerivative] != 1 {
		t.Errorf("upload: got %d %s", status, body)
	}
	for i, ask := range [][2]string{{clinician, "/api/v1/imports?research=true"}, {research, "/api/v1/imports"}} {
		if status, body := send(ask[0], ask[1], files[i+1]); status != http.StatusOK || !strings.Contains(body, `"instances":1`) {
			t.Errorf("upload for research: got %d %s", status, body)
		}
	}
	if status, _ := send(clinician, "/api/v1/imports?research=perhaps", files[1]); status != http.StatusBadRequest {
		t.Errorf("research=perhaps: got %d", status)
	}
	if n, rows := a.quarantined(t, way.ReasonDerivative), a.rows(t); n != 2 || len(rows) != 3 {
		t.Errorf("%d in quarantine, %d filed", n, len(rows))
	}
}

// TestFoldersRefuseCopiesButForResearch imports a folder with an original and a copy.
func TestFoldersRefuseCopiesButForResearch(t *testing.T) {
	t.Parallel()
	a := openArchive(t, Config{DIMSEListen: none}, Options{})
	files := studyOf(t, "65", 2, 0)
	paths := written(t, files[0], copiesOf(t, files[1])[0])
	if _, err := os.Stat(paths[1]); err != nil {
		t.Fatal(err)
	}
	folder := []string{filepath.Dir(paths[0])}
	result, err := a.ImportPaths(t.Context(), folder, ImportOptions{Actor: "test"})
	if err != nil || result.Instances != 1 || result.Reasons[way.ReasonDerivative] != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
	result, err = a.ImportPaths(t.Context(), folder, ImportOptions{Actor: "test", Research: true})
	if err != nil || result.Instances != 1 || result.Duplicates != 1 || len(result.Studies) != 2 {
		t.Errorf("for research: got %+v, %v", result, err)
	}
}
