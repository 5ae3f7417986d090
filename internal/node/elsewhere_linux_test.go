package node

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestBuyerReachesAnotherMachine goes the whole way between nodes that are not on loopback: in
// a network namespace of its own, where an address of the documentation (RFC 5737) is theirs.
func TestBuyerReachesAnotherMachine(t *testing.T) {
	const inside, address = "SINSO_TEST_NAMESPACE", "192.0.2.1"
	if os.Getenv(inside) == "" {
		t.Parallel()
		if out, err := exec.CommandContext(t.Context(), "unshare", "-rn", "true").CombinedOutput(); err != nil {
			t.Skipf("this machine gives no network namespaces: %v: %s", err, out)
		}
		again := exec.CommandContext(t.Context(), "unshare", "-rn", os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.count", "1")
		again.Env = append(os.Environ(), inside+"=yes")
		if out, err := again.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	for _, args := range [][]string{{"link", "set", "lo", "up"}, {"addr", "add", address + "/32", "dev", "lo"}} {
		if out, err := exec.CommandContext(t.Context(), "ip", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}, host: address}
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := tn.wholeWay(t.Context()); err != nil {
		t.Error(err)
	}
	if err := tn.close(); err != nil {
		t.Error(err)
	}
}
