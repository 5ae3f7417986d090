package way

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"sinso.dev/sinso"
)

const maxAETitle = 16 // characters, PS3.5 Table 6.2-1

// AddAE lets a DICOM application entity associate, from an address: an IP address, a
// network or a name. Adding it again changes where it is. ErrInvalid if title or
// address cannot be.
func (w *Way) AddAE(ctx context.Context, row sinso.AERow, actor string) error {
	if err := checkTitle(row.Title); err != nil {
		return err
	}
	network := strings.Contains(row.Host, "/")
	_, prefixErr := netip.ParsePrefix(row.Host)
	switch {
	case row.Host == "" || strings.ContainsAny(row.Host, " \t"), network && prefixErr != nil:
		return fmt.Errorf("way: where the peer is: want an address, a network such as 10.1.0.0/16, or a name: %w", sinso.ErrInvalid)
	case network && row.Port != 0:
		return fmt.Errorf("way: a network has no port: %w", sinso.ErrInvalid)
	case row.Port < 0 || row.Port > 65535:
		return fmt.Errorf("way: a port is a number from 1 to 65535: %w", sinso.ErrInvalid)
	}
	row.Added = w.Clock.Now().UTC()
	return w.recordOne(ctx, sinso.EventAEAdded, actor, "", sinso.AEAdded{AE: row})
}

func checkTitle(title string) error {
	bad := title == "" || len(title) > maxAETitle || strings.TrimSpace(title) != title
	for _, c := range []byte(title) {
		bad = bad || c < ' ' || c > '~' || c == '\\'
	}
	if bad {
		return fmt.Errorf("way: an AE title has 1 to %d printable characters and no backslash: %w", maxAETitle, sinso.ErrInvalid)
	}
	return nil
}

// RemoveAE ends that. ErrNotFound if the title is not known.
func (w *Way) RemoveAE(ctx context.Context, title, actor string) error {
	if _, err := w.AE(ctx, title); err != nil {
		return err
	}
	return w.recordOne(ctx, sinso.EventAERemoved, actor, "", sinso.AERemoved{Title: title})
}

// AE returns a known application entity.
func (w *Way) AE(ctx context.Context, title string) (sinso.AERow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) (sinso.AERow, error) { return tx.AE(title) })
}

// AEs lists those that may associate, by title.
func (w *Way) AEs(ctx context.Context) ([]sinso.AERow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.AERow, error) { return gather(tx.AEs) })
}

func projectAEAdded(tx sinso.MetaTx, _ sinso.Event, b sinso.AEAdded) ([]string, error) {
	return nil, tx.SaveAE(b.AE)
}

func projectAERemoved(tx sinso.MetaTx, _ sinso.Event, b sinso.AERemoved) ([]string, error) {
	return nil, tx.RemoveAE(b.Title)
}
