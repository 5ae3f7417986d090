package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/wire/dimse"
)

// archive is a node that serves on loopback, with its DICOM door.
type archive struct {
	*Node
	port string // of DICOM
	url  string
	stop func() // ends it, once
	log  *memoryLog
}

// memoryLog is a log in memory.
type memoryLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *memoryLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *memoryLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// shortDir is a folder whose path is short enough for a socket, whatever the test is
// called.
func shortDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "sinso") //nolint:usetesting // that one is too long
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

// peerAt is a peer on this machine.
func peerAt(title, port string) sinso.AERow {
	n, _ := strconv.Atoi(port) // "": it cannot be called
	return sinso.AERow{Title: title, Host: "127.0.0.1", Port: n}
}

// openArchive makes a node that knows some peers, and lets it serve until the test
// ends.
func openArchive(tb testing.TB, cfg Config, o Options, peers ...sinso.AERow) *archive {
	tb.Helper()
	if cfg.Data == "" {
		cfg.Data = filepath.Join(shortDir(tb), "n")
	}
	cfg.Chain, cfg.Listen = noChain, "127.0.0.1:0"
	if cfg.DIMSEListen == "" {
		cfg.DIMSEListen = "127.0.0.1:0"
	}
	cfg, err := cfg.Load(func(string) string { return "" })
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := os.Stat(cfg.Data); err != nil {
		if _, err := Init(tb.Context(), cfg); err != nil {
			tb.Fatal(err)
		}
	}
	log := &memoryLog{}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(log, nil))
	}
	n, err := Open(tb.Context(), cfg, o)
	if err != nil {
		tb.Fatal(err)
	}
	for _, row := range peers {
		if err := n.AddAE(tb.Context(), row, "test"); err != nil {
			tb.Fatal(err)
		}
	}
	return serveArchive(tb, n, log)
}

func serveArchive(tb testing.TB, n *Node, log *memoryLog) *archive {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listener, err := n.Listen(ctx)
	if err != nil {
		cancel()
		tb.Fatal(err, n.Close())
	}
	served := make(chan error, 1)
	go func() { served <- n.Serve(ctx, listener) }()
	a := &archive{Node: n, url: "http://" + listener.Addr().String(), log: log}
	_, a.port, _ = net.SplitHostPort(n.DIMSEAddr)
	a.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-served; err != nil {
			tb.Errorf("serve: %v", err)
		}
		if err := n.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
		if tb.Failed() {
			tb.Log(log.String())
		}
	})
	tb.Cleanup(a.stop)
	return a
}

// rows lists every instance that the node has.
func (a *archive) rows(tb testing.TB) (rows []sinso.InstanceRow) {
	tb.Helper()
	studies, err := a.Studies(tb.Context(), "")
	if err != nil {
		tb.Fatal(err)
	}
	for _, study := range studies {
		more, err := a.Instances(tb.Context(), study.ID)
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, more...)
	}
	return rows
}

// sum hashes the bytes of an object.
func (a *archive) sum(tb testing.TB, row sinso.InstanceRow) string {
	tb.Helper()
	plain, err := a.Read(tb.Context(), row)
	if err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(plain))
}

// dial associates with the node as a peer that it knows.
func (a *archive) dial(tb testing.TB, calling string, contexts ...dimse.Context) *dimse.Association {
	tb.Helper()
	assoc, err := dimse.Dial(tb.Context(), "127.0.0.1:"+a.port, dimse.ClientConfig{
		Options: dimse.Options{AETitle: calling}, Called: a.Config.AETitle, Contexts: contexts,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(assoc.Abort)
	return assoc
}

// put stores objects over one association, and wants each to be taken.
func (a *archive) put(tb testing.TB, calling string, files ...[]byte) {
	tb.Helper()
	objects := make([]*dimse.Object, len(files))
	pairs := make([]dimse.Pair, len(files))
	for i, file := range files {
		object, err := dimse.ParseObject(file)
		if err != nil {
			tb.Fatal(err)
		}
		objects[i], pairs[i] = object, dimse.Pair{Class: object.SOPClass, Syntax: object.Syntax}
	}
	assoc := a.dial(tb, calling, dimse.ContextsOf(pairs...)[0]...)
	for i, object := range objects {
		if status, err := assoc.Store(tb.Context(), object); err != nil || status != dimse.StatusSuccess {
			tb.Fatalf("object %d: %v, %v", i, status, err)
		}
	}
	if err := assoc.Release(tb.Context()); err != nil {
		tb.Fatal(err)
	}
}
