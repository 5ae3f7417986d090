package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/wire/dimse"
)

// floor measures what is left of the client's rate to a server that does nothing but
// write each object behind the last and sync it before it answers: no seal, no index,
// no log. What acknowledges what is durable can hardly be faster on the machine.
func (b *bench) floor(ctx context.Context, dir string) (map[string]any, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(dir, "objects")) //nolint:gosec // a folder of our own
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var mu sync.Mutex // guards size
	var size int64
	server, err := dimse.NewServer(dimse.Config{
		Supports: func(string) bool { return true },
		Store: func(_ context.Context, _ *dimse.Association, r *dimse.StoreRequest) dimse.Status {
			object := r.Part10()
			mu.Lock()
			at := size
			size += int64(len(object))
			mu.Unlock()
			if _, err := file.WriteAt(object, at); err != nil || durable.Datasync(file) != nil {
				return dimse.StatusOutOfResources
			}
			return dimse.StatusSuccess
		},
	})
	if err != nil {
		return nil, fmt.Errorf("the server that only writes: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the server that only writes: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, listener) }()
	defer func() {
		stop()
		if err := <-served; err != nil {
			fmt.Fprintln(os.Stderr, "the server that only writes:", err)
		}
	}()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, fmt.Errorf("the server that only writes: %w", err)
	}
	began := time.Now()
	if err := storescu(ctx, port, filepath.Join(b.dir, "chest")); err != nil {
		return nil, err
	}
	return map[string]any{"inst_s": chestSlices / time.Since(began).Seconds()}, nil
}
