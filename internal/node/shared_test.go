package node

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/sharelink"
	"sinso.dev/sinso/internal/edge/auth"
)

// hostEnv says that this test binary is a host of shares, in the folder where it is
// started: "now", or "later" by laterBy.
const hostEnv = "SINSO_TEST_HOST"

const laterBy = 2 * time.Hour

// hostTold is what it says when it serves: then it waits for its stdin to end.
type hostTold struct {
	URL     string             `json:"url"`
	Token   string             `json:"token"` // of the owner
	Study   sinso.StudyID      `json:"study"`
	Records []sinso.InstanceID `json:"records"`
}

// shifted is the wall's clock, off by some time.
type shifted struct{ by time.Duration }

func (s shifted) Now() time.Time { return time.Now().Add(s.by) }

// host is a node that logs all that it has to say to a file.
func host(when string) (err error) {
	clock := shifted{}
	if when == "later" {
		clock.by = laterBy
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	log, err := os.OpenFile("log.json", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	tn := &town{clock: clock, log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	defer func() { err = errors.Join(err, tn.close(), log.Close()) }()
	n, err := tn.node(ctx, Config{Data: "node", Chain: none, ChainListen: none, DIMSEListen: none})
	if err != nil {
		return err
	}
	told, err := hostHas(ctx, n)
	if err != nil {
		return err
	}
	listener, err := n.Listen(ctx)
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- n.Serve(ctx, listener) }()
	told.URL = "http://" + listener.Addr().String()
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent closes it
	cancel()
	return <-served
}

// hostHas gives a node a study, if it has none, and its person a token.
func hostHas(ctx context.Context, n *Node) (told hostTold, err error) {
	studies, err := n.Studies(ctx, "")
	if err == nil && len(studies) == 0 {
		if err = smallChest(ctx, n); err == nil {
			studies, err = n.Studies(ctx, "")
		}
	}
	if err != nil {
		return told, err
	}
	told.Study = studies[0].ID
	rows, err := n.Instances(ctx, told.Study)
	for _, row := range rows {
		told.Records = append(told.Records, row.ID)
	}
	if err != nil {
		return told, err
	}
	token, row, err := auth.Issue(rand.Reader, n.Clock.Now(), sinso.RoleOwner, studies[0].Person, time.Hour)
	if err != nil {
		return told, err
	}
	told.Token = token
	return told, n.SaveBearer(ctx, row, "test")
}

// hosting is such a process, and how to ask it.
type hosting struct {
	hostTold
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.Closer
}

// hosts starts one in a folder.
func hosts(t *testing.T, dir, when string) *hosting {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := &hosting{t: t, cmd: exec.CommandContext(t.Context(), self)}
	h.cmd.Dir, h.cmd.Env = dir, append(os.Environ(), hostEnv+"="+when)
	h.cmd.Stderr = os.Stderr
	stdin, err := h.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.stdin = stdin
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &h.hostTold) != nil {
		t.Fatalf("the host said %q, %v", line, err)
	}
	return h
}

// stop lets it end in order.
func (h *hosting) stop() {
	h.t.Helper()
	if err := errors.Join(h.stdin.Close(), h.cmd.Wait()); err != nil {
		h.t.Fatal(err)
	}
}

// kill ends it as loss of power would.
func (h *hosting) kill() {
	h.t.Helper()
	if err := h.cmd.Process.Kill(); err != nil {
		h.t.Fatal(err)
	}
	_ = h.cmd.Wait() // it was killed
}

// ask sends one request; authorization "" is the owner's token.
func (h *hosting) ask(method, path, body, authorization string) (int, []byte) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if authorization == "" {
		authorization = "Bearer " + h.Token
	}
	r.Header.Set("Authorization", authorization)
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer.StatusCode, b
}

func (h *hosting) want(status int, method, path, body, authorization string) []byte {
	h.t.Helper()
	got, b := h.ask(method, path, body, authorization)
	if got != status {
		h.t.Fatalf("%s %s: got %d %s, want %d", method, path, got, b, status)
	}
	return b
}

// linked is a share, as who made it has it: the files, and the sealed parts.
type linked struct {
	secret sharelink.Secret
	files  [][]byte
	parts  map[int][]byte
}

func (l linked) proof() string {
	proof := l.secret.Proof()
	return "Sinso-Share " + base64.RawURLEncoding.EncodeToString(proof[:])
}

