package node

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/wire/dimse"
)

// scu returns the arguments of a dcmtk client that calls the node as SCU.
func (a *archive) scu(more ...string) []string {
	return append([]string{"-aet", "SCU", "-aec", "SINSO", "127.0.0.1", a.port}, more...)
}

func TestEchoscuIsAnsweredIfItIsKnown(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a := openArchive(t, Config{}, Options{}, peerAt("SCU", ""))
	runProgram(t, "echoscu", append([]string{"-v"}, a.scu()...)...)
	out, err := program(t, "echoscu", "-v", "-aet", "STRANGER", "-aec", "SINSO", "127.0.0.1", a.port).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Calling AE Title Not Recognized") {
		t.Errorf("a stranger: %v\n%s", err, out)
	}
}

// storescuOptions propose a transfer syntax.
var storescuOptions = map[string]string{
	dicom.ImplicitLittleEndian: "-xi", dicom.ExplicitLittleEndian: "-xe", dicom.ExplicitBigEndian: "-xb", dicom.DeflatedExplicitLittleEndian: "-xd",
	codec.JPEGLosslessSV1: "-xs", codec.JPEGBaseline: "-xy", codec.JPEGExtended: "-xx", codec.JPEG2000Lossless: "-xv", codec.JPEG2000: "-xw",
	codec.JPEGLSLossless: "-xt", codec.JPEGLSNearLossless: "-xu", codec.RLELossless: "-xr",
}

