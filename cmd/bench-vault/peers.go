package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const kuboVersion = "v0.43.0"

// addAs makes of a file the blocks that ours makes of it.
var addAs = []string{"add", "--quiet", "--cid-version=1", "--raw-leaves", "--chunker=size-1048576", "--max-file-links=1024"}

// findKubo builds Kubo, once, into the user's cache: its module cannot be installed by
// go install.
func (b *bench) findKubo(ctx context.Context) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	home := filepath.Join(cache, "sinso", "kubo-"+kuboVersion)
	if b.kubo = filepath.Join(home, "ipfs"); exists(b.kubo) {
		return nil
	}
	fmt.Fprintln(os.Stderr, "building Kubo, once: this takes some minutes")
	source := filepath.Join(b.dir, "kubo")
	if err := downloadKubo(ctx, b.dir, source); err != nil {
		return err
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	building := b.kubo + ".part"
	build := exec.CommandContext(ctx, "nice", "go", "build", "-o", building, "./cmd/ipfs") //nolint:gosec // a path of our own
	build.Dir, build.Stderr = source, os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build Kubo: %w", err)
	}
	return errors.Join(os.Rename(building, b.kubo), os.RemoveAll(source))
}

// downloadKubo copies Kubo's module to where it can be built.
func downloadKubo(ctx context.Context, dir, to string) error {
	download := exec.CommandContext(ctx, "go", "mod", "download", "-json", "github.com/ipfs/kubo@"+kuboVersion)
	download.Dir, download.Stderr = dir, os.Stderr // not of this module
	out, err := download.Output()
	if err != nil {
		return fmt.Errorf("download Kubo: %w", err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return fmt.Errorf("download Kubo: %w", err)
	}
	if err := os.CopyFS(to, os.DirFS(module.Dir)); err != nil {
		return fmt.Errorf("copy Kubo: %w", err)
	}
	// The module cache is read-only, and the copy is to be removed.
	return filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return os.Chmod(path, 0o700) //nolint:gosec // a folder
	})
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (b *bench) findRestic(context.Context) (err error) {
	if b.restic, err = exec.LookPath("restic"); err != nil {
		return fmt.Errorf("restic, which scripts/test-deps installs: %w", err)
	}
	return nil
}

// command runs a program to its end and returns what it printed and how long it took, on
// a disk that has nothing else to write.
func (b *bench) command(ctx context.Context, env []string, name string, args ...string) (string, float64, error) {
	syscall.Sync()
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // one of the programs measured
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	began := time.Now()
	out, err := cmd.Output()
	seconds := time.Since(began).Seconds()
	if err != nil {
		return "", 0, fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args[:min(2, len(args))], " "), err, stderr.String())
	}
	return string(out), seconds, nil
}

// rate runs a program over the corpus and files its rate.
func (b *bench) rate(ctx context.Context, what string, env []string, name string, args ...string) (string, error) {
	out, seconds, err := b.command(ctx, env, name, args...)
	if err == nil {
		b.took[what] = append(b.took[what], float64(b.corpus.bytes)/mega/seconds)
	}
	return out, err
}

// round measures each side once.
func (b *bench) round(ctx context.Context) error {
	for _, side := range []func(context.Context, string) error{b.turnOfOurs, b.turnOfKubo, b.turnOfRestic} {
		dir, err := os.MkdirTemp(b.dir, "turn-")
		if err != nil {
			return err
		}
		if err := errors.Join(side(ctx, dir), os.RemoveAll(dir)); err != nil {
			return err
		}
	}
	return nil
}

// kuboIn returns the environment of a fresh repository of Kubo, which talks to nobody.
func (b *bench) kuboIn(ctx context.Context, dir string) ([]string, error) {
	env := []string{"IPFS_PATH=" + filepath.Join(dir, "ipfs"), "IPFS_TELEMETRY=off"}
	_, _, err := b.command(ctx, env, b.kubo, "init", "--empty-repo")
	return env, err
}

func (b *bench) turnOfKubo(ctx context.Context, dir string) error {
	env, err := b.kuboIn(ctx, dir)
	if err != nil {
		return err
	}
	out, err := b.rate(ctx, "kubo add", env, b.kubo, append(append([]string{"--offline"}, addAs...), "--recursive", b.corpus.dir)...)
	if err != nil {
		return err
	}
	lines := strings.Fields(out)
	if len(lines) != b.corpus.files+1 { // the folder comes last
		return fmt.Errorf("kubo: added %d, want %d", len(lines), b.corpus.files+1)
	}
	_, err = b.rate(ctx, "kubo get", env, b.kubo, "--offline", "get", "--progress=false", "--output", filepath.Join(dir, "out"), lines[len(lines)-1])
	return err
}

func (b *bench) turnOfRestic(ctx context.Context, dir string) error {
	for _, how := range []struct{ compression, name string }{{"off", "restic backup"}, {"auto", "restic backup auto"}} {
		repository := filepath.Join(dir, how.compression)
		env := []string{"RESTIC_PASSWORD=bench", "RESTIC_REPOSITORY=" + repository, "RESTIC_CACHE_DIR=" + filepath.Join(dir, "cache")}
		if _, _, err := b.command(ctx, env, b.restic, "init", "--repository-version", "2"); err != nil {
			return err
		}
		if _, err := b.rate(ctx, how.name, env, b.restic, "backup", "--quiet", "--compression", how.compression, b.corpus.dir); err != nil {
			return err
		}
		if how.compression == "auto" {
			return b.stored("restic stored auto", filepath.Join(repository, "data"))
		}
		if _, err := b.rate(ctx, "restic restore", env, b.restic, "restore", "--quiet", "latest", "--target", filepath.Join(dir, "out")); err != nil {
			return err
		}
	}
	return nil
}

// stored files how many MB a folder holds.
func (b *bench) stored(what, dir string) error {
	bytes := int64(0)
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	b.took[what] = append(b.took[what], float64(bytes)/mega)
	return err
}