// share makes one of all records of the host's study, as the owner's page does.
func (h *hosting) share(ends time.Time) linked {
	h.t.Helper()
	secret, err := sharelink.NewSecret(rand.Reader)
	if err != nil {
		h.t.Fatal(err)
	}
	l := linked{secret: secret, parts: map[int][]byte{}}
	m := sharelink.Manifest{Note: noteInside, Series: []sharelink.Series{{Modality: "CT"}}}
	for _, id := range h.Records {
		file := h.want(200, "GET", "/api/v1/records/"+string(id)+"/file", "", "")
		l.files = append(l.files, file)
		m.Series[0].Files = append(m.Series[0].Files, sharelink.File{Size: int64(len(file))})
	}
	err = sharelink.Seal(h.t.Context(), secret, m, bytes.NewReader(bytes.Join(l.files, nil)), func(part int, sealed []byte) error {
		l.parts[part] = bytes.Clone(sealed)
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	verifier := sharelink.Verifier(secret.Proof())
	h.want(200, "POST", "/api/v1/shares", fmt.Sprintf(`{"id":%q,"study":%q,"verifier":%q,"purpose":"TREAT","endsAt":%q,"parts":%d}`,
		secret.ID(), h.Study, base64.RawURLEncoding.EncodeToString(verifier[:]), ends.UTC().Format(time.RFC3339), len(l.parts)-1), "")
	for part, sealed := range l.parts {
		h.want(204, "PUT", fmt.Sprintf("/api/v1/shares/%s/parts/%d", secret.ID(), part), string(sealed), "")
	}
	h.want(200, "POST", "/api/v1/shares/"+string(secret.ID())+"/complete", "", "")
	return l
}

const noteInside = "Doctor, please compare the right lower lobe."

// look opens a share by its link.
func (h *hosting) look(l linked) ([][]byte, error) {
	h.t.Helper()
	link := "/api/v1/shared/" + string(l.secret.ID())
	status, b := h.ask("GET", link, "", l.proof())
	if status != 200 {
		return nil, fmt.Errorf("status %d", status)
	}
	var opened struct{ Opening string }
	if err := json.Unmarshal(b, &opened); err != nil {
		return nil, err
	}
	get := func(part int) ([]byte, error) {
		return h.want(200, "GET", link+"/parts/"+strconv.Itoa(part), "", l.proof()+"."+opened.Opening), nil
	}
	manifest, err := get(0)
	if err != nil {
		return nil, err
	}
	share, err := sharelink.Open(l.secret, manifest)
	if err != nil {
		return nil, err
	}
	files := make([][]byte, share.Files())
	for i := range files {
		if files[i], err = share.ReadFile(i, get); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// keys are what opens a share, in the forms in which it may be kept. They are derived
// here again, by what docs/formats.md says.
func (l linked) keys(t *testing.T) map[string][]byte {
	t.Helper()
	derive := func(info string) []byte {
		key, err := hkdf.Key(sha256.New, l.secret[:], []byte("sinso/share/v1"), info, 32)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	share, err := sharelink.Open(l.secret, l.parts[0])
	if err != nil {
		t.Fatal(err)
	}
	synthetic, err := base64.RawURLEncoding.DecodeString(share.Manifest.Parts[0])
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]byte{"the note": []byte(noteInside)}
	for name, key := range map[string][]byte{
		"the secret": l.secret[:], "the key of hashes": derive("synthetic"), "the manifest's key": derive("part\x00\x00\x00\x00" + string(l.parts[0][1:33])),
		"the first part's key": derive("part\x00\x00\x00\x01" + string(synthetic)),
	} {
		found[name] = key
		found[name+" in base64url"] = []byte(base64.RawURLEncoding.EncodeToString(key))
		found[name+" in base64"] = []byte(base64.RawStdEncoding.EncodeToString(key))
		found[name+" in hex"] = []byte(hex.EncodeToString(key))
	}
	return found
}

// memory is all that a process has in memory and may write, as it is now.
func (h *hosting) memory() []byte {
	h.t.Helper()
	pid := strconv.Itoa(h.cmd.Process.Pid)
	maps, err := os.ReadFile("/proc/" + pid + "/maps")
	if err != nil {
		h.t.Fatal(err)
	}
	mem, err := os.Open("/proc/" + pid + "/mem")
	if err != nil {
		h.t.Fatal(err)
	}
	defer mem.Close() //nolint:errcheck // it was only read
	var all []byte
	for line := range strings.Lines(string(maps)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || !strings.HasPrefix(fields[1], "rw") {
			continue
		}
		from, to, _ := strings.Cut(fields[0], "-")
		start, err1 := strconv.ParseInt(from, 16, 64)
		end, err2 := strconv.ParseInt(to, 16, 64)
		if err1 != nil || err2 != nil {
			continue // beyond what a process of ours may use
		}
		region := make([]byte, end-start)
		n, _ := mem.ReadAt(region, start) // what is not there cannot be read
		all = append(all, region[:n]...)
	}
	return all
}

// below is what every file below a folder holds.
func below(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var b []byte
			if b, err = os.ReadFile(path); !errors.Is(err, fs.ErrNotExist) {
				files[path] = append([]byte(path+"\n"), b...)
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it went meanwhile
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// wantBlind wants a host to hold no key of a share: not in memory, nor in its log, nor
// in any file. That the look would find one is seen by what it does hold.
func (h *hosting) wantBlind(when, dir string, l linked) {
	h.t.Helper()
	memory := h.memory()
	proof := strings.TrimPrefix(l.proof(), "Sinso-Share ")
	for name, has := range map[string]string{"the share's id": string(l.secret.ID()), "the proof that was shown": proof, "the owner's token": h.Token} {
		if !bytes.Contains(memory, []byte(has)) {
			h.t.Fatalf("%s: %s is not in %d bytes of memory: nothing would be found there", when, name, len(memory))
		}
	}
	files := below(h.t, dir)
	for name, key := range l.keys(h.t) {
		if bytes.Contains(memory, key) {
			h.t.Errorf("%s: %s is in memory", when, name)
		}
		for path, b := range files {
			if bytes.Contains(b, key) {
				h.t.Errorf("%s: %s is in %s", when, name, filepath.Base(path))
			}
		}
	}
	for path, b := range files {
		if strings.HasSuffix(path, "log.json") && bytes.Contains(b, []byte(proof)) {
			h.t.Errorf("%s: the log has the proof", when)
		}
	}
}

// wantGone wants no file to hold any 16 bytes of the parts of a share.
func wantGone(t *testing.T, dir string, l linked) {
	t.Helper()
	blocks := map[[16]byte]bool{}
	for _, sealed := range l.parts {
		for block := range slices.Chunk(sealed, 16) {
			if len(block) == 16 {
				blocks[[16]byte(block)] = true
			}
		}
	}
	if len(blocks) < 1000 {
		t.Fatalf("%d blocks", len(blocks))
	}
	for path, b := range below(t, dir) {
		for i := 0; i+16 <= len(b); i++ {
			if blocks[[16]byte(b[i:])] {
				t.Errorf("%s holds ciphertext of a share that ended", path)
				break
			}
		}
	}
}

// TestTheHostIsBlind is a share from its making to its end on a node of its own: what it
// has in memory, in its log and on disk opens nothing, and what it keeps is gone at the
// end, also by the clock, and after it was killed.
func TestTheHostIsBlind(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("left out by -short: needs two processes of a node, and reads all their memory, as Linux has it in /proc")
	}
	dir := t.TempDir()
	h := hosts(t, dir, "now")
	l, later := h.share(time.Now().Add(7*24*time.Hour)), h.share(time.Now().Add(time.Hour))
	files, err := h.look(l)
	if err != nil || !slices.EqualFunc(files, l.files, bytes.Equal) || len(files) == 0 {
		t.Fatalf("opened %d files, %v", len(files), err)
	}
	h.wantBlind("while it is shared", dir, l)
	h.want(200, "DELETE", "/api/v1/shares/"+string(l.secret.ID()), "", "")
	wantGone(t, dir, l) // when the answer is there, so is the end
	if _, err := h.look(l); err == nil || err.Error() != "status 404" {
		t.Errorf("a copied link after the end: %v", err)
	}
	h.wantBlind("after its end", dir, l)
	if _, err := h.look(later); err != nil {
		t.Error(err)
	}
	h.kill()
	again := hosts(t, dir, "later")
	for name, one := range map[string]linked{"ended": l, "expired": later} {
		if _, err := again.look(one); err == nil || err.Error() != "status 404" {
			t.Errorf("%s, in another life: %v", name, err)
		}
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) { // it is swept beside the start
		var list struct {
			Items []struct{ State string } `json:"items"`
		}
		if err := json.Unmarshal(again.want(200, "GET", "/api/v1/shares", "", ""), &list); err != nil || len(list.Items) != 2 {
			t.Fatalf("%d shares, %v", len(list.Items), err)
		}
		if list.Items[0].State == "ended" && list.Items[1].State == "ended" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("shares: %v", list.Items)
		}
	}
	again.stop()
	wantGone(t, dir, later)
	wantGone(t, dir, l)
}
