package node

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"sinso.dev/sinso"
)

// BenchmarkStoreSCU lets dcmtk's storescu send 300 CT slices of 512² over one
// association, as a modality does.
func BenchmarkStoreSCU(b *testing.B) {
	dir := b.TempDir()
	n := answering(b, Config{Chain: noChain, Listen: "127.0.0.1:0", DIMSEListen: "127.0.0.1:0"}, func(n *Node) {
		if err := n.AddAE(b.Context(), sinso.AERow{Title: "STORESCU", Host: "127.0.0.1"}, "bench"); err != nil {
			b.Fatal(err)
		}
	})
	_, port, err := net.SplitHostPort(n.DIMSEAddr)
	if err != nil {
		b.Fatal(err)
	}
	const slices = 300
	pixels := make([]byte, 2*512*512)
	for i := range pixels {
		pixels[i] = byte(i * i >> 7)
	}
	for round := 0; b.Loop(); round++ {
		b.StopTimer()
		ct := filepath.Join(dir, strconv.Itoa(round))
		if err := os.Mkdir(ct, 0o700); err != nil {
			b.Fatal(err)
		}
		study := fmt.Sprintf("1.2.3.%d", round)
		for i := range slices {
			if err := os.WriteFile(filepath.Join(ct, strconv.Itoa(i)), slice(b, 512, study, i, pixels), 0o600); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		cmd := exec.CommandContext(b.Context(), "storescu", "-aec", "SINSO", "+sd", "127.0.0.1", port, ct)
		cmd.Env = append(os.Environ(), "TCP_NODELAY=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("storescu: %v: %s", err, out)
		}
		b.StopTimer()
		_ = os.RemoveAll(ct) // its folder goes at the end anyway
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N*slices)/b.Elapsed().Seconds(), "instances/s")
}
