package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

// chestSlices are the slices of the chest that is drawn.
const chestSlices = 300

// derive measures from the first byte of a chest of 300 slices over DIMSE to its
// de-identified copy, sealed and stored with its evidence: the whole way but the
// chain. data is a fresh node's folder.
func (b *bench) derive(ctx context.Context, data string) (map[string]any, error) {
	chest := filepath.Join(b.dir, "chest")
	if err := os.MkdirAll(chest, 0o700); err != nil {
		return nil, err
	}
	err := node.DrawPhantom(chestSlices, func(name string, part10 []byte) error {
		return os.WriteFile(filepath.Join(chest, name), part10, 0o600)
	})
	if err != nil {
		return nil, err
	}
	if _, err := b.command(ctx, "init", "--data", data); err != nil {
		return nil, err
	}
	if _, err := b.command(ctx, "peer", "add", "STORESCU", "127.0.0.1", "--data", data); err != nil {
		return nil, err
	}
	at, stop, err := b.serve(ctx, data, "--chain-listen", "none")
	if err != nil {
		return nil, err
	}
	defer stop()
	_, port, err := net.SplitHostPort(at.DIMSE)
	if err != nil {
		return nil, fmt.Errorf("serve: dimse address: %w", err)
	}
	began := time.Now()
	if err := storescu(ctx, port, chest); err != nil {
		return nil, err
	}
	if err := derived(ctx, data); err != nil {
		return nil, err
	}
	return map[string]any{"inst_s": chestSlices / time.Since(began).Seconds()}, nil
}

// storescu sends the objects of a folder on one association.
func storescu(ctx context.Context, port, dir string) error {
	cmd := exec.CommandContext(ctx, "storescu", "-aec", "SINSO", "+sd", "127.0.0.1", port, dir) //nolint:gosec // a folder of our own
	cmd.Env = append(os.Environ(), "TCP_NODELAY=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("storescu: %w: %s", err, out)
	}
	return nil
}

// derived waits until a derivative is stored.
func derived(ctx context.Context, data string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	node, err := client.Dial(data)
	if err != nil {
		return fmt.Errorf("the node's socket: %w", err)
	}
	defer func() { _ = node.Close() }() // nothing is left to write
	for {
		var list struct {
			Items []struct{ State string }
		}
		if err := node.Do(ctx, "GET", "/api/v1/assets", nil, &list); err != nil {
			return fmt.Errorf("assets: %w", err)
		}
		for _, item := range list.Items {
			if item.State == "stored" {
				return nil
			}
		}
		time.Sleep(25 * time.Millisecond) // asking more often would take its time
	}
}
