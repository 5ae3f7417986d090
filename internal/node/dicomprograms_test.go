package node

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// needsPeers ends a test that has no time for other programs.
func needsPeers(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("needs DICOM peers: dcmtk, dicom3tools, Orthanc, pydicom, pynetdicom")
	}
}

// program returns a command of a peer. Its small packets are not held back, and where
// it listens is loopback.
func program(tb testing.TB, name string, args ...string) *exec.Cmd {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		tb.Fatalf("%s is missing: scripts/test-deps installs it", name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	tb.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "TCP_NODELAY=1")
	cmd.Dir = tb.TempDir()
	return cmd
}

// runProgram runs a peer, which must succeed, and returns what it says.
func runProgram(tb testing.TB, name string, args ...string) string {
	tb.Helper()
	out, err := program(tb, name, args...).CombinedOutput()
	if err != nil {
		tb.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// loopback builds the library that keeps a peer on loopback.
func loopback(tb testing.TB) (library string) {
	tb.Helper()
	library = filepath.Join(tb.TempDir(), "loopback.so")
	source, err := filepath.Abs(filepath.Join("testdata", "loopback.c"))
	if err != nil {
		tb.Fatal(err)
	}
	runProgram(tb, "gcc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl")
	return library
}

// startProgram runs a peer that listens on ports until the test ends; stop ends it
// before. It fails if the peer listens beyond loopback.
func startProgram(tb testing.TB, ports []string, name string, args ...string) (stop func()) {
	tb.Helper()
	cmd := program(tb, name, args...)
	cmd.Env = append(cmd.Env, "LD_PRELOAD="+loopback(tb))
	out := &memoryLog{}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		timer := time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		_ = cmd.Wait() // it was ended
		if tb.Failed() {
			tb.Logf("%s: %s", name, out)
		}
	})
	tb.Cleanup(stop)
	for _, port := range ports {
		if !comesUp("127.0.0.1:" + port) {
			tb.Fatalf("%s does not listen:\n%s", name, out)
		}
		mustBeLocal(tb, port)
	}
	return stop
}

// comesUp waits until somebody listens.
func comesUp(address string) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 3000 {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return true
		}
		<-tick.C
	}
	return false
}

// mustBeLocal fails if anything listens on a port beyond loopback.
func mustBeLocal(tb testing.TB, port string) {
	tb.Helper()
	n, err := strconv.Atoi(port)
	if err != nil {
		tb.Fatal(err)
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			continue // a system without it
		}
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			const listening = "0A"
			if len(fields) < 4 || fields[3] != listening || !strings.HasSuffix(fields[1], fmt.Sprintf(":%04X", n)) {
				continue
			}
			if host, _, _ := strings.Cut(fields[1], ":"); strings.Trim(host, "0") == "" {
				tb.Fatal("a peer listens beyond loopback")
			}
		}
	}
}

// freePort returns a port that nobody listens on.
func freePort(tb testing.TB) string {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	if err := ln.Close(); err != nil {
		tb.Fatal(err)
	}
	return port
}
