package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// leave says where to look; with --serve it leaves both nodes up until Ctrl-C.
func (d *demo) leave(ctx context.Context) error {
	d.step("Where to look")
	if d.o.keep != "" {
		d.says("%s/seller and %s/buyer: the node folders; nothing in them is readable without the .key files beside them", d.o.keep, d.o.keep)
		d.says("%s/opened: what the buyer bought, as DICOM files", d.o.keep)
	}
	if !d.o.serve {
		d.says("sinso demo --serve leaves the nodes up, with the page; sinso demo PATH… takes your own DICOM files")
		return nil
	}
	cfg, err := d.sellerConfig()
	if err != nil {
		return err
	}
	if err := d.start(ctx, cfg); err != nil {
		return err
	}
	token, err := d.seller.CreateToken(ctx, sinso.RoleOwner, d.study.Person, 24*time.Hour, actor)
	if err != nil {
		return err
	}
	d.says("the seller's page, with this story told there: %s/#/story/%s", d.seller.Config.URL, d.study.ID)
	d.says("  sign in as the person with: %s", token)
	return d.serveBuyer(ctx)
}

// serveBuyer runs the buyer's node until Ctrl-C.
func (d *demo) serveBuyer(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	flags := append([]string{"serve", "--listen", "127.0.0.1:0", "--dimse-listen", "none"}, d.buyer.flags("none")...)
	cmd, err := d.buyer.command(ctx, flags...)
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("follow the buyer's node: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the buyer's node: %w", err)
	}
	var up served
	lines := bufio.NewScanner(out)
	if lines.Scan() {
		if err := json.Unmarshal(lines.Bytes(), &up); err != nil {
			return fmt.Errorf("the buyer's node answered something else than JSON: %w", err)
		}
	}
	token := &tokenText{}
	if err := d.buyer.run(ctx, token, "token", "create", "--role", "buyer", "--data", d.buyer.data(), "--json"); err != nil {
		cancel()
		return errors.Join(err, cmd.Wait())
	}
	d.says("the buyer's page: %s/", up.URL)
	d.says("  sign in as the buyer with: %s", token.Token)
	d.says("Ctrl-C ends both")
	err = cmd.Wait()
	if ctx.Err() != nil {
		return nil // Ctrl-C is how it ends
	}
	return fmt.Errorf("the buyer's node ended: %w", errors.Join(err, sinso.ErrUnavailable))
}

// tokenText is `token create --json`.
type tokenText struct {
	Token string `json:"token"`
}
