package dimse_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// tool returns a dcmtk command whose small packets are not held back.
func tool(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: install dcmtk", name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "TCP_NODELAY=1")
	cmd.Dir = t.TempDir()
	return cmd
}

// run runs a tool, which must succeed, and returns what it says.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := tool(t, name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// start runs a tool that serves on a port until the test ends.
func start(t *testing.T, port, name string, args ...string) {
	t.Helper()
	cmd := tool(t, name, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s: %s", name, out.String())
		}
	})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			_ = conn.Close()
			return
		}
		<-tick.C
	}
	t.Fatalf("%s does not listen", name)
}

// freePort returns a port that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return portOf(ln.Addr().String())
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// files writes n synthetic objects and returns their paths.
func files(t *testing.T, n int) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i := range n {
		uid := "1.2.3.4." + string(rune('1'+i))
		path := filepath.Join(dir, uid+".dcm")
		if err := os.WriteFile(path, object(t, dicom.ExplicitLittleEndian, uid, 200000+1000*i), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// kept is a store handler that keeps what arrives.
type kept struct {
	mu    sync.Mutex
	files map[string][]byte
}

func (k *kept) store(_ context.Context, _ *dimse.Association, r *dimse.StoreRequest) dimse.Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.files == nil {
		k.files = map[string][]byte{}
	}
	k.files[r.SOPInstance] = bytes.Clone(r.Part10())
	return dimse.StatusSuccess
}

func (k *kept) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.files)
}

func (k *kept) file(uid string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.files[uid]
}

// same checks that the data sets that arrived are those of the files.
func (k *kept) same(t *testing.T, paths []string) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.files) != len(paths) {
		t.Errorf("%d objects arrived, want %d", len(k.files), len(paths))
	}
	for _, path := range paths {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		o := parsed(t, want)
		got, ok := k.files[o.SOPInstance]
		if !ok {
			t.Error("an object did not arrive")
			continue
		}
		if g := parsed(t, got); !bytes.Equal(g.Data, o.Data) || g.Syntax != o.Syntax || g.SOPClass != o.SOPClass {
			t.Errorf("another object arrived: %d bytes in %s, want %d in %s", len(g.Data), g.Syntax, len(o.Data), o.Syntax)
		}
	}
}

func TestEchoscuIsAnswered(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	port := portOf(serve(t, dimse.Config{}))
	run(t, "echoscu", "-v", "127.0.0.1", port)
	run(t, "echoscu", "-v", "--repeat", "5", "--abort", "127.0.0.1", port)
}

func TestStorescuStoresEachObject(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	for name, more := range map[string][]string{
		"default": nil, "small PDUs": {"--max-send-pdu", "4096"}, "implicit": {"-xi"}, "big endian": {"-xb"}, "deflated": {"-xd"},
		"user": {"-usr", "nurse"}, "user and passcode": {"-usr", "nurse", "-pwd", "secret", "-rsp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var k kept
			users := make(chan *dimse.UserIdentity, 1)
			port := portOf(serve(t, dimse.Config{Supports: everything, Store: k.store, Accept: func(_ context.Context, p *dimse.Peer) *dimse.Rejection {
				users <- p.Identity
				return nil
			}}))
			paths := files(t, 5)
			run(t, "storescu", append(append([]string{"-v", "-R"}, more...), append([]string{"127.0.0.1", port}, paths...)...)...)
			user := <-users
			switch name {
			case "default", "small PDUs":
				k.same(t, paths)
			case "user", "user and passcode":
				if user == nil || string(user.Primary.Reveal()) != "nurse" || (string(user.Secondary.Reveal()) == "secret") != (len(more) > 2) {
					t.Error("the user identity did not arrive")
				}
			}
			if n := k.count(); n != 5 {
				t.Errorf("%d objects arrived", n)
			}
		})
	}
}

func TestStorescpTakesOurObjects(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	for name, more := range map[string][]string{"default": nil, "small PDUs": {"-pdu", "4096"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			port, dir := freePort(t), t.TempDir()
			start(t, port, "storescp", append(append([]string{"-v", "+B", "+xa", "-od", dir}, more...), port)...)
			paths := files(t, 3)
			a := dial(t, "127.0.0.1:"+port, only(dimse.Verification, dicom.ImplicitLittleEndian), only(ctStorage, dicom.ExplicitLittleEndian))
			if status, err := a.Echo(t.Context()); err != nil || status != 0 {
				t.Fatal(status, err)
			}
			for _, path := range paths {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if status, err := a.Store(t.Context(), parsed(t, b)); err != nil || status != 0 {
					t.Fatal(status, err)
				}
			}
			_, err := a.Store(t.Context(), &dimse.Object{SOPClass: mrStorage, SOPInstance: "1.2", Syntax: dicom.ExplicitLittleEndian, Data: []byte{0}})
			mustBe(t, "a class that was not proposed", err, errUnsupported)
			if err := a.Release(t.Context()); err != nil {
				t.Fatal(err)
			}
			var k kept
			k.files = map[string][]byte{}
			entries, _ := os.ReadDir(dir)
			for _, e := range entries {
				b, _ := os.ReadFile(filepath.Join(dir, e.Name()))
				k.files[parsed(t, b).SOPInstance] = b
			}
			k.same(t, paths)
		})
	}
}

// received reads what a tool wrote into a folder.
func received(t *testing.T, dir string) *kept {
	t.Helper()
	k := kept{files: map[string][]byte{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		k.files[parsed(t, b).SOPInstance] = b
	}
	return &k
}