// TestStorescuStoresEachSyntaxAndClass stores real files, one association each, in
// the syntax that each has.
func TestStorescuStoresEachSyntaxAndClass(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a := openArchive(t, Config{}, Options{}, peerAt("SCU", ""))
	syntaxes, kinds, taken := map[string]bool{}, map[string]bool{}, 0
	for _, file := range realFiles(t) {
		option, ok := storescuOptions[file.object.Syntax]
		if !ok {
			continue
		}
		out, err := program(t, "storescu", append([]string{"-v", "-R", option}, a.scu(file.path)...)...).CombinedOutput()
		switch {
		case err == nil && strings.Contains(string(out), "Success"):
			taken++
			syntaxes[file.object.Syntax], kinds[file.object.SOPClass] = true, true
		case strings.Contains(string(out), "0xc000"), strings.Contains(string(out), "CannotUnderstand"): // refused, and kept in quarantine
		case strings.Contains(string(out), "I: Received Store Response"):
			t.Errorf("%s: %s", filepath.Base(file.path), out)
		default: // dcmtk cannot read it, or does not send such
			t.Logf("%s is not sent: %.200s", filepath.Base(file.path), lastLine(string(out)))
		}
	}
	rows := a.rows(t)
	if len(rows) != taken {
		t.Errorf("%d objects are here, %d were acknowledged", len(rows), taken)
	}
	if taken < 100 || len(syntaxes) < 8 || len(kinds) < 12 {
		t.Errorf("%d objects, %d transfer syntaxes, %d SOP classes", taken, len(syntaxes), len(kinds))
	}
	t.Logf("%d objects, %d transfer syntaxes, %d SOP classes", taken, len(syntaxes), len(kinds))
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// TestDcmsendSendsAllOverOneAssociation lets dcmsend choose what it proposes.
func TestDcmsendSendsAllOverOneAssociation(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a := openArchive(t, Config{}, Options{}, peerAt("SCU", ""))
	files := flat(studyOf(t, "10", 20, 0), studyOf(t, "11", 5, 1<<20))
	runProgram(t, "dcmsend", append([]string{"-v", "-dn"}, a.scu(written(t, files...)...)...)...)
	if n := len(a.rows(t)); n != len(files) {
		t.Errorf("%d objects are here, want %d", n, len(files))
	}
}

// pairsOf proposes the class and syntax of each file, to send it or to get it.
func pairsOf(files []realFile, scp bool) []dimse.Context {
	seen := map[dimse.Pair]bool{}
	var contexts []dimse.Context
	for _, file := range files {
		pair := dimse.Pair{Class: file.object.SOPClass, Syntax: file.object.Syntax}
		if !seen[pair] {
			seen[pair] = true
			contexts = append(contexts, dimse.Context{Abstract: pair.Class, Syntaxes: []string{pair.Syntax}, SCP: scp, NotSCU: scp})
		}
	}
	return contexts
}

// TestWhatWasStoredComesBackAsItWas stores each of pydicom's files by C-STORE, and
// gets each that was acknowledged back by C-GET with the same data set bytes.
func TestWhatWasStoredComesBackAsItWas(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a := openArchive(t, Config{}, Options{}, researchAt("SCU", ""))
	files := realFiles(t)
	assoc := a.dial(t, "SCU", pairsOf(files, false)...)
	var stored []realFile
	for _, file := range files {
		status, err := assoc.Store(t.Context(), file.object)
		switch {
		case err != nil:
			t.Fatalf("%s: %v", filepath.Base(file.path), err)
		case status == dimse.StatusSuccess:
			stored = append(stored, file)
		case status != dimse.StatusUnableToProcess:
			t.Errorf("%s: %v", filepath.Base(file.path), status)
		}
	}
	if err := assoc.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(stored) < 60 {
		t.Errorf("only %d of %d files were stored", len(stored), len(files))
	}
	got := map[string]*dimse.Object{}
	get := a.dial(t, "SCU", append(pairsOf(stored, true), dimse.Context{Abstract: dimse.PatientRootGet, Syntaxes: []string{dicom.ExplicitLittleEndian}})...)
	for _, file := range stored {
		var identifier dicom.Dataset
		identifier.SetString(0x00080052, dicom.VRCS, "IMAGE")
		identifier.SetString(0x00080018, dicom.VRUI, file.object.SOPInstance)
		out, err := get.Get(t.Context(), dimse.PatientRootGet, identifier, func(_ context.Context, r *dimse.StoreRequest) dimse.Status {
			got[r.SOPInstance] = &dimse.Object{SOPInstance: r.SOPInstance, Syntax: r.Syntax, Data: slices.Clone(r.Data())}
			return dimse.StatusSuccess
		}, nil)
		if err != nil || out.Status != dimse.StatusSuccess || out.Counts.Completed != 1 {
			t.Errorf("%s: %+v, %v", filepath.Base(file.path), out, err)
		}
		if err != nil {
			t.FailNow()
		}
	}
	var want [][]byte
	for _, file := range stored {
		want = append(want, file.bytes)
	}
	sameData(t, got, want...)
	t.Logf("%d of %d files", len(stored), len(files))
}

// TestGetscuGetsAStudy compares what getscu writes with what was stored.
func TestGetscuGetsAStudy(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	a, files := queried(t)
	for root, keys := range map[string][]string{"-S": {"StudyInstanceUID=" + syntheticRoot + "21"}, "-P": {"PatientID=Q-1", "StudyInstanceUID=" + syntheticRoot + "21"}} {
		dir := t.TempDir()
		args := []string{"-v", root, "+B", "-od", dir, "-k", "QueryRetrieveLevel=STUDY"}
		for _, key := range keys {
			args = append(args, "-k", key)
		}
		runProgram(t, "getscu", append(args, a.scu()...)...)
		sameData(t, filesIn(t, dir), files[:4]...)
	}
	if a.openedFor(t, "dimse-get") == 0 {
		t.Error("what was handed out is not written down")
	}
}

// TestMovescuMovesToStorescp moves to a third.
func TestMovescuMovesToStorescp(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	port, dir := freePort(t), t.TempDir()
	startProgram(t, []string{port}, "storescp", "-v", "+B", "+xa", "-aet", "TARGET", "-od", dir, port)
	a, files := queried(t, peerAt("TARGET", port), peerAt("DEAF", freePort(t)))
	for _, study := range []string{"21", "22", "23"} {
		runProgram(t, "movescu", append([]string{
			"-v", "-S", "-aem", "TARGET", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + syntheticRoot + study,
		}, a.scu()...)...)
	}
	sameData(t, filesIn(t, dir), files...)
	for target, want := range map[string]string{"NOBODY": "0xa801", "DEAF": "0xa702"} {
		out, _ := program(t, "movescu", append([]string{
			"-v", "-d", "-S", "-aem", target, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + syntheticRoot + "21",
		}, a.scu()...)...).CombinedOutput()
		if !strings.Contains(strings.ToLower(string(out)), want) {
			t.Errorf("to %s: want status %s:\n%s", target, want, out)
		}
	}
}

// TestMovedObjectsThatTheTargetCannotReadAreTranscoded moves compressed objects to a
// storescp that takes only implicit little endian.
func TestMovedObjectsThatTheTargetCannotReadAreTranscoded(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	port, dir := freePort(t), t.TempDir()
	startProgram(t, []string{port}, "storescp", "-v", "+B", "+xi", "-aet", "TARGET", "-od", dir, port)
	a := openArchive(t, Config{}, Options{}, peerAt("TARGET", port), peerAt("SCU", ""))
	var stored [][]byte
	var want []string
	for _, syntax := range []string{codec.RLELossless, codec.JPEGLosslessSV1, codec.JPEGLSLossless, codec.JPEG2000Lossless, dicom.DeflatedExplicitLittleEndian, dicom.ExplicitBigEndian} {
		i := image{patient: "P-31", name: "SYNTHETIC^31", study: "31", series: "1", uid: strconv.Itoa(len(stored) + 1), modality: "CT", date: "20200102"}
		file, err := dicom.Read(i.file(t))
		if err != nil {
			t.Fatal(err)
		}
		packed, err := codec.Transcode(file, syntax)
		if err != nil {
			t.Fatalf("%s: %v", syntax, err)
		}
		stored, want = append(stored, packed), append(want, string(pixelsOf(t, i.file(t))))
	}
	a.put(t, "SCU", stored...)
	runProgram(t, "movescu", append([]string{
		"-v", "-S", "-aem", "TARGET", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + syntheticRoot + "31",
	}, a.scu()...)...)
	got := filesIn(t, dir)
	for i := range stored {
		o := got[fmt.Sprintf("%s31.1.%d", syntheticRoot, i+1)]
		if o == nil || o.Syntax != dicom.ImplicitLittleEndian || !strings.HasSuffix(string(o.Data), want[i]) {
			t.Errorf("object %d did not come, or not as it is", i)
		}
	}
}

// TestSendAndPullWithDcmtk has our own client store to dcmqrscp, and get it from
// there: by C-MOVE, as dcmqrscp does not tell classes, and by C-GET where the node
// does not listen.
func TestSendAndPullWithDcmtk(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	port := freePort(t)
	a, files := queried(t, peerAt("QR", port))
	mover := openArchive(t, Config{AETitle: "MOVER"}, Options{}, peerAt("QR", port))
	startQrscp(t, port, map[string]string{"SINSO": a.port, "MOVER": mover.port, "GETTER": "1", "LOST": a.port})
	if _, err := a.EchoPeer(t.Context(), "QR"); err != nil {
		t.Fatal(err)
	}
	studies := []string{syntheticRoot + "21", syntheticRoot + "22", syntheticRoot + "23"}
	if sent, err := a.SendToPeer(t.Context(), "QR", studies, "test", ignoreSent); err != nil || sent.Sent != len(files) {
		t.Fatalf("%+v, %v", sent, err)
	}
	found, err := a.FindAtPeer(t.Context(), "QR", PeerAsk{Level: "study", Keys: []string{"PatientName=DOE*"}})
	if err != nil || len(found.Items) != 2 {
		t.Errorf("%d found, %v", len(found.Items), err)
	}
	getter := openArchive(t, Config{AETitle: "GETTER", DIMSEListen: none}, Options{}, peerAt("QR", port))
	for name, tt := range map[string]struct {
		*archive
		want PeerPulled
	}{
		"move": {mover, PeerPulled{By: "move", Objects: 8, Received: 8}},
		"get":  {getter, PeerPulled{By: "get", Objects: 8, Received: 8, Taken: 8}},
	} {
		got, err := tt.PullFromPeer(t.Context(), "QR", studies, "test", ignorePulled)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, tt.want)
		}
		same(t, tt.archive, a)
	}
	lost := openArchive(t, Config{AETitle: "LOST"}, Options{}, peerAt("QR", port))
	got, err := lost.PullFromPeer(t.Context(), "QR", studies[:1], "test", ignorePulled)
	if want := (PeerPulled{By: "move", Objects: 4, Failed: 4}); err != nil || got != want {
		t.Errorf("moved to somewhere else: got %+v, %v, want %+v", got, err, want)
	}
}

// same wants two archives to have the same objects.
func same(t *testing.T, a, b *archive) {
	t.Helper()
	var sums [2][]string
	for i, archive := range []*archive{a, b} {
		for _, row := range archive.rows(t) {
			sums[i] = append(sums[i], row.UID+" "+archive.sum(t, row))
		}
		slices.Sort(sums[i])
	}
	if !slices.Equal(sums[0], sums[1]) {
		t.Errorf("%d and %d objects, not the same", len(sums[0]), len(sums[1]))
	}
}

// startQrscp starts dcmtk's archive, which knows nodes at ports.
func startQrscp(t *testing.T, port string, nodes map[string]string) {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "dcmqrscp.cfg")
	var hosts strings.Builder
	for title, at := range nodes {
		fmt.Fprintf(&hosts, "h%s = (%s, 127.0.0.1, %s)\n", strings.ToLower(title), title, at)
	}
	text := fmt.Sprintf(`NetworkTCPPort = %s
MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
%sHostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
QR %s RW (200, 1024mb) ANY
AETable END
`, port, hosts.String(), dir)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	startProgram(t, []string{port}, "dcmqrscp", "-v", "-c", config)
}
