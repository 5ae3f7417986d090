package dimse

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

// De-identified copies go to peers for research alone, whichever way they are asked
// for, and come from them: their dates may be moved, and an archive that treats people
// would file them as anything else.

// reasonResearch says why an object is not given to a peer. It fits an Error Comment
// (PS3.7 Annex C: 64 characters).
const reasonResearch = "de-identified copies go only to peers added for research"

// isResearch reports whether who associated is a peer for research.
func (d *Door) isResearch(a *wire.Association) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.research[a.Peer().Calling]
}

// forPeer parts what a peer may get from what it may not.
func forPeer(research bool, rows []sinso.InstanceRow) (may, mayNot []sinso.InstanceRow) {
	if research {
		return rows, nil
	}
	for _, r := range rows {
		if r.Deidentified == "" {
			may = append(may, r)
			continue
		}
		mayNot = append(mayNot, r)
	}
	return may, mayNot
}

// fetch lists what an identifier of a retrieve names, as far as a peer may get it, and
// writes down that it does.
func (d *Door) fetch(ctx context.Context, a *wire.Association, research bool, purpose string, identifier dicom.Dataset) (may, mayNot []sinso.InstanceRow, err error) {
	rows, err := d.wanted(ctx, identifier)
	if err != nil {
		return nil, nil, err
	}
	may, mayNot = forPeer(research, rows)
	return may, mayNot, d.opened(ctx, actor(a), purpose, may)
}

// withheld is a retrieve of which some was not given out.
func withheld(rows []sinso.InstanceRow) sent {
	out := sent{Counts: wire.Counts{Failed: len(rows)}, withheld: len(rows)}
	for _, row := range rows {
		out.failed = append(out.failed, row.UID)
	}
	return out
}

// errResearch is a sending of nothing but what the peer may not get.
func errResearch(n int) error {
	return fmt.Errorf("dimse: nothing was sent of %d objects: %s (sinso peer add --research): %w", n, reasonResearch, sinso.ErrDenied)
}
