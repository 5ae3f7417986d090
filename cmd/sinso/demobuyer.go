package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"sinso.dev/sinso"
)

// buyer is the second node: another process with a folder and keys of its own.
// All it gets from the seller's side is an offer, and where the chain is.
type buyer struct {
	dir   string // of the demo
	chain string // --chain
	at    string // --contracts
	story *story
}

// data is the buyer's node folder.
func (b *buyer) data() string { return filepath.Join(b.dir, "buyer") }

// flags of every command on the buyer's node.
func (b *buyer) flags(chain string) []string {
	flags := []string{"--data", b.data(), "--log", filepath.Join(b.dir, "buyer.log"), "--chain", chain, "--json"}
	if chain != "none" {
		flags = append(flags, "--contracts", b.at)
	}
	return flags
}

// command prepares the same program as a process of the buyer's. The environment
// is the buyer's own: nothing of the seller's configuration reaches it.
func (b *buyer) command(ctx context.Context, args ...string) (*exec.Cmd, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // this program itself
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "SINSO_") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	return cmd, nil
}

// run runs one command of the buyer and reads its JSON answer; what it says
// meanwhile becomes part of the story.
func (b *buyer) run(ctx context.Context, answer any, args ...string) error {
	cmd, err := b.command(ctx, args...)
	if err != nil {
		return err
	}
	said, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("follow the buyer's node: %w", err)
	}
	var out strings.Builder
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the buyer's node: %w", err)
	}
	last := b.tell(said)
	err = cmd.Wait()
	if answer != nil && out.Len() > 0 {
		if err := json.Unmarshal([]byte(out.String()), answer); err != nil {
			return fmt.Errorf("the buyer's node answered something else than JSON: %w", err)
		}
	}
	if err == nil || ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	class := sinso.ErrUnavailable
	if cmd.ProcessState.ExitCode() == exitDenied {
		class = sinso.ErrDenied
	}
	return fmt.Errorf("the buyer's node: %s: %w", last, class)
}

// tell passes on what a process says, and returns its error if it says one.
func (b *buyer) tell(said io.Reader) (failure string) {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if text, isError := strings.CutPrefix(lines.Text(), "sinso: error: "); isError {
			failure = text
			continue
		}
		if !strings.HasPrefix(lines.Text(), "sinso: hint:") {
			b.story.says("%s", lines.Text())
		}
	}
	return failure
}

// init makes the buyer's node and returns the address of its account.
func (b *buyer) init(ctx context.Context) (sinso.Address, error) {
	var made struct {
		Account sinso.Address `json:"account"`
	}
	err := b.run(ctx, &made, "init", "--data", b.data(), "--json")
	return made.Account, err
}

// fill buys what the offer sells and exports it.
func (b *buyer) fill(ctx context.Context, offer, export string) (purchase, error) {
	var bought purchase
	err := b.run(ctx, &bought, append([]string{"order", "fill", offer, "--export", export}, b.flags(b.chain)...)...)
	return bought, err
}

// key asks the seller for the key again.
func (b *buyer) key(ctx context.Context, order sinso.Hash) error {
	return b.run(ctx, nil, append([]string{"order", "key", order.String()}, b.flags(b.chain)...)...)
}

// verified is the part of `verify --json` that the demo shows.
type verified struct {
	OK       bool `json:"ok"`
	Events   int  `json:"events"`
	Evidence struct {
		Released int `json:"released"`
	} `json:"evidence"`
	Steps []struct {
		Piece string `json:"piece"`
		Says  string `json:"says"`
		By    string `json:"by"`
	} `json:"steps"`
}

// verify walks back from the token with nothing but the buyer's folder.
func (b *buyer) verify(ctx context.Context, token sinso.TokenID) (verified, error) {
	var found verified
	err := b.run(ctx, &found, append([]string{"verify", token.String()}, b.flags("none")...)...)
	return found, err
}
