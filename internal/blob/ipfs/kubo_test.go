package ipfs_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// kuboMember is a real Kubo in a private swarm on loopback.
type kuboMember struct {
	t       *testing.T
	program string
	env     []string
	swarm   string // its address
}

// TestKuboIsAMember: a Kubo with our swarm key pins an offered object from us, gets nothing
// that is not offered, and gives us what it has.
func TestKuboIsAMember(t *testing.T) {
	t.Parallel()
	program := os.Getenv("SINSO_KUBO")
	if cache, err := os.UserCacheDir(); program == "" && err == nil {
		program = filepath.Join(cache, "sinso", "kubo-v0.43.0", "ipfs")
	}
	if _, err := os.Stat(program); err != nil || testing.Short() {
		t.Skip("needs Kubo: name its program by SINSO_KUBO, or let make bench-vault build it; it takes minutes")
	}
	root, blocks := dag.Build(bytes.Repeat([]byte("sealed bytes, as far as Kubo knows; "), 100_000))
	secret := block("secret")
	cfg := member(1, stored(append(blocks, secret)...))
	cfg.Key = [32]byte{0xab, 31: 0xcd}
	cfg.Serves = func(_ context.Context, cid sinso.CID) (bool, error) { return cid != secret.CID, nil }
	k := startKubo(t, program, "/key/swarm/psk/1.0.0/\n/base16/\nab"+strings.Repeat("00", 30)+"cd\n")
	cfg.Peers = []string{k.swarm}
	node := join(t, cfg)
	connected(t, node, 1)
	if out, err := k.ipfs("pin", "add", "--progress=false", string(root)); err != nil {
		t.Errorf("pin: %v: %s", err, out)
	}
	if got, err := k.ipfs("--offline", "cat", string(root)); err != nil || len(got) != 36*100_000 {
		t.Errorf("cat: got %d bytes, %v", len(got), err)
	}
	if got, err := k.ipfs("block", "get", "--timeout=1s", string(secret.CID)); err == nil {
		t.Errorf("what is not offered: got %q", got)
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("of Kubo"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.ipfs("add", "--cid-version=1", "--quieter", path); err != nil {
		t.Fatal(err)
	}
	wantFetched(t, node, block("of Kubo"))
}

// startKubo starts a Kubo that looks for nobody, and listens on loopback.
func startKubo(t *testing.T, program, key string) *kuboMember {
	t.Helper()
	repo := t.TempDir()
	k := &kuboMember{t: t, program: program, env: append(os.Environ(), "IPFS_PATH="+repo, "IPFS_TELEMETRY=off", "LIBP2P_FORCE_PNET=1")}
	api, at := freePort(t), freePort(t)
	for _, args := range [][]string{
		{"init", "--empty-repo"},
		{"bootstrap", "rm", "--all"},
		{"config", "--json", "AutoConf.Enabled", "false"},
		{"config", "--json", "AutoTLS.Enabled", "false"},
		{"config", "--json", "Discovery.MDNS.Enabled", "false"},
		{"config", "--json", "Swarm.DisableNatPortMap", "true"},
		{"config", "--json", "Swarm.RelayClient.Enabled", "false"},
		{"config", "--json", "DNS.Resolvers", "{}"},
		{"config", "--json", "Routing.DelegatedRouters", "[]"},
		{"config", "--json", "Ipns.DelegatedPublishers", "[]"},
		{"config", "Routing.Type", "none"},
		{"config", "Addresses.API", "/ip4/127.0.0.1/tcp/" + api},
		{"config", "--json", "Addresses.Gateway", "[]"},
		{"config", "--json", "Addresses.Swarm", `["/ip4/127.0.0.1/tcp/` + at + `"]`},
	} {
		if out, err := k.ipfs(args...); err != nil {
			t.Fatalf("ipfs %v: %v\n%s", args, err, out)
		}
	}
	if err := os.WriteFile(filepath.Join(repo, "swarm.key"), []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	id, err := k.ipfs("config", "Identity.PeerID")
	if err != nil {
		t.Fatal(err)
	}
	k.swarm = "/ip4/127.0.0.1/tcp/" + at + "/p2p/" + strings.TrimSpace(string(id))
	k.run(api)
	return k
}

// run starts the daemon and waits until it answers.
func (k *kuboMember) run(api string) {
	k.t.Helper()
	cmd := exec.Command(k.program, "daemon")
	cmd.Env = k.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it is ended
		close(ended)
	}()
	k.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 600 {
		if conn, err := new(net.Dialer).DialContext(k.t.Context(), "tcp", "127.0.0.1:"+api); err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-tick.C:
		case <-ended:
			k.t.Fatalf("Kubo ended:\n%s", out.String())
		}
	}
	k.t.Fatal("Kubo does not answer")
}

func (k *kuboMember) ipfs(args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(k.t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, k.program, args...)
	cmd.Env = k.env
	return cmd.CombinedOutput()
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}
