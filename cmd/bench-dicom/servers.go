package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// orthanc measures Orthanc, which the script starts on loopback.
func (b *bench) orthanc(ctx context.Context) (figures, error) {
	start := exec.CommandContext(ctx, filepath.Join(b.tools, "start-orthanc.sh"), "fresh") //nolint:gosec // a script of ours to run
	start.Stderr = os.Stderr
	if err := start.Run(); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	pid, err := os.ReadFile(filepath.Join(b.tools, "run", "orthanc.pid"))
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(pid)))
	if err != nil {
		return nil, fmt.Errorf("pid: %w", err)
	}
	defer func() { _ = syscall.Kill(n, syscall.SIGTERM) }() // it may have ended by itself
	return b.measure(ctx, "--name", "orthanc", "--pid", strconv.Itoa(n), "--cmove", "14243:BENCHSCP",
		"--datadir", filepath.Join(b.tools, "run", "orthanc-db"))
}

// clients are the AE titles that the script's tools call themselves.
var clients = []string{"BENCHSCU", "ECHOSCU", "FINDSCU", "GETSCU", "MOVESCU"}

// sinso measures a fresh node in folder data.
func (b *bench) sinso(ctx context.Context, data string) (figures, error) {
	if _, err := b.command(ctx, "init", "--data", data); err != nil {
		return nil, err
	}
	for _, title := range clients {
		if _, err := b.command(ctx, "peer", "add", title, "127.0.0.1", "--data", data); err != nil {
			return nil, err
		}
	}
	if _, err := b.command(ctx, "peer", "add", "BENCHSCP", "127.0.0.1:14243", "--data", data); err != nil {
		return nil, err
	}
	token, err := b.command(ctx, "token", "create", "--role", "clinician", "--data", data)
	if err != nil {
		return nil, err
	}
	at, stop, err := b.serve(ctx, data, "--chain", "none")
	if err != nil {
		return nil, err
	}
	defer stop()
	_, port, err := net.SplitHostPort(at.DIMSE)
	if err != nil {
		return nil, fmt.Errorf("serve: dimse address: %w", err)
	}
	return b.measure(ctx, "--name", "sinso", "--pid", strconv.Itoa(at.pid), "--port", port, "--aet", "SINSO",
		"--url", at.URL+"/dicom-web", "--bearer", token, "--cmove", "14243:BENCHSCP", "--datadir", data)
}

// command runs the program to its end and returns what it printed.
func (b *bench) command(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, b.bin, args...) //nolint:gosec // the program just built
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("sinso %s: %w", strings.Join(args[:min(2, len(args))], " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// served is where a node listens.
type served struct {
	URL   string `json:"url"`
	DIMSE string `json:"dimse"`
	pid   int
}

// serve starts a node.
func (b *bench) serve(ctx context.Context, data string, flags ...string) (at served, stop func(), err error) {
	args := append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--dimse-listen", "127.0.0.1:0", "--json"}, flags...)
	cmd := exec.CommandContext(ctx, b.bin, args...) //nolint:gosec // the program just built
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	log, err := os.Create(filepath.Join(b.dir, "serve.log"))
	if err != nil {
		return at, nil, err
	}
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return at, nil, err
	}
	if err := cmd.Start(); err != nil {
		return at, nil, err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &at)
	}
	if err != nil {
		return at, nil, fmt.Errorf("serve: %w", err)
	}
	at.pid = cmd.Process.Pid
	return at, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = cmd.Wait() // it was told to end
		}()
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
		_ = log.Close()
	}, nil
}
